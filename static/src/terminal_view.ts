// The terminal on the page: xterm.js and its addons. Loaded as a chunk of its own, while the login form is already there.
import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { UnicodeGraphemesAddon } from '@xterm/addon-unicode-graphemes';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { WebglAddon } from '@xterm/addon-webgl';
import { Terminal } from '@xterm/xterm';
import { kDarkMatches, kDarkPalette, kLightMatches, kLightPalette } from './ansi_palette';
import { clipboard_wish } from './clipboard_wish';
import { page_clock } from './clock';
import { DrawPace } from './draw_pace';
import { EmulatorAnswers } from './emulator_answers';
import { draw_when_asked, on_user_input } from './emulator_state';
import { kMaxCells, type Size } from './frames';
import { HostOutput } from './host_output';
import { set_limits } from './host_limits';
import { with_match_ink } from './match_ink';
import type { Screen } from './records';
import { allow_terminal_styles, page_nonce } from './style_policy';
import { web_address, type WebAddress } from './web_address';

export interface TerminalLooks {
  dark: boolean;
  font_size: number; // CSS pixels
  screen_reader: boolean;
}
export interface TerminalEvents {
  on_input(text: string, typed: boolean): void; // typed or pasted: neither the mouse's nor the emulator's own
  on_resize(size: Size): void;
  on_title(from_host: string): void;
  on_link(address: WebAddress): void;
  on_clipboard(wish: { text: string } | 'too-large'): void; // what the host wants to put there
  on_copied(): void;
  on_leave(): void; // the way out by keyboard
  on_search(): void;
}

const kFontFamily =
  '"Sallyport Mono", "Noto Sans Mono CJK SC", "Noto Sans CJK SC", "Source Han Mono SC", "PingFang SC", "Microsoft YaHei", ' +
  '"Hiragino Sans", "Noto Color Emoji", monospace';
const kScrollback = 10_000; // lines; about 12 MB of cells at 100 columns
const kLeastFont = 5; // CSS pixels, for a screen that is only watched; one that is larger still is cut
const kBellMs = 500; // as long as it is seen; a host may ring a million times
const kMouseReport = /^\x1b\[[M<]/;
const kFaces = ['', 'bold ', 'italic ', 'italic bold '];

export class TerminalView {
  readonly output: HostOutput;
  readonly #terminal: Terminal;
  readonly #fit = new FitAddon();
  readonly #search = new SearchAddon();
  readonly #observer: ResizeObserver;
  #dark: boolean;
  #rung = -Infinity; // when the bell was last seen
  #frame = 0; // the animation frame a fit is planned for
  #font_size: number; // as wanted; a screen that is only watched may be drawn smaller
  #held: 'for-replay' | 'by-host' | undefined; // the size is not the window's
  #typed = false; // the data that comes next is somebody's, not the emulator's own

  // Call after faces().
  constructor(container: HTMLElement, looks: TerminalLooks, private readonly events: TerminalEvents) {
    allow_terminal_styles(page_nonce());
    const terminal = new Terminal({
      allowProposedApi: true, // search decorations, unicode versions
      cursorBlink: !window.matchMedia('(prefers-reduced-motion: reduce)').matches,
      customGlyphs: true,
      fontFamily: kFontFamily,
      fontSize: looks.font_size,
      linkHandler: { activate: (_event, address) => this.link(address), allowNonHttpProtocols: false },
      logLevel: 'off', // a host would fill the console with what it sends wrongly
      macOptionClickForcesSelection: true,
      minimumContrastRatio: 1, // the palette's own; more, and the DOM renderer misjudges reverse video and greys it
      rescaleOverlappingGlyphs: true,
      screenReaderMode: looks.screen_reader,
      scrollback: kScrollback,
      theme: looks.dark ? kDarkPalette : kLightPalette,
    });
    this.#terminal = terminal;
    this.#dark = looks.dark;
    this.#font_size = looks.font_size;
    set_limits(terminal);
    const pace = new DrawPace(page_clock);
    this.output = new HostOutput(terminal, (units) => pace.took(units), () => {
      if (this.#held === 'for-replay') this.follow_window();
    });
    terminal.loadAddon(this.#fit);
    this.#search.activate(with_match_ink(terminal, () => this.match_colours));
    terminal.loadAddon(new UnicodeGraphemesAddon());
    terminal.loadAddon(new WebLinksAddon((_event, address) => this.link(address)));
    terminal.open(container);
    this.accelerate();
    draw_when_asked(terminal, (draw) => pace.ask(draw));

    const answers = new EmulatorAnswers(page_clock);
    on_user_input(terminal, () => {
      this.#typed = true;
    });
    terminal.onData((text) => {
      const answer = !this.#typed;
      this.#typed = false;
      if (!answer) events.on_input(text, !kMouseReport.test(text));
      else if (!this.output.is_old && answers.lets_through(text)) events.on_input(text, false);
    });
    // Mouse reports of the oldest kind, in raw bytes. The wire carries text, in which a byte above 127 would become two
    // and run as keys; those (columns beyond 95) are dropped, and the newer kinds come through onData.
    terminal.onBinary((bytes) => {
      if (/^[\u0000-\u007f]*$/.test(bytes)) events.on_input(bytes, false);
    });
    terminal.onTitleChange((title) => events.on_title(title));
    terminal.parser.registerOscHandler(52, (data) => {
      const wish = this.output.is_old ? undefined : clipboard_wish(data);
      if (wish !== undefined) events.on_clipboard(wish);
      return true;
    });
    terminal.onBell(() => this.bell(container));
    terminal.attachCustomKeyEventHandler((event) => this.own_key(event));
    terminal.onResize(({ cols, rows }) => {
      if (!this.#held) events.on_resize({ cols, rows });
    });

    this.#observer = new ResizeObserver(() => this.plan_fit());
    this.#observer.observe(container);
    this.fit();
  }

  // The faces have to be there first, because cells are measured once: a late one would leave them as wide as the
  // fallback's.
  static async faces(font_size: number): Promise<void> {
    await Promise.allSettled(kFaces.map((face) => document.fonts.load(`${face}${font_size}px "Sallyport Mono"`)));
  }

  // What fits the window, whatever is shown now.
  get size(): Size {
    return this.fitting() ?? { cols: this.#terminal.cols, rows: this.#terminal.rows };
  }
  // What the host said before there was a shell.
  banner(text: string): void {
    this.#terminal.write(text);
  }

  // The screen of an earlier page, at its size, until what was printed for that size has been replayed.
  restore(screen: Screen): void {
    this.#held = 'for-replay';
    this.#terminal.resize(screen.cols, screen.rows);
    this.output.restore(screen);
  }
  // The host's terminal has this size, wherever it is shown. In its place among the output.
  take_size({ cols, rows }: Size): void {
    this.#held = 'by-host';
    this.#terminal.write('', () => {
      this.#terminal.resize(cols, rows);
      this.shrink();
    });
  }
  focus(): void {
    this.#terminal.focus();
  }

  set dark(on: boolean) {
    this.#dark = on;
    this.#terminal.options.theme = on ? kDarkPalette : kLightPalette;
  }
  set screen_reader(on: boolean) {
    this.#terminal.options.screenReaderMode = on;
  }
  set font_size(pixels: number) {
    this.#font_size = pixels;
    this.#terminal.options.fontSize = pixels;
    this.fit();
  }

  // Somebody looks on, and types nothing.
  set read_only(on: boolean) {
    this.#terminal.options.disableStdin = on;
  }
  // The shell is gone: what it printed stays to be read, and nothing can be typed.
  freeze(): void {
    this.read_only = true;
    this.#terminal.options.cursorBlink = false;
    this.#terminal.write('\x1b[?25l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?2004l');
  }

  find(text: string, direction: 'next' | 'previous', incremental: boolean): void {
    const { found, active } = this.match_colours;
    const look = {
      incremental,
      decorations: {
        matchBackground: found, matchOverviewRuler: found, activeMatchBackground: active, activeMatchColorOverviewRuler: active,
      },
    };
    if (direction === 'next') this.#search.findNext(text, look);
    else this.#search.findPrevious(text, look);
  }
  end_find(): void {
    this.#search.clearDecorations();
    this.#terminal.clearSelection();
  }
  on_found(listener: (index: number, count: number) => void): void {
    this.#search.onDidChangeResults(({ resultIndex, resultCount }) => listener(resultIndex, resultCount));
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame);
    this.#observer.disconnect();
    this.#search.dispose();
    this.#terminal.dispose();
  }

  private get match_colours() {
    return this.#dark ? kDarkMatches : kLightMatches;
  }

  // WebGL where it is to be had; when the context is lost (a sleeping laptop, a driver that restarts), the DOM renderer
  // takes over by itself once the addon is gone.
  private accelerate(): void {
    try {
      const webgl = new WebglAddon();
      webgl.onContextLoss(() => webgl.dispose());
      this.#terminal.loadAddon(webgl);
    } catch {
      // the DOM renderer is what there is
    }
  }

  // Once per drawn frame at most, however often the window's edge moves.
  private plan_fit(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.fit();
    });
  }
  private fit(): void {
    if (this.#held === 'by-host') this.shrink();
    const wanted = this.#held ? undefined : this.fitting();
    if (wanted && (wanted.cols !== this.#terminal.cols || wanted.rows !== this.#terminal.rows)) this.#terminal.resize(wanted.cols, wanted.rows);
  }
  // Undefined: it is not laid out.
  private fitting(): Size | undefined {
    const wanted = this.#fit.proposeDimensions();
    if (!wanted || !Number.isFinite(wanted.cols) || !Number.isFinite(wanted.rows)) return undefined;
    return { cols: Math.min(Math.max(wanted.cols, 2), kMaxCells), rows: Math.min(Math.max(wanted.rows, 1), kMaxCells) };
  }
  private follow_window(): void {
    this.#held = undefined;
    this.fit();
  }
  // All of the host's screen in the window, as large as somebody wants to read it at most.
  private shrink(): void {
    const { cols, rows, options } = this.#terminal;
    options.fontSize = this.#font_size;
    const fits = this.fitting();
    if (!fits) return;
    const scale = Math.min(1, fits.cols / cols, fits.rows / rows);
    options.fontSize = Math.max(kLeastFont, Math.floor(this.#font_size * scale));
  }

  private link(from_host: string): void {
    const address = web_address(from_host);
    if (address !== undefined) this.events.on_link(address);
  }

  private bell(container: HTMLElement): void {
    const now = page_clock.now();
    if (now - this.#rung < kBellMs) return;
    this.#rung = now;
    container.classList.remove('bell');
    void container.offsetWidth; // starts the animation anew
    container.classList.add('bell');
  }

  // Keys that belong to the page. True lets the terminal have the key.
  private own_key(event: KeyboardEvent): boolean {
    if (event.isComposing || !event.ctrlKey || !event.shiftKey || event.altKey || event.metaKey) return true;
    const pressed = event.type === 'keydown';
    switch (event.code) {
      case 'KeyC':
        if (pressed) {
          event.preventDefault(); // some browsers would open their developer tools
          this.copy();
        }
        return false;
      case 'KeyV':
        return false; // the browser pastes as plain text, and xterm.js takes the paste
      case 'KeyF':
        if (pressed) {
          event.preventDefault();
          this.events.on_search();
        }
        return false;
      case 'KeyL':
      case 'Escape':
        if (pressed) {
          event.preventDefault();
          this.events.on_leave();
        }
        return false;
      default:
        return true;
    }
  }

  private copy(): void {
    const text = this.#terminal.getSelection();
    if (text === '') return;
    // Over plain http beyond localhost there is no clipboard API; xterm.js answers the old command's copy event.
    const done = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error('no clipboard'));
    done.catch(() => document.execCommand('copy')).then(() => this.events.on_copied(), () => undefined);
  }
}
