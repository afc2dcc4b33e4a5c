// A host that wants to put something on the clipboard (OSC 52): what it wants, and whether anybody is asked.
import { host_port } from './address';
import { keep } from './store';

export type ClipboardRule = 'ask' | 'allow' | 'never';
export const kMostBytes = 100 * 1024; // of UTF-8; what somebody copies on purpose is shorter

// Whatever would be more than text where it is pasted, as ESC [ 201 ~ is in a shell.
const kControls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

// `data`: what stands behind "52;". Undefined: nothing that is done here; what the clipboard holds is never told, whoever asks.
export function clipboard_wish(data: string): { text: string } | 'too-large' | undefined {
  const [, which, coded] = /^([cpqs0-7]{0,16});([A-Za-z0-9+/]*={0,2})$/.exec(data) ?? [];
  // X11's other selections are none of a browser's; none named is "s".
  if (which === undefined || !coded || !/^$|[cs]/.test(which)) return undefined;
  if (coded.length > Math.ceil(kMostBytes / 3) * 4) return 'too-large';
  let text: string;
  try {
    const bytes = Uint8Array.from(atob(coded), (unit) => unit.charCodeAt(0));
    if (bytes.length > kMostBytes) return 'too-large';
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
  text = text.replace(kControls, '');
  return text === '' ? undefined : { text };
}

interface HostRule {
  host: string;
  port: number;
  clipboard: ClipboardRule;
}
const kStrictness: readonly ClipboardRule[] = ['allow', 'ask', 'never'];
const kNeverKey = 'sallyport.clipboard-never';
const kMostPlaces = 64;

// What the configuration says of a place, and who was refused here for good.
export class ClipboardRules {
  constructor(private readonly configured: readonly HostRule[], private readonly store: Pick<Storage, 'getItem' | 'setItem'> | undefined) {}

  // The strictest, when a place is configured twice.
  configured_for(place: { host: string; port: number }): ClipboardRule {
    const rules = this.configured.filter(({ host, port }) => host === place.host && port === place.port).map(({ clipboard }) => clipboard);
    return rules.sort((a, b) => kStrictness.indexOf(b) - kStrictness.indexOf(a))[0] ?? 'ask';
  }
  rule_for(place: { host: string; port: number }): ClipboardRule {
    return this.refused().includes(host_port(place.host, place.port)) ? 'never' : this.configured_for(place);
  }
  refuse(place: { host: string; port: number }, on: boolean): void {
    const name = host_port(place.host, place.port);
    const others = this.refused().filter((other) => other !== name);
    keep(this.store, kNeverKey, JSON.stringify(on ? [name, ...others].slice(0, kMostPlaces) : others));
  }

  private refused(): string[] {
    try {
      const value: unknown = JSON.parse(this.store?.getItem(kNeverKey) ?? '[]');
      return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
    } catch {
      return [];
    }
  }
}
