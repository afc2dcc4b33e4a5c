// The question that a host's wish for the clipboard becomes: over the terminal's upper edge, in nobody's way. It takes no focus by itself,
// or a key meant for the shell could answer it.
import type { Clock } from './clock';
import { kMostBytes, type ClipboardRule, type ClipboardRules } from './clipboard_wish';
import { announce, element } from './dom';
import { on_language, t } from './language';
import { shown_line } from './plain_text';

export const kSteadyMs = 500; // the text under somebody's finger must have stood there for so long
const kShown = 160; // characters of it

export interface HostPlace {
  host: string;
  port: number;
}

export class ClipboardBar {
  readonly #bar = element('clipboard', HTMLElement);
  readonly #question = element('clipboard-question', HTMLParagraphElement);
  readonly #start = element('clipboard-start', HTMLParagraphElement);
  readonly #allow = element('clipboard-allow', HTMLButtonElement);
  readonly #row = element('clipboard-row', HTMLElement);
  readonly #choice = element('clipboard-choice', HTMLSelectElement);
  #place: HostPlace | undefined; // undefined: whoever only watches is asked nothing
  #text: string | undefined;
  #unlock: (() => void) | undefined;

  // `on_done`: what was written, or that it could not be; back to the terminal.
  constructor(private readonly rules: ClipboardRules, private readonly clock: Clock, private readonly on_done: (said: string | undefined) => void) {
    this.#allow.addEventListener('click', () => void this.allow());
    element('clipboard-never', HTMLButtonElement).addEventListener('click', () => this.refuse());
    element('clipboard-not-now', HTMLButtonElement).addEventListener('click', () => this.close());
    this.#choice.addEventListener('change', () => {
      if (this.#place) this.rules.refuse(this.#place, this.#choice.value === 'never');
      this.draw_choice();
      if (this.#choice.value === 'never') this.hide();
    });
    this.#bar.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.close();
    });
    on_language(() => this.draw());
  }

  set place(place: HostPlace | undefined) {
    this.#place = place;
    this.hide();
    this.draw_choice();
  }

  wants(wish: { text: string } | 'too-large'): void {
    const rule = this.rule;
    if (rule === 'never' || this.#place === undefined) return;
    if (wish === 'too-large') {
      this.on_done(t('clipboard_too_large', { host: this.#place.host, limit: kMostBytes / 1024 }));
      return;
    }
    if (rule === 'allow') {
      // Some browsers want a click first; there it is asked after all.
      put_on_clipboard(wish.text).then(undefined, () => this.ask(wish.text));
      return;
    }
    this.ask(wish.text);
  }

  // True: it is there, and has the focus now.
  focus(): boolean {
    if (this.#text === undefined) return false;
    this.#bar.focus();
    return true;
  }
  hide(): void {
    this.#text = undefined;
    this.#bar.hidden = true;
    this.#unlock?.();
    this.#unlock = undefined;
  }

  private get rule(): ClipboardRule {
    return this.#place ? this.rules.rule_for(this.#place) : 'never';
  }
  private ask(text: string): void {
    const first = this.#text === undefined;
    this.#text = text;
    this.#bar.hidden = false;
    this.draw();
    this.#allow.disabled = true;
    this.#unlock?.();
    this.#unlock = this.clock.after(kSteadyMs, () => {
      this.#allow.disabled = false;
    });
    if (first) announce(`${this.#question.textContent} ${t('clipboard_way')}`);
  }
  private async allow(): Promise<void> {
    const text = this.#text;
    this.hide();
    if (text === undefined) return;
    const said = await put_on_clipboard(text).then(() => t('clipboard_done'), () => t('clipboard_failed'));
    this.on_done(said);
  }
  private refuse(): void {
    if (this.#place) this.rules.refuse(this.#place, true);
    this.draw_choice();
    this.close();
  }
  private close(): void {
    this.hide();
    this.on_done(undefined);
  }

  private draw(): void {
    const text = this.#text;
    if (text === undefined || !this.#place) return;
    const lines = text.replace(/(\r\n?|\n)$/, '').split(/\r\n?|\n/).length;
    const host = shown_line(this.#place.host, 80);
    const count = Array.from(text).length;
    this.#question.textContent = t(lines > 1 ? 'clipboard_asks_lines' : count === 1 ? 'clipboard_asks_one' : 'clipboard_asks', { host, count, lines });
    this.#start.textContent = shown_line(text, kShown).replaceAll('⏎', '⏎\n');
  }
  // Where the configuration has decided there is nothing to choose.
  private draw_choice(): void {
    this.#row.hidden = !this.#place || this.rules.configured_for(this.#place) !== 'ask';
    this.#choice.value = this.rule === 'never' ? 'never' : 'ask';
  }
}

// Over plain http beyond localhost there is no clipboard API, and the old command's copy event takes its place.
async function put_on_clipboard(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const fill = (event: ClipboardEvent) => {
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  document.addEventListener('copy', fill, { capture: true });
  const done = document.execCommand('copy');
  document.removeEventListener('copy', fill, { capture: true });
  if (!done) throw new Error('no clipboard');
}
