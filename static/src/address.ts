// What people type or paste where a host belongs: `db-3`, `db-3:2222`, `ana@db-3`, `ssh://ana@db-3:22`, `[::1]:22`,
// `ssh -p 2222 ana@db-3`.
import type { Place } from './frames';

export interface Address {
  host: string;
  port?: number;
  username?: string;
}

export const kDefaultPort = 22;

// A whole number of 1..65535, or undefined.
export function parse_port(text: string): number | undefined {
  if (!/^\d{1,5}$/.test(text.trim())) return undefined;
  const port = Number(text.trim());
  return port >= 1 && port <= 65535 ? port : undefined;
}

export function parse_address(text: string): Address {
  let rest = text.trim();
  const out: Address = { host: '' };
  const command = /^ssh\s+(?:-p\s*(\d{1,5})\s+)?(\S+?)(?:\s+-p\s*(\d{1,5}))?$/.exec(rest);
  if (command) {
    rest = command[2] ?? '';
    const port = parse_port(command[1] ?? command[3] ?? '');
    if (port !== undefined) out.port = port;
  }
  rest = rest.replace(/^ssh:\/\//i, '').replace(/\/+$/, '');
  // The last @ parts user from host: a user may hold one ("ana@corp"), a host never does.
  const at = rest.lastIndexOf('@');
  if (at > 0) {
    out.username = rest.slice(0, at);
    rest = rest.slice(at + 1);
  }
  const bracketed = /^\[([^\]]+)\](?::(\d{1,5}))?$/.exec(rest);
  const plain = /^([^:]+):(\d{1,5})$/.exec(rest); // one colon only: an IPv6 address without brackets has no port
  const match = bracketed ?? plain;
  if (match) {
    out.host = match[1] ?? '';
    const port = parse_port(match[2] ?? '');
    if (port !== undefined) out.port = port;
    else if (match[2] !== undefined) out.host = rest; // out of range: leave it to be seen
  } else {
    out.host = rest;
  }
  return out;
}

// An IPv6 address in the brackets that set it apart from a port (RFC 3986, section 3.2.2); any other host as it is.
export function in_brackets(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

// "db-3", "db-3:2222", "[::1]:2222": the port only where it says something.
export function host_port(host: string, port: number): string {
  return port === kDefaultPort ? in_brackets(host) : `${in_brackets(host)}:${port}`;
}

export function show_place(place: Place): string {
  return `${place.username}@${host_port(place.host, place.port)}`;
}
