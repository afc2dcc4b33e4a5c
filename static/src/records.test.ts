import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Records, type TabRecord } from './records';
import { roll_call } from './roll_call';
import { read_watch_link, watch_link } from './sharing';
import { FakeClock, FakeSocket } from './testing/fake_socket';
import { FakeStore } from './testing/fake_store';

const record = (session: string, seen: number): TabRecord =>
  ({ session, token: `t-${session}`, host: 'db-3', port: 22, username: 'ana', opened: 1, seen });
const screen = (length: number) => ({ cols: 80, rows: 24, end: 7, text: 'x'.repeat(length) });

test('sessions are kept side by side, newest first, and forgotten one by one', () => {
  const store = new FakeStore();
  store.setItem('sallyport.places', '[]');
  const [mine, other] = [new Records(store, new FakeStore()), new Records(store, new FakeStore())];
  mine.keep(record('a', 5));
  other.keep({ ...record('b', 9), watch: 'w', screen: screen(3) });
  mine.keep(record('a', 7));
  assert.deepEqual(mine.all().map(({ session, seen }) => [session, seen]), [['b', 9], ['a', 7]]);
  assert.deepEqual(mine.find('b'), { ...record('b', 9), watch: 'w', screen: screen(3) });
  mine.forget('b');
  assert.deepEqual(other.all().map(({ session }) => session), ['a']);
  assert.equal(store.length, 2);
});

test('what is no record is left out, and what a record has beside is not kept', () => {
  const store = new FakeStore();
  for (const [at, text] of ['', 'null', '[]', '{}', '{"session":7}', JSON.stringify({ ...record('x', 1), port: 'a' })].entries()) {
    store.setItem(`sallyport.session.${at}`, text);
  }
  store.setItem('sallyport.session.other', JSON.stringify(record('a', 1))); // under somebody else's name
  store.setItem('sallyport.session.b', JSON.stringify({ ...record('b', 1), screen: { cols: -1 }, input: { sent: [7] }, password: 'x' }));
  assert.deepEqual(new Records(store, undefined).all(), [record('b', 1)]);
});

test('a screen that does not fit is given up before the way back', () => {
  const [browser, tab] = [new FakeStore(400), new FakeStore(400)];
  const records = new Records(browser, tab);
  records.keep({ ...record('a', 1), screen: screen(1000) });
  assert.deepEqual(records.find('a'), record('a', 1));
  records.keep_tab({ ...record('a', 1), screen: screen(1000) }, screen(10));
  assert.deepEqual(records.tab(), { ...record('a', 1), screen: screen(10) });
  records.keep_tab({ ...record('a', 1), screen: screen(1000) }, screen(900));
  assert.deepEqual(records.tab(), record('a', 1));
});

test('a tab forgets with its session; another tab\'s session is not its own', () => {
  const records = new Records(new FakeStore(), new FakeStore());
  records.keep_tab(record('a', 1));
  records.forget('b');
  assert.equal(records.tab()?.session, 'a');
  records.forget('a');
  assert.equal(records.tab(), undefined);
});

test('a browser that keeps nothing is no obstacle', () => {
  const records = new Records(undefined, undefined);
  records.keep(record('a', 1));
  records.keep_tab(record('a', 1));
  records.forget('a');
  assert.deepEqual([records.all(), records.tab(), records.find('a')], [[], undefined, undefined]);
});

test('a link to look on leads to the page and keeps its secret in the fragment', () => {
  const key = { session: '3xQzT0aPq1Yk2VbN', token: 'kqX1h0vJ8mZ_V4mS9rY2cT7wE5uI3oP6aD0fG1h-2kL' };
  const link = watch_link('https://corp.example/shell/?x=1#old', key);
  assert.equal(link, `https://corp.example/shell/#watch=${key.session}.${key.token}`);
  assert.deepEqual(read_watch_link(new URL(link).hash), key);
  for (const bad of ['', '#', '#watch=', '#watch=a', '#watch=a.', '#watch=.b', '#watch=a.b.c', '#watch=a.b&x', '#watch=a b.c', '#xwatch=a.b']) {
    assert.equal(read_watch_link(bad), undefined, bad);
  }
});

test('a roll call is one question and one answer', async () => {
  const running = { session: 'a', host: 'h', port: 22, username: 'u', attached: false, seconds: 240 };
  const socket = new FakeSocket();
  const answer = roll_call(socket, [record('a', 1), record('b', 1)], new FakeClock());
  socket.open();
  assert.deepEqual(socket.sent, [{ type: 'list', sessions: [{ session: 'a', token: 't-a' }, { session: 'b', token: 't-b' }] }]);
  socket.say({ type: 'sessions', sessions: [running] });
  assert.deepEqual(await answer, [running]);
  assert.equal(socket.closed, 1000);
});

test('nobody there is not the same as nothing running', async () => {
  const [refused, silent, closed] = [new FakeSocket(), new FakeSocket(), new FakeSocket()];
  const clock = new FakeClock();
  const answers = [refused, silent, closed].map((socket) => roll_call(socket, [record('a', 1)], clock));
  refused.open();
  refused.say({ type: 'error', code: 'bad-frame', message: 'm' });
  closed.end(1006);
  clock.pass(10_000);
  assert.deepEqual(await Promise.all(answers), [undefined, undefined, undefined]);
});
