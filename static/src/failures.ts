// What went wrong, in the reader's language. The server says it in English (docs/failures.md); a table keyed by the stable
// `code` says it in another, and where that has no words, or not all of the parameters, the server's English stands.
import { in_brackets } from './address';
import type { Failure } from './frames';
import { fill, type Language } from './language';
import { failures_zh } from './strings/failures_zh';

export interface Sentence {
  message: string;
  hint: string;
}
export type FailureTable = Readonly<Record<string, Sentence>>;

const kTables: Partial<Record<Language, FailureTable>> = { zh: failures_zh };

const unfilled = (text: string) => /\{\w+\}/.test(text);

export function explain(failure: Failure, language: Language): Sentence {
  const english = { message: failure.message, hint: failure.hint ?? '' };
  const table = kTables[language];
  const params: Record<string, string> = { ...failure.params };
  if (params['host'] && params['port']) params['address'] = `${in_brackets(params['host'])}:${params['port']}`;
  // The one sentence that names the kind of credential has a row for each, and so has the one that a setting would help.
  const detailed = `${failure.code}.${params['credential'] ?? (params['legacy'] ? 'legacy' : '')}`;
  const row = table && (own(table, detailed) ?? own(table, failure.code));
  if (!row) return english;
  const message = fill(row.message, params);
  let hint = fill(row.hint, params);
  // "It accepts: ." says nothing.
  if (failure.code === 'not-accepted' && !params['methods']) hint = fill(own(table, 'not-accepted-bare')?.hint ?? '', params);
  return unfilled(message) || unfilled(hint) ? english : { message, hint };
}

function own(table: FailureTable, code: string): Sentence | undefined {
  return Object.prototype.hasOwnProperty.call(table, code) ? table[code] : undefined;
}

export type FieldName = 'username' | 'host' | 'port' | 'password' | 'key' | 'passphrase' | 'certificate' | 'encoding';

// Which field somebody will want to mend. `method` is how they signed in.
export function field_at_fault(failure: Failure, method: 'password' | 'publickey' | 'interactive' | undefined): FieldName | undefined {
  switch (failure.code) {
    case 'not-found':
    case 'resolve-timeout':
    case 'refused':
    case 'connect-timeout':
    case 'unreachable':
    case 'not-allowed':
    case 'host-key-declined':
    case 'host-key-unknown':
    case 'host-key-revoked':
      return 'host';
    case 'not-ssh':
    case 'handshake-timeout':
      return 'port';
    case 'not-accepted':
      if (failure.params?.['credential'] === 'certificate') return 'certificate';
      if (method === 'password') return 'password';
      return method === 'publickey' ? 'key' : 'username';
    case 'passphrase-needed':
    case 'passphrase-wrong':
      return 'passphrase';
    case 'key-unreadable':
    case 'key-signature-too-old':
      return 'key';
    default:
      return undefined;
  }
}
