// The host's output on its way through the emulator: which offset has been worked in, what of it was printed for another time, and
// what somebody who comes later needs to go on from here.
import type { Terminal } from '@xterm/xterm';
import { abandon_sequence, is_mid_sequence } from './emulator_state';
import { kMostSequence, without_turns } from './host_limits';
import { split_at, utf8_length } from './output_cursor';
import type { Screen } from './records';
import { snapshot } from './snapshot';
import { Unfinished } from './unfinished';

// UTF-16 units. What the gateway sends at once is longer, and it would wait for the word that all of it has been worked in: in pieces, it
// sends the next while the emulator is at the last ones. Smaller ones would cost more than they win.
const kPieceUnits = 16 * 1024;
const is_high_surrogate = (unit: number) => unit >= 0xd800 && unit <= 0xdbff;

export class HostOutput {
  readonly #unfinished = new Unfinished();
  #given = 0; // the offset up to which the emulator has been given the output
  #parsed = 0; // the offset up to which the emulator has worked the output in
  #old_until = 0;
  #restoring: Screen | undefined; // not worked in yet

  // `on_taken`: so many UTF-16 units have been worked in. `on_caught_up`: all that is old has been.
  constructor(
    private readonly terminal: Terminal,
    private readonly on_taken: (units: number) => void,
    private readonly on_caught_up: () => void,
  ) {}

  // What is being worked in was printed for another time: nobody waits for the emulator's answers to it. A restored screen gets some as
  // well: whoever asks to be told of the focus, for one, is told at once.
  get is_old(): boolean {
    return this.#restoring !== undefined || this.behind;
  }

  // Output up to the offset `end`, behind what came before. `parsed` is called as the emulator works it in, with the offset it has come to.
  write(data: string, end: number, parsed: (offset: number) => void): void {
    let at = this.#given;
    let rest = data;
    while (rest.length > kPieceUnits) {
      const piece = rest.slice(0, is_high_surrogate(rest.charCodeAt(kPieceUnits - 1)) ? kPieceUnits - 1 : kPieceUnits);
      rest = rest.slice(piece.length);
      at += utf8_length(piece);
      this.write_piece(piece, at, parsed);
    }
    this.write_piece(rest, end, parsed);
  }

  private write_piece(data: string, end: number, parsed: (offset: number) => void): void {
    const start = end > this.#old_until && this.behind ? end - utf8_length(data) : end;
    if (start < this.#old_until && end > this.#old_until) {
      const [old, fresh] = split_at(data, this.#old_until - start);
      this.put(old, this.#old_until);
      this.put(fresh, end, () => parsed(end));
    } else {
      this.put(data, end, () => parsed(end));
    }
  }

  // The screen of an earlier page. Output goes on behind its `end`.
  restore(screen: Screen): void {
    this.#restoring = screen;
    this.put(screen.text, screen.end, () => {
      this.#restoring = undefined;
    });
  }

  // The output goes on at `start`; what ends at or before `end` is old.
  replay(start: number, end: number): void {
    this.#old_until = end;
    this.put('', start);
  }

  // In its place among the output: nothing that came before is left.
  begin_anew(): void {
    this.terminal.write('\x18\x1bc');
  }
  // A line of the page's own, dim, so that nobody takes it for the host's.
  note(text: string): void {
    this.terminal.write(`\x1b[0;2m${text}\x1b[0m\r\n`);
  }

  // What makes a fresh terminal equal to this one, with at most so many lines above the screen. Undefined: that cannot be said.
  snapshot(scrollback: number): Screen | undefined {
    if (this.#restoring) return this.#restoring;
    const rest = this.#unfinished.text;
    if (rest === undefined) return undefined;
    const { cols, rows } = this.terminal;
    return { cols, rows, end: this.#parsed, text: snapshot(this.terminal, scrollback) + rest };
  }

  private get behind(): boolean {
    return this.#parsed < this.#old_until;
  }

  // The callback runs before anything that was written later is looked at.
  private put(data: string, end: number, parsed?: () => void): void {
    this.#given = end;
    this.terminal.write(without_turns(data), () => {
      this.on_taken(data.length);
      const behind = this.behind || end === this.#old_until;
      this.#parsed = Math.max(this.#parsed, end);
      this.#unfinished.take(data, is_mid_sequence(this.terminal));
      if (this.#unfinished.length > kMostSequence) {
        abandon_sequence(this.terminal);
        this.#unfinished.take('', false);
      }
      parsed?.();
      if (behind && !this.behind) this.on_caught_up();
    });
  }
}
