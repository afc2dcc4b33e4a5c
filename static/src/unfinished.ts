// The escape sequence that the output ends in the middle of, if it does: its first half belongs in a snapshot, because a fresh
// emulator would print the second half as text.

// Whatever state an emulator is in, one of these begins a sequence anew (ECMA-48 in seven bits and in eight). Each is one unit, so none
// is ever split over two pieces of output.
const kIntroducers = ['\x1b', '\x90', '\x98', '\x9b', '\x9d', '\x9e', '\x9f'];
// Between the parts of a control sequence these are carried out at once, and so have been.
const kCarriedOut = /[\x00-\x17\x19\x1c-\x1f\x7f]/g;
const kMost = 256 * 1024; // UTF-16 units; a picture that somebody sends as text may be longer, and is not worth keeping

export class Unfinished {
  #length = 0; // of the sequence so far, UTF-16 units
  #text: string | undefined = ''; // from the last introducer on; undefined: too long to keep

  // `mid`: after this data the emulator waits for more of a sequence. A host may send one that never ends: each piece is looked at once.
  take(data: string, mid: boolean): void {
    if (!mid) {
      this.#text = '';
      this.#length = 0;
      return;
    }
    const last = Math.max(...kIntroducers.map((mark) => data.lastIndexOf(mark)));
    this.#length = last >= 0 ? data.length - last : this.#length + data.length;
    if (last >= 0) this.#text = data.slice(last);
    else if (this.#text !== undefined) this.#text += data;
    if (this.kept > kMost) this.#text = undefined;
  }
  // UTF-16 units, kept or not.
  get length(): number {
    return this.#length;
  }
  // UTF-16 units.
  get kept(): number {
    return this.#text?.length ?? 0;
  }
  // What makes a fresh emulator wait for the same. Nothing when it is too long to keep.
  get text(): string | undefined {
    if (this.#text === undefined) return undefined;
    const in_string = /^(\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])/.test(this.#text); // there they are ignored, or part of the text
    return in_string ? this.#text : this.#text.replace(kCarriedOut, '');
  }
}
