// Dark, light, or as the system says. Colours are tokens of styles/tokens.css; the terminal asks which of the two is on.
import { keep } from './store';

export type ThemeChoice = 'system' | 'dark' | 'light';

const kKey = 'sallyport.theme';
const system_dark = () => window.matchMedia('(prefers-color-scheme: dark)');
const listeners: (() => void)[] = [];
let choice: ThemeChoice = 'system';

export function theme_choice(): ThemeChoice {
  return choice;
}
export function is_dark(): boolean {
  return choice === 'system' ? system_dark().matches : choice === 'dark';
}
export function on_theme(listener: () => void): void {
  listeners.push(listener);
}

function show(): void {
  document.documentElement.dataset['theme'] = is_dark() ? 'dark' : 'light';
  for (const listener of listeners) listener();
}

export function set_theme(chosen: ThemeChoice, store: Pick<Storage, 'setItem'> | undefined): void {
  choice = chosen;
  keep(store, kKey, chosen);
  show();
}

export function start_theme(store: Pick<Storage, 'getItem'> | undefined): void {
  const stored = store?.getItem(kKey);
  choice = stored === 'dark' || stored === 'light' ? stored : 'system';
  system_dark().addEventListener('change', show);
  show();
}
