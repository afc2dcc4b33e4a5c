// One WebSocket to the gateway: the first frame, what is said about input, acknowledgements and pings, the close.
import { BadFrame, decode, encode, kSubprotocol, type ClientFrame, type ServerFrame, type Size } from './frames';
import type { InputQueue } from './input_queue';

export interface LinkEvents {
  // May throw BadFrame.
  on_frame(frame: Exclude<ServerFrame, { type: 'accepted' }>): void;
  on_heard(): void; // any frame: somebody is there
  // Once, whatever ended it. `reached`: the socket had been open. `code` as in docs/protocol.md, 1006 where there was none.
  on_closed(end: { code: number; reached: boolean; bad_frame: boolean }): void;
}

export type Socket = Pick<WebSocket, 'send' | 'close' | 'readyState'> &
  { onopen: (() => void) | null; onmessage: ((event: { data: unknown }) => void) | null; onclose: ((event: { code: number }) => void) | null };

// The page's own address with `ws` for its last part, so that a reverse proxy may put the gateway on a sub-path.
export function socket_url(page: string): string {
  const url = new URL('ws', page);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}

// Where the gateway is in its origin: "/", "/ssh/".
export function gateway_path(page: string): string {
  return new URL('.', page).pathname;
}

export function open_socket(page: string): Socket {
  return new WebSocket(socket_url(page), kSubprotocol) as Socket;
}

const kOpen = 1; // WebSocket.OPEN
// At most half of the least window of the gateway (32 KiB), or it would stand still until the turn is over.
const kAckBytes = 16 * 1024;

export class Link {
  private first_: (() => ClientFrame) | undefined; // until it has gone out
  private reached_ = false;
  private closed_ = false;
  private bad_frame_ = false;
  private running_ = false; // after `opened` or `attached`: input may flow
  private acked_ = 0;
  private parsed_ = 0;
  private ack_planned_ = false;

  constructor(
    private readonly socket_: Socket,
    private readonly input_: InputQueue,
    private readonly events_: LinkEvents,
  ) {
    socket_.onopen = () => {
      this.reached_ = true;
      this.send_first();
    };
    socket_.onmessage = ({ data }) => this.receive(data);
    socket_.onclose = ({ code }) => {
      if (this.closed_) return;
      this.closed_ = true;
      events_.on_closed({ code, reached: this.reached_, bad_frame: this.bad_frame_ });
    };
  }

  // `open`, `attach` or `list`: made and sent as soon as the socket is there.
  start(first: () => ClientFrame): void {
    this.first_ = first;
    if (this.socket_.readyState === kOpen) this.send_first();
  }

  // Input may have come into the queue.
  flush(): void {
    if (!this.running_ || this.socket_.readyState !== kOpen) return;
    for (const frame of this.input_.take()) this.send(frame);
  }
  resize({ cols, rows }: Size): void {
    if (this.running_) this.send({ type: 'resize', cols, rows });
  }
  ping(id: number): void {
    if (this.running_) this.send({ type: 'ping', id });
  }
  answer_hostkey(prompt: number, accept: boolean): void {
    this.send({ type: 'answer', prompt, accept });
  }
  answer_questions(prompt: number, values: string[]): void {
    this.send({ type: 'answer', prompt, values });
  }

  // The terminal has parsed all output up to `end`. What one turn of the event loop parses is one ack: offsets are
  // absolute, so the last says it all. In a flood a turn is long, and the gateway hears of it on the way.
  // No timer: a page in the background must ack as promptly.
  parsed(end: number): void {
    if (end > this.parsed_) this.parsed_ = end;
    if (this.parsed_ <= this.acked_ || !this.running_) return;
    if (this.parsed_ - this.acked_ >= kAckBytes) {
      this.ack();
      return;
    }
    if (this.ack_planned_) return;
    this.ack_planned_ = true;
    queueMicrotask(() => {
      this.ack_planned_ = false;
      this.ack();
    });
  }

  // Ends the shell, not only the socket.
  hang_up(): void {
    this.send({ type: 'close' });
  }
  // Ends the socket: the way to cancel what is not a shell yet, and to leave one that is.
  drop(): void {
    this.socket_.close(1000);
  }
  // Nothing is heard from it any more, not even its close: a socket on a dead network takes minutes to say so.
  abandon(): void {
    this.closed_ = true;
    this.socket_.onopen = this.socket_.onmessage = this.socket_.onclose = null;
    this.socket_.close(1000);
  }

  private receive(data: unknown): void {
    if (this.closed_ || this.bad_frame_) return;
    try {
      if (typeof data !== 'string') throw new BadFrame('no text frame');
      const frame = decode(data);
      this.events_.on_heard();
      if (frame !== undefined) this.take(frame);
    } catch (error) {
      if (!(error instanceof BadFrame)) throw error;
      console.error(`sallyport: ${error.message}`);
      this.bad_frame_ = true;
      this.socket_.close(4000);
    }
  }

  private take(frame: ServerFrame): void {
    if (frame.type === 'accepted') {
      this.input_.accepted(frame.seq);
      this.flush();
      return;
    }
    if (frame.type === 'attached' && !this.running_) {
      for (const input of this.input_.returned(frame.input, frame.yours)) this.send(input);
    }
    if (frame.type === 'opened' || frame.type === 'attached') this.running_ = true;
    this.events_.on_frame(frame);
    this.flush();
  }

  private ack(): void {
    if (this.parsed_ <= this.acked_) return;
    this.acked_ = this.parsed_;
    this.send({ type: 'ack', end: this.acked_ });
  }
  private send_first(): void {
    if (this.first_ === undefined) return;
    this.send(this.first_());
    this.first_ = undefined; // it may hold a password
  }
  private send(frame: ClientFrame): void {
    if (this.socket_.readyState === kOpen) this.socket_.send(encode(frame));
  }
}
