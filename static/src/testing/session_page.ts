// For the tests: a session as the page has it, with its sockets and its clock in the test's hands.
import { Session, type End, type Return } from '../session';
import { FakeClock, FakeSocket } from './fake_socket';

export const kSize = { cols: 80, rows: 24 };
export const kAttached = { type: 'attached', input: 0, yours: true, start: 0, end: 0, ...kSize, host: 'h', port: 22, username: 'u', algorithms: {} };

export function start(back?: Return) {
  const sockets: FakeSocket[] = [];
  const ends: [End, boolean][] = [];
  const told: unknown[] = []; // what the page was told, in order
  const parsed: (() => void)[] = [];
  const clock = new FakeClock();
  const ignore = () => undefined;
  const make = () => {
    sockets.push(new FakeSocket());
    return sockets.at(-1) as FakeSocket;
  };
  const session = new Session(make, {
    on_stage: ignore, on_host_key: ignore, on_questions: ignore, on_opened: ignore,
    on_attached: (_frame, skipped, again) => told.push(['attached', skipped, again]),
    on_output: (data, end, done) => {
      told.push(data);
      parsed.push(() => done(end));
    },
    on_unsent: (characters) => told.push(['unsent', characters]),
    on_size: ({ cols, rows }) => told.push(['size', cols, rows]),
    on_latency: (latency) => told.push(latency),
    on_away: (next) => told.push(['away', next]),
    on_end: (end, ran) => ends.push([end, ran]),
  }, clock, back);
  const at = () => sockets.at(-1) as FakeSocket;
  return {
    session, sockets, ends, told, parsed, clock, say: (frame: object) => at().say(frame),
    get socket() { return at(); },
    // The client's name is looked at where it matters.
    get sent() { return at().sent.filter(({ type }) => type !== 'ping').map(({ client: _client, ...frame }) => frame); },
    get client() { return at().sent[0]?.['client']; },
    opened: () => {
      at().open();
      session.open({ preset: 'demo' }, kSize, 'utf-8');
      at().say({ type: 'opened', session: 's', token: 't', host: 'h', port: 22, username: 'u' });
      at().sent = [];
    },
  };
}
export const turn = () => new Promise<void>((done) => setImmediate(done));
export const failure = { type: 'error', code: 'refused', message: 'h:22 refused the connection.' };
