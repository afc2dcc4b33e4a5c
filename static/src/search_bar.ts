// Search in what the terminal shows and keeps: a line over its corner, opened by the bar or Ctrl+Shift+F.
import { element } from './dom';
import { on_language, t } from './language';
import type { TerminalView } from './terminal_view';

export class SearchBar {
  readonly #bar = element('search', HTMLFormElement);
  readonly #text = element('search-text', HTMLInputElement);
  readonly #count = element('search-count', HTMLSpanElement);
  #terminal: TerminalView | undefined;
  #found: { index: number; count: number } | undefined;

  constructor() {
    this.#bar.addEventListener('submit', (event) => {
      event.preventDefault();
      this.find('next');
    });
    this.#text.addEventListener('input', () => this.find('next', true));
    this.#bar.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.close();
      else if (event.key === 'Enter' && event.shiftKey) {
        event.preventDefault();
        this.find('previous');
      }
    });
    element('search-previous', HTMLButtonElement).addEventListener('click', () => this.find('previous'));
    element('search-close', HTMLButtonElement).addEventListener('click', () => this.close());
    on_language(() => this.draw());
  }

  attach(terminal: TerminalView): void {
    this.#terminal = terminal;
    this.#bar.hidden = true;
    terminal.on_found((index, count) => {
      this.#found = { index, count };
      this.draw();
    });
  }
  open(): void {
    this.#bar.hidden = false;
    this.#text.focus();
    this.#text.select();
  }
  close(): void {
    this.#bar.hidden = true;
    this.#terminal?.end_find();
    this.#terminal?.focus();
  }
  toggle(): void {
    if (this.#bar.hidden) this.open();
    else this.close();
  }

  private find(direction: 'next' | 'previous', incremental = false): void {
    this.#found = undefined;
    this.#terminal?.find(this.#text.value, direction, incremental);
    this.draw();
  }
  private draw(): void {
    const found = this.#found;
    this.#count.textContent = this.#text.value === '' || !found ? ''
      : found.count === 0 ? t('search_nothing')
      : t('search_count', { index: found.index + 1, count: found.count });
  }
}
