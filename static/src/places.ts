// The last places somebody connected to, in this browser. Never a secret: a place is host, port, user and how one signs in.
import type { Auth, Place } from './frames';
import { keep } from './store';

export interface RememberedPlace extends Place {
  method: Auth['method'];
}
export type PlaceStore = Pick<Storage, 'getItem' | 'setItem'>;

const kKey = 'sallyport.places';
const kMost = 8; // what fits beside the form without scrolling
const kMethods: readonly string[] = ['password', 'publickey', 'interactive'];

const same = (a: Place, b: Place) => a.host === b.host && a.port === b.port && a.username === b.username;

function is_place(value: unknown): value is RememberedPlace {
  if (typeof value !== 'object' || value === null) return false;
  const { host, port, username, method } = value as Record<string, unknown>;
  return typeof host === 'string' && host !== '' && Number.isInteger(port) && typeof username === 'string' &&
    typeof method === 'string' && kMethods.includes(method);
}

export class Places {
  constructor(private readonly store_: PlaceStore | undefined) {}

  // Most recent first. What somebody else wrote into the store is left out.
  all(): RememberedPlace[] {
    try {
      const stored: unknown = JSON.parse(this.store_?.getItem(kKey) ?? '[]');
      return Array.isArray(stored) ? stored.filter(is_place).slice(0, kMost) : [];
    } catch {
      return [];
    }
  }

  remember({ host, port, username, method }: RememberedPlace): void {
    const place = { host, port, username, method }; // exactly these: whatever else the caller holds is not kept
    this.write([place, ...this.all().filter((other) => !same(other, place))].slice(0, kMost));
  }

  forget(place: Place): void {
    this.write(this.all().filter((other) => !same(other, place)));
  }

  private write(places: RememberedPlace[]): void {
    keep(this.store_, kKey, JSON.stringify(places));
  }
}
