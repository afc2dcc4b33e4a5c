import assert from 'node:assert/strict';
import { test } from 'node:test';
import { end_session } from './end_session';
import { FakeClock, FakeSocket } from './testing/fake_socket';

const kRecord = { session: 's', token: 't', host: 'h', port: 22, username: 'u', opened: 1, seen: 1 };
const kAttached = { type: 'attached', input: 0, yours: false, start: 0, end: 0, cols: 80, rows: 24, host: 'h', port: 22, username: 'u', algorithms: {} };
const error = (code: string) => ({ type: 'error', code, message: 'm' });

function start() {
  const sockets: FakeSocket[] = [];
  const clock = new FakeClock();
  const over = end_session(() => {
    sockets.push(new FakeSocket());
    return sockets.at(-1) as FakeSocket;
  }, kRecord, clock);
  const socket = sockets[0] as FakeSocket;
  socket.open();
  return { socket, sockets, clock, over };
}

test('a session is ended from afar: by coming back to it and hanging up', async () => {
  const { socket, over } = start();
  assert.deepEqual(socket.types(), ['attach']);
  socket.say(kAttached);
  assert.equal(socket.types().at(-1), 'close');
  socket.say({ type: 'exited', signal: 'HUP' });
  socket.end(1000);
  assert.equal(await over, true);
});

// What came before the close, its code, and whether nothing is left to come back to.
const cases: [object | undefined, number, boolean][] = [
  [error('no-such-session'), 4004, true],
  [error('idle-limit'), 4010, true],
  [error('gateway-stopping'), 1001, true],
  [undefined, 1001, true],
  [undefined, 4012, true],
  [error('bad-frame'), 4000, false],
  [error('too-slow'), 1006, false],
  [error('taken-over'), 4009, false],
  [error('internal-error'), 4014, false],
  [undefined, 4000, false],
  [undefined, 4001, false],
  [undefined, 4003, false],
  [undefined, 4013, false],
];
for (const [said, code, expected] of cases) {
  test(`a session that answers ${JSON.stringify(said) ?? 'nothing'} and ${code} is ${expected ? 'over' : 'still there'}`, async () => {
    const { socket, over } = start();
    if (said) socket.say(said);
    socket.end(code);
    assert.equal(await over, expected);
  });
}

test('a gateway that does not answer has ended nothing', async () => {
  const { over, clock, sockets } = start();
  clock.pass(60_000);
  assert.equal(await over, false);
  assert.equal(clock.waiting, 0);
  assert.ok(sockets.every(({ closed }) => closed === 1000));
});
