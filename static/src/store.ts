// What this browser remembers for the page. A private window, or one with storage switched off, refuses; the page works
// without.

// Reading `localStorage` itself throws where storage is switched off.
export function local_store(): Storage | undefined {
  try {
    return window.localStorage;
  } catch {
    return undefined;
  }
}
// This tab's own, which a reload keeps.
export function tab_store(): Storage | undefined {
  try {
    return window.sessionStorage;
  } catch {
    return undefined;
  }
}

export function keep(store: Pick<Storage, 'setItem'> | undefined, key: string, value: string): void {
  try {
    store?.setItem(key, value);
  } catch {
    // not remembered
  }
}
