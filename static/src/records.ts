// What this browser keeps of the sessions it opened, so that a reload, a closed tab or a crash ends none of them. Two stores:
// - the tab's own (sessionStorage): the session this tab shows, with its screen. A reload finds it; a second window does not.
// - the browser's (localStorage): every session that may still run, with a smaller screen, for the login page to offer.
// A record holds a token, which is as good as the shell, and a screen. Both are the user's own and stay in the user's own browser;
// the record goes when the session ends, and the server's limits end a session that nobody comes back to. What
// somebody types is never kept: it may be a password.
// Each session has a key of its own: two tabs never write over each other's. A gateway's path is part of the keys: another gateway of the
// same origin (`/dmz/` beside `/prod/`) must not be shown its tokens.
import type { Place, Size } from './frames';

export interface Screen extends Size {
  end: number; // the offset of output it shows
  text: string; // what makes a fresh terminal look like it (snapshot.ts)
}
export interface SessionRecord extends Place {
  session: string;
  token: string;
  watch?: string; // the token for somebody who may look on
  opened: number; // ms since 1970
  seen: number;
  screen?: Screen;
}
// What the tab itself was doing. `watching`: the token is one for looking on, and there is no screen.
export interface TabRecord extends SessionRecord {
  watching?: true;
}
export type RecordStore = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

const kMost = 64; // what one `list` may ask about
const kOldMs = 31 * 24 * 3600 * 1000; // since the session was last shown here; gateways let one wait for a day, unless they are told otherwise

type Json = Record<string, unknown>;
const is_object = (value: unknown): value is Json => typeof value === 'object' && value !== null;
const are_texts = (from: Json, ...fields: string[]) => fields.every((field) => typeof from[field] === 'string');
const are_counts = (from: Json, ...fields: string[]) => fields.every((field) => Number.isSafeInteger(from[field]) && (from[field] as number) >= 0);

function is_screen(value: unknown): value is Screen {
  return is_object(value) && are_texts(value, 'text') && are_counts(value, 'cols', 'rows', 'end');
}
// What somebody else wrote into the store, or an older page in another shape, is no record; what it lacks is left out.
function read(json: string | null | undefined): TabRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json ?? 'null');
  } catch {
    return undefined;
  }
  if (!is_object(value) || !are_texts(value, 'session', 'token', 'host', 'username') || !are_counts(value, 'port', 'opened', 'seen')) return undefined;
  const { session, token, host, port, username, opened, seen, watch, watching, screen } = value as unknown as TabRecord;
  return {
    session, token, host, port, username, opened, seen,
    ...(typeof watch === 'string' ? { watch } : {}), ...(watching === true ? { watching } : {}),
    ...(is_screen(screen) ? { screen } : {}),
  };
}

// False: it does not fit, or the browser keeps nothing.
function write(store: RecordStore | undefined, key: string, record: TabRecord): boolean {
  try {
    store?.setItem(key, JSON.stringify(record));
    return store !== undefined;
  } catch {
    return false;
  }
}

export class Records {
  readonly #prefix: string;
  readonly #tab_key: string;

  // `gateway`: its path, which has no spaces.
  constructor(
    private readonly browser: RecordStore | undefined, private readonly tab_store: RecordStore | undefined, gateway: string,
    private readonly now: () => number = () => Date.now(),
  ) {
    this.#prefix = `sallyport.session ${gateway} `;
    this.#tab_key = `sallyport.tab ${gateway}`;
  }

  // Newest first. What is too old, too much or no record is dropped for good.
  all(): SessionRecord[] {
    const keys: string[] = [];
    for (let at = 0; at < (this.browser?.length ?? 0); at++) keys.push(this.browser?.key(at) ?? '');
    const own = keys.filter((key) => key.startsWith(this.#prefix));
    const kept = own.map((key) => ({ key, record: read(this.browser?.getItem(key)) }))
      .flatMap(({ key, record }) => (record && key === this.#prefix + record.session && record.seen >= this.now() - kOldMs ? [record] : []))
      .sort((a, b) => b.seen - a.seen).slice(0, kMost);
    for (const key of own) if (!kept.some(({ session }) => key === this.#prefix + session)) this.browser?.removeItem(key);
    return kept;
  }
  find(session: string): SessionRecord | undefined {
    return read(this.browser?.getItem(this.#prefix + session));
  }
  // A full store costs the screen, not the way back.
  keep(record: SessionRecord): void {
    const { screen, ...bare } = record;
    if (!screen || !write(this.browser, this.#prefix + record.session, record)) write(this.browser, this.#prefix + record.session, bare);
  }
  forget(session: string): void {
    this.browser?.removeItem(this.#prefix + session);
    if (this.tab()?.session === session) this.leave_tab();
  }

  // What this tab showed before it was reloaded.
  tab(): TabRecord | undefined {
    return read(this.tab_store?.getItem(this.#tab_key));
  }
  // `smaller`: the same screen with less behind it, should the whole not fit.
  keep_tab(record: TabRecord, smaller?: Screen): void {
    const { screen, ...bare } = record;
    if (screen && write(this.tab_store, this.#tab_key, record)) return;
    if (smaller && write(this.tab_store, this.#tab_key, { ...bare, screen: smaller })) return;
    write(this.tab_store, this.#tab_key, bare);
  }
  leave_tab(): void {
    this.tab_store?.removeItem(this.#tab_key);
  }
}
