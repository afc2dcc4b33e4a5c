// Who may show the page in a frame: nobody, unless the configuration names them.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after } from 'node:test';
import { scenario } from './fixtures/browser.mjs';
import { start_gateway } from './fixtures/gateway.mjs';
import { demo_stage, until_the_end } from './fixtures/stage.mjs';

const stage = await demo_stage();

// A page of another origin, with the gateway's in a frame.
async function portal() {
  const server = http.createServer((request, answer) => {
    answer.setHeader('Content-Type', 'text/html');
    answer.end(request.url === '/' ? `<!doctype html><link rel="icon" href="data:,"><iframe id="gate" src="${framed}" width="900" height="600"></iframe>` : '');
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  after(() => server.close());
  let framed = '';
  return { url: `http://127.0.0.1:${server.address().port}/`, set frame(url) { framed = url; } };
}

const foreign = await portal();
foreign.frame = stage.url;
const kRequest = /^request to /; // to the gateway: another origin than the portal's
const kBlocked = /frame-ancestors|refused to connect|ERR_BLOCKED_BY_RESPONSE|X-Frame-Options/i;

scenario('a page that nobody named cannot show it', foreign.url, { expected: [kRequest, kBlocked] }, async ({ page }) => {
  const frame = page.frames().find((one) => one !== page.mainFrame());
  assert.ok(frame);
  assert.equal(await frame.locator('#form').count(), 0);
  assert.match(frame.url(), /^(chrome-error:|about:blank)/);
});

const named = await portal();
const gateway = until_the_end(await start_gateway({
  known_hosts: stage.host.known_hosts_line(), hosts: stage.presets, flags: ['--page-frame-ancestors', named.url.replace(/\/$/, '')],
}));
named.frame = gateway.url;
scenario('one that the configuration names can, and the terminal in it works', named.url, { expected: [kRequest] }, async ({ page }) => {
  const frame = page.frameLocator('#gate');
  await frame.locator('[data-preset="demo"]').click();
  await frame.locator('body[data-view="terminal"]').waitFor();
  await frame.locator('#screen').getByText('host$').waitFor();
  await frame.locator('#screen').click();
  await page.keyboard.type('echo framed-$((40 + 2))');
  await page.keyboard.press('Enter');
  await frame.locator('#screen').getByText('framed-42').waitFor();
});
