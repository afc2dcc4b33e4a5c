import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoff, kMostMs } from './backoff';
import { kHurriedMs, kSilentMs } from './pulse';
import { kPatienceMs, kPingMs, type End } from './session';
import { failure, kAttached, kSize, start, turn } from './testing/session_page';

test('the open frame is the golden one', () => {
  const { session, socket } = start();
  socket.open();
  session.open({ host: 'h', port: 22, username: 'u', auth: { method: 'interactive' } }, kSize, 'utf-8');
  const [{ client, ...frame } = { client: '' }, ...rest] = socket.sent;
  assert.match(String(client), /^[a-z0-9]{1,64}$/);
  assert.deepEqual(rest, []);
  assert.deepEqual(frame, {
    type: 'open', host: 'h', port: 22, username: 'u', auth: { method: 'interactive' }, cols: 80, rows: 24,
    term: 'xterm-256color', encoding: 'utf-8', env: {},
  });
});

test('output is acknowledged when it is parsed, not when it comes', async () => {
  const page = start();
  page.opened();
  page.say({ type: 'output', end: 5, data: 'hello' });
  await turn();
  assert.deepEqual(page.sent, []);
  page.parsed[0]?.();
  await turn();
  assert.deepEqual(page.sent, [{ type: 'ack', end: 5 }]);
});

test('an exit, a signal, a failure and a close code are told apart, and end it', () => {
  const cases: [object | undefined, number, End][] = [
    [{ type: 'exited', status: 3 }, 1000, { how: 'exited', status: 3 }],
    [{ type: 'exited', signal: 'KILL' }, 1000, { how: 'killed', signal: 'KILL' }],
    [{ type: 'exited', status: 0 }, 1006, { how: 'exited', status: 0 }],
    [failure, 4014, { how: 'failed', failure: failure as never }],
    [undefined, 4010, { how: 'closed', code: 4010 }],
    [undefined, 1001, { how: 'closed', code: 1001 }],
    [{ ...failure, code: 'taken-over' }, 4009, { how: 'taken', unsent: 0 }],
    [{ ...failure, code: 'taken-over' }, 1006, { how: 'taken', unsent: 0 }],
  ];
  for (const [frame, code, expected] of cases) {
    const page = start();
    page.opened();
    if (frame) page.say(frame);
    assert.deepEqual(page.ends, [], 'the end is the close');
    const { onclose } = page.socket;
    onclose?.({ code });
    onclose?.({ code });
    assert.deepEqual(page.ends, [[expected, true]]);
    page.clock.pass(60_000);
    assert.equal(page.sockets.length, 1, 'nobody calls again');
  }
});

test('before `opened` there was no shell, and nothing to come back to', () => {
  const failed = start();
  failed.socket.open();
  failed.say(failure);
  failed.socket.end(4014);
  assert.deepEqual(failed.ends.map(([end, ran]) => [end.how, ran]), [['failed', false]]);
  const lost = start();
  lost.socket.open();
  lost.socket.end(1006);
  const never = start();
  never.socket.end(1006);
  assert.deepEqual([lost.ends, never.ends].map((ends) => ends[0]), [[{ how: 'lost' }, false], [{ how: 'unreachable' }, false]]);
});

test('a lost socket is followed by another one, which goes on at the exact byte with the exact keys', () => {
  for (const code of [1006, 1000, 1012, 1013]) {
    const page = start();
    page.opened();
    page.say({ type: 'output', end: 6, data: '中文' });
    page.session.type('a');
    page.session.type('b');
    page.say({ type: 'accepted', seq: 1 });
    page.socket.end(code);
    page.session.type('c');
    page.session.resize({ cols: 90, rows: 30 });
    page.clock.pass(250);
    assert.equal(page.sockets.length, 2);
    page.socket.open();
    assert.deepEqual(page.sent, [{ type: 'attach', session: 's', token: 't', received: 6, cols: 90, rows: 30, take: false }]);
    page.session.type('d');
    page.say({ ...kAttached, input: 1, start: 6, end: 9 });
    page.say({ type: 'output', end: 7, data: '!' });
    assert.deepEqual(page.sent.slice(1), [
      { type: 'input', seq: 2, data: 'b' }, { type: 'input', seq: 3, data: 'c' }, { type: 'input', seq: 4, data: 'd' },
    ]);
    assert.deepEqual(page.told, ['中文', ['away', 125], ['away', undefined], ['attached', 0, true], '!']);
    assert.deepEqual(page.ends, []);
  }
});

test('a session that ended while nobody was there is seen to its last word', async () => {
  const page = start({ session: 's', token: 't', received: 100, watch: false });
  page.session.attach(kSize);
  page.socket.open();
  page.say({ ...kAttached, input: 3, yours: false, start: 100, end: 104 });
  page.say({ type: 'output', end: 104, data: 'last' });
  page.say({ type: 'exited', status: 3 });
  page.parsed[0]?.();
  await turn();
  assert.deepEqual(page.sent.slice(1), [{ type: 'ack', end: 104 }]);
  page.socket.end(1000);
  assert.deepEqual([page.told, page.ends], [[['attached', 0, false], 'last'], [[{ how: 'exited', status: 3 }, true]]]);
});

test('a byte that is missing, comes twice or comes early is never shown', () => {
  for (const bad of [{ end: 8, data: 'xx' }, { end: 5, data: 'lo' }, { end: 6, data: 'xx' }, { end: 5, data: '' + 'hello' }, { end: 7, data: '中' }]) {
    const page = start();
    page.opened();
    page.say({ type: 'output', end: 5, data: 'hello' });
    page.say({ type: 'output', ...bad });
    assert.deepEqual(page.told, ['hello']);
    assert.equal(page.socket.closed, 4000);
    page.socket.end(4000);
    assert.deepEqual(page.ends, [[{ how: 'bad-answer' }, true]]);
  }
});

test('what was skipped is said', () => {
  const page = start();
  page.opened();
  page.say({ type: 'output', end: 5, data: 'hello' });
  page.socket.end(1006);
  page.clock.pass(250);
  page.socket.open();
  page.say({ ...kAttached, start: 1005, end: 2000 });
  page.say({ type: 'output', end: 1006, data: 'x' });
  assert.deepEqual(page.told.slice(-2), [['attached', 1000, true], 'x']);
});

test('it calls again for as long as it takes, at growing distances', () => {
  const page = start();
  page.opened();
  page.socket.end(1006);
  const since: number[] = [];
  let last = page.clock.now();
  for (let call = 2; call < 40; call++) {
    while (page.sockets.length < call) page.clock.pass(1);
    since.push(page.clock.now() - last);
    last = page.clock.now();
    page.socket.end(1006);
  }
  assert.ok(since.every((ms, at) => ms <= Math.min(kMostMs, 250 * 2 ** at) / 2 + 2), String(since));
  assert.ok(since.slice(10).every((ms) => ms >= kMostMs / 2));
  assert.deepEqual(page.ends, []);
  // The network is back: not a second more.
  const { length } = page.sockets;
  page.session.hurry();
  assert.equal(page.sockets.length, length + 1);
});

test('a call that comes to nothing is given up; so is a gateway that answers and leaves at once', () => {
  const page = start();
  page.opened();
  page.socket.end(1006);
  page.clock.pass(250);
  page.socket.open(); // and no more is heard
  const dead = page.socket;
  page.clock.pass(kPatienceMs + 500);
  assert.equal(dead.closed, 1000);
  assert.equal(page.sockets.length, 3);
  for (let call = 0; call < 12; call++) {
    page.socket.open();
    page.say(kAttached);
    page.socket.end(1006);
    page.clock.pass(kMostMs);
  }
  assert.ok(page.sockets.length <= 16, `${page.sockets.length}`);
  // One that lasts is a new beginning.
  page.socket.open();
  page.say(kAttached);
  page.clock.pass(1_500);
  page.socket.end(1006);
  assert.deepEqual(page.told.at(-1), ['away', 125]);
});

test('a network that dies in silence is noticed by the ping that stays unanswered', () => {
  const page = start();
  page.opened();
  page.say({ type: 'pong', id: 1 });
  page.clock.pass(kPingMs); // ping 2, and the network dies
  page.session.type('x');
  page.clock.pass(kSilentMs - 1);
  assert.equal(page.sockets.length, 1);
  page.clock.pass(kPingMs + 250);
  assert.equal(page.sockets.length, 2);
  page.socket.open();
  page.say({ ...kAttached, input: 0 });
  assert.deepEqual(page.sent.at(-1), { type: 'input', seq: 1, data: 'x' });
});

test('a host that takes no keys for an hour is no dead network, nor is a slow flood', () => {
  const page = start();
  page.opened();
  page.session.type('x'); // Ctrl-S was before it
  for (let id = 1; id < 1800; id++) {
    page.say({ type: 'pong', id });
    page.clock.pass(kPingMs);
  }
  for (let end = 1; end < 20; end++) { // the pong waits behind output
    page.clock.pass(kSilentMs / 2);
    page.say({ type: 'output', end, data: 'x' });
  }
  assert.equal(page.sockets.length, 1);
});

test('back from sleep or a tunnel, a socket has to prove itself quickly', () => {
  const page = start();
  page.opened();
  page.say({ type: 'pong', id: 1 });
  page.session.visible = false;
  page.clock.pass(kPingMs);
  page.clock.sleep(3_600_000);
  page.session.visible = true;
  assert.equal(page.sockets.length, 1, 'it may be alive');
  page.clock.pass(kHurriedMs + kPingMs + 250);
  assert.equal(page.sockets.length, 2);
});

test('the ping\'s answer tells how far away everybody is', () => {
  const page = start();
  page.opened();
  page.clock.sleep(12);
  page.say({ type: 'pong', id: 1, host: 3.5 });
  page.say({ type: 'pong', id: 1 });
  page.clock.pass(kPingMs - 12);
  page.clock.sleep(7);
  page.say({ type: 'pong', id: 2 });
  assert.deepEqual(page.told, [{ gateway: 12, host: 3.5 }, { gateway: 7 }]);
});

test('whoever watches types nothing and changes no size, but goes along', () => {
  const page = start({ session: 's', token: 'w', received: 0, watch: true });
  page.session.attach(kSize);
  page.socket.open();
  assert.deepEqual(page.sent, [{ type: 'attach', session: 's', token: 'w', received: 0, ...kSize, watch: true }]);
  page.say({ ...kAttached, start: 50, end: 50, cols: 132, rows: 50 });
  page.session.type('x');
  page.session.resize({ cols: 10, rows: 10 });
  page.say({ type: 'output', end: 51, data: 'x' });
  page.say({ type: 'size', cols: 100, rows: 40 });
  page.say({ ...kAttached, start: 90, end: 95 }); // it fell behind
  page.say({ type: 'output', end: 91, data: 'y' });
  assert.equal(page.sent.length, 1);
  assert.deepEqual(page.told, [['attached', 50, false], 'x', ['size', 100, 40], ['attached', 39, true], 'y']);
});

test('a cancelled session is silent', () => {
  const page = start();
  const { onclose } = page.socket;
  page.session.drop();
  page.say(failure);
  onclose?.({ code: 1000 });
  page.clock.pass(60_000);
  assert.deepEqual([page.ends, page.sockets.length, page.clock.waiting], [[], 1, 0]);
});

test('the wait is a share of a doubling limit', () => {
  assert.deepEqual([0, 1, 2, 5, 6, 400].map((attempt) => backoff(attempt, 0.5)), [125, 250, 500, 4000, 5000, 5000]);
  assert.equal(backoff(3, 0), 0);
});
