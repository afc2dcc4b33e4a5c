// The part of the page around a running shell: terminal, bar, search, the line at its end.
import { element, announce } from './dom';
import { on_language, t } from './language';
import type { Opened, Size } from './frames';
import { SearchBar } from './search_bar';
import { StatusBar } from './status_bar';
import { keep } from './store';
import type { Sentence } from './failures';
import { is_dark, on_theme } from './theme';
import { page_title } from './title';
import type { TerminalView } from './terminal_view';

export interface TerminalPageEvents {
  on_input(text: string): boolean; // false: there is no room for it
  on_resize(size: Size): void;
  on_disconnect(): void;
  on_again(): void;
  on_other(): void;
}

const kFontKey = 'sallyport.font-size';
const kReaderKey = 'sallyport.screen-reader';
const kFontSizes = { least: 9, usual: 15, most: 32 };

// The chunk with xterm.js: asked for when the page is idle, or when it is needed.
export const load_terminal = () => import('./terminal_view');

export class TerminalPage {
  readonly #screen = element('screen', HTMLDivElement);
  readonly #ending = element('ending', HTMLDivElement);
  readonly #ending_text = element('ending-text', HTMLParagraphElement);
  readonly #again = element('again', HTMLButtonElement);
  readonly #link = element('link', HTMLDialogElement);
  readonly #search = new SearchBar();
  readonly #bar: StatusBar;
  #terminal: TerminalView | undefined;
  #place = '';
  #font_size: number;
  #screen_reader: boolean;
  #sentence: (() => Sentence) | undefined;

  constructor(private readonly events: TerminalPageEvents, private readonly store: Storage | undefined) {
    const stored = Number(store?.getItem(kFontKey));
    this.#font_size = stored >= kFontSizes.least && stored <= kFontSizes.most ? stored : kFontSizes.usual;
    this.#screen_reader = store?.getItem(kReaderKey) === 'on';
    this.#bar = new StatusBar({
      on_search: () => this.#search.toggle(),
      on_font_size: (step) => this.resize_text(step),
      on_screen_reader: (on) => this.read_aloud(on),
      on_disconnect: () => {
        this.#bar.state('closing');
        events.on_disconnect();
      },
      on_return: () => this.#terminal?.focus(),
    });
    this.#bar.screen_reader = this.#screen_reader;
    this.#bar.font_size = this.#font_size;
    this.#again.addEventListener('click', () => events.on_again());
    element('other', HTMLButtonElement).addEventListener('click', () => events.on_other());
    on_theme(() => {
      if (this.#terminal) this.#terminal.dark = is_dark();
    });
    on_language(() => this.draw_ending());
  }

  // A fresh emulator, laid out but not shown, so that `open` can carry its size.
  async prepare(): Promise<Size> {
    const { TerminalView } = await load_terminal();
    await TerminalView.faces(this.#font_size);
    this.leave();
    this.#terminal = new TerminalView(
      this.#screen, { dark: is_dark(), font_size: this.#font_size, screen_reader: this.#screen_reader }, {
        on_input: (text) => {
          if (!this.events.on_input(text)) this.say(t('paste_too_large'));
        },
        on_resize: (size) => this.events.on_resize(size),
        on_title: (title) => {
          document.title = page_title(this.#place, title);
        },
        on_link: (address) => this.ask_link(address),
        on_copied: () => announce(t('copied')),
        on_leave: () => this.#bar.focus(),
        on_search: () => this.#search.open(),
      });
    this.#search.attach(this.#terminal);
    return this.#terminal.size;
  }

  start(place: string, opened: Opened): void {
    this.#place = place;
    document.title = page_title(place);
    this.#bar.start(place, opened.algorithms);
    // What the host says before sign-in, as text: its control characters are not for the emulator.
    const banner = opened.banner.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '').trimEnd();
    if (banner !== '') this.#terminal?.write(banner.replace(/\n/g, '\r\n') + '\r\n');
    this.#terminal?.focus();
    announce(t('announce_connected', { place }));
  }

  write(data: string, parsed: () => void): void {
    this.#terminal?.write(data, parsed);
  }
  round_trip(milliseconds: number): void {
    this.#bar.round_trip(milliseconds);
  }

  end(sentence: () => Sentence): void {
    this.#bar.state('ended');
    this.#terminal?.freeze();
    this.#sentence = sentence;
    this.#ending.hidden = false;
    this.draw_ending();
    announce(sentence().message);
    this.#again.focus({ preventScroll: true });
  }

  leave(): void {
    this.#terminal?.dispose();
    this.#terminal = undefined;
    this.#sentence = undefined;
    this.#screen.replaceChildren();
    this.#ending.hidden = true;
    document.title = page_title('');
  }

  private draw_ending(): void {
    const sentence = this.#sentence?.();
    this.#ending_text.textContent = sentence ? [sentence.message, sentence.hint].filter((part) => part !== '').join(' ') : '';
  }

  private say(text: string): void {
    announce(text);
    this.#bar.say(text);
  }

  private ask_link(address: string): void {
    element('link-address', HTMLParagraphElement).textContent = address;
    this.#link.returnValue = '';
    this.#link.onclose = () => {
      if (this.#link.returnValue === 'open') window.open(address, '_blank', 'noopener,noreferrer');
      this.#terminal?.focus();
    };
    this.#link.showModal();
    this.#link.querySelector<HTMLElement>('[value=stay]')?.focus(); // a key meant for the shell must open nothing
  }

  private resize_text(step: 1 | -1): void {
    this.#font_size = Math.min(Math.max(this.#font_size + step, kFontSizes.least), kFontSizes.most);
    this.#bar.font_size = this.#font_size;
    if (this.#terminal) this.#terminal.font_size = this.#font_size;
    keep(this.store, kFontKey, String(this.#font_size));
  }
  private read_aloud(on: boolean): void {
    this.#screen_reader = on;
    if (this.#terminal) this.#terminal.screen_reader = on;
    keep(this.store, kReaderKey, on ? 'on' : 'off');
  }
}
