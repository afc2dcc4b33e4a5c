// What is typed and pasted arrives; what is printed is seen, however much of it there is.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { scenario } from './fixtures/browser.mjs';
import { choose_preset } from './fixtures/form.mjs';
import { prompt_shown, rows, shows_last, shows_match, shows_row, type_line } from './fixtures/screen.mjs';
import { demo_stage } from './fixtures/stage.mjs';

const stage = await demo_stage();
const at_home = (name) => path.join(stage.host.home, name);

scenario('中文 and emoji are typed, shown and kept', stage.url, async ({ page }) => {
  await choose_preset(page, 'demo');
  await prompt_shown(page);
  await type_line(page, 'cat > note.txt');
  await page.keyboard.insertText('你好，世界 👋🏽 naïve');
  await page.keyboard.press('Enter');
  await page.keyboard.insertText('e\u0301 👨‍👩‍👧 한국어');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+d');
  await prompt_shown(page);
  assert.equal(readFileSync(at_home('note.txt'), 'utf8'), '你好，世界 👋🏽 naïve\ne\u0301 👨‍👩‍👧 한국어\n');
  await type_line(page, 'clear; cat note.txt');
  await shows_row(page, '你好，世界 👋🏽 naïve');
  await shows_row(page, 'e\u0301 👨‍👩‍👧 한국어');
});

scenario('an input method composes before anything is sent', stage.url, async ({ page, context }) => {
  await choose_preset(page, 'demo');
  await prompt_shown(page);
  const devtools = await context.newCDPSession(page);
  await devtools.send('Input.imeSetComposition', { text: 'ni', selectionStart: 2, selectionEnd: 2 });
  await devtools.send('Input.imeSetComposition', { text: 'nihao', selectionStart: 5, selectionEnd: 5 });
  await devtools.send('Input.insertText', { text: '你好' });
  await shows_last(page, 'host$ 你好');
  await page.keyboard.press('Backspace');
  await shows_last(page, 'host$ 你');
});

scenario('a long paste arrives whole', stage.url, { permissions: ['clipboard-read', 'clipboard-write'] }, async ({ page }) => {
  const text = Array.from({ length: 4000 }, (_, i) => `line ${i} 中文 🚀 "quoted" \\ tail`).join('\n') + '\n';
  await choose_preset(page, 'demo');
  await prompt_shown(page);
  // Raw, as an editor has it. With lines and without echo OpenSSH answers each write to the terminal with padding of the same
  // size, as one packet, to hide where passwords are typed; libssh2 takes none above 40 000 bytes.
  const bytes = Buffer.byteLength(text);
  await type_line(page, `stty raw -echo; echo reading-$((1 + 1)); head -c ${bytes} > pasted.txt; stty sane; echo got-$(wc -c < pasted.txt)`);
  await shows_row(page, 'reading-2'); // behind it the shell's own bracketed paste is off
  await page.evaluate((value) => navigator.clipboard.writeText(value), text);
  await page.keyboard.press('Control+Shift+V');
  await shows_match(page, new RegExp(`got-${bytes}`));
  assert.equal(readFileSync(at_home('pasted.txt'), 'utf8'), text.replaceAll('\n', '\r'));
});

scenario('Ctrl-C ends a flood at once', stage.url, async ({ page }) => {
  await choose_preset(page, 'demo');
  await prompt_shown(page);
  await type_line(page, 'yes "flooding 中文 with no end"');
  await shows_row(page, 'flooding 中文 with no end');
  await page.keyboard.press('Control+c');
  await shows_last(page, 'host$');
  await type_line(page, 'clear; echo still-$((40 + 2))');
  await shows_row(page, 'still-42');
});

scenario('10 MB of colours end with the right line, and a key is answered', stage.url, async ({ page }) => {
  const line = (i) => `\x1b[3${1 + (i % 6)}m${String(i).padStart(6, '0')}\x1b[0m \x1b[1;48;5;${16 + (i % 200)}m colours, 中文, 🚀 \x1b[0m and some more words to fill the line`;
  const lines = [];
  for (let bytes = 0; bytes < 10 * 1024 * 1024;) {
    lines.push(line(lines.length));
    bytes += Buffer.byteLength(lines.at(-1)) + 1;
  }
  writeFileSync(at_home('flood.txt'), lines.join('\n') + '\n');
  await choose_preset(page, 'demo');
  await prompt_shown(page);
  await type_line(page, 'cat flood.txt; echo done-$((1 + 1))');
  await shows_row(page, 'done-2');
  await shows_last(page, 'host$');
  const shown = await rows(page);
  const end = shown.indexOf('done-2');
  const expected = lines.slice(-end).map((text) => text.replace(/\x1b\[[\d;]*m/g, ''));
  assert.ok(end > 10);
  assert.deepEqual(shown.slice(0, end), expected);
  await page.keyboard.type('ok');
  await shows_last(page, 'host$ ok');
});

scenario('mouse reports reach the program that asks for them', stage.url, async ({ page }) => {
  await choose_preset(page, 'demo');
  await prompt_shown(page);
  await type_line(page, `stty raw -echo; printf '\\e[?1000h\\e[?1006hREA''DY'; dd bs=1 count=9 2>/dev/null | od -An -c > mouse.txt; stty sane; printf '\\e[?1000l'; clear; cat mouse.txt`);
  await shows_match(page, /READY/);
  const box = await page.locator('#screen .xterm-screen').boundingBox();
  await page.mouse.click(box.x + 2, box.y + 2);
  await shows_match(page, /033\s+\[\s+<\s+0\s+;\s+1\s+;\s+1\s+M/);
});
