// A host that has only old algorithms: refused, unless the configuration allows them to it by name, and then the page says so all the time.
import assert from 'node:assert/strict';
import { scenario } from './fixtures/browser.mjs';
import { choose_preset, complaint } from './fixtures/form.mjs';
import { start_gateway } from './fixtures/gateway.mjs';
import { prompt_shown, shows_row, type_line } from './fixtures/screen.mjs';
import { demo_stage, until_the_end } from './fixtures/stage.mjs';

const stage = await demo_stage();
const old = await demo_stage({ host: { lines: ['KexAlgorithms diffie-hellman-group14-sha1', 'Ciphers aes256-cbc', 'MACs hmac-sha1'] } });
const [preset] = old.presets;
const allowing = until_the_end(await start_gateway({ known_hosts: old.host.known_hosts_line(), hosts: [{ ...preset, legacy: true }] }));

scenario('without a word in the configuration it is refused', old.url, async ({ page }) => {
  await choose_preset(page, 'demo');
  const { message } = await complaint(page);
  assert.match(message, /diffie-hellman-group14-sha1|aes256-cbc|hmac-sha1/);
});

scenario('with one the page says that they are old, in the bar and in a sentence, and after a reload', allowing.url, async ({ page }) => {
  await choose_preset(page, 'demo');
  await prompt_shown(page);
  assert.match(await page.locator('#announce').textContent(), /It uses old algorithms\.$/);
  for (const round of ['opened', 'come back to']) {
    await page.locator('#bar-legacy').waitFor();
    assert.equal(await page.locator('#bar-legacy').textContent(), 'old algorithms', round);
    await page.locator('#bar-legacy').click();
    assert.match(await page.locator('#legacy-note').textContent(), /^This connection uses old algorithms/);
    assert.ok((await page.locator('#algorithms').textContent()).includes('diffie-hellman-group14-sha1'));
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await type_line(page, 'clear; echo works');
    await shows_row(page, 'works');
    if (round === 'opened') await page.reload();
  }
});

scenario('a host of today is not spoken of', stage.url, async ({ page }) => {
  await choose_preset(page, 'demo');
  await prompt_shown(page);
  assert.equal(await page.locator('#bar-legacy').isVisible(), false);
  await page.locator('#bar-menu').click();
  assert.equal(await page.locator('#legacy-note').isVisible(), false);
});
