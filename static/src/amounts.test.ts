import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ago, bytes_text, round_trip_text } from './amounts';

test('amounts are short and round', () => {
  assert.deepEqual([0, 1, 999, 1000, 1234, 9_960, 12_345, 999_499, 999_600, 1_234_567, 5e12, 5e16].map(bytes_text),
    ['0 B', '1 B', '999 B', '1.0 kB', '1.2 kB', '10 kB', '12 kB', '999 kB', '1.0 MB', '1.2 MB', '5.0 TB', '50000 TB']);
  assert.deepEqual([0, 0.05, 0.31, 3.14, 9.96, 12.4, 1234.5].map(round_trip_text), ['<0.1', '<0.1', '0.3', '3.1', '10', '12', '1235']);
});

test('how long ago, in words', () => {
  assert.deepEqual([60, 250, 3600, 100_000, 200_000].map((seconds) => ago(seconds, 'en')),
    ['1 minute ago', '4 minutes ago', '1 hour ago', '27 hours ago', '2 days ago']);
  assert.equal(ago(250, 'zh'), '4分钟前');
});
