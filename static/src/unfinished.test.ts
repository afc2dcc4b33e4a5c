import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Unfinished } from './unfinished';

// How many UTF-16 units the searching and copying methods of text look at while `run` runs.
function units_looked_at(run: () => void): number {
  const methods = ['indexOf', 'lastIndexOf', 'search', 'match', 'replace', 'slice', 'substring', 'concat', 'includes'] as const;
  const own = String.prototype as unknown as Record<string, (this: string, ...rest: unknown[]) => unknown>;
  const kept = methods.map((name) => own[name]);
  let units = 0;
  for (const [at, name] of methods.entries()) {
    own[name] = function (...rest) {
      units += this.length;
      return kept[at]?.apply(this, rest);
    };
  }
  try {
    run();
  } finally {
    for (const [at, name] of methods.entries()) own[name] = kept[at] as (typeof own)[string];
  }
  return units;
}

test('a sequence without an end costs as much as its length, and keeps no more than is worth it', () => {
  const chunk = 'x'.repeat(32 * 1024);
  const chunks = 1024; // 32 MiB
  const unfinished = new Unfinished();
  const units = units_looked_at(() => {
    unfinished.take('\x1b_', true);
    for (let n = 0; n < chunks; n++) unfinished.take(chunk, true);
  });
  assert.ok(units <= 20 * chunks * chunk.length, `${units} for ${chunks * chunk.length}`);
  assert.equal(unfinished.text, undefined);
  assert.ok(unfinished.kept <= 256 * 1024, `${unfinished.kept}`);
});

test('what was too long is known again from the next sequence on, or from its end', () => {
  for (const [rest, mid, text] of [['x\x1b[3', true, '\x1b[3'], ['x\x1b', true, '\x1b'], ['\x07$ ', false, ''], ['more', true, undefined]] as const) {
    const unfinished = new Unfinished();
    unfinished.take('\x1b]0;' + 'x'.repeat(300 * 1024), true);
    assert.equal(unfinished.text, undefined);
    unfinished.take('x', true);
    assert.equal(unfinished.text, undefined, 'its beginning is gone for good');
    unfinished.take(rest, mid);
    assert.equal(unfinished.text, text);
  }
});

test('a sequence is put together from however many pieces, wherever they are cut', () => {
  const sequence = 'abc\x1b[31m\x1b]0;a title\x1b\\\x1b[3';
  for (const size of [1, 2, 3, 5, sequence.length]) {
    const unfinished = new Unfinished();
    for (let at = 0; at < sequence.length; at += size) unfinished.take(sequence.slice(at, at + size), true);
    assert.equal(unfinished.text, '\x1b[3', String(size));
  }
});
