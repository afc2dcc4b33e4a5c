// A huge log: it ends with its right last line, the page takes keys all the while, Ctrl-C works, and the memory comes back. The
// full-size run, with its times, is bench/page.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { scenario } from './fixtures/browser.mjs';
import { coloured_log } from './fixtures/coloured_log.mjs';
import { choose_preset } from './fixtures/form.mjs';
import { heap_in_use, watch_keys } from './fixtures/page_measures.mjs';
import { prompt_shown, rows, screen_until, shows_match, shows_row, type_line } from './fixtures/screen.mjs';
import { kPrompt } from './fixtures/ssh_host.mjs';
import { demo_stage } from './fixtures/stage.mjs';

const stage = await demo_stage();
const log = coloured_log(10_000_000);
writeFileSync(path.join(stage.host.home, 'log.txt'), log.text);
const kPatience = { timeout: 60_000 }; // on a machine that does other things as well
const kMore = 15_000_000; // bytes the page may hold after a second flood more than after the first

scenario('10 MB of coloured log arrive to the last line, keys are taken all the while, and the memory comes back', stage.url, async ({ page, t }) => {
  await choose_preset(page, 'demo');
  await prompt_shown(page);
  const flood = async (mark) => {
    const started = performance.now();
    await type_line(page, `clear; cat log.txt; echo ${mark}-$((1 + 1))`);
    await shows_match(page, /served in/);
    const keys = await watch_keys(page);
    let pressed = 0;
    const ended = screen_until(page, 'row', `${mark}-2`, kPatience).then(() => true);
    const another = async () => { // as somebody types: ten a second
      await page.keyboard.press('Shift');
      await page.evaluate(() => new Promise((done) => setTimeout(done, 100)));
      return false;
    };
    while (!(await Promise.race([ended, another()]))) pressed++;
    return { seconds: (performance.now() - started) / 1000, worst: await keys.worst(), pressed };
  };
  const first = await flood('first');
  const shown = await rows(page);
  assert.equal(shown[shown.indexOf('first-2') - 1], log.last);
  const before = await heap_in_use(page);
  await flood('second');
  const after = await heap_in_use(page);
  t.diagnostic(`${(log.size / 1e6 / first.seconds).toFixed(1)} MB/s; of ${first.pressed} keys the slowest took ${Math.round(first.worst)} ms; ` +
    `heap ${(before / 1e6).toFixed(1)} MB, after another flood ${(after / 1e6).toFixed(1)} MB`);
  assert.ok(first.pressed > 0);
  assert.ok(after < before + kMore, `${before} → ${after}`);
});

scenario('a flood is drawn twenty times a second at most', stage.url, async ({ page, t }) => {
  await choose_preset(page, 'demo');
  await prompt_shown(page);
  await page.evaluate(() => {
    globalThis.pictures = [];
    new MutationObserver(() => globalThis.pictures.push(performance.now())).observe(document.querySelector('#screen .xterm-rows'), { subtree: true, childList: true });
  });
  await type_line(page, 'clear; cat log.txt log.txt; echo over-$((1 + 1))');
  await screen_until(page, 'row', 'over-2', kPatience);
  const pictures = await page.evaluate(() => globalThis.pictures);
  const ms = pictures.at(-1) - pictures[0];
  t.diagnostic(`${pictures.length} pictures in ${Math.round(ms)} ms`);
  assert.ok(pictures.length <= ms / 50 + 12, `${pictures.length} in ${ms} ms`); // a few before it is known to be a flood, and the prompt
});

scenario('Ctrl-C in the middle of a huge log is answered, and nothing of the log comes after it', stage.url, async ({ page, t }) => {
  await choose_preset(page, 'demo');
  await prompt_shown(page);
  await type_line(page, 'clear; while :; do cat log.txt; done');
  await shows_match(page, /served in/);
  const started = performance.now();
  await page.keyboard.press('Control+c');
  // The host's terminal throws away what it had not sent, and says `^C` behind an escape sequence it may have cut after its first
  // byte: a terminal then takes that for the start of a private message, and the line's end with it.
  await screen_until(page, 'end', kPrompt.trimEnd());
  t.diagnostic(`Ctrl-C to the prompt: ${Math.round(performance.now() - started)} ms`);
  await type_line(page, 'echo calm-$((1 + 1))');
  await shows_row(page, 'calm-2');
  const shown = await rows(page);
  assert.equal(shown.at(shown.indexOf('calm-2') + 1), 'host$');
});
