// Somebody looks on: they see what there is, as it is, and touch nothing.
import assert from 'node:assert/strict';
import { scenario } from './fixtures/browser.mjs';
import { pasted } from './fixtures/clipboard.mjs';
import { vim_at } from './fixtures/editor.mjs';
import { choose_preset } from './fixtures/form.mjs';
import { prompt_shown, rows, shows_last, shows_match, shows_row, styled_rows, type_line } from './fixtures/screen.mjs';
import { demo_stage } from './fixtures/stage.mjs';

const stage = await demo_stage();
const kClipboard = { permissions: ['clipboard-read', 'clipboard-write'] };

async function copy_link(page) {
  await page.locator('#bar-menu').click();
  await page.locator('#share-copy').click();
  await page.locator('#share-said').getByText('The link is copied.').waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  return pasted(page, new URL('/', page.url()).href);
}
// Another browser, on another desk.
async function onlooker(context, link, viewport) {
  const other = await context.browser().newContext({ viewport, locale: 'en-US', colorScheme: 'dark', reducedMotion: 'reduce' });
  const page = await other.newPage();
  await page.goto(link);
  await page.locator('#bar[data-state="watching"]').waitFor();
  return page;
}
const looks = (drawn) => drawn.map((row) => row.map((cell) => ({ ...cell, cursor: false, fg: cell.cursor ? null : cell.fg, bg: cell.cursor ? null : cell.bg })));

scenario('a link shows the terminal as it is, smaller where it must be, and takes no keys', stage.url, kClipboard, async ({ page, context }) => {
  await choose_preset(page, 'demo');
  await prompt_shown(page);
  await type_line(page, "clear; printf '\\e[1;35mhello\\e[0m 中文 \\e[7mreverse\\e[0m\\n'");
  await shows_row(page, 'hello 中文 reverse');
  const link = await copy_link(page);
  assert.match(link, /\/#watch=[\w-]+\.[\w-]+$/);

  const watcher = await onlooker(context, link, { width: 700, height: 420 });
  await shows_row(watcher, 'hello 中文 reverse');
  assert.equal(await watcher.evaluate(() => location.hash), '', 'the secret is not left in the address');
  assert.equal(await watcher.locator('#bar-state-text').textContent(), 'watching');
  assert.equal((await rows(watcher)).length, (await rows(page)).length);
  assert.ok((await watcher.evaluate(() => document.querySelector('.xterm-screen').getBoundingClientRect().right - innerWidth)) <= 0, 'it is cut off');
  assert.deepEqual(looks(await styled_rows(watcher)), looks(await styled_rows(page)));

  await watcher.locator('#screen').click();
  await watcher.keyboard.type('echo intruder > intruder.txt\n');
  await type_line(page, 'clear; echo mine-$((1 + 1)); ls');
  await shows_row(page, 'mine-2');
  await shows_row(watcher, 'mine-2');
  assert.ok(!(await rows(page)).some((row) => row.includes('intruder')));

  // A reload goes on looking.
  await watcher.reload();
  await watcher.locator('#bar[data-state="watching"]').waitFor();
  await shows_row(watcher, 'mine-2');

  await type_line(page, 'exit 5');
  await watcher.locator('#ending').waitFor();
  assert.equal(await watcher.locator('#ending-text').textContent(), 'The shell ended (status 5).');
  assert.ok(await watcher.locator('#again').isHidden());
  await watcher.context().close();
});

scenario('whoever looks on sees full-screen programs, and the size that they have', stage.url, kClipboard, async ({ page, context }) => {
  await choose_preset(page, 'demo');
  await prompt_shown(page);
  await type_line(page, vim_at(stage.host.home).join(' '));
  await shows_match(page, /greeting\.c +1,1 +Top/);
  const watcher = await onlooker(context, await copy_link(page), { width: 1280, height: 800 });
  await shows_match(watcher, /greeting\.c +1,1 +Top/);
  await page.setViewportSize({ width: 900, height: 500 });
  await page.keyboard.type('/value_1.0');
  await page.keyboard.press('Enter');
  await shows_match(page, /static int value_1\d0/);
  const lines = (await rows(page)).length;
  await watcher.waitForFunction((count) => document.querySelectorAll('#screen .xterm-rows > div').length === count, lines);
  const bottom = (await rows(page)).at(-2);
  await watcher.waitForFunction((row) => [...document.querySelectorAll('#screen .xterm-rows > div')].at(-2)?.textContent.replaceAll('\u00a0', ' ').trimEnd() === row, bottom);
  assert.deepEqual(looks(await styled_rows(watcher)), looks(await styled_rows(page)));
  // Leaving is no hanging up.
  await watcher.locator('#bar-disconnect').click();
  await watcher.locator('#ending').waitFor();
  await page.keyboard.type(':q!');
  await page.keyboard.press('Enter');
  await shows_last(page, 'host$');
  await watcher.context().close();
});

scenario('a link of a session that is gone says so', stage.url, async ({ page }) => {
  await page.goto('about:blank'); // from the gateway's own page this would only be another place in it
  await page.goto(`${stage.url}#watch=nothing.here`);
  await page.locator('#ending').waitFor();
  assert.match(await page.locator('#ending-text').textContent(), /There is no such session\./);
});
