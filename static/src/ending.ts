// The sentence for each way a session can end.
import type { End } from './session';
import { explain, type Sentence } from './failures';
import { language, t } from './language';
import { en, type StringKey } from './strings/en';

export function end_sentence(end: End): Sentence {
  const only = (message: string) => ({ message, hint: '' });
  switch (end.how) {
    case 'exited':
      return only(t('ended_status', { status: end.status }));
    case 'killed':
      return only(t('ended_signal', { signal: end.signal }));
    case 'failed':
      return explain(end.failure, language());
    case 'closed': {
      const key = `closed_${end.code}`;
      return only(key in en ? t(key as StringKey) : t('ended'));
    }
    case 'lost':
      return { message: t('lost_gateway'), hint: t('lost_gateway_hint') };
    case 'unreachable':
      return { message: t('no_gateway'), hint: t('no_gateway_hint') };
    case 'bad-answer':
      return { message: t('bad_answer'), hint: t('bad_answer_hint') };
    case 'taken':
      return { message: t('closed_4009'), hint: unsent_text(end.unsent) };
    case 'left':
      return { message: t('left'), hint: t('left_hint') };
    case 'hung-up':
      return only(t('ended_by_you'));
  }
}

// What somebody typed and may look for in vain; nothing where nothing is missing.
export function unsent_text(characters: number): string {
  return characters === 0 ? '' : characters === 1 ? t('unsent_one') : t('unsent', { count: characters });
}

// Failures and closes that say something about a connection, and not that the session is no more.
const kNotItsEnd = ['bad-frame', 'too-slow', 'too-many-watchers', 'internal-error'];
const kEndings = [1001, 4004, 4010, 4011, 4012];

// The session is no more: nothing is left to come back to.
export function is_over(end: End): boolean {
  switch (end.how) {
    case 'taken':
    case 'left':
    case 'bad-answer':
      return false;
    case 'failed':
      return !kNotItsEnd.includes(end.failure.code);
    case 'closed':
      return kEndings.includes(end.code);
    default:
      return true;
  }
}
