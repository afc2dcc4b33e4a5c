// One session, from `open` or `attach` to its end, over as many sockets as it takes: what the server says, in order, and what it
// means for the page. A socket that ends without a reason is followed by another one; the shell does not notice.
import { backoff } from './backoff';
import type { Clock } from './clock';
import type { Attached, Failure, HostKeyPrompt, Opened, Open, QuestionsPrompt, ServerFrame, Size, Stage, Target } from './frames';
import { InputQueue } from './input_queue';
import { Link, type Socket } from './link';
import { OutputCursor } from './output_cursor';
import { Pulse } from './pulse';

export type End =
  | { how: 'exited'; status: number }
  | { how: 'killed'; signal: string }
  | { how: 'failed'; failure: Failure }
  | { how: 'closed'; code: number } // a close code of docs/protocol.md and nothing more
  | { how: 'lost' } // the socket went away before there was a shell
  | { how: 'unreachable' } // it never came
  | { how: 'bad-answer' }
  | { how: 'taken'; unsent: number } // another page has the keyboard; so many characters typed here may not have arrived
  | { how: 'left' } // by the user, the shell still running
  | { how: 'hung-up' }; // by the user

export interface Latency {
  gateway: number; // ms there and back
  host?: number; // from the gateway to the host and back, when known
}
export interface SessionEvents {
  on_stage(stage: Stage): void;
  on_host_key(prompt: HostKeyPrompt): void;
  on_questions(prompt: QuestionsPrompt): void;
  on_opened(opened: Opened): void;
  // `skipped`: so many bytes of output are gone, and the terminal has to begin anew. `again`: this page had been there before.
  on_attached(attached: Attached, skipped: number, again: boolean): void;
  // So many characters typed here may not have arrived: somebody else typed to the session meanwhile.
  on_unsent(characters: number): void;
  on_output(data: string, end: number, parsed: (offset: number) => void): void;
  on_size(size: Size): void; // of a terminal that is only watched
  on_latency(latency: Latency): void;
  // The socket is gone. Milliseconds to the next try, or none while one is under way. Again for each try.
  on_away(next_try: number | undefined): void;
  // Exactly once. `ran`: there was a shell.
  on_end(end: End, ran: boolean): void;
}

// How to come back to a session that another page, or this one before its reload, has opened.
export interface Return {
  session: string;
  token: string;
  received: number; // what the terminal shows already
  watch: boolean;
}

const kNoCode = 1006; // RFC 6455, section 7.1.5: the connection broke
const kStopping = 1001;
const kGone = 4004;
const kTooSlow = 4008;
const kTaken = 4009;
export const kPatienceMs = 10_000; // from a new socket to `attached`
export const kPingMs = 2_000; // often enough to be believed, and a packet a second is nothing beside one key
const kSteadyMs = 1_000; // a return that lasts less counts as one more failure, or a broken gateway would be asked without pause

export class Session {
  readonly #input = new InputQueue();
  readonly #client: string; // names the queue that numbers the input. No secret: the token opens the door
  readonly #output: OutputCursor;
  #link: Link;
  #pulse = new Pulse();
  #state: 'opening' | 'attaching' | 'running' | 'waiting' | 'ended' = 'opening';
  #back: { session: string; token: string; watch: boolean } | undefined;
  #size: Size = { cols: 80, rows: 24 };
  #ran = false;
  #attempt = 0;
  #since = 0; // when this socket's session began to run
  #been_here = false; // the terminal has been this session's before
  #hanging_up = false;
  #take = true; // somebody wants the keyboard here: until it is, and not when the page comes back by itself
  #visible = true;
  #end: End | undefined; // said before the close
  #call_off: (() => void)[] = []; // what waits for its time

  constructor(private readonly new_socket: () => Socket, private readonly events: SessionEvents, private readonly clock: Clock, back?: Return) {
    this.#output = new OutputCursor(back?.received);
    this.#client = [clock.random(), clock.random()].map((chance) => Math.floor(chance * 2 ** 52).toString(36)).join('');
    if (back) {
      this.#back = back;
      this.#ran = true;
    }
    this.#link = this.link();
  }

  open(target: Target, size: Size, encoding: string): void {
    this.#size = size;
    const first: Open = { type: 'open', ...target, ...size, term: 'xterm-256color', encoding, env: {}, client: this.#client };
    this.#link.start(() => first);
  }
  attach(size: Size): void {
    this.#size = size;
    this.attach_to(this.#link);
  }

  // False: more than can wait to be sent, and nothing of it was taken. While the socket is gone, what is typed waits.
  // `typed`: by somebody, and not the emulator's own word.
  type(text: string, typed = true): boolean {
    if (this.#state === 'ended' || this.#back?.watch) return true;
    if (!this.#input.push(text, typed)) return false;
    this.#link.flush();
    return true;
  }
  resize(size: Size): void {
    this.#size = size;
    if (!this.#back?.watch) this.#link.resize(size);
  }
  answer_host_key(prompt: number, accept: boolean): void {
    this.#link.answer_hostkey(prompt, accept);
  }
  answer_questions(prompt: number, values: string[]): void {
    this.#link.answer_questions(prompt, values);
  }

  hang_up(): void {
    if (this.#state === 'running') {
      this.#hanging_up = true;
      this.#link.hang_up();
    } else if (this.#ran) {
      this.leave(); // nobody hears it: the shell goes on, and is offered again
    }
  }
  // The shell goes on without this page.
  leave(): void {
    this.finish({ how: 'left' });
  }
  // Nothing of this session is heard again. What was not a shell yet is cancelled by it.
  drop(): void {
    this.#state = 'ended';
    this.rest();
    this.#link.abandon();
  }

  // Somebody pressed the button.
  take_back(): void {
    if (this.#state !== 'running') this.#take = true;
    this.hurry();
  }
  // The network is back, or the page is seen again.
  hurry(): void {
    if (this.#state === 'waiting') this.try_again();
    else if (this.#state === 'running') {
      this.#pulse.hurry();
      this.beat();
    }
  }
  set visible(on: boolean) {
    this.#visible = on;
    if (on) this.hurry();
  }
  // Typed keys would be lost if the page went away now.
  get owes_keys(): boolean {
    return this.#ran && this.#state !== 'ended' && this.#input.owes;
  }

  private link(): Link {
    this.#pulse = new Pulse();
    return new Link(this.new_socket(), this.#input, {
      on_frame: (frame) => this.take(frame),
      on_heard: () => this.#pulse.heard(this.clock.now()),
      on_closed: (how) => this.closed(how),
    });
  }
  private attach_to(link: Link): void {
    const back = this.#back;
    if (!back) return;
    this.#state = 'attaching';
    const { session, token, watch } = back;
    // Received is what the terminal was given: this terminal will have parsed it, socket or no socket.
    link.start(() => ({
      type: 'attach', session, token, received: this.#output.end, ...this.#size,
      ...(watch ? { watch } : { client: this.#client, ...(this.#take ? {} : { take: false }) }),
    }));
    this.later(kPatienceMs, () => this.away());
  }

  private take(frame: Exclude<ServerFrame, { type: 'accepted' }>): void {
    switch (frame.type) {
      case 'progress':
        return this.events.on_stage(frame.stage);
      case 'prompt':
        return frame.kind === 'hostkey' ? this.events.on_host_key(frame) : this.events.on_questions(frame);
      case 'opened':
        this.#ran = true;
        this.#back = { session: frame.session, token: frame.token, watch: false };
        this.run();
        return this.events.on_opened(frame);
      case 'attached': {
        const again = this.#been_here;
        const skipped = frame.start - this.#output.end;
        this.#output.jump(frame.start);
        this.run();
        if (this.#hanging_up) this.#link.hang_up();
        this.events.on_attached(frame, skipped, again);
        const unsent = this.#input.take_forgotten();
        if (unsent > 0) this.events.on_unsent(unsent);
        return;
      }
      case 'output': {
        const { end, data } = frame;
        this.#output.take(data, end);
        return this.events.on_output(data, end, (offset) => this.#link.parsed(offset));
      }
      case 'size':
        return this.events.on_size(frame);
      case 'pong': {
        const gateway = this.#pulse.answered(frame.id, this.clock.now());
        if (gateway !== undefined) this.events.on_latency({ gateway, ...(frame.host === undefined ? {} : { host: frame.host }) });
        return;
      }
      case 'exited':
        this.#end = 'signal' in frame ? { how: 'killed', signal: frame.signal } : { how: 'exited', status: frame.status };
        return;
      case 'error':
        this.#end = { how: 'failed', failure: frame };
        return;
      case 'sessions':
        return; // nobody asked
    }
  }

  private run(): void {
    this.rest();
    this.#state = 'running';
    this.#since = this.clock.now();
    this.#been_here = true;
    this.#take = false;
    this.beat();
  }

  // Asks how far away the gateway is, and notices when nobody is there.
  private beat(): void {
    this.rest();
    const now = this.clock.now();
    if (this.#pulse.dead(now)) {
      this.away();
      return;
    }
    const id = this.#visible ? this.#pulse.ask(now) : undefined;
    if (id !== undefined) this.#link.ping(id);
    this.later(kPingMs, () => this.beat());
  }

  private closed({ code, reached, bad_frame }: { code: number; reached: boolean; bad_frame: boolean }): void {
    if (bad_frame) return this.finish({ how: 'bad-answer' });
    // A page that slept between a socket's opening and its first frame is too slow, and may try again.
    const slow = code === kTooSlow && this.#state === 'attaching';
    if (slow) this.#end = undefined;
    if (code === kTaken || (this.#end?.how === 'failed' && this.#end.failure.code === 'taken-over')) {
      this.#input.forget();
      return this.finish({ how: 'taken', unsent: this.#input.take_forgotten() });
    }
    if (this.#end && !(this.#hanging_up && (this.#end.how !== 'failed' || code === kGone))) return this.finish(this.#end);
    if (this.#hanging_up && (this.#end || code >= 1000 && code !== kNoCode)) return this.finish({ how: 'hung-up' });
    if (code === kStopping || (code >= 4000 && code < 5000 && !slow)) return this.finish({ how: 'closed', code });
    if (this.#ran) return this.away();
    this.finish(!reached ? { how: 'unreachable' } : code === kNoCode ? { how: 'lost' } : { how: 'closed', code });
  }

  private away(): void {
    const steady = this.#state === 'running' && this.clock.now() - this.#since >= kSteadyMs;
    if (steady) this.#attempt = 0;
    this.rest();
    this.#link.abandon();
    this.#state = 'waiting';
    const wait = backoff(this.#attempt++, this.clock.random());
    this.later(wait, () => this.try_again());
    this.events.on_away(wait);
  }
  private try_again(): void {
    this.rest();
    this.#link = this.link();
    this.attach_to(this.#link);
    this.events.on_away(undefined);
  }

  private finish(end: End): void {
    if (this.#state === 'ended') return;
    this.drop();
    this.events.on_end(end, this.#ran);
  }
  private later(ms: number, run: () => void): void {
    this.#call_off.push(this.clock.after(ms, run));
  }
  private rest(): void {
    for (const call_off of this.#call_off.splice(0)) call_off();
  }
}
