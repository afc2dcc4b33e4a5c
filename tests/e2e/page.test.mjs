// The page itself: languages, themes, the keyboard alone, small windows, the other renderer, screen readers, links.
import assert from 'node:assert/strict';
import { scenario } from './fixtures/browser.mjs';
import { choose_preset, focused } from './fixtures/form.mjs';
import { start_gateway } from './fixtures/gateway.mjs';
import { drawn_colours, prompt_shown, rows, shows_last, shows_match, shows_row, type_line } from './fixtures/screen.mjs';
import { demo_stage, until_the_end } from './fixtures/stage.mjs';

const stage = await demo_stage();
const two_presets = until_the_end(await start_gateway({
  known_hosts: stage.host.known_hosts_line(),
  hosts: [...stage.presets, { name: 'database', address: 'db-3.example.org', port: 22, user: 'ana' }],
}));
const background = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
const brightness = (color) => color.match(/[\d.]+/g).slice(0, 3).map(Number).reduce((sum, part) => sum + part, 0) / 3;

scenario('the language is the browser\'s, can be switched, and is remembered', stage.url, { locale: 'zh-CN' }, async ({ page }) => {
  const heading = page.locator('#form-heading');
  assert.equal(await heading.textContent(), '连接到主机');
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'zh-Hans');
  await page.locator('#login select[data-choice="language"]').selectOption('en');
  assert.equal(await heading.textContent(), 'Connect to a host');
  await page.reload();
  assert.equal(await heading.textContent(), 'Connect to a host');
  assert.equal(await page.locator('#connect').textContent(), 'Connect');
});

scenario('no word is missing in either language', stage.url, async ({ page }) => {
  for (const language of ['en', 'zh']) {
    await page.locator('#login select[data-choice="language"]').selectOption(language);
    const empty = await page.evaluate(() => [...document.querySelectorAll('[data-text]')].filter((one) => !one.textContent.trim()).map((one) => one.dataset.text));
    assert.deepEqual(empty, []);
  }
});

scenario('dark and light follow the system, can be chosen, and are remembered', stage.url, { colorScheme: 'light' }, async ({ page }) => {
  assert.ok(brightness(await background(page)) > 200, await background(page));
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.waitForFunction(() => document.documentElement.dataset.theme === 'dark');
  assert.ok(brightness(await background(page)) < 60, await background(page));
  await page.locator('#login select[data-choice="theme"]').selectOption('light');
  assert.ok(brightness(await background(page)) > 200, await background(page));
  await page.reload();
  assert.ok(brightness(await background(page)) > 200, await background(page));
});

scenario('the running terminal changes its theme and its language', stage.url, async ({ page }) => {
  await choose_preset(page, 'demo');
  await prompt_shown(page);
  const ink = () => page.evaluate(() => getComputedStyle(document.querySelector('#screen .xterm-rows')).color);
  const on_dark = await ink();
  await page.locator('#bar-menu').click();
  await page.locator('#menu select[data-choice="theme"]').selectOption('light');
  await page.waitForFunction((was) => getComputedStyle(document.querySelector('#screen .xterm-rows')).color !== was, on_dark);
  assert.ok(brightness(on_dark) > brightness(await ink()) + 100, `${on_dark} → ${await ink()}`);
  await page.locator('#menu select[data-choice="language"]').selectOption('zh');
  assert.equal(await page.locator('#bar-disconnect').textContent(), '断开');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await type_line(page, 'echo keys-again');
  await shows_row(page, 'keys-again');
});

scenario('the keyboard alone is enough', stage.url, async ({ page }) => {
  const tab_to = async (id) => {
    for (let presses = 0; presses < 40; presses++) {
      if ((await page.evaluate(() => document.activeElement?.id || document.activeElement?.name || '')) === id) return;
      await page.keyboard.press('Tab');
    }
    assert.fail(`Tab never comes to ${id}`);
  };
  assert.equal(await focused(page), 'host');
  await page.keyboard.type(stage.place.host);
  await tab_to('port');
  await page.keyboard.press('Control+a');
  await page.keyboard.type(String(stage.place.port));
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Shift+Tab');
  assert.equal(await focused(page), 'username');
  await page.keyboard.type(stage.place.username);
  await tab_to('method');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await tab_to('key-text');
  await page.keyboard.insertText(stage.host.user_key.text);
  await tab_to('connect');
  await page.keyboard.press('Enter');
  await prompt_shown(page);
  // Tab belongs to the shell; the way out is Ctrl+Shift+L, the way back Escape.
  await type_line(page, 'echo inside');
  await shows_row(page, 'inside');
  await page.keyboard.press('Control+Shift+L');
  assert.equal(await focused(page), 'bar-menu');
  await page.keyboard.press('Escape');
  await page.keyboard.type('back');
  await shows_last(page, 'host$ back');
  // To the end of the session and round again.
  await page.keyboard.press('Control+Shift+L');
  await tab_to('bar-disconnect');
  await page.keyboard.press('Enter');
  await page.locator('#ending').waitFor();
  assert.equal(await focused(page), 'again');
  await page.keyboard.press('Enter');
  await page.locator('#ending').waitFor({ state: 'hidden' });
  await prompt_shown(page);
});

for (const [name, viewport] of [['a phone', { width: 360, height: 740 }], ['a small window', { width: 640, height: 360 }]]) {
  scenario(`nothing is cut off on ${name}`, stage.url, { viewport }, async ({ page }) => {
    const wide = () => page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
    const outside = () => page.evaluate(() => [...document.querySelectorAll('button, input, select, textarea, a')]
      .filter((one) => one.checkVisibility() && !one.closest('.xterm') && !one.classList.contains('unseen') && one.type !== 'radio')
      .map((one) => [one.id || one.textContent, one.getBoundingClientRect()])
      .filter(([, box]) => box.width > 0 && (box.left < -0.5 || box.right > innerWidth + 0.5)).map(([id]) => id));
    assert.ok((await wide()) <= 0, 'the form scrolls sideways');
    assert.deepEqual(await outside(), []);
    await choose_preset(page, 'demo');
    await prompt_shown(page);
    assert.ok((await wide()) <= 0, 'the terminal scrolls sideways');
    assert.deepEqual(await outside(), []);
    await type_line(page, 'clear; tput cols; tput lines');
    await shows_match(page, /^\d+$/);
    // The terminal ends where the window does.
    const box = await page.locator('#screen').boundingBox();
    assert.ok(box.y + box.height <= viewport.height + 0.5 && box.height > viewport.height * 0.6, JSON.stringify(box));
  });
}

for (const locale of ['en-US', 'zh-CN']) {
  scenario(`two hosts and three places fit beside the form, ${locale}`, two_presets.url, { locale }, async ({ page }) => {
    await page.evaluate(() => localStorage.setItem('sallyport.places', JSON.stringify([
      { host: '127.0.0.1', port: 2222, username: 'ana', method: 'password' },
      { host: 'db-3.example.org', port: 22, username: 'postgres-maintenance', method: 'publickey' },
      { host: '2001:db8::17', port: 2200, username: 'root', method: 'interactive' },
    ])));
    await page.reload();
    await page.locator('#recent li').nth(2).waitFor();
    assert.equal(await page.locator('[data-preset]').count(), 2);
    assert.ok((await page.evaluate(() => document.scrollingElement.scrollHeight - innerHeight)) <= 0, 'the form scrolls');
    const sill = await page.locator('#login .sill').boundingBox();
    assert.ok(sill.y + sill.height < 800, JSON.stringify(sill));
  });
}

scenario('the menu says what was agreed on', stage.url, async ({ page }) => {
  await choose_preset(page, 'demo');
  await prompt_shown(page);
  await page.locator('#bar-menu').click();
  const said = () => page.locator('#algorithms > div').evaluateAll((all) => Object.fromEntries(all.map((row) => [...row.children].map((one) => one.textContent))));
  const { 'Cipher in': cipher_in, 'MAC in': mac_in, 'MAC out': mac_out } = await said();
  assert.match(cipher_in, /^(aes\d+-gcm|chacha20-poly1305)@openssh\.com$/);
  assert.deepEqual([mac_in, mac_out], ['implicit', 'implicit']);
  await page.locator('#menu select[data-choice="language"]').selectOption('zh');
  assert.equal((await said())['接收校验'], '由加密算法自带');
});

scenario('WebGL draws where it is to be had', stage.url, { renderer: 'gl' }, async ({ page }) => {
  await page.addInitScript(() => localStorage.setItem('sallyport.screen-reader', 'on'));
  await page.reload();
  await choose_preset(page, 'demo');
  await page.locator('#screen canvas').first().waitFor();
  // Nothing to read in the drawing; what a screen reader is told has the same words.
  const told = page.locator('#screen .xterm-accessibility-tree');
  await told.getByText('host$').first().waitFor();
  await type_line(page, 'echo drawn-by-$((1 + 1))');
  await told.getByText('drawn-by-2').first().waitFor();
  const lit = await page.screenshot();
  await type_line(page, 'clear');
  await told.getByText('drawn-by-2').first().waitFor({ state: 'detached' });
  assert.notDeepEqual(await page.screenshot(), lit);
});

scenario('a screen reader is told what the shell prints', stage.url, async ({ page }) => {
  await choose_preset(page, 'demo');
  await prompt_shown(page);
  await page.locator('#bar-menu').click();
  await page.locator('#screen-reader').check();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await type_line(page, 'echo aloud-$((1 + 1))');
  await page.locator('#screen .xterm-accessibility-tree').getByText('aloud-2').first().waitFor();
});

scenario('search finds, counts and gives the keys back', stage.url, async ({ page }) => {
  await choose_preset(page, 'demo');
  await prompt_shown(page);
  await type_line(page, `clear; for i in 1 2 3; do echo needle-$i; done`);
  await shows_row(page, 'needle-3');
  await page.keyboard.press('Control+Shift+F');
  assert.equal(await focused(page), 'search-text');
  await page.keyboard.type('needle-');
  await page.getByText(/^\d of 3$/).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.type('typed');
  await shows_last(page, 'host$ typed');
});

for (const [colorScheme, active, ink] of [['dark', 'rgb(240, 180, 92)', 'rgb(31, 21, 3)'], ['light', 'rgb(232, 162, 58)', 'rgb(31, 21, 3)']]) {
  scenario(`the match that the search stands on is amber, over reverse video too, ${colorScheme}`, stage.url, { colorScheme }, async ({ page }) => {
    await choose_preset(page, 'demo');
    await prompt_shown(page);
    await type_line(page, `clear; printf '\\e[7mthread-7\\e[0m\\nthread-8\\n'`);
    await shows_row(page, 'thread-8');
    await page.keyboard.press('Control+Shift+F');
    const typed = page.locator('#search-text');
    // Drawn a frame after the search; resolves with the row that the amber match is in.
    const stands_on = async (match, but) => (await page.waitForFunction(([ground, text, other]) => {
      const amber = [...document.querySelectorAll('#screen .xterm-rows span')].filter((one) => getComputedStyle(one).backgroundColor === ground);
      const row = amber[0]?.parentElement.textContent;
      return amber.map((one) => one.textContent).join('') === text && row !== other && row;
    }, [active, match, but])).jsonValue();
    for (const word of ['thread-7', 'thread-8']) {
      await typed.fill(word);
      assert.equal(await stands_on(word), word);
      assert.deepEqual(await drawn_colours(page, word), { ink, ground: active });
    }
    // One of two, and the other at the next step.
    await typed.fill('thread-');
    await page.getByText(/^\d of 2$/).waitFor();
    const first = await stands_on('thread-');
    await page.keyboard.press('Enter');
    assert.deepEqual([first, await stands_on('thread-', first)].sort(), ['thread-7', 'thread-8']);
  });
}

scenario('a link asks before it opens, and nothing but http and https is one', stage.url, async ({ page }) => {
  await choose_preset(page, 'demo');
  await prompt_shown(page);
  const osc = (address, text) => `\\e]8;;${address}\\e\\\\${text}\\e]8;;\\e\\\\\\n`;
  await type_line(page, `clear; printf '${osc('javascript:alert(1)', 'evil-link')}${osc('https://example.invalid/a?b', 'good-link')}'`);
  await shows_row(page, 'good-link');
  const over = async (text) => {
    const at = (await rows(page)).indexOf(text);
    const box = await page.locator('#screen .xterm-rows > div').nth(at).boundingBox();
    await page.mouse.move(box.x + 60, box.y + box.height + 40);
    await page.mouse.move(box.x + 20, box.y + box.height / 2);
    await page.mouse.move(box.x + 24, box.y + box.height / 2);
    return { x: box.x + 24, y: box.y + box.height / 2 };
  };
  const evil = await over('evil-link');
  await page.mouse.click(evil.x, evil.y);
  const good = await over('good-link');
  await page.locator('#screen .xterm-cursor-pointer').waitFor();
  await page.mouse.click(good.x, good.y);
  await page.locator('#link[open]').waitFor();
  assert.equal(await page.locator('#link-address').textContent(), 'https://example.invalid/a?b');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.locator('#link[open]').waitFor({ state: 'detached' });
  await page.keyboard.type('kept');
  await shows_last(page, 'host$ kept');
});

scenario('what a host prints never becomes part of the page', stage.url, async ({ page }) => {
  await choose_preset(page, 'demo');
  await prompt_shown(page);
  await type_line(page, `printf '\\e]0;<img src=x onerror=alert(1)>\\a\\e]52;c;?\\a\\e[>q\\e[c<script>alert(2)</script>\\n'; read -t 0.2 -n 100 reply; clear; echo safe`);
  await shows_row(page, 'safe');
  assert.match(await page.title(), /<img src=x onerror=alert\(1\)>/); // as text
  assert.equal(await page.locator('img').count(), 0);
});
