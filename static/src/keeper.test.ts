import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Keeper } from './keeper';
import { Records, type TabRecord } from './records';
import { FakeStore } from './testing/fake_store';

const kRecord: TabRecord = { session: 's', token: 't', host: 'db-3', port: 22, username: 'ana', opened: 1, seen: 1 };
// As many lines as are asked for, at `each` units a line.
const lines_of = (each: number) => (lines: number) => ({ cols: 80, rows: 24, end: 9, text: 'x'.repeat((lines + 24) * each) });

function start() {
  const records = new Records(new FakeStore(), new FakeStore(), '/', () => 77);
  return { records, keeper: new Keeper(records, () => 77) };
}

test('a session can be found again from its first moment on', () => {
  const { records, keeper } = start();
  keeper.begin(kRecord);
  assert.deepEqual([records.tab(), records.all()], [kRecord, [kRecord]]);
});

test('what goes away leaves its screen to both, the larger one to its own tab', () => {
  const { records, keeper } = start();
  keeper.begin(kRecord);
  keeper.save(lines_of(10));
  assert.equal(records.tab()?.screen?.text.length, 20_240);
  assert.equal(records.find('s')?.screen?.text.length, 2_240);
  assert.equal(records.find('s')?.seen, 77);
});

test('a screen that is too large loses what is above it first', () => {
  const { records, keeper } = start();
  keeper.begin(kRecord);
  keeper.save(lines_of(5_000));
  assert.equal(records.tab()?.screen?.text.length, (200 + 24) * 5_000);
  assert.equal(records.find('s')?.screen?.text.length, (0 + 24) * 5_000);
  keeper.save(lines_of(20_000));
  assert.equal(records.tab()?.screen?.text.length, 24 * 20_000);
  assert.equal(records.find('s')?.screen, undefined);
});

test('what ended is forgotten, what was left is not, and whoever watched leaves the session alone', () => {
  const { records, keeper } = start();
  keeper.begin(kRecord);
  keeper.let_go();
  assert.deepEqual([records.tab(), records.all()], [undefined, [kRecord]]);
  keeper.begin({ ...kRecord, token: 'w', watching: true });
  assert.deepEqual(records.all(), [kRecord]);
  keeper.save(lines_of(10));
  assert.deepEqual(records.tab(), { ...kRecord, token: 'w', watching: true, seen: 77 });
  keeper.forget();
  assert.deepEqual([records.tab(), records.all()], [undefined, [kRecord]]);
  keeper.begin(kRecord);
  keeper.forget();
  assert.deepEqual([records.tab(), records.all()], [undefined, []]);
});
