// A host key that is new, known, declined, changed.
import assert from 'node:assert/strict';
import path from 'node:path';
import { scenario } from './fixtures/browser.mjs';
import { choose_preset, complaint, focused } from './fixtures/form.mjs';
import { start_gateway } from './fixtures/gateway.mjs';
import { fingerprint, make_key } from './fixtures/keys.mjs';
import { prompt_shown } from './fixtures/screen.mjs';
import { start_ssh_host } from './fixtures/ssh_host.mjs';
import { until_the_end } from './fixtures/stage.mjs';

const host = until_the_end(await start_ssh_host());
const demo = [{ name: 'demo', address: host.host, port: host.port, user: host.username, identity_file: host.user_key.file }];
const impostor = make_key(path.join(host.home, 'impostor'));
const ignorant = until_the_end(await start_gateway({ hosts: demo }));
const deceived = until_the_end(await start_gateway({ hosts: demo, known_hosts: host.known_hosts_line(impostor) }));

scenario('declined: nothing is saved and nothing was sent', ignorant.url, async ({ page }) => {
  await choose_preset(page, 'demo');
  await page.locator('#hostkey-decline').click();
  const { message, hint } = await complaint(page);
  assert.equal(message, 'The host key of 127.0.0.1 was not accepted.');
  assert.match(hint, /^Nothing was sent to the host\./);
  assert.equal(ignorant.known_hosts(), '');
  assert.ok(!host.log().includes('Accepted'), host.log());
});

scenario('unknown: asked with the fingerprint ssh-keygen says, saved when accepted, not asked again', ignorant.url, async ({ page }) => {
  await choose_preset(page, 'demo');
  const panel = page.locator('#hostkey');
  await panel.waitFor();
  const shown = (await panel.locator('[data-fingerprint]').textContent()).replace(/\s/g, '');
  assert.equal(shown, fingerprint(`${host.host_key.file}.pub`));
  assert.match(await panel.textContent(), new RegExp(`This gateway has not met 127\\.0\\.0\\.1:${host.port} before\\.`));
  assert.match(await panel.textContent(), /ssh-ed25519/);
  assert.notEqual(await focused(page), 'hostkey-accept'); // a held Enter must not accept
  await page.locator('#hostkey-accept').click();
  await prompt_shown(page);
  assert.ok(ignorant.known_hosts().includes(host.host_key.line.split(' ')[1]), ignorant.known_hosts());
});

scenario('known: the second visit is not asked', ignorant.url, async ({ page }) => {
  await page.evaluate(() => {
    globalThis.sallyport_asked = 0;
    new MutationObserver(() => {
      if (document.getElementById('hostkey')) globalThis.sallyport_asked++;
    }).observe(document.body, { childList: true, subtree: true });
  });
  await choose_preset(page, 'demo');
  await prompt_shown(page);
  assert.equal(await page.evaluate(() => globalThis.sallyport_asked), 0);
});

scenario('changed: a hard stop with both fingerprints and no way through', deceived.url, async ({ page }) => {
  const before_visit = host.log().split('Accepted').length;
  await choose_preset(page, 'demo');
  const panel = page.locator('#hostkey-changed');
  await panel.waitFor();
  assert.match(await panel.textContent(), /The host key of 127\.0\.0\.1 has CHANGED\./);
  const shown = (await panel.locator('[data-fingerprint]').allTextContents()).map((text) => text.replace(/\s/g, ''));
  assert.deepEqual(shown, [impostor.fingerprint, host.host_key.fingerprint]);
  // All that can be clicked while the panel is there leads back.
  const buttons = await page.locator('button:visible, a:visible, input:visible').evaluateAll((all) => all.map((one) => one.id));
  assert.deepEqual(buttons, ['cancel']);
  await page.locator('#cancel').click();
  await page.locator('#login').waitFor();
  assert.equal(deceived.known_hosts(), host.known_hosts_line(impostor));
  assert.equal(host.log().split('Accepted').length, before_visit);
});
