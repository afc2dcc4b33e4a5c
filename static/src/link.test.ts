import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BadFrame, type ServerFrame } from './frames';
import { InputQueue } from './input_queue';
import { gateway_path, Link, socket_url } from './link';
import { FakeSocket } from './testing/fake_socket';

function start(open = true) {
  const socket = new FakeSocket();
  const input = new InputQueue();
  const frames: ServerFrame[] = [];
  const ends: { code: number; reached: boolean; bad_frame: boolean }[] = [];
  const link = new Link(socket, input, {
    on_frame: (frame) => {
      if (frame.type === 'output' && frame.data === 'refused') throw new BadFrame('as the test wants');
      frames.push(frame);
    },
    on_heard: () => undefined, on_closed: (end) => ends.push(end),
  });
  if (open) socket.open();
  const type = (text: string) => {
    input.push(text);
    link.flush();
  };
  return { socket, input, link, frames, ends, type };
}
const kOpen = { type: 'open', preset: 'demo', cols: 80, rows: 24 } as const;
const kOpened = { type: 'opened', session: 's', token: 't', host: 'h', port: 22, username: 'ana', banner: '', algorithms: {} };
const kAttached = { type: 'attached', input: 0, yours: true, start: 0, end: 0, cols: 80, rows: 24, host: 'h', port: 22, username: 'ana', algorithms: {} };
const turn = () => new Promise<void>((done) => setImmediate(done));

test('the first frame waits for the socket, and goes once', () => {
  const { socket, link } = start(false);
  link.start(() => kOpen);
  assert.deepEqual(socket.sent, []);
  socket.open();
  assert.deepEqual(socket.types(), ['open']);
});

test('keys typed before the shell runs wait for `opened`', () => {
  const { socket, link, type } = start();
  link.start(() => kOpen);
  type('ls');
  link.resize({ cols: 90, rows: 30 });
  link.ping(1);
  assert.deepEqual(socket.types(), ['open']);
  socket.say(kOpened);
  assert.deepEqual(socket.sent.slice(1), [{ type: 'input', seq: 1, data: 'ls' }]);
  link.resize({ cols: 90, rows: 30 });
  assert.deepEqual(socket.sent.at(-1), { type: 'resize', cols: 90, rows: 30 });
});

test('one turn of the event loop makes one ack, of the last offset', async () => {
  const { socket, link } = start();
  socket.say(kOpened);
  link.parsed(10);
  link.parsed(25);
  link.parsed(20);
  await turn();
  assert.deepEqual(socket.sent, [{ type: 'ack', end: 25 }]);
  link.parsed(25);
  await turn();
  assert.equal(socket.sent.length, 1);
});

test('in a flood, the gateway hears of it before the turn is over', async () => {
  const { socket, link } = start();
  socket.say(kOpened);
  for (let end = 4096; end <= 65536; end += 4096) link.parsed(end);
  assert.deepEqual(socket.sent.map(({ end }) => end), [16384, 32768, 49152, 65536]);
  await turn();
  assert.equal(socket.sent.length, 4);
});

test('a frame that makes no sense ends the link with 4000 and is told from a lost one', () => {
  for (const nonsense of ['{"type":"output","end":-1}', '{"type":"output","end":7,"data":"refused"}']) {
    const { socket, ends, frames } = start();
    socket.say(nonsense);
    assert.equal(socket.closed, 4000);
    socket.say({ type: 'output', end: 8, data: 'x' });
    assert.deepEqual(frames, [], 'nothing after it counts');
    socket.onclose?.({ code: 4000 });
    assert.deepEqual(ends, [{ code: 4000, reached: true, bad_frame: true }]);
  }
});

test('a socket that never opened is told from one that was lost', () => {
  const never = start(false);
  never.socket.onclose?.({ code: 1006 });
  assert.equal(never.ends[0]?.reached, false);
  const lost = start();
  lost.socket.onclose?.({ code: 1006 });
  assert.equal(lost.ends[0]?.reached, true);
});

test('after a return the unaccepted input goes again, with its old numbers, before anything new', () => {
  const { socket, input, link, type } = start();
  for (const key of ['a', 'b', 'c']) input.push(key);
  input.take(); // they went with a socket that died
  input.push('d');
  link.start(() => kOpen);
  socket.say({ ...kAttached, input: 1 });
  type('e');
  assert.deepEqual(socket.sent.slice(1).map(({ seq, data }) => [seq, data]), [[2, 'b'], [3, 'c'], [4, 'd'], [5, 'e']]);
});

test('an abandoned link is silent', () => {
  const { socket, link, ends, frames } = start();
  link.abandon();
  assert.equal(socket.closed, 1000);
  assert.equal(socket.onmessage, null);
  socket.onclose?.({ code: 1006 });
  assert.deepEqual([ends, frames], [[], []]);
});

test('the socket is beside the page, on a sub-path too', () => {
  assert.equal(socket_url('http://127.0.0.1:8022/'), 'ws://127.0.0.1:8022/ws');
  assert.equal(socket_url('https://corp.example/shell/?x=1#y'), 'wss://corp.example/shell/ws');
  assert.deepEqual(['http://127.0.0.1:8022/#watch=a.b', 'https://corp.example/a%20b/?x=/y#z', 'https://corp.example/shell/index.html'].map(gateway_path),
    ['/', '/a%20b/', '/shell/']);
});
