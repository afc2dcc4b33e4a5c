import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BadFrame } from './frames';
import { OutputCursor, split_at, utf8_length } from './output_cursor';

const kTexts = ['', 'plain', 'é', '中文', '😀👋🏽', '\u0000\u007f\u0080\u07ff\u0800\uffff', 'x'.repeat(300_000) + '中'];

test('bytes of UTF-8 are counted as an encoder makes them', () => {
  for (const text of kTexts) assert.equal(utf8_length(text), Buffer.byteLength(text));
});

test('a text is parted at an offset in bytes', () => {
  for (const text of kTexts) {
    const bytes = Buffer.from(text);
    let offset = 0;
    for (const character of Array.from(text).slice(0, 50)) {
      assert.deepEqual(split_at(text, offset), [bytes.subarray(0, offset).toString(), bytes.subarray(offset).toString()]);
      offset += Buffer.byteLength(character);
    }
    assert.deepEqual(split_at(text, bytes.length), [text, '']);
  }
});

test('every frame begins where the last one ended', () => {
  const cursor = new OutputCursor(10);
  cursor.take('中文', 16);
  cursor.take('', 16);
  for (const end of [16, 18, 15]) assert.throws(() => cursor.take('x', end), BadFrame);
  assert.equal(cursor.end, 16);
  cursor.jump(100);
  cursor.take('x', 101);
});
