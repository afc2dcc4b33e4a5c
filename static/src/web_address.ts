// A link in the terminal's output, as the browser would go to it: what is shown is what is opened. A name in another script
// is in its ASCII form, and the marks that turn the direction of text round are escaped.
import type { StringKey } from './strings/en';

export const kMostAddress = 2048; // characters; a longer one is no link

export interface WebAddress {
  href: string;
  // The same in parts: `host` is where it leads, whatever stands before and behind it.
  before: string;
  host: string;
  after: string;
  warnings: StringKey[];
}

// Undefined: no http or https address.
export function web_address(from_host: string): WebAddress | undefined {
  if (from_host.length > kMostAddress) return undefined;
  let url: URL;
  try {
    url = new URL(from_host);
  } catch {
    return undefined;
  }
  const { href, protocol, host, hostname, username, password } = url;
  if (protocol !== 'http:' && protocol !== 'https:') return undefined;
  const start = protocol.length + 2; // behind "https://"
  const at = username + password === '' ? start : href.indexOf('@', start) + 1; // in a user's name it would be %40
  const warnings: StringKey[] = [];
  if (username + password !== '') warnings.push('link_userinfo');
  if (/(^|\.)xn--/.test(hostname)) warnings.push('link_script');
  return { href, before: href.slice(0, at), host, after: href.slice(at + host.length), warnings };
}
