// When and what to say while the socket is gone. Most gaps close before anybody looks up, and those are not mentioned.
import type { Clock } from './clock';

export const kUnnoticedMs = 300;
const kTickMs = 500;

export class AwayNotice {
  #next: number | undefined; // when the next try comes; none while one is under way
  #call_off: (() => void) | undefined;
  #shown = false;

  // `show`: whole seconds to the next try, or none. Called again as they pass.
  constructor(private readonly clock: Clock, private readonly show: (seconds: number | undefined, first: boolean) => void) {}

  away(next_try: number | undefined): void {
    this.#next = next_try === undefined ? undefined : this.clock.now() + next_try;
    if (this.#shown) this.tick();
    else if (!this.#call_off) this.#call_off = this.clock.after(kUnnoticedMs, () => this.tick());
  }
  // True: somebody was told that it was gone.
  back(): boolean {
    const told = this.#shown;
    this.#call_off?.();
    this.#call_off = undefined;
    this.#shown = false;
    return told;
  }

  private tick(): void {
    const left = this.#next === undefined ? 0 : this.#next - this.clock.now();
    const first = !this.#shown;
    this.#shown = true;
    this.show(left > 1000 ? Math.ceil(left / 1000) : undefined, first);
    this.#call_off?.();
    this.#call_off = this.clock.after(kTickMs, () => this.tick());
  }
}
