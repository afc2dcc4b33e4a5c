// Which language the page speaks: the one chosen here before, else the browser's, else English.
import { keep } from './store';
import { en, type StringKey, type Strings } from './strings/en';
import { zh } from './strings/zh';

export type Language = 'en' | 'zh';
export type Params = Readonly<Record<string, string | number>>;

const kTables: Record<Language, Strings> = { en, zh };
const kTags: Record<Language, string> = { en: 'en', zh: 'zh-Hans' };
const kKey = 'sallyport.language';

let current: Language = 'en';
const listeners: (() => void)[] = [];

export function pick_language(stored: string | null | undefined, wanted: readonly string[]): Language {
  if (stored === 'en' || stored === 'zh') return stored;
  for (const tag of wanted) {
    if (/^zh\b/i.test(tag)) return 'zh';
    if (/^en\b/i.test(tag)) return 'en';
  }
  return 'en';
}

// "{host} asks" with {host: "db-3"}. A placeholder nobody fills stays as it is, so that it is seen.
export function fill(template: string, params: Params): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = Object.prototype.hasOwnProperty.call(params, name) ? params[name] : undefined;
    return value === undefined ? whole : String(value);
  });
}

export function t(key: StringKey, params: Params = {}): string {
  return fill(kTables[current][key], params);
}

export function language(): Language {
  return current;
}

// Called at once and again whenever the language changes: for text that code has put on the page.
export function on_language(listener: () => void): void {
  listeners.push(listener);
  listener();
}

const kAttributes: [string, string][] = [
  ['data-placeholder', 'placeholder'], ['data-title', 'title'], ['data-label', 'aria-label'],
];

function speak(root: ParentNode): void {
  for (const element of root.querySelectorAll<HTMLElement>('[data-text]')) {
    element.textContent = t(element.dataset['text'] as StringKey);
  }
  for (const [from, to] of kAttributes) {
    for (const element of root.querySelectorAll(`[${from}]`)) {
      element.setAttribute(to, t(element.getAttribute(from) as StringKey));
    }
  }
}

export function set_language(chosen: Language, store: Pick<Storage, 'setItem'> | undefined): void {
  keep(store, kKey, chosen);
  show_language(chosen);
}

function show_language(chosen: Language): void {
  current = chosen;
  document.documentElement.lang = kTags[chosen];
  speak(document);
  for (const listener of listeners) listener();
}

export function start_language(store: Pick<Storage, 'getItem'> | undefined): void {
  show_language(pick_language(store?.getItem(kKey), navigator.languages));
}
