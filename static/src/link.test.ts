import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServerFrame } from './frames';
import { InputQueue } from './input_queue';
import { Link, socket_url, type Socket } from './link';

class FakeSocket implements Socket {
  readyState = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  sent: Record<string, unknown>[] = [];
  closed: number | undefined;

  send(data: unknown): void {
    assert.equal(this.readyState, 1);
    this.sent.push(JSON.parse(data as string) as Record<string, unknown>);
  }
  close(code?: number): void {
    this.closed = code;
    this.readyState = 3;
  }
  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }
  say(frame: object | string): void {
    this.onmessage?.({ data: typeof frame === 'string' ? frame : JSON.stringify(frame) });
  }
  types(): unknown[] {
    return this.sent.map(({ type }) => type);
  }
}

function start(open = true) {
  const socket = new FakeSocket();
  const frames: ServerFrame[] = [];
  const ends: { code: number; reached: boolean; bad_frame: boolean }[] = [];
  const trips: number[] = [];
  let now = 0;
  const link = new Link(socket, new InputQueue(), {
    on_frame: (frame) => frames.push(frame), on_round_trip: (ms) => trips.push(ms), on_closed: (end) => ends.push(end),
  }, () => now);
  if (open) socket.open();
  return { socket, link, frames, ends, trips, at: (ms: number) => { now = ms; } };
}
const kOpened = { type: 'opened', session: 's', token: 't', host: 'h', port: 22, username: 'ana', banner: '', algorithms: {} };
const turn = () => new Promise<void>((done) => setImmediate(done));

test('the first frame waits for the socket, and goes once', () => {
  const { socket, link } = start(false);
  link.start({ type: 'open', preset: 'demo', cols: 80, rows: 24 });
  assert.deepEqual(socket.sent, []);
  socket.open();
  assert.deepEqual(socket.types(), ['open']);
});

test('keys typed before the shell runs wait for `opened`', () => {
  const { socket, link } = start();
  link.start({ type: 'open', preset: 'demo', cols: 80, rows: 24 });
  link.type('ls');
  link.resize({ cols: 90, rows: 30 });
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

test('a round trip is measured from a key to its `accepted`', () => {
  const { socket, link, trips, at } = start();
  socket.say(kOpened);
  at(100);
  link.type('a');
  at(105);
  link.type('b');
  at(112);
  socket.say({ type: 'accepted', seq: 2 });
  assert.deepEqual(trips, [12]);
});

test('a frame that makes no sense ends the link with 4000 and is told from a lost one', () => {
  const { socket, link, ends } = start();
  void link;
  socket.say('{"type":"output","end":-1}');
  assert.equal(socket.closed, 4000);
  socket.onclose?.({ code: 4000 });
  assert.deepEqual(ends, [{ code: 4000, reached: true, bad_frame: true }]);
});

test('a socket that never opened is told from one that was lost', () => {
  const never = start(false);
  never.socket.onclose?.({ code: 1006 });
  assert.equal(never.ends[0]?.reached, false);
  const lost = start();
  lost.socket.onclose?.({ code: 1006 });
  assert.equal(lost.ends[0]?.reached, true);
});

test('after a return the unaccepted input goes again, with its old numbers', () => {
  const { socket, link } = start();
  socket.say(kOpened);
  for (const key of ['a', 'b', 'c']) link.type(key);
  socket.sent = [];
  socket.say({ type: 'attached', input: 1, start: 0 });
  assert.deepEqual(socket.sent.map(({ seq, data }) => [seq, data]), [[2, 'b'], [3, 'c']]);
});

test('the socket is beside the page, on a sub-path too', () => {
  assert.equal(socket_url('http://127.0.0.1:8022/'), 'ws://127.0.0.1:8022/ws');
  assert.equal(socket_url('https://corp.example/shell/?x=1#y'), 'wss://corp.example/shell/ws');
});
