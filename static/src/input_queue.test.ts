import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InputQueue, kPieceBytes, kWaitingUnits, kWindowBytes, type InputFrame } from './input_queue';

const bytes = (text: string) => new TextEncoder().encode(text).length;

// A server that accepts in order, one frame at a time, and looks at every rule on the way.
function drain(queue: InputQueue, first: InputFrame[]): string {
  const flying = [...first];
  let text = '';
  let expected = first[0]?.seq ?? 1;
  while (flying.length > 0) {
    assert.ok(flying.reduce((sum, { data }) => sum + bytes(data), 0) <= kWindowBytes);
    const frame = flying.shift() as InputFrame;
    assert.equal(frame.seq, expected++);
    assert.ok(bytes(frame.data) <= kPieceBytes);
    assert.ok(!/\p{Surrogate}/u.test(frame.data), 'no frame ends inside a character');
    text += frame.data;
    queue.accepted(frame.seq);
    flying.push(...queue.take());
  }
  return text;
}

test('keys are numbered from 1 and go at once', () => {
  const queue = new InputQueue();
  for (const [n, key] of ['l', 's', '\r'].entries()) {
    queue.push(key);
    assert.deepEqual(queue.take(), [{ type: 'input', seq: n + 1, data: key }]);
  }
});

test('a 10 MB paste arrives whole, in pieces that hold whole characters', () => {
  const paste = 'añ中文😀\n'.repeat(800_000);
  assert.ok(bytes(paste) > 10_000_000);
  const queue = new InputQueue();
  assert.ok(queue.push(paste));
  assert.ok(drain(queue, queue.take()) === paste);
  assert.ok(queue.idle);
});

test('a pair of surrogates on the edge of a piece stays together', () => {
  for (const lead of [0, 1, 2, 3]) {
    const paste = 'x'.repeat(kPieceBytes - lead) + '😀'.repeat(10);
    const queue = new InputQueue();
    queue.push(paste);
    assert.equal(drain(queue, queue.take()), paste);
  }
});

test('nothing more goes while the window is full, and an ack of all opens it', () => {
  const queue = new InputQueue();
  queue.push('x'.repeat(2 * kWindowBytes));
  const sent = queue.take();
  assert.equal(sent.reduce((sum, { data }) => sum + data.length, 0), kWindowBytes);
  queue.push('y');
  assert.deepEqual(queue.take(), []);
  queue.accepted(sent.length);
  assert.equal(queue.take().reduce((sum, { data }) => sum + data.length, 0), kWindowBytes);
});

test('what was not accepted is kept, in order, to be sent again', () => {
  const queue = new InputQueue();
  for (const key of ['a', 'b', 'c', 'd']) queue.push(key);
  queue.take();
  queue.accepted(2);
  queue.accepted(1); // an old word changes nothing
  assert.deepEqual(queue.returned(2, true).map(({ seq, data }) => [seq, data]), [[3, 'c'], [4, 'd']]);
});

test('after somebody else typed, nothing that is theirs or came before it is sent, and new keys are numbered after theirs', () => {
  const queue = new InputQueue();
  for (const key of ['rm ', '-rf ']) queue.push(key);
  queue.take(); // as 1 and 2, which somebody else's keys have been
  queue.push('./tmp\r');
  assert.deepEqual(queue.returned(2, false), []);
  assert.deepEqual(queue.take(), []);
  assert.equal(queue.take_forgotten(), 13);
  assert.equal(queue.take_forgotten(), 0, 'it is said once');
  queue.push('b');
  assert.deepEqual(queue.take(), [{ type: 'input', seq: 3, data: 'b' }]);
});

test('what is typed before the first answer comes was typed to the session as it is', () => {
  const queue = new InputQueue();
  queue.push('ls');
  assert.deepEqual(queue.returned(7, false), []);
  assert.deepEqual(queue.take(), [{ type: 'input', seq: 8, data: 'ls' }]);
  assert.equal(queue.take_forgotten(), 0);
});

test('what was typed is counted in characters, and what the terminal says by itself not at all', () => {
  const queue = new InputQueue();
  queue.push('中😀x');
  queue.push('\x1b[I', false);
  queue.take();
  queue.push('e\x1b[A');
  queue.push('\x1b[1;1R', false);
  queue.forget();
  assert.equal(queue.take_forgotten(), 7);
});

test('a queue says while something typed has not arrived, and the terminal\'s own word is nothing typed', () => {
  const queue = new InputQueue();
  queue.push('\x1b[O', false);
  assert.equal(queue.owes, false);
  queue.push('x');
  assert.equal(queue.owes, true);
  queue.take();
  queue.accepted(1);
  assert.equal(queue.owes, true);
  queue.accepted(2);
  assert.equal(queue.owes, false);
});

test('keys typed before the keyboard went to somebody else are not run after theirs', () => {
  const queue = new InputQueue();
  queue.push('a');
  queue.take();
  queue.push('b');
  queue.forget();
  assert.deepEqual(queue.returned(0, true), []);
  assert.deepEqual(queue.take(), []);
  assert.ok(queue.idle);
});

test('half a surrogate pair becomes U+FFFD instead of a bad frame', () => {
  const queue = new InputQueue();
  queue.push('a\ud83db');
  assert.equal(queue.take()[0]?.data, 'a\ufffdb');
});

test('what cannot wait is refused whole', () => {
  const queue = new InputQueue();
  assert.ok(queue.push('x'.repeat(kWaitingUnits)));
  assert.equal(queue.push('y'), false);
  assert.ok(!drain(queue, queue.take()).includes('y'));
});

test('typing nothing sends nothing', () => {
  const queue = new InputQueue();
  queue.push('');
  assert.deepEqual(queue.take(), []);
});
