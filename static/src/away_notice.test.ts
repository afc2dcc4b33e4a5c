import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AwayNotice, kUnnoticedMs } from './away_notice';
import { FakeClock } from './testing/fake_socket';

function start() {
  const clock = new FakeClock();
  const said: unknown[] = [];
  return { clock, said, notice: new AwayNotice(clock, (seconds, first) => said.push([seconds, first])) };
}

test('a short gap is not mentioned', () => {
  const { clock, said, notice } = start();
  for (let gap = 0; gap < 5; gap++) {
    notice.away(100);
    notice.away(undefined);
    clock.pass(kUnnoticedMs - 1);
    assert.equal(notice.back(), false);
    clock.pass(10_000);
  }
  assert.deepEqual([said, clock.waiting], [[], 0]);
});

test('a long one is, with the seconds to the next try', () => {
  const { clock, said, notice } = start();
  notice.away(3_000);
  clock.pass(kUnnoticedMs);
  clock.pass(1_000);
  assert.deepEqual(said, [[3, true], [3, false], [2, false]]);
  notice.away(undefined);
  assert.deepEqual(said.at(-1), [undefined, false]);
  assert.equal(notice.back(), true);
  assert.equal(clock.waiting, 0);
});
