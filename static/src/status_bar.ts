// The thin bar over the terminal: which host, how it stands, how far away, and what can be done.
import { round_trip_text } from './amounts';
import { kAlgorithms, mac_is_implicit } from './algorithms';
import { element, make } from './dom';
import { language, on_language, set_language, t, type Language } from './language';
import type { Latency } from './session';
import { on_theme, set_theme, theme_choice, type ThemeChoice } from './theme';
import type { StringKey } from './strings/en';

export type BarEnd = 'ended' | 'elsewhere' | 'left';
export type BarState = 'returning' | 'running' | 'watching' | 'reconnecting' | 'closing' | BarEnd;
export interface BarActions {
  on_retry(): void;
  on_leave(): void; // the shell goes on
  on_menu(): void; // it was opened or closed
  on_search(): void;
  on_font_size(step: 1 | -1): void;
  on_screen_reader(on: boolean): void;
  on_disconnect(): void;
  on_return(): void; // back into the terminal
}

const kKeys: [StringKey, string][] = [
  ['key_copy', 'Ctrl+Shift+C'], ['key_paste', 'Ctrl+Shift+V'], ['key_search', 'Ctrl+Shift+F'], ['key_leave', 'Ctrl+Shift+L'],
];

export class StatusBar {
  readonly #bar = element('bar', HTMLElement);
  readonly #place = element('bar-place', HTMLElement);
  readonly #state_text = element('bar-state-text', HTMLElement);
  readonly #rtt = element('bar-rtt', HTMLElement);
  readonly #legacy = element('bar-legacy', HTMLButtonElement);
  readonly #menu = element('menu', HTMLDivElement);
  readonly #menu_button = element('bar-menu', HTMLButtonElement);
  readonly #disconnect = element('bar-disconnect', HTMLButtonElement);
  readonly #retry = element('bar-retry', HTMLButtonElement);
  readonly #screen_reader = element('screen-reader', HTMLInputElement);
  #state: BarState = 'ended';
  #algorithms: Record<string, string> = {};
  #latency: Latency | undefined;
  #seconds: number | undefined; // to the next try
  #watching = false;

  constructor(private readonly actions: BarActions) {
    element('bar-search', HTMLButtonElement).addEventListener('click', () => actions.on_search());
    element('smaller', HTMLButtonElement).addEventListener('click', () => actions.on_font_size(-1));
    element('larger', HTMLButtonElement).addEventListener('click', () => actions.on_font_size(1));
    this.#retry.addEventListener('click', () => actions.on_retry());
    element('leave-running', HTMLButtonElement).addEventListener('click', () => actions.on_leave());
    this.#disconnect.addEventListener('click', () => actions.on_disconnect());
    this.#screen_reader.addEventListener('change', () => actions.on_screen_reader(this.#screen_reader.checked));
    for (const button of this.menu_buttons) button.addEventListener('click', () => this.show_menu(this.#menu.hidden));
    this.#legacy.addEventListener('click', () => element('legacy-note', HTMLParagraphElement).scrollIntoView({ block: 'nearest' }));
    document.addEventListener('pointerdown', (event) => {
      const at = event.target as Node;
      if (!this.#menu.hidden && !this.#menu.contains(at) && !this.menu_buttons.some((button) => button.contains(at))) this.show_menu(false);
    });
    for (const part of [this.#bar, this.#menu]) {
      part.addEventListener('keydown', (event) => {
        if (event.key !== 'Escape') return;
        if (this.#menu.hidden) actions.on_return();
        else {
          this.show_menu(false);
          this.#menu_button.focus();
        }
      });
    }
    on_language(() => this.draw());
  }

  start(place: string, state: BarState): void {
    this.#place.textContent = place;
    this.#place.title = place;
    this.#algorithms = {};
    this.legacy = false;
    this.#watching = state === 'watching';
    this.show_menu(false);
    this.state(state);
  }
  set algorithms(named: Record<string, string>) {
    this.#algorithms = named;
    this.draw();
  }
  // The host was allowed what is old, and has taken it.
  set legacy(on: boolean) {
    this.#legacy.hidden = !on;
    element('legacy-note', HTMLParagraphElement).hidden = !on;
  }
  get current(): BarState {
    return this.#state;
  }
  state(state: BarState, seconds?: number): void {
    if (state !== 'running' && state !== 'watching') this.#latency = undefined;
    this.#state = state;
    this.#seconds = seconds;
    this.draw();
  }
  set latency(latency: Latency) {
    this.#latency = latency;
    this.draw_latency();
  }
  // A word in passing, where the state stands, until the state changes.
  say(text: string): void {
    this.#state_text.textContent = text;
  }
  set font_size(pixels: number) {
    element('font-size', HTMLElement).textContent = String(pixels);
  }
  set screen_reader(on: boolean) {
    this.#screen_reader.checked = on;
  }
  focus(): void {
    this.#menu_button.focus();
  }

  private get menu_buttons(): HTMLButtonElement[] {
    return [this.#menu_button, this.#legacy];
  }
  private show_menu(shown: boolean): void {
    this.#menu.hidden = !shown;
    for (const button of this.menu_buttons) button.setAttribute('aria-expanded', String(shown));
    this.actions.on_menu();
  }
  private draw_latency(): void {
    const { gateway, host } = this.#latency ?? {};
    const said = (key: 'rtt_gateway' | 'rtt_host', ms: number | undefined) =>
      (ms === undefined ? [] : [t(key, { ms: t('ms', { ms: round_trip_text(ms) }) })]);
    this.#rtt.textContent = [...said('rtt_gateway', gateway), ...said('rtt_host', host)].join(' · ');
  }
  private draw(): void {
    const state = this.#state;
    this.#bar.dataset['state'] = state;
    this.#state_text.textContent = this.#seconds === undefined ? t(`bar_${state}`) : t('bar_reconnecting_in', { seconds: this.#seconds });
    // The button goes with the state, not with the tries, or it would slip away under somebody's hand.
    this.#retry.hidden = state !== 'reconnecting';
    const over = state === 'ended' || state === 'elsewhere' || state === 'left';
    this.#disconnect.hidden = over;
    this.#disconnect.disabled = state === 'closing';
    this.#disconnect.textContent = t(this.#watching ? 'stop_watching' : 'disconnect');
    element('leave-row', HTMLDivElement).hidden = this.#watching || over || state === 'closing';
    this.draw_latency();
    const row = (name: string, value: string) => make('div', {}, make('dt', {}, name), make('dd', {}, value));
    element('keys', HTMLDListElement).replaceChildren(...kKeys.map(([name, key]) => row(t(name), key)));
    element('algorithms', HTMLDListElement).replaceChildren(...kAlgorithms.flatMap((name) => {
      const value = this.#algorithms[name];
      return value ? [row(t(`alg_${name}`), mac_is_implicit(name, this.#algorithms) ? t('mac_implicit') : value)] : [];
    }));
  }
}

// The selects for language and appearance: on the form and in the menu, all saying the same.
export function wire_choices(store: Storage | undefined): void {
  const selects = [...document.querySelectorAll<HTMLSelectElement>('select[data-choice]')];
  const draw = () => {
    for (const select of selects) select.value = select.dataset['choice'] === 'theme' ? theme_choice() : language();
  };
  for (const select of selects) {
    select.addEventListener('change', () => {
      if (select.dataset['choice'] === 'theme') set_theme(select.value as ThemeChoice, store);
      else set_language(select.value as Language, store);
    });
  }
  on_theme(draw);
  on_language(draw);
}
