// For the tests: a browser's store.
import type { RecordStore } from '../records';

// As a browser's store: text under names, and no more of it than fits.
export class FakeStore implements RecordStore {
  #kept = new Map<string, string>();
  constructor(private readonly most = Infinity) {}
  get length(): number {
    return this.#kept.size;
  }
  key(at: number): string | null {
    return [...this.#kept.keys()][at] ?? null;
  }
  getItem(key: string): string | null {
    return this.#kept.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    if (value.length > this.most) throw new DOMException('', 'QuotaExceededError');
    this.#kept.set(key, value);
  }
  removeItem(key: string): void {
    this.#kept.delete(key);
  }
}
