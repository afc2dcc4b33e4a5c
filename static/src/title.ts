// What a host calls its terminal, made fit for the browser's title bar: plain text, one line, short. It always stands behind the place.
import type { Clock } from './clock';
import { plain_line } from './plain_text';

const kMaxSuffix = 80; // characters; a tab shows far fewer
const kProduct = 'Sallyport';
export const kTitleMs = 200; // five a second: a host may name its terminal a million times

// "ana@db-3 — Sallyport", "ana@db-3 — Sallyport · vim notes".
export function page_title(place: string, from_host = ''): string {
  const suffix = plain_line(from_host, kMaxSuffix);
  return [place === '' ? kProduct : `${place} — ${kProduct}`, suffix].filter((part) => part !== '').join(' · ');
}

// Shows the newest title, at most so often.
export class TitlePace {
  #wanted: string | undefined;
  #call_off: (() => void) | undefined;

  constructor(private readonly clock: Clock, private readonly show: (title: string) => void) {}

  set(title: string): void {
    if (this.#call_off) {
      this.#wanted = title;
      return;
    }
    this.show(title);
    this.#call_off = this.clock.after(kTitleMs, () => {
      this.#call_off = undefined;
      const next = this.#wanted;
      this.#wanted = undefined;
      if (next !== undefined) this.set(next);
    });
  }
  // What is still waited with is not shown any more.
  rest(): void {
    this.#call_off?.();
    this.#call_off = undefined;
    this.#wanted = undefined;
  }
}
