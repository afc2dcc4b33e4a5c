// Who has the keyboard, what becomes of keys when that is somebody else, and how a session is ended or left.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failure, kAttached, kSize, start } from './testing/session_page';

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
