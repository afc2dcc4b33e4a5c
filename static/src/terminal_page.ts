// The part of the page around a running shell: terminal, bar, search, the line at its end.
import { bytes_text } from './amounts';
import { AwayNotice } from './away_notice';
import { ClipboardBar } from './clipboard_bar';
import type { ClipboardRules } from './clipboard_wish';
import { page_clock } from './clock';
import { element, announce, make } from './dom';
import type { Sentence } from './failures';
import type { Attached, Opened, Size } from './frames';
import { on_language, t } from './language';
import type { Screen } from './records';
import { SearchBar } from './search_bar';
import type { Latency } from './session';
import { ShareRow } from './share_row';
import { StatusBar, type BarEnd } from './status_bar';
import { keep } from './store';
import type { StringKey } from './strings/en';
import { is_dark, on_theme } from './theme';
import { page_title, TitlePace } from './title';
import type { TerminalView } from './terminal_view';
import type { WebAddress } from './web_address';

export interface TerminalPageEvents {
  on_input(text: string, typed: boolean): boolean; // false: there is no room for it
  on_resize(size: Size): void;
  on_disconnect(): void;
  on_leave(): void; // the shell goes on without this page
  on_retry(): void;
  on_again(): void;
  on_other(): void;
}
// What is offered at an end, beside another host.
export type Again = Extract<StringKey, 'again' | 'go_back' | 'take_back'> | undefined;

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
  readonly #other = element('other', HTMLButtonElement);
  readonly #link = element('link', HTMLDialogElement);
  readonly #search = new SearchBar();
  readonly #share = new ShareRow();
  readonly #bar: StatusBar;
  readonly #clipboard: ClipboardBar;
  readonly #title = new TitlePace(page_clock, (title) => {
    document.title = page_title(this.#place, title);
  });
  readonly #away = new AwayNotice(page_clock, (seconds, first) => {
    this.#bar.state('reconnecting', seconds);
    if (first) announce(t('announce_away'));
  });
  #terminal: TerminalView | undefined;
  #place = '';
  #font_size: number;
  #screen_reader: boolean;
  #sentence: (() => Sentence) | undefined;
  #again_key: Again;
  #watching = false;

  constructor(private readonly events: TerminalPageEvents, private readonly store: Storage | undefined, rules: ClipboardRules) {
    const stored = Number(store?.getItem(kFontKey));
    this.#font_size = stored >= kFontSizes.least && stored <= kFontSizes.most ? stored : kFontSizes.usual;
    this.#screen_reader = store?.getItem(kReaderKey) === 'on';
    this.#bar = new StatusBar({
      on_search: () => this.#search.toggle(),
      on_font_size: (step) => this.resize_text(step),
      on_screen_reader: (on) => this.read_aloud(on),
      on_retry: () => events.on_retry(),
      on_leave: () => events.on_leave(),
      on_disconnect: () => {
        if (this.#bar.current === 'running') this.#bar.state('closing');
        events.on_disconnect();
      },
      on_menu: () => this.#share.quiet(),
      on_return: () => this.#terminal?.focus(),
    });
    this.#clipboard = new ClipboardBar(rules, page_clock, (said) => {
      if (said !== undefined) this.say(said);
      this.#terminal?.focus();
    });
    this.#bar.screen_reader = this.#screen_reader;
    this.#bar.font_size = this.#font_size;
    this.#again.addEventListener('click', () => events.on_again());
    this.#other.addEventListener('click', () => events.on_other());
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
        on_input: (text, typed) => {
          if (!this.events.on_input(text, typed)) this.say(t('paste_too_large'));
        },
        on_resize: (size) => this.events.on_resize(size),
        on_title: (title) => this.#title.set(title),
        on_clipboard: (wish) => this.#clipboard.wants(wish),
        on_link: (address) => this.ask_link(address),
        on_copied: () => announce(t('copied')),
        on_leave: () => this.#clipboard.focus() || this.#bar.focus(),
        on_search: () => this.#search.open(),
      });
    this.#search.attach(this.#terminal);
    return this.#terminal.size;
  }

  // What is about to be shown, before anybody has answered.
  expect(place: string, state: 'returning' | 'watching'): void {
    this.#place = place;
    this.#watching = state === 'watching';
    document.title = page_title(place);
    this.#bar.start(place, state);
  }
  // The screen of an earlier page.
  restore(screen: Screen): void {
    this.#terminal?.restore(screen);
  }

  focus(): void {
    this.#terminal?.focus();
  }

  // A new shell. `link`: where somebody may watch it.
  start(place: string, opened: Opened, link: string | undefined): void {
    this.#place = place;
    this.#watching = false;
    document.title = page_title(place);
    this.#bar.start(place, 'running');
    this.#bar.algorithms = opened.algorithms;
    this.#bar.legacy = opened.legacy === true;
    this.#clipboard.place = opened;
    this.#share.link = link;
    // What the host says before sign-in, as text: its control characters are not for the emulator.
    const banner = opened.banner.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '').trimEnd();
    if (banner !== '') this.#terminal?.banner(banner.replace(/\n/g, '\r\n') + '\r\n');
    this.#terminal?.focus();
    announce(t('announce_connected', { place }) + (opened.legacy ? ` ${t('announce_legacy')}` : ''));
  }

  // The shell of before. `skipped`: so many bytes are gone. `again`: this terminal has been here before.
  returned(place: string, attached: Attached, { skipped, again, link }: { skipped: number; again: boolean; link: string | undefined }): void {
    const told = this.#away.back();
    if (!again) this.expect(place, this.#watching ? 'watching' : 'returning');
    this.#bar.state(this.#watching ? 'watching' : 'running');
    this.#bar.algorithms = attached.algorithms;
    this.#bar.legacy = attached.legacy === true;
    if (!again) this.#clipboard.place = this.#watching ? undefined : attached;
    this.#share.link = link;
    if (skipped > 0) {
      const amount = bytes_text(skipped);
      this.#terminal?.output.begin_anew();
      this.#terminal?.output.note(t('skipped', { amount }));
      announce(t('skipped_announce', { amount }));
    } else if (told) {
      announce(t('announce_back'));
    }
    if (this.#watching) this.take_size(attached);
    this.#terminal?.output.replay(attached.start, attached.end);
    if (again) return;
    if (this.#terminal) this.#terminal.read_only = this.#watching;
    this.#terminal?.focus();
    announce(t(this.#watching ? 'announce_watching' : 'announce_returned', { place }));
  }
  away(next_try: number | undefined): void {
    this.#away.away(next_try);
  }

  write(data: string, end: number, parsed: (offset: number) => void): void {
    this.#terminal?.output.write(data, end, parsed);
  }
  // Of a terminal that is only watched.
  take_size(size: Size): void {
    this.#terminal?.take_size(size);
  }
  snapshot(lines: number): Screen | undefined {
    return this.#terminal?.output.snapshot(lines);
  }
  // A word in passing.
  say(text: string): void {
    announce(text);
    this.#bar.say(text);
  }
  latency(latency: Latency): void {
    this.#bar.latency = latency;
  }

  end(sentence: () => Sentence, again: Again, how: BarEnd = 'ended'): void {
    this.#away.back();
    this.#bar.state(how);
    this.#share.link = undefined;
    this.#clipboard.place = undefined;
    this.#terminal?.freeze();
    this.#sentence = sentence;
    this.#again_key = again;
    this.#again.hidden = again === undefined;
    this.#ending.hidden = false;
    this.draw_ending();
    announce(sentence().message);
    (again === undefined ? this.#other : this.#again).focus({ preventScroll: true });
  }

  leave(): void {
    this.#away.back();
    this.#terminal?.dispose();
    this.#terminal = undefined;
    this.#sentence = undefined;
    this.#title.rest();
    this.#clipboard.place = undefined;
    this.#screen.replaceChildren();
    this.#ending.hidden = true;
    document.title = page_title('');
  }

  private draw_ending(): void {
    const sentence = this.#sentence?.();
    if (this.#again_key) this.#again.textContent = t(this.#again_key);
    this.#ending_text.textContent = sentence ? [sentence.message, sentence.hint].filter((part) => part !== '').join(' ') : '';
  }

  // All of the address as text, the host that it leads to set off from what only looks like one.
  private ask_link({ href, before, host, after, warnings }: WebAddress): void {
    if (this.#link.open) return;
    element('link-address', HTMLParagraphElement).replaceChildren(before, make('strong', {}, host), after);
    const said = element('link-warnings', HTMLUListElement);
    said.hidden = warnings.length === 0;
    said.replaceChildren(...warnings.map((key) => make('li', {}, t(key, { host }))));
    this.#link.returnValue = '';
    this.#link.onclose = () => {
      if (this.#link.returnValue === 'open') window.open(href, '_blank', 'noopener,noreferrer');
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
