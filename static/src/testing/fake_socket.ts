// For the tests: the gateway's end of a socket, in the test's own hands, and a clock that goes when it is told to.
import type { Clock } from '../clock';
import type { Socket } from '../link';

export class FakeSocket implements Socket {
  readyState = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  sent: Record<string, unknown>[] = [];
  closed: number | undefined;

  send(data: unknown): void {
    if (this.readyState !== 1) throw new Error('not open');
    this.sent.push(JSON.parse(data as string) as Record<string, unknown>);
  }
  close(code?: number): void {
    this.closed = code;
    this.readyState = 3;
  }
  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }
  say(frame: object | string): void {
    this.onmessage?.({ data: typeof frame === 'string' ? frame : JSON.stringify(frame) });
  }
  end(code: number): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }
  types(): unknown[] {
    return this.sent.map(({ type }) => type);
  }
}

export class FakeClock implements Clock {
  #now = 1;
  #planned: { at: number; run: () => void }[] = [];
  chance = 0.5;

  now = () => this.#now;
  random = () => this.chance;
  after = (ms: number, run: () => void) => {
    const entry = { at: this.#now + ms, run };
    this.#planned.push(entry);
    return () => {
      this.#planned = this.#planned.filter((other) => other !== entry);
    };
  };
  // Time goes by, and what is due in it happens in its order.
  pass(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      const next = this.#planned.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#planned = this.#planned.filter((other) => other !== next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
    }
    this.#now = until;
  }
  // Time goes by for the world; the page sleeps.
  sleep(ms: number): void {
    this.#now += ms;
  }
  get waiting(): number {
    return this.#planned.length;
  }
}
