// The wire `sallyport.v1` (docs/protocol.md): what the page sends and what it takes.
// Every message of the server is checked here, once; the rest of the page trusts its type.

export const kSubprotocol = 'sallyport.v1';
export const kMaxCells = 1000; // columns or rows

export type Stage = 'policy' | 'resolve' | 'connect' | 'handshake' | 'hostkey' | 'authenticate' | 'shell';
export const kStages: readonly Stage[] = [
  'policy', 'resolve', 'connect', 'handshake', 'hostkey', 'authenticate', 'shell',
];

// ---- client to server
export type Auth =
  | { method: 'password'; password: string }
  | { method: 'publickey'; key: string; passphrase?: string; certificate?: string }
  | { method: 'interactive' };

export interface Place {
  host: string;
  port: number;
  username: string;
}
export type Target = (Place & { auth: Auth }) | { preset: string; auth?: Auth };

export interface Size {
  cols: number;
  rows: number;
}

export type Open = { type: 'open' } & Target & Size & { term?: string; encoding?: string; env?: Record<string, string>; client?: string };
// `client`: whoever numbers the input. `take` false: not the keyboard that another client has had since.
export type Attach = { type: 'attach'; session: string; token: string; received: number; watch?: true; client?: string; take?: false } & Size;

export type ClientFrame =
  | Open
  | Attach
  | { type: 'list'; sessions: { session: string; token: string }[] }
  | { type: 'input'; seq: number; data: string }
  | ({ type: 'resize' } & Size)
  | { type: 'ack'; end: number }
  | { type: 'answer'; prompt: number; accept: boolean }
  | { type: 'answer'; prompt: number; values: string[] }
  | { type: 'close' }
  | { type: 'ping'; id: number };

export function encode(frame: ClientFrame): string {
  return JSON.stringify(frame);
}

// ---- server to client
export interface HostKeyPrompt {
  type: 'prompt';
  kind: 'hostkey';
  id: number;
  host: string;
  port: number;
  algorithm: string;
  fingerprint: string;
}
export interface Question {
  text: string;
  echo: boolean;
}
export interface QuestionsPrompt {
  type: 'prompt';
  kind: 'questions';
  id: number;
  name: string;
  instruction: string;
  questions: Question[];
}
export interface Opened {
  type: 'opened';
  session: string;
  token: string;
  watch?: string; // absent where watching is off
  host: string;
  port: number;
  username: string;
  banner: string;
  algorithms: Record<string, string>;
  legacy?: true; // one of them is old, and the host was allowed it
}
export interface Attached extends Place, Size {
  type: 'attached';
  input: number; // the last `seq` that was taken
  yours: boolean; // under this client's numbers
  start: number; // the output goes on from here
  end: number; // what ends at or before was printed before now
  algorithms: Record<string, string>;
  legacy?: true;
}
export interface Running extends Place {
  session: string;
  attached: boolean; // somebody has the keyboard
  seconds: number; // since that was last so
}
export interface Failure {
  type: 'error';
  code: string;
  stage?: string;
  message: string;
  hint?: string;
  params?: Record<string, string>;
}
export type ServerFrame =
  | { type: 'progress'; stage: Stage }
  | HostKeyPrompt
  | QuestionsPrompt
  | Opened
  | Attached
  | ({ type: 'size' } & Size)
  | { type: 'pong'; id: number; host?: number }
  | { type: 'sessions'; sessions: Running[] }
  | { type: 'output'; end: number; data: string }
  | { type: 'accepted'; seq: number }
  | { type: 'exited'; status: number }
  | { type: 'exited'; signal: string }
  | Failure;

type Json = Record<string, unknown>;

// What a frame says wrongly: never its contents, which may be a screen.
export class BadFrame extends Error {}

function object(value: unknown, what: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new BadFrame(`${what} is no object`);
  return value as Json;
}
function text(from: Json, field: string): string {
  const value = from[field];
  if (typeof value !== 'string') throw new BadFrame(`${field} is no text`);
  return value;
}
// Offsets and numbers count from 0 and stay exact up to 2^53: 9 PB of output.
function count(from: Json, field: string): number {
  const value = from[field];
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw new BadFrame(`${field} is no count`);
  return value as number;
}
// Milliseconds may have a fraction.
function quantity(from: Json, field: string): number {
  const value = from[field];
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) throw new BadFrame(`${field} is no quantity`);
  return value;
}
function size(from: Json): Size {
  const [cols, rows] = [count(from, 'cols'), count(from, 'rows')];
  if (cols < 1 || cols > kMaxCells || rows < 1 || rows > kMaxCells) throw new BadFrame('a size that no terminal has');
  return { cols, rows };
}
function place(from: Json): Place {
  return { host: text(from, 'host'), port: count(from, 'port'), username: text(from, 'username') };
}
// Absent and null mean the same; some encoders write optional fields as null.
function optional<T>(from: Json, field: string, read: (from: Json, field: string) => T): T | undefined {
  return from[field] === undefined || from[field] === null ? undefined : read(from, field);
}
function texts(from: Json, field: string): Record<string, string> {
  const out: Record<string, string> = {};
  for (const [name, value] of Object.entries(object(from[field], field))) {
    if (typeof value === 'string') out[name] = value;
    else if (typeof value === 'number') out[name] = String(value);
  }
  return out;
}

function negotiated(from: Json): { algorithms: Record<string, string>; legacy?: true } {
  const algorithms = optional(from, 'algorithms', texts) ?? {};
  return from['legacy'] === true ? { algorithms, legacy: true } : { algorithms };
}

function list(from: Json, field: string): Json[] {
  const value = from[field];
  if (!Array.isArray(value)) throw new BadFrame(`${field} is no list`);
  return value.map((entry) => object(entry, `an entry of ${field}`));
}
function running(entry: Json): Running {
  return { session: text(entry, 'session'), ...place(entry), attached: entry['attached'] === true, seconds: quantity(entry, 'seconds') };
}

function prompt(frame: Json): HostKeyPrompt | QuestionsPrompt {
  const id = count(frame, 'id');
  switch (text(frame, 'kind')) {
    case 'hostkey':
      return {
        type: 'prompt', kind: 'hostkey', id, host: text(frame, 'host'), port: count(frame, 'port'),
        algorithm: text(frame, 'algorithm'), fingerprint: text(frame, 'fingerprint'),
      };
    case 'questions':
      return {
        type: 'prompt', kind: 'questions', id,
        name: optional(frame, 'name', text) ?? '', instruction: optional(frame, 'instruction', text) ?? '',
        questions: list(frame, 'questions').map((question) => ({ text: text(question, 'text'), echo: question['echo'] === true })),
      };
    default:
      throw new BadFrame('kind of prompt is unknown');
  }
}

function failure(frame: Json): Failure {
  const out: Failure = { type: 'error', code: text(frame, 'code'), message: text(frame, 'message') };
  const stage = optional(frame, 'stage', text);
  const hint = optional(frame, 'hint', text);
  const params = optional(frame, 'params', texts);
  if (stage !== undefined) out.stage = stage;
  if (hint !== undefined) out.hint = hint;
  if (params !== undefined) out.params = params;
  return out;
}

// One text frame of the server. Throws BadFrame. Unknown fields are ignored and an unknown type is undefined, so that
// v1 can grow.
export function decode(frame_text: string): ServerFrame | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(frame_text);
  } catch {
    throw new BadFrame('no JSON');
  }
  const frame = object(parsed, 'frame');
  switch (text(frame, 'type')) {
    case 'progress': {
      const stage = text(frame, 'stage') as Stage;
      return kStages.includes(stage) ? { type: 'progress', stage } : undefined;
    }
    case 'prompt':
      return prompt(frame);
    case 'opened': {
      const watch = optional(frame, 'watch', text);
      return {
        type: 'opened', session: text(frame, 'session'), token: text(frame, 'token'), ...(watch === undefined ? {} : { watch }),
        ...place(frame), banner: optional(frame, 'banner', text) ?? '', ...negotiated(frame),
      };
    }
    case 'attached':
      return {
        type: 'attached', input: count(frame, 'input'), yours: frame['yours'] !== false, start: count(frame, 'start'), end: count(frame, 'end'),
        ...size(frame), ...place(frame), ...negotiated(frame),
      };
    case 'size':
      return { type: 'size', ...size(frame) };
    case 'pong': {
      const host = optional(frame, 'host', quantity);
      return { type: 'pong', id: count(frame, 'id'), ...(host === undefined ? {} : { host }) };
    }
    case 'sessions':
      return { type: 'sessions', sessions: list(frame, 'sessions').map(running) };
    case 'output':
      return { type: 'output', end: count(frame, 'end'), data: text(frame, 'data') };
    case 'accepted':
      return { type: 'accepted', seq: count(frame, 'seq') };
    case 'exited': {
      const signal = optional(frame, 'signal', text);
      return signal ? { type: 'exited', signal } : { type: 'exited', status: count(frame, 'status') };
    }
    case 'error':
      return failure(frame);
    default:
      return undefined;
  }
}
