import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Records, type RecordStore, type TabRecord } from './records';
import { roll_call } from './roll_call';
import { read_watch_link, take_watch_link, watch_link } from './sharing';
import { FakeClock, FakeSocket } from './testing/fake_socket';
import { FakeStore } from './testing/fake_store';

const record = (session: string, seen: number): TabRecord =>
  ({ session, token: `t-${session}`, host: 'db-3', port: 22, username: 'ana', opened: 1, seen });
const kDay = 24 * 3600 * 1000;
const records_of = (browser: RecordStore | undefined, tab: RecordStore | undefined, gateway = '/', now = kDay) => new Records(browser, tab, gateway, () => now);
const screen = (length: number) => ({ cols: 80, rows: 24, end: 7, text: 'x'.repeat(length) });

test('sessions are kept side by side, newest first, and forgotten one by one', () => {
  const store = new FakeStore();
  store.setItem('sallyport.places', '[]');
  const [mine, other] = [records_of(store, new FakeStore()), records_of(store, new FakeStore())];
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
    store.setItem(`sallyport.session / ${at}`, text);
  }
  store.setItem('sallyport.session / other', JSON.stringify(record('a', 1))); // under somebody else's name
  store.setItem('sallyport.session / b', JSON.stringify({ ...record('b', 1), screen: { cols: -1 }, input: { sent: [7] }, password: 'x' }));
  assert.deepEqual(records_of(store, undefined).all(), [record('b', 1)]);
});

test('two gateways of one origin know nothing of each other\'s sessions', () => {
  const [browser, tab] = [new FakeStore(), new FakeStore()];
  const gateways = ['/', '/dmz/', '/dmz/session/', '/prod/'].map((path) => records_of(browser, tab, path));
  for (const [at, records] of gateways.entries()) {
    records.keep(record(`s${at}`, 1));
    records.keep_tab(record(`s${at}`, 1));
  }
  for (const [at, records] of gateways.entries()) {
    assert.deepEqual([records.all(), records.tab()], [[record(`s${at}`, 1)], record(`s${at}`, 1)]);
  }
  gateways[1]?.forget('s2');
  gateways[1]?.forget('s1');
  assert.deepEqual(gateways.map((records) => records.all().length + (records.tab() ? 1 : 0)), [2, 0, 2, 2]);
});

test('what nobody has seen for a month is dropped, and so is what is too old to be asked about', () => {
  const store = new FakeStore();
  const records = (now: number) => records_of(store, undefined, '/', now);
  for (let n = 0; n < 70; n++) records(0).keep(record(`s${n}`, n * kDay));
  records_of(store, undefined, '/other/').keep(record('theirs', 0));
  assert.equal(records(31 * kDay).all().length, 64);
  assert.equal(store.length, 65, 'what is dropped is gone, and what is another gateway\'s is not');
  assert.deepEqual(records(69 * kDay).all().map(({ seen }) => seen / kDay), Array.from({ length: 32 }, (_, n) => 69 - n));
  assert.equal(store.length, 33);
});

test('a screen that does not fit is given up before the way back', () => {
  const [browser, tab] = [new FakeStore(400), new FakeStore(400)];
  const records = records_of(browser, tab);
  records.keep({ ...record('a', 1), screen: screen(1000) });
  assert.deepEqual(records.find('a'), record('a', 1));
  records.keep_tab({ ...record('a', 1), screen: screen(1000) }, screen(10));
  assert.deepEqual(records.tab(), { ...record('a', 1), screen: screen(10) });
  records.keep_tab({ ...record('a', 1), screen: screen(1000) }, screen(900));
  assert.deepEqual(records.tab(), record('a', 1));
});

test('a tab forgets with its session; another tab\'s session is not its own', () => {
  const records = records_of(new FakeStore(), new FakeStore());
  records.keep_tab(record('a', 1));
  records.forget('b');
  assert.equal(records.tab()?.session, 'a');
  records.forget('a');
  assert.equal(records.tab(), undefined);
});

test('a browser that keeps nothing is no obstacle', () => {
  const records = records_of(undefined, undefined);
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

test('a link to look on leaves the address, whatever it leads to', () => {
  const taken = (hash: string) => {
    const shown: unknown[] = [];
    const history = { state: 7, replaceState: (...to: unknown[]) => shown.push(to) };
    return [take_watch_link({ pathname: '/shell/', search: '?x=1', hash }, history), shown];
  };
  assert.deepEqual(taken('#watch=s.t'), [{ session: 's', token: 't' }, [[7, '', '/shell/?x=1']]]);
  assert.deepEqual(taken('#watch=s.t.cut'), [undefined, [[7, '', '/shell/?x=1']]]);
  assert.deepEqual(taken('#other'), [undefined, []]);
  assert.deepEqual(taken(''), [undefined, []]);
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
