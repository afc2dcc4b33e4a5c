// A lost connection is the page's business, not the user's: it comes back by itself, and no byte and no key knows.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readFileSync, watch, writeFileSync } from 'node:fs';
import path from 'node:path';
import { choose_preset } from './fixtures/form.mjs';
import { prompt_shown, screen_until, shows_last, shows_match, shows_row, styled_rows, type_line } from './fixtures/screen.mjs';
import { demo_stage, networked } from './fixtures/stage.mjs';

const stage = await demo_stage();
const at_home = (name) => path.join(stage.host.home, name);
const in_state = (page, wanted) => page.locator(`#bar[data-state="${wanted}"]`).waitFor();
async function cut(network, how) {
  await network.carries();
  network.cut(how);
}
async function until_file(file, there) {
  const folder = watch(path.dirname(file));
  try {
    while (existsSync(file) !== there) await once(folder, 'change');
  } finally {
    folder.close();
  }
}
const gone = (file) => until_file(file, false);
const shell = async (page) => {
  await choose_preset(page, 'demo');
  await prompt_shown(page);
};

for (const how of ['reset', 'close']) {
  networked(`keys typed over a connection that is cut six times arrive exactly once (${how})`, stage.url, async ({ page, network }) => {
    await shell(page);
    await type_line(page, `cat > typed-${how}.txt`);
    await until_file(at_home(`typed-${how}.txt`), true); // before, the keys would be the shell's line editor's
    const lines = Array.from({ length: 60 }, (_, i) => `line ${i} 中文`);
    for (const [at, line] of lines.entries()) {
      if (at % 20 === 7) await cut(network, how);
      await page.keyboard.type(line.slice(0, 5));
      if (at % 20 === 17) await cut(network, how);
      await page.keyboard.type(line.slice(5));
      await page.keyboard.press('Enter');
    }
    await page.keyboard.press('Control+d');
    await prompt_shown(page);
    assert.equal(readFileSync(at_home(`typed-${how}.txt`), 'utf8'), lines.join('\n') + '\n');
    assert.equal(network.terminals, 7);
    // What was echoed meanwhile is on the screen, each line once.
    await type_line(page, `clear; tail -n 5 typed-${how}.txt`);
    await screen_until(page, 'all', [...lines.slice(-5), 'host$']);
  });
}

networked('output that is cut again and again is drawn as if nothing had been', stage.url, async ({ page, network }) => {
  const flood = (mark) => `clear; for i in $(seq 1 50000); do printf '\\e[%dmline %d \\e[0m中文 \\e[7mreverse\\e[0m\\n' $((31 + i % 7)) $i; done; echo ${mark}-$((1 + 1))`;
  await shell(page);
  await type_line(page, flood('plain'));
  await shows_row(page, 'plain-2');
  const expected = await styled_rows(page);
  await type_line(page, flood('again'));
  for (let cuts = 0; cuts < 5; cuts++) {
    await shows_match(page, /^line \d+ /);
    await cut(network, 'reset');
  }
  await shows_row(page, 'again-2');
  assert.equal(network.terminals, 6);
  const drawn = await styled_rows(page);
  const without_marks = (rows) => rows.map((row) => row.map((cell) => ({ ...cell, cursor: false }))).filter((row) => !/(plain|again)-2/.test(row.map(({ text }) => text).join('')));
  assert.deepEqual(without_marks(drawn), without_marks(expected));
});

networked('while nobody answers the page says so, keeps the screen, and takes keys', stage.url, async ({ page, network }) => {
  await shell(page);
  await type_line(page, 'clear; echo before');
  await shows_row(page, 'before');
  network.go_down();
  await in_state(page, 'reconnecting');
  assert.match(await page.locator('#bar-state-text').textContent(), /^reconnecting/);
  assert.equal(await page.locator('#announce').textContent(), 'The connection was lost. Reconnecting; what you type is kept.');
  assert.ok((await page.locator('#screen').boundingBox()).height > 600, 'nothing covers the terminal');
  await page.keyboard.type('echo typed-while-$((1 + 1))-away');
  await page.keyboard.press('Enter');
  // The way to the button by keyboard, and back.
  await page.keyboard.press('Control+Shift+L');
  network.come_up();
  await page.locator('#bar-retry').focus();
  await page.keyboard.press('Enter');
  await in_state(page, 'running');
  await shows_row(page, 'typed-while-2-away');
  await page.locator('#announce').getByText('Connected again.').waitFor({ state: 'attached' });
  await shows_row(page, 'before');
});

networked('the network comes back, and so does the page, without waiting its turn', stage.url, async ({ page, network }) => {
  await shell(page);
  network.go_down();
  // Until the tries are far apart.
  await page.locator('#bar-state-text').getByText(/reconnecting in [3-9] s/).waitFor();
  network.come_up();
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await in_state(page, 'running');
  await type_line(page, 'echo back-$((1 + 1))');
  await shows_row(page, 'back-2');
});

networked('a network that goes silent without a word is noticed, and keys typed into it are not lost', stage.url, async ({ page, network }) => {
  await shell(page);
  await page.locator('#bar-rtt').getByText(/gateway/).waitFor();
  network.silence();
  await type_line(page, 'echo into-the-void-$((1 + 1)) >> void.txt; cat void.txt');
  await page.evaluate(() => window.dispatchEvent(new Event('online'))); // as after a tunnel: it has to prove itself soon
  await shows_row(page, 'into-the-void-2');
  assert.equal(readFileSync(at_home('void.txt'), 'utf8'), 'into-the-void-2\n');
});

networked('a shell that ends while nobody is there is seen to its last word', stage.url, async ({ page, network }) => {
  await shell(page);
  await type_line(page, 'clear; while [ ! -e go ]; do read -r -t 0.05; done; echo last-$((1 + 1))-words; rm go; exit 3');
  network.go_down();
  await in_state(page, 'reconnecting');
  writeFileSync(at_home('go'), '');
  await gone(at_home('go'));
  network.come_up();
  await page.locator('#ending').waitFor();
  assert.equal(await page.locator('#ending-text').textContent(), 'The shell ended (status 3).');
  await shows_row(page, 'last-2-words');
});

networked('leaving while nobody answers leaves the shell running, and the form offers it again', stage.url, async ({ page, network }) => {
  await shell(page);
  await type_line(page, 'clear; echo still-$((1 + 1))-here');
  await shows_row(page, 'still-2-here');
  network.go_down();
  await in_state(page, 'reconnecting');
  await page.locator('#bar-disconnect').click();
  await page.locator('#ending').waitFor();
  assert.equal(await page.locator('#ending-text').textContent(), 'You left the session. Its shell is still running.');
  network.come_up();
  await page.locator('#again').click();
  await in_state(page, 'running');
  await shows_row(page, 'still-2-here');
  await type_line(page, 'echo and-on');
  await shows_row(page, 'and-on');
});

networked('how far away gateway and host are is seen', stage.url, async ({ page, network }) => {
  await shell(page);
  const said = page.locator('#bar-rtt');
  await said.getByText(/^gateway (<?\d+(\.\d)?) ms · host <?\d+(\.\d)? ms$/).waitFor();
  network.delay = 60;
  await said.getByText(/^gateway (1[2-9]\d|[2-9]\d\d) ms · host /).waitFor();
  await page.locator('#bar-menu').click();
  await page.locator('#menu select[data-choice="language"]').selectOption('zh');
  await said.getByText(/^网关 \d+ 毫秒 · 主机 /).waitFor();
});
