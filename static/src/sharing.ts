// The link that lets somebody look on: `#watch=<session>.<token>`. A fragment is never sent to any server, so neither a proxy's
// log nor a referrer holds it.

export interface WatchKey {
  session: string;
  token: string;
}

// Both are base64url (RFC 4648, section 5) and so have no dot.
const kFragment = /^#watch=([\w-]{1,128})\.([\w-]{1,256})$/;

export function watch_link(page: string, { session, token }: WatchKey): string {
  const url = new URL(page);
  url.search = '';
  url.hash = `watch=${session}.${token}`;
  return url.href;
}

export function read_watch_link(fragment: string): WatchKey | undefined {
  const [, session, token] = kFragment.exec(fragment) ?? [];
  return session !== undefined && token !== undefined ? { session, token } : undefined;
}

// The same, taken out of the page's address: a secret stays neither there nor in the history, whatever the page makes of it.
export function take_watch_link(
  { pathname, search, hash }: Pick<Location, 'pathname' | 'search' | 'hash'>, history: Pick<History, 'state' | 'replaceState'>,
): WatchKey | undefined {
  if (hash.startsWith('#watch=')) history.replaceState(history.state, '', pathname + search);
  return read_watch_link(hash);
}
