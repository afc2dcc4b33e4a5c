import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Session, type End } from './session';
import type { Socket } from './link';

function start() {
  const sent: Record<string, unknown>[] = [];
  const ends: [End, boolean][] = [];
  const parsed: (() => void)[] = [];
  const socket: Socket = {
    readyState: 1, onopen: null, onmessage: null, onclose: null,
    send: (data) => void sent.push(JSON.parse(data as string) as Record<string, unknown>), close: () => undefined,
  };
  const ignore = () => undefined;
  const session = new Session(socket, {
    on_stage: ignore, on_host_key: ignore, on_questions: ignore, on_opened: ignore, on_round_trip: ignore,
    on_output: (_data, done) => parsed.push(done), on_end: (end, ran) => ends.push([end, ran]),
  });
  const say = (frame: object) => socket.onmessage?.({ data: JSON.stringify(frame) });
  const opened = () => say({ type: 'opened', session: 's', token: 't', host: 'h', port: 22, username: 'u' });
  socket.onopen?.();
  return { session, socket, sent, ends, parsed, say, opened };
}
const failure = { type: 'error', code: 'refused', message: 'h:22 refused the connection.' };

test('the open frame is the golden one', () => {
  const { session, sent } = start();
  session.open({ host: 'h', port: 22, username: 'u', auth: { method: 'interactive' } }, { cols: 80, rows: 24 }, 'utf-8');
  assert.deepEqual(sent, [{
    type: 'open', host: 'h', port: 22, username: 'u', auth: { method: 'interactive' }, cols: 80, rows: 24,
    term: 'xterm-256color', encoding: 'utf-8', env: {},
  }]);
});

test('output is acknowledged when it is parsed, not when it comes', async () => {
  const { sent, say, opened, parsed } = start();
  opened();
  say({ type: 'output', end: 5, data: 'hello' });
  await new Promise<void>((done) => setImmediate(done));
  assert.deepEqual(sent, []);
  parsed[0]?.();
  await new Promise<void>((done) => setImmediate(done));
  assert.deepEqual(sent, [{ type: 'ack', end: 5 }]);
});

test('an exit, a signal, a failure, a close code and a loss are told apart', () => {
  const cases: [object | undefined, number, End][] = [
    [{ type: 'exited', status: 3 }, 1000, { how: 'exited', status: 3 }],
    [{ type: 'exited', signal: 'KILL' }, 1000, { how: 'killed', signal: 'KILL' }],
    [failure, 4014, { how: 'failed', failure: failure as never }],
    [undefined, 4010, { how: 'closed', code: 4010 }],
    [undefined, 1000, { how: 'closed', code: 1000 }],
    [undefined, 1006, { how: 'lost' }],
  ];
  for (const [frame, code, expected] of cases) {
    const { say, opened, socket, ends } = start();
    opened();
    if (frame) say(frame);
    assert.deepEqual(ends, [], 'the end is the close');
    socket.onclose?.({ code });
    socket.onclose?.({ code });
    assert.deepEqual(ends, [[expected, true]]);
  }
});

test('before `opened` there was no shell', () => {
  const { say, socket, ends } = start();
  say(failure);
  socket.onclose?.({ code: 4014 });
  assert.equal(ends[0]?.[1], false);
});

test('hanging up is the user\'s, whatever signal the shell dies of', () => {
  const { session, say, opened, socket, sent, ends } = start();
  opened();
  session.hang_up();
  assert.deepEqual(sent, [{ type: 'close' }]);
  say({ type: 'exited', signal: 'HUP' });
  socket.onclose?.({ code: 1000 });
  assert.deepEqual(ends, [[{ how: 'hung-up' }, true]]);
});

test('a cancelled session is silent', () => {
  const { session, say, socket, ends } = start();
  session.drop();
  say(failure);
  socket.onclose?.({ code: 1000 });
  assert.deepEqual(ends, []);
});
