// Whatever a host prints: it is told nothing that it chose, nothing happens to the page or the clipboard, and the terminal works on.
// The known attacks (fixtures/terminal_attacks.mjs) are printed by a real shell in the real page; the host writes down what it is told.
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { scenario } from './fixtures/browser.mjs';
import { copy, pasted } from './fixtures/clipboard.mjs';
import { choose_preset } from './fixtures/form.mjs';
import { start_gateway } from './fixtures/gateway.mjs';
import { prompt_shown, rows, shows_last, shows_match, shows_row, type_line } from './fixtures/screen.mjs';
import { demo_stage, until_the_end } from './fixtures/stage.mjs';
import { attacks } from './fixtures/terminal_attacks.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const stage = await demo_stage();
const at_home = (name) => path.join(stage.host.home, name);
copyFileSync(path.join(here, 'fixtures/raw_ear.mjs'), at_home('raw_ear.mjs'));
const clipboard = { permissions: ['clipboard-read', 'clipboard-write'] };
const kMine = 'what I copied myself';

const base64 = (text) => Buffer.from(text).toString('base64');

async function told_for(page, output) {
  rmSync(at_home('told'), { force: true });
  writeFileSync(at_home('attack'), output);
  const written = new Promise((resolve) => {
    const watcher = watch(stage.host.home, () => {
      if (!existsSync(at_home('told'))) return;
      watcher.close();
      resolve();
    });
  });
  await type_line(page, `clear; ${process.execPath} raw_ear.mjs attack told`);
  await written;
  await shows_row(page, 'heard');
  const told = readFileSync(at_home('told'), 'latin1');
  assert.ok(told.includes('\x1b[?1;2c'), JSON.stringify(told));
  return told.replace(/(\x1b\[\?1;2c)+$/, '');
}

for (const [name, { output, heard = /^$/, most = 0, asks = false }] of Object.entries(attacks)) {
  scenario(`attack: ${name}`, stage.url, clipboard, async ({ page, context, t }) => {
    await choose_preset(page, 'demo');
    await prompt_shown(page);
    await copy(page, kMine);
    const { href } = new URL(page.url());
    const pages = context.pages().length;
    const began = performance.now();
    const told = await told_for(page, output);
    t.diagnostic(`${Buffer.byteLength(output)} bytes in ${Math.round(performance.now() - began)} ms`);
    assert.match(told, heard, JSON.stringify(told.slice(0, 200)));
    if (most > 0) assert.ok(told.length <= most, `${told.length} bytes were typed`);
    assert.equal(existsSync(at_home('pwned')), false);

    // The page is where it was, and only what it made itself is on it.
    assert.equal(page.url(), href);
    assert.equal(context.pages().length, pages);
    assert.deepEqual(await page.evaluate(() => ['img', 'iframe', 'object', 'embed', 'audio', 'video'].filter((tag) => document.querySelector(tag))), []);
    assert.match(await page.title(), /^[^\p{Cc}\p{Cf}]{1,200}$/u);
    assert.ok((await page.title()).startsWith(`${stage.place.username}@`));
    assert.equal(await page.locator('#clipboard').isVisible(), asks);
    assert.equal(await pasted(page, stage.url), kMine);

    // The terminal takes keys and shows what is printed.
    await page.locator('#screen').click();
    await type_line(page, 'stty sane; clear; echo still-$((40 + 2))');
    await shows_row(page, 'still-42');
    await shows_last(page, 'host$');
  });
}

const wish = (text) => `clear; printf '\\e]52;c;%s\\a' ${base64(text)}; echo wished`;

scenario('the clipboard is the host\'s after a visible yes, and only once', stage.url, clipboard, async ({ page }) => {
  await choose_preset(page, 'demo');
  await prompt_shown(page);
  await copy(page, kMine);
  const bar = page.locator('#clipboard');
  await type_line(page, wish('first line\n\u202esecond\tline'));
  await bar.waitFor();
  assert.equal(await page.locator('#clipboard-question').textContent(), `${stage.place.host} wants to put 23 characters in 2 lines on the clipboard.`);
  assert.equal(await page.locator('#clipboard-start').textContent(), 'first line⏎\n⟨U+202E⟩second⇥line');
  assert.match(await page.locator('#announce').textContent(), /wants to put 23 characters .* Ctrl\+Shift\+L/);
  // Keys still go to the shell; nobody's Enter answers a question that came under it.
  await page.keyboard.type('echo typed');
  await page.keyboard.press('Enter');
  await shows_row(page, 'typed');
  assert.equal(await pasted(page, stage.url), kMine);
  await page.getByRole('button', { name: 'Allow once' }).click();
  await bar.waitFor({ state: 'hidden' });
  await page.locator('#bar-state-text').getByText('On the clipboard.').waitFor();
  assert.equal(await pasted(page, stage.url), 'first line\n\u202esecond\tline');
  await page.keyboard.type('back');
  await shows_last(page, 'host$ back');
});

scenario('the answer is found by keyboard, and "Not now" and "Never" are no', stage.url, clipboard, async ({ page }) => {
  await choose_preset(page, 'demo');
  await prompt_shown(page);
  await copy(page, kMine);
  const bar = page.locator('#clipboard');
  await type_line(page, wish('a'));
  await bar.waitFor();
  await page.keyboard.press('Control+Shift+L');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'clipboard');
  await page.keyboard.press('Escape');
  await bar.waitFor({ state: 'hidden' });
  await type_line(page, wish('b'));
  await page.getByRole('button', { name: 'Not now' }).click();
  await type_line(page, wish('c'));
  await bar.waitFor();
  await page.keyboard.press('Control+Shift+L');
  await page.locator('#clipboard-allow:enabled').waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter'); // Never
  await bar.waitFor({ state: 'hidden' });
  await type_line(page, wish('d'));
  await shows_row(page, 'wished');
  assert.equal(await bar.isVisible(), false);
  assert.equal(await pasted(page, stage.url), kMine);
  // It can be taken back, and it is remembered until then.
  await page.reload();
  await prompt_shown(page);
  await type_line(page, wish('e'));
  await shows_row(page, 'wished');
  assert.equal(await bar.isVisible(), false);
  await page.locator('#bar-menu').click();
  assert.equal(await page.locator('#clipboard-choice').inputValue(), 'never');
  await page.locator('#clipboard-choice').selectOption('ask');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await type_line(page, wish('f'));
  await bar.waitFor();
});

for (const [rule, expected] of [['never', kMine], ['allow', 'from the host']]) {
  const gateway = until_the_end(await start_gateway({
    known_hosts: stage.host.known_hosts_line(), hosts: stage.presets.map((preset) => ({ ...preset, clipboard: rule })),
  }));
  scenario(`a host whose clipboard is "${rule}" in the configuration asks nobody`, gateway.url, clipboard, async ({ page }) => {
    await choose_preset(page, 'demo');
    await prompt_shown(page);
    await copy(page, kMine);
    await type_line(page, wish('from the host'));
    await shows_row(page, 'wished');
    await shows_last(page, 'host$');
    assert.equal(await page.locator('#clipboard').isVisible(), false);
    assert.equal(await pasted(page, gateway.url), expected);
      await page.locator('#bar-menu').click();
    assert.equal(await page.locator('#clipboard-row').isVisible(), false);
  });
}

scenario('a wish that was printed before is none after a reload', stage.url, clipboard, async ({ page }) => {
  await choose_preset(page, 'demo');
  await prompt_shown(page);
  await copy(page, kMine);
  await type_line(page, wish('old'));
  await page.locator('#clipboard').waitFor();
  // A browser that kept no screen: all of the output is replayed.
  await page.evaluate(() => {
    sessionStorage.clear();
    for (const [key, value] of Object.entries(localStorage)) {
      if (key.startsWith('sallyport.session ')) localStorage.setItem(key, JSON.stringify({ ...JSON.parse(value), screen: undefined }));
    }
    Storage.prototype.setItem = () => undefined;
  });
  await page.reload();
  await page.locator('[data-return]').first().click();
  await shows_match(page, /^wished$/);
  assert.equal(await page.locator('#clipboard').isVisible(), false);
  assert.equal(await pasted(page, stage.url), kMine);
});

scenario('a link that looks like another one says where it leads', stage.url, async ({ page, context }) => {
  await choose_preset(page, 'demo');
  await prompt_shown(page);
  await type_line(page, `clear; printf '\\e]8;;https://www.bank.example@b\u0430nk.example/login\\e\\\\https://bank.example/\\e]8;;\\e\\\\\\n'`);
  const shown = await shows_row(page, 'https://bank.example/');
  const box = await page.locator('#screen .xterm-rows > div').nth(shown.indexOf('https://bank.example/')).boundingBox();
  const at = { x: box.x + 24, y: box.y + box.height / 2 };
  await page.mouse.move(at.x - 4, at.y);
  await page.mouse.move(at.x, at.y);
  await page.locator('#screen .xterm-cursor-pointer').waitFor();
  await page.mouse.click(at.x, at.y);
  await page.locator('#link[open]').waitFor();
  assert.equal(await page.locator('#link-address').textContent(), 'https://www.bank.example@xn--bnk-6cd.example/login');
  assert.equal(await page.locator('#link-address strong').textContent(), 'xn--bnk-6cd.example');
  assert.equal(await page.locator('#link-warnings li').count(), 2);
  assert.equal(await page.evaluate(() => document.activeElement.value), 'stay');
  assert.equal(context.pages().length, 1);
});

scenario('what is printed backwards is seen forwards', stage.url, async ({ page }) => {
  await choose_preset(page, 'demo');
  await prompt_shown(page);
  await type_line(page, 'clear; printf "file \\xe2\\x80\\xaegpj.exe\\n"');
  const shown = await shows_match(page, /^file .?gpj\.exe$/);
  const index = shown.findIndex((row) => /gpj\.exe$/.test(row));
  const left = await page.evaluate((at) => {
    const row = document.querySelectorAll('#screen .xterm-rows > div')[at];
    const place = (letter) => {
      const walker = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const found = node.data.indexOf(letter);
        if (found < 0) continue;
        const range = document.createRange();
        range.setStart(node, found);
        range.setEnd(node, found + 1);
        return range.getBoundingClientRect().left;
      }
      return NaN;
    };
    return ['g', 'p', 'j', 'x'].map(place);
  }, index);
  assert.deepEqual(left, [...left].sort((a, b) => a - b));
  assert.deepEqual((await rows(page))[index].replace(/\u2060/g, ''), 'file gpj.exe');
});
