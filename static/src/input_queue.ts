// Keys and pastes on their way to the shell: numbered, cut into frames, and kept until the server has taken them.
// Pure: it decides what to send; the caller sends.

// A frame's share of a paste, in bytes of UTF-8. Its JSON is at most six times as long (escapes), far below the 1 MiB a
// frame may have, and small enough that a key typed after it is not held up.
export const kPieceBytes = 32 * 1024;
// How much may be on its way un-accepted, in bytes of UTF-8. Enough to keep a fast shell busy over 100 ms of round trip
// at 2.5 MB/s; more would only fill buffers of the gateway.
export const kWindowBytes = 256 * 1024;
// What may wait in the page, in UTF-16 units. Beyond it a paste is refused as a whole rather than cut short.
export const kWaitingUnits = 64 * 1024 * 1024;

export interface InputFrame {
  type: 'input';
  seq: number;
  data: string;
}
interface Sent extends InputFrame {
  bytes: number;
  typed: boolean;
}
interface Waiting {
  text: string;
  typed: boolean; // by somebody: not the emulator's own word
}
const encoder = new TextEncoder();
const scratch = new Uint8Array(kPieceBytes);

// Half a surrogate pair has no UTF-8 and would make the frame a bad one.
const kLoneSurrogate = /\p{Surrogate}/gu;

function characters(text: string): number {
  let count = 0;
  for (const _character of text) count++;
  return count;
}

export class InputQueue {
  private next_ = 1; // `seq` of the next frame
  private sent_: Sent[] = []; // not accepted yet, in order
  private flying_ = 0; // bytes in sent_
  private waiting_: Waiting[] = []; // not sent yet, in order
  private waiting_units_ = 0;
  private begun_ = false; // the session knows this queue
  private forgotten_ = 0; // typed characters

  // False: there is no room for this text, and none of it was taken.
  push(text: string, typed = true): boolean {
    if (text.length === 0) return true;
    if (this.waiting_units_ + text.length > kWaitingUnits) return false;
    this.waiting_.push({ text: text.replace(kLoneSurrogate, '\ufffd'), typed });
    this.waiting_units_ += text.length;
    return true;
  }

  // The frames that may go now. Call after push() and after accepted().
  take(): InputFrame[] {
    const out: InputFrame[] = [];
    this.begun_ = true;
    while (this.waiting_.length > 0 && this.flying_ <= kWindowBytes - kPieceBytes) {
      const frame: Sent = { type: 'input', seq: this.next_++, ...this.cut() };
      this.sent_.push(frame);
      this.flying_ += frame.bytes;
      out.push({ type: 'input', seq: frame.seq, data: frame.data });
    }
    return out;
  }

  // All up to `seq` has been taken for the shell.
  accepted(seq: number): void {
    let done = 0;
    for (const frame of this.sent_) {
      if (frame.seq > seq) break;
      this.flying_ -= frame.bytes;
      done++;
    }
    this.sent_.splice(0, done);
  }

  // After a return to a session whose server has taken all up to `seq`: what it may not have seen, to be sent again in this order.
  // `yours` false: another page typed meanwhile, under numbers that this queue may have given to something else.
  returned(seq: number, yours: boolean): InputFrame[] {
    if (!yours && this.begun_) this.forget();
    this.begun_ = true;
    this.accepted(seq);
    this.next_ = yours ? Math.max(this.next_, seq + 1) : seq + 1;
    return this.sent_.map(({ type, seq: number, data }) => ({ type, seq: number, data }));
  }

  // Somebody else has the keyboard now: nobody can say any more what became of these numbers, and a key that runs late, after
  // what the other typed, is worse than one that never runs.
  forget(): void {
    for (const { data, typed } of this.sent_) if (typed) this.forgotten_ += characters(data);
    for (const { text, typed } of this.waiting_) if (typed) this.forgotten_ += characters(text);
    this.sent_ = [];
    this.flying_ = 0;
    this.waiting_ = [];
    this.waiting_units_ = 0;
  }

  // How many typed characters were forgotten since this was last asked.
  take_forgotten(): number {
    const forgotten = this.forgotten_;
    this.forgotten_ = 0;
    return forgotten;
  }

  // Something typed has not been accepted.
  get owes(): boolean {
    return this.sent_.some(({ typed }) => typed) || this.waiting_.some(({ typed }) => typed);
  }
  get idle(): boolean {
    return this.sent_.length === 0 && this.waiting_.length === 0;
  }

  // Takes one piece off the front. encodeInto() stops before a character that does not fit, so no piece ends inside one.
  private cut(): Pick<Sent, 'data' | 'bytes' | 'typed'> {
    const { text: front, typed } = this.waiting_[0] ?? { text: '', typed: false };
    let slice = front.slice(0, kPieceBytes);
    const last = slice.charCodeAt(slice.length - 1);
    if (slice.length < front.length && last >= 0xd800 && last <= 0xdbff) slice = slice.slice(0, -1);
    const { read, written } = encoder.encodeInto(slice, scratch);
    const data = front.slice(0, read);
    if (read === front.length) this.waiting_.shift();
    else this.waiting_[0] = { text: front.slice(read), typed };
    this.waiting_units_ -= read;
    return { data, bytes: written, typed };
  }
}
