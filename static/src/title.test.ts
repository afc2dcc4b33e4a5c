import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plain_line, shown_line } from './plain_text';
import { FakeClock } from './testing/fake_socket';
import { kTitleMs, page_title, TitlePace } from './title';

test('a title cannot pass for the page\'s own', () => {
  assert.equal(page_title('ana@db-3', 'root@prod — Sallyport'), 'ana@db-3 — Sallyport · root@prod — Sallyport');
  assert.equal(page_title('ana@db-3', '\u202e\u2066\u200b\u00ad\u061c\u{e0041}\u3164\u2028'), 'ana@db-3 — Sallyport');
});
test('what cannot be seen is left out, or shown', () => {
  assert.equal(plain_line('a\u202eb\u200dc\u{e0100}d\ud800e', 80), 'a b c d e');
  assert.equal(shown_line('ls\n\u202e\x1brm -rf ~\r\n\tx', 80), 'ls⏎⟨U+202E⟩⟨U+001B⟩rm -rf ~⏎⇥x');
  assert.equal(Array.from(shown_line('😀'.repeat(500), 160)).length, 160);
});
test('a million titles are a few', () => {
  const clock = new FakeClock();
  const shown: string[] = [];
  const pace = new TitlePace(clock, (title) => shown.push(title));
  for (let number = 0; number < 1_000_000; number++) pace.set(`${number}`);
  assert.deepEqual(shown, ['0']);
  clock.pass(kTitleMs);
  assert.deepEqual(shown, ['0', '999999']);
  pace.set('last');
  pace.rest();
  clock.pass(10 * kTitleMs);
  assert.deepEqual([shown.length, clock.waiting], [2, 0]);
  pace.set('next');
  assert.equal(shown.at(-1), 'next');
});
