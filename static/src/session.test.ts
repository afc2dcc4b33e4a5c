import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoff, kMostMs } from './backoff';
import { kHurriedMs, kSilentMs } from './pulse';
import { kPatienceMs, kPingMs, Session, type End, type Return } from './session';
import { FakeClock, FakeSocket } from './testing/fake_socket';

const kSize = { cols: 80, rows: 24 };
const kAttached = { type: 'attached', input: 0, yours: true, start: 0, end: 0, ...kSize, host: 'h', port: 22, username: 'u', algorithms: {} };

function start(back?: Return) {
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
    on_output: (data, _end, done) => {
      told.push(data);
      parsed.push(done);
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
const turn = () => new Promise<void>((done) => setImmediate(done));
const failure = { type: 'error', code: 'refused', message: 'h:22 refused the connection.' };

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

test('a page that comes back by itself does not take the keyboard from somebody else; one that is asked to does', () => {
  const page = start();
  page.socket.open();
  page.session.open({ preset: 'demo' }, kSize, 'utf-8');
  const name = page.client;
  page.say({ type: 'opened', session: 's', token: 't', host: 'h', port: 22, username: 'u' });
  const comes_back = (how: () => void, take: boolean) => {
    page.socket.end(1006);
    how();
    page.socket.open();
    assert.equal(page.sent[0]?.['take'] ?? true, take);
    assert.equal(page.client, name, 'the numbers are still those of the same queue');
    page.say(kAttached);
    page.clock.pass(1_500);
  };
  comes_back(() => page.clock.pass(250), false);
  comes_back(() => page.session.hurry(), false);
  comes_back(() => { page.session.visible = true; }, false);
  comes_back(() => page.session.take_back(), true);
  comes_back(() => page.clock.pass(250), false);
  // Asked once, it wants to until it has.
  page.socket.end(1006);
  page.session.take_back();
  page.socket.end(1006);
  page.clock.pass(500);
  page.socket.open();
  assert.equal(page.sent[0]?.['take'] ?? true, true);
});

test('a page that was away is told that it goes on elsewhere, and says what did not arrive', () => {
  const page = start();
  page.opened();
  page.session.type('ls');
  page.say({ type: 'accepted', seq: 1 });
  page.socket.end(1006);
  page.session.type('rm -rf ');
  page.session.type('\x1b[I', false);
  page.clock.pass(250);
  page.socket.open();
  page.say({ ...failure, code: 'taken-over' });
  page.socket.end(4009);
  assert.deepEqual(page.ends, [[{ how: 'taken', unsent: 7 }, true]]);
});

test('taken back after somebody else typed, the page sends no half of anything, and numbers after theirs', () => {
  const page = start();
  page.opened();
  page.session.type('rm ');
  page.session.type('-rf ');
  page.socket.end(1006);
  page.session.type('./tmp');
  page.session.take_back();
  page.socket.open();
  page.say({ ...kAttached, input: 1, yours: false });
  page.session.type('x');
  assert.deepEqual(page.sent.slice(1), [{ type: 'input', seq: 2, data: 'x' }]);
  assert.deepEqual(page.told.slice(-2), [['attached', 0, true], ['unsent', 12]]);
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

test('a page that would lose typed keys by going away says so, as long as there is a session to send them to', () => {
  const page = start();
  page.session.type('x');
  assert.equal(page.session.owes_keys, false, 'there is no shell yet');
  page.opened();
  assert.equal(page.session.owes_keys, true);
  page.say({ type: 'accepted', seq: 1 });
  assert.equal(page.session.owes_keys, false);
  page.socket.end(1006);
  page.session.type('y');
  assert.equal(page.session.owes_keys, true);
  page.session.leave();
  assert.equal(page.session.owes_keys, false);
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

test('hanging up is the user\'s, whatever signal the shell dies of', () => {
  const page = start();
  page.opened();
  page.session.hang_up();
  assert.deepEqual(page.sent, [{ type: 'close' }]);
  page.say({ type: 'exited', signal: 'HUP' });
  page.socket.end(1000);
  assert.deepEqual(page.ends, [[{ how: 'hung-up' }, true]]);
});

test('hanging up over a socket that dies is said again on the next, and nobody there means it was heard', () => {
  for (const heard of [true, false]) {
    const page = start();
    page.opened();
    page.session.hang_up();
    page.socket.end(1006);
    page.clock.pass(250);
    page.socket.open();
    if (heard) {
      page.say({ ...failure, code: 'no-such-session' });
      page.socket.end(4004);
    } else {
      page.say(kAttached);
      assert.deepEqual(page.sent.at(-1), { type: 'close' });
      page.socket.end(1000);
    }
    assert.deepEqual(page.ends, [[{ how: 'hung-up' }, true]]);
  }
});

test('leaving while the socket is gone leaves the shell running', () => {
  const page = start();
  page.opened();
  page.socket.end(1006);
  page.session.hang_up();
  assert.deepEqual(page.ends, [[{ how: 'left' }, true]]);
  page.clock.pass(60_000);
  assert.equal(page.sockets.length, 1);
});

test('a page that comes after another goes on where that one was', () => {
  const page = start({ session: 's', token: 't', received: 100, watch: false });
  page.session.attach(kSize);
  page.session.type('g'); // the screen is there before the answer is
  page.socket.open();
  assert.deepEqual(page.sent, [{ type: 'attach', session: 's', token: 't', received: 100, ...kSize }]);
  page.say({ ...kAttached, input: 6, yours: false, start: 100, end: 150 });
  page.session.type('h');
  assert.deepEqual(page.sent.slice(1), [{ type: 'input', seq: 7, data: 'g' }, { type: 'input', seq: 8, data: 'h' }]);
  assert.deepEqual(page.told, [['attached', 0, false]]);
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
