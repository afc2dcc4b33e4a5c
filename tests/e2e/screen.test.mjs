// Full-screen programs look on the page as they do in a plain terminal: every cell of the same program at the same size.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { scenario } from './fixtures/browser.mjs';
import { vim_at } from './fixtures/editor.mjs';
import { choose_preset } from './fixtures/form.mjs';
import { side_by_side, shell_size } from './fixtures/same_picture.mjs';
import { drawn_colours, prompt_shown, rows, shows_match, shows_row, styled_rows, type_line } from './fixtures/screen.mjs';
import { demo_stage } from './fixtures/stage.mjs';

const stage = await demo_stage();

const kColours = Array.from({ length: 120 }, (_, i) =>
  `\x1b[${31 + (i % 6)}mrow ${i}\x1b[0m \x1b[1mbold\x1b[0m \x1b[4munderlined\x1b[0m \x1b[7mreverse\x1b[0m \x1b[48;5;${16 + i}m back \x1b[0m 中文 ┌─┐`).join('\n') + '\n';

scenario('vim is drawn as in a plain terminal', stage.url, async ({ page }) => {
  await side_by_side(page, stage.host.home, vim_at(stage.host.home), [
    [undefined, /greeting\.c +1,1 +Top/],
    [['/value_1.0', 'Enter'], /static int value_1\d0/],
    [['i', '新 😀 '], /-- INSERT --/],
    [['Escape', ':split', 'Enter'], /greeting\.c \[\+\] +\d+,\d/],
  ]);
});

scenario('less is drawn as in a plain terminal', stage.url, async ({ page }) => {
  writeFileSync(path.join(stage.host.home, 'colours.txt'), kColours);
  await side_by_side(page, stage.host.home, ['less', '-R', 'colours.txt'], [
    [undefined, /^colours\.txt/],
    [[' '], /^:$/],
    [['/row 77', 'Enter'], /^row 77 /],
    [['G'], /\(END\)/],
  ]);
});

for (const colorScheme of ['dark', 'light']) {
  scenario(`reverse video exchanges ink and ground, ${colorScheme}`, stage.url, { colorScheme }, async ({ page }) => {
    await choose_preset(page, 'demo');
    await prompt_shown(page);
    await type_line(page, "clear; printf 'upright\\n\\e[7mreverse\\e[0m \\e[7;32mgreen\\e[0m \\e[30;46mblack\\e[0m\\n'");
    await shows_row(page, 'reverse green black');
    const upright = await drawn_colours(page, 'upright');
    assert.deepEqual(await drawn_colours(page, 'reverse'), { ink: upright.ground, ground: upright.ink });
    const look = (await styled_rows(page)).flat();
    const of = (text) => look.find((_, at) => look.slice(at, at + text.length).map((cell) => cell.text).join('') === text);
    assert.deepEqual([of('reverse'), of('green'), of('black')].map(({ fg, bg }) => [fg, bg]), [[257, 257], [257, 2], [0, 6]]);
  });
}

scenario('the shell learns the new size of the window', stage.url, async ({ page }) => {
  await choose_preset(page, 'demo');
  await prompt_shown(page);
  const before = await shell_size(page);
  await page.setViewportSize({ width: 900, height: 500 });
  await type_line(page, `while [ "$(stty size)" = "${before.rows} ${before.cols}" ]; do read -t 0.05 -r; done; clear; echo "now $(stty size)"`);
  const shown = await shows_match(page, /^now \d+ \d+$/);
  const [, lines, cols] = shown.find((row) => row.startsWith('now ')).split(' ').map(Number);
  assert.ok(lines < before.rows && cols < before.cols, `${lines}x${cols} after ${before.rows}x${before.cols}`);
  // What the shell believes is what is drawn.
  assert.equal((await rows(page)).length, lines);
  await type_line(page, `clear; printf '%${cols}s|' end`);
  await shows_match(page, /^\|/);
});

scenario('vim follows the window while it runs', stage.url, async ({ page }) => {
  await choose_preset(page, 'demo');
  await prompt_shown(page);
  await type_line(page, vim_at(stage.host.home).join(' '));
  await shows_match(page, /"greeting\.c"/);
  await page.setViewportSize({ width: 800, height: 420 });
  const fresh = await page.waitForFunction(() => {
    const drawn = [...document.querySelectorAll('#screen .xterm-rows > div')].map((row) => row.textContent.replaceAll('\u00a0', ' ').trimEnd());
    return /Top$/.test(drawn.at(-2) ?? '') && drawn.length < 30 && drawn;
  });
  assert.ok((await fresh.jsonValue())[0].endsWith('#include <stdio.h>'));
});
