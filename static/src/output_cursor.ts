// Where in the shell's line of output the page is. Every frame must begin where the last one ended: a byte that is missing or
// comes twice is noticed here, before a terminal shows it.
import { BadFrame } from './frames';

const encoder = new TextEncoder();
let scratch = new Uint8Array(256 * 1024);

// In bytes of UTF-8, without making them.
export function utf8_length(text: string): number {
  if (scratch.length < 3 * text.length) scratch = new Uint8Array(3 * text.length); // a UTF-16 unit needs three at most
  return encoder.encodeInto(text, scratch).written;
}

// The text up to an offset in bytes of UTF-8, and the rest. An offset inside a character counts as its beginning.
export function split_at(text: string, bytes: number): [string, string] {
  const { read } = encoder.encodeInto(text, new Uint8Array(bytes));
  return [text.slice(0, read), text.slice(read)];
}

export class OutputCursor {
  #end: number;

  constructor(end = 0) {
    this.#end = end;
  }
  // The last offset taken.
  get end(): number {
    return this.#end;
  }
  // `attached` says where the output goes on.
  jump(start: number): void {
    this.#end = start;
  }
  // Throws BadFrame when something is missing before `data`, or came before.
  take(data: string, end: number): void {
    const start = end - utf8_length(data);
    if (start !== this.#end) throw new BadFrame(`output from ${start} after output up to ${this.#end}`);
    this.#end = end;
  }
}
