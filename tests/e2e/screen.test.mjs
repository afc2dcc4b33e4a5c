// Full-screen programs look on the page as they do in a plain terminal: every cell of the same program at the same size.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { scenario } from './fixtures/browser.mjs';
import { choose_preset } from './fixtures/form.mjs';
import { start_plain_terminal } from './fixtures/plain_terminal.mjs';
import { drawn_colours, prompt_shown, rows, screen_until, shows_match, shows_row, styled_rows, type_line } from './fixtures/screen.mjs';
import { demo_stage } from './fixtures/stage.mjs';

const stage = await demo_stage();

// Nothing that a terminal is asked about itself may change the picture.
const kVimrc = 'set nocompatible t_RB= t_RF= t_RV= t_u7= background=dark number ruler laststatus=2 hlsearch encoding=utf-8\nsyntax on\n';
const kProgram = `#include <stdio.h>
/* 注释：宽字符要占两格 — wide characters take two cells */
int main(void) {
\tconst char *greeting = "hello, 世界 🚀";
\tprintf("%s\\n", greeting); // naïve café
\treturn 0;
}
${Array.from({ length: 200 }, (_, i) => `static int value_${i} = ${i * i}; // line ${i}`).join('\n')}
`;
const kColours = Array.from({ length: 120 }, (_, i) =>
  `\x1b[${31 + (i % 6)}mrow ${i}\x1b[0m \x1b[1mbold\x1b[0m \x1b[4munderlined\x1b[0m \x1b[7mreverse\x1b[0m \x1b[48;5;${16 + i}m back \x1b[0m 中文 ┌─┐`).join('\n') + '\n';

const kRest = 2_000; // ms for the page to come to what the plain terminal shows
const kAttempts = 5;

async function shell_size(page) {
  await type_line(page, 'stty size; clear -x; stty size');
  const shown = await shows_match(page, /^\d+ \d+$/);
  const [lines, cols] = shown.find((row) => /^\d+ \d+$/.test(row)).split(' ').map(Number);
  return { rows: lines, cols };
}

// A program draws in several steps, so either side may be caught between two: the picture counts once both have come to rest.
async function same_picture(page, plain, shows, size) {
  for (let attempt = 1; ; attempt++) {
    try {
      const expected = await plain.until((shown) => shown.some((row) => shows.test(row)));
      assert.equal(expected.length, size.rows);
      await screen_until(page, 'all', expected, { timeout: kRest }).catch(async () => assert.deepEqual(await rows(page), expected));
      compare(await styled_rows(page), plain.styled(), size);
      return;
    } catch (difference) {
      if (attempt === kAttempts) throw difference;
    }
  }
}

// A program in the page and the same in a plain terminal; `stops` are [keys for both, what the screen then shows].
async function side_by_side(page, command, stops) {
  await choose_preset(page, 'demo');
  await prompt_shown(page);
  const size = await shell_size(page);
  const plain = await start_plain_terminal(command, { ...size, home: stage.host.home });
  try {
    await type_line(page, command.join(' '));
    for (const [press, shows] of stops) {
      if (press) {
        plain.keys(...press);
        for (const key of press) await (key.length > 1 && /^[A-Z]/.test(key) ? page.keyboard.press(key) : page.keyboard.type(key));
      }
      await shows_match(page, shows);
      await same_picture(page, plain, shows, size);
    }
  } finally {
    await plain.stop();
  }
}

// What a cell looks like. xterm.js draws "inverse" by exchanging the colours, default with default as 257.
function described({ text, fg, bg, bold, italic, dim, underline, inverse }) {
  const [front, back] = inverse ? [bg ?? 257, fg ?? 257] : [fg, bg];
  return { text, fg: front ?? 'default', bg: back ?? 'default', bold, italic, dim, underline };
}
const is_blank = (cell) => cell.text === ' ' && cell.bg === 'default' && !cell.underline;
function trimmed(cells) {
  const end = cells.findLastIndex((cell) => !is_blank(cell));
  return cells.slice(0, end + 1).map((cell) => Object.values(cell).join(' '));
}
function compare(page_rows, plain_rows, size) {
  assert.equal(page_rows.length, size.rows);
  for (let row = 0; row < size.rows; row++) {
    const plain = plain_rows[row].map(described);
    const page = page_rows[row].map((cell, column) => {
      const drawn = described(cell);
      const expected = plain[column];
      if (!expected) return drawn;
      // The cursor's cell is drawn in the cursor's colours.
      if (cell.cursor) return { ...expected, text: drawn.text };
      // A blank has no ink.
      if (drawn.text === ' ' && !expected.underline) for (const ink of ['fg', 'bold', 'italic', 'dim']) drawn[ink] = expected[ink];
      return drawn;
    });
    assert.deepEqual(trimmed(page), trimmed(plain), `row ${row}`);
  }
}

scenario('vim is drawn as in a plain terminal', stage.url, async ({ page }) => {
  writeFileSync(path.join(stage.host.home, 'vimrc'), kVimrc);
  writeFileSync(path.join(stage.host.home, 'greeting.c'), kProgram);
  await side_by_side(page, ['vim', '-u', 'vimrc', '-i', 'NONE', '-n', 'greeting.c'], [
    [undefined, /greeting\.c +1,1 +Top/],
    [['/value_1.0', 'Enter'], /static int value_1\d0/],
    [['i', '新 😀 '], /-- INSERT --/],
    [['Escape', ':split', 'Enter'], /greeting\.c \[\+\] +\d+,\d/],
  ]);
});

scenario('less is drawn as in a plain terminal', stage.url, async ({ page }) => {
  writeFileSync(path.join(stage.host.home, 'colours.txt'), kColours);
  await side_by_side(page, ['less', '-R', 'colours.txt'], [
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
  writeFileSync(path.join(stage.host.home, 'vimrc'), kVimrc);
  writeFileSync(path.join(stage.host.home, 'greeting.c'), kProgram);
  await choose_preset(page, 'demo');
  await prompt_shown(page);
  await type_line(page, 'vim -u vimrc -i NONE -n greeting.c');
  await shows_match(page, /"greeting\.c"/);
  await page.setViewportSize({ width: 800, height: 420 });
  const fresh = await page.waitForFunction(() => {
    const drawn = [...document.querySelectorAll('#screen .xterm-rows > div')].map((row) => row.textContent.replaceAll('\u00a0', ' ').trimEnd());
    return /Top$/.test(drawn.at(-2) ?? '') && drawn.length < 30 && drawn;
  });
  assert.ok((await fresh.jsonValue())[0].endsWith('#include <stdio.h>'));
});
