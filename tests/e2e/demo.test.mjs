// From the page to a shell and out again, with the host that needs nothing.
import assert from 'node:assert/strict';
import { scenario } from './fixtures/browser.mjs';
import { choose_preset } from './fixtures/form.mjs';
import { prompt_shown, shows_row, type_line } from './fixtures/screen.mjs';
import { demo_stage } from './fixtures/stage.mjs';

const stage = await demo_stage();

scenario('one click on the demo host reaches a prompt that takes keys', stage.url, async ({ page }) => {
  await choose_preset(page, 'demo');
  await prompt_shown(page);
  await type_line(page, 'echo $((6 * 7)) $TERM');
  await shows_row(page, '42 xterm-256color');
  const { username, host, port } = stage.place;
  assert.equal(await page.locator('#bar-place').textContent(), `${username}@${host}:${port}`);
  assert.match(await page.title(), new RegExp(`^${username}@127\\.0\\.0\\.1:${port} — Sallyport`));
  await page.locator('#bar-rtt').getByText('ms').waitFor();
});

scenario('the shell that ends says so, and connects again', stage.url, async ({ page }) => {
  await choose_preset(page, 'demo');
  await prompt_shown(page);
  await type_line(page, 'mark=first; exit 3');
  await page.getByText('The shell ended (status 3).', { exact: true }).first().waitFor();
  assert.equal(await page.locator('#bar-state-text').textContent(), 'ended');
  await page.keyboard.press('Enter'); // "Connect again" has the focus
  await page.locator('#ending').waitFor({ state: 'hidden' });
  await prompt_shown(page);
  await type_line(page, 'echo "<$mark>"');
  await shows_row(page, '<>');
});

scenario('a shell killed by a signal says which', stage.url, async ({ page }) => {
  await choose_preset(page, 'demo');
  await prompt_shown(page);
  await type_line(page, 'kill -KILL $$');
  await page.getByText('The shell ended (signal KILL).', { exact: true }).first().waitFor();
});

scenario('hanging up ends the shell, and another host can be chosen', stage.url, async ({ page }) => {
  await choose_preset(page, 'demo');
  await prompt_shown(page);
  await page.locator('#bar-disconnect').click();
  await page.getByText('You hung up.', { exact: true }).first().waitFor();
  await page.locator('#other').click();
  await page.locator('#login').waitFor();
  await page.locator('#screen').waitFor({ state: 'hidden' });
});

scenario('the output of the previous shell is gone after connecting again', stage.url, async ({ page }) => {
  await choose_preset(page, 'demo');
  await prompt_shown(page);
  await type_line(page, 'echo old-$((1 + 1)); exit');
  await page.locator('#again').click();
  await page.locator('#ending').waitFor({ state: 'hidden' });
  const rows = await prompt_shown(page);
  assert.ok(!rows.includes('old-2'), rows.join('\n'));
});
