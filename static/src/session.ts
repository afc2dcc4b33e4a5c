// One session, from `open` to its end: what the server says, in order, and what it means for the page.
import type { Failure, HostKeyPrompt, Opened, Open, QuestionsPrompt, ServerFrame, Size, Stage, Target } from './frames';
import { InputQueue } from './input_queue';
import { Link, type Socket } from './link';

export type End =
  | { how: 'exited'; status: number }
  | { how: 'killed'; signal: string }
  | { how: 'failed'; failure: Failure }
  | { how: 'closed'; code: number } // a close code of docs/protocol.md and nothing more
  | { how: 'lost' } // the socket went away
  | { how: 'unreachable' } // it never came
  | { how: 'bad-answer' }
  | { how: 'hung-up' }; // by the user

export interface SessionEvents {
  on_stage(stage: Stage): void;
  on_host_key(prompt: HostKeyPrompt): void;
  on_questions(prompt: QuestionsPrompt): void;
  on_opened(opened: Opened): void;
  on_output(data: string, parsed: () => void): void;
  on_round_trip(milliseconds: number): void;
  // Exactly once. `ran`: there was a shell.
  on_end(end: End, ran: boolean): void;
}

const kNoCode = 1006; // RFC 6455, section 7.1.5: the connection broke

export class Session {
  readonly #link: Link;
  readonly #input = new InputQueue();
  #ran = false;
  #hanging_up = false;
  #dropped = false;
  #end: End | undefined; // said before the close

  constructor(socket: Socket, private readonly events: SessionEvents) {
    this.#link = new Link(socket, this.#input, {
      on_frame: (frame) => this.take(frame),
      on_round_trip: (milliseconds) => events.on_round_trip(milliseconds),
      on_closed: ({ code, reached, bad_frame }) => {
        if (this.#dropped) return;
        events.on_end(bad_frame ? { how: 'bad-answer' } : this.how_it_ended(code, reached), this.#ran);
      },
    });
  }

  open(target: Target, size: Size, encoding: string): void {
    const first: Open = { type: 'open', ...target, ...size, term: 'xterm-256color', encoding, env: {} };
    this.#link.start(first);
  }
  type(text: string): boolean {
    return this.#link.type(text);
  }
  resize(size: Size): void {
    this.#link.resize(size);
  }
  answer_host_key(prompt: number, accept: boolean): void {
    this.#link.answer_hostkey(prompt, accept);
  }
  answer_questions(prompt: number, values: string[]): void {
    this.#link.answer_questions(prompt, values);
  }
  hang_up(): void {
    this.#hanging_up = true;
    this.#link.hang_up();
  }
  // The user cancelled: nothing of this session is heard again.
  drop(): void {
    this.#dropped = true;
    this.#link.drop();
  }

  private take(frame: Exclude<ServerFrame, { type: 'accepted' }>): void {
    if (this.#dropped) return;
    switch (frame.type) {
      case 'progress':
        return this.events.on_stage(frame.stage);
      case 'prompt':
        return frame.kind === 'hostkey' ? this.events.on_host_key(frame) : this.events.on_questions(frame);
      case 'opened':
        this.#ran = true;
        return this.events.on_opened(frame);
      case 'output': {
        const { end, data } = frame;
        return this.events.on_output(data, () => this.#link.parsed(end));
      }
      case 'exited':
        this.#end = 'signal' in frame ? { how: 'killed', signal: frame.signal } : { how: 'exited', status: frame.status };
        return;
      case 'error':
        this.#end = { how: 'failed', failure: frame };
        return;
      case 'attached':
        return; // this page does not come back to a session yet
    }
  }

  private how_it_ended(code: number, reached: boolean): End {
    if (this.#end && !(this.#hanging_up && this.#end.how !== 'failed')) return this.#end;
    if (this.#hanging_up) return { how: 'hung-up' };
    if (!reached) return { how: 'unreachable' };
    return code === kNoCode ? { how: 'lost' } : { how: 'closed', code };
  }
}
