// A reload, a closed tab, a second window: the session is there again, and its screen is right, cell by cell.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { scenario } from './fixtures/browser.mjs';
import { vim_at } from './fixtures/editor.mjs';
import { choose_preset, focused } from './fixtures/form.mjs';
import { start_gateway } from './fixtures/gateway.mjs';
import { side_by_side } from './fixtures/same_picture.mjs';
import { prompt_shown, rows, shows_last, shows_match, shows_row, styled_rows, type_line } from './fixtures/screen.mjs';
import { demo_stage, networked, until_the_end } from './fixtures/stage.mjs';

const stage = await demo_stage();
// Keeps little and waits for nobody, so that a short absence misses something.
const hurried = until_the_end(await start_gateway({
  known_hosts: stage.host.known_hosts_line(), hosts: stage.presets, settings: { 'session.log': '64KiB', 'session.window': '16KiB', 'session.hold': '0s' },
}));

const in_state = (page, wanted) => page.locator(`#bar[data-state="${wanted}"]`).waitFor();
const shell = async (page) => {
  await choose_preset(page, 'demo');
  await prompt_shown(page);
};
const reload = async (page) => {
  await page.reload();
  await in_state(page, 'running');
};
const without_cursor = (drawn) => drawn.map((row) => row.map((cell) => ({ ...cell, cursor: false, fg: cell.cursor ? null : cell.fg, bg: cell.cursor ? null : cell.bg })));
// Of what was drawn before and after, once both have come to rest.
async function same_screen(page, before) {
  await page.waitForFunction((count) => document.querySelectorAll('#screen .xterm-rows > div').length === count, before.length);
  for (let attempt = 1; ; attempt++) {
    try {
      assert.deepEqual(without_cursor(await styled_rows(page)), without_cursor(before));
      return;
    } catch (difference) {
      if (attempt === 20) throw difference;
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    }
  }
}

scenario('a reload leads straight back to the shell, and asks nothing', stage.url, async ({ page }) => {
  await shell(page);
  await type_line(page, 'x=kept; clear; ls --color=always / | head -5; echo $((6 * 7))');
  await shows_row(page, '42');
  const before = await styled_rows(page);
  page.on('dialog', (dialog) => assert.fail(dialog.message()));
  await page.reload({ waitUntil: 'commit' });
  await in_state(page, 'running');
  await same_screen(page, before);
  assert.ok(await page.locator('#login').isHidden());
  await type_line(page, 'clear; echo $x-$((1 + 1))');
  await shows_row(page, 'kept-2');
  // And what is above the screen.
  await type_line(page, 'clear; seq 1 200; echo end-$((1 + 1))');
  await shows_row(page, 'end-2');
  await reload(page);
  await shows_row(page, 'end-2');
  await page.keyboard.press('Shift+PageUp');
  await page.keyboard.press('Shift+PageUp');
  await shows_row(page, '120');
});

scenario('vim goes on over a reload as in a plain terminal', stage.url, async ({ page }) => {
  await side_by_side(page, stage.host.home, vim_at(stage.host.home), [
    [undefined, /greeting\.c +1,1 +Top/],
    () => reload(page),
    [['/value_1.0', 'Enter'], /static int value_1\d0/],
    [['i', '新 😀 '], /-- INSERT --/],
    () => reload(page),
    [['Escape', ':split', 'Enter'], /greeting\.c \[\+\] +\d+,\d/],
    () => reload(page),
    [[':5', 'Enter'], /greeting\.c \[\+\] +5,2-9/],
  ]);
});

scenario('what was under vim is there when it ends', stage.url, async ({ page }) => {
  await shell(page);
  await type_line(page, "clear; printf '\\e[44mon blue\\e[0m\\n'; seq 1 20; echo under-$((1 + 1))");
  await shows_row(page, 'under-2');
  const before = await styled_rows(page);
  await type_line(page, vim_at(stage.host.home).join(' '));
  await shows_match(page, /greeting\.c +1,1/);
  await reload(page);
  await type_line(page, ':q!');
  await shows_row(page, 'under-2');
  const after = await styled_rows(page);
  assert.deepEqual(after.slice(0, 22), before.slice(0, 22));
});

scenario('htop is drawn the same after a reload, and goes on', stage.url, async ({ page }) => {
  await shell(page);
  await type_line(page, 'clear; htop -d 100'); // draws every 10 s, and a reload takes less: now and then one of them falls between
  await shows_match(page, /^F1Help/);
  for (let attempt = 1; ; attempt++) {
    const before = await styled_rows(page);
    await reload(page);
    try {
      await same_screen(page, before);
      break;
    } catch (difference) {
      if (attempt === 5) throw difference;
    }
  }
  await page.keyboard.press('F5');
  await shows_match(page, /├─|└─/);
  await page.keyboard.press('q');
  await prompt_shown(page);
});

scenario('reloads in the middle of a flood change nothing of what it prints', stage.url, async ({ page }) => {
  const flood = (mark) => `clear; for i in $(seq 1 40000); do printf '\\e[%dmline %d \\e[0m中文 \\e[7mreverse\\e[0m\\e[K\\n' $((31 + i % 7)) $i; done; echo ${mark}-$((1 + 1))`;
  await shell(page);
  await type_line(page, flood('plain'));
  await shows_row(page, 'plain-2');
  const expected = await styled_rows(page);
  await type_line(page, flood('again'));
  for (let times = 0; times < 3; times++) {
    await shows_match(page, /^line \d+ /);
    await reload(page);
  }
  await shows_row(page, 'again-2');
  const lines = (drawn) => without_cursor(drawn).filter((row) => !/(plain|again)-2/.test(row.map(({ text }) => text).join('')));
  assert.deepEqual(lines(await styled_rows(page)), lines(expected));
});

networked('keys that have not arrived are not left behind unasked', stage.url, async ({ page, network }) => {
  await shell(page);
  const asked = [];
  page.on('dialog', (dialog) => {
    asked.push(dialog.type());
    void dialog.dismiss();
  });
  network.silence();
  await page.keyboard.type('echo half');
  await page.reload({ timeout: 2_000 }).catch(() => undefined); // the answer was no
  assert.deepEqual(asked, ['beforeunload']);
  network.cut();
  await shows_last(page, 'host$ echo half');
});

scenario('a closed tab is offered again, with its screen, and can be ended from afar', stage.url, async ({ page, context }) => {
  await shell(page);
  await type_line(page, 'clear; who=me; echo closed-$((1 + 1))');
  await shows_row(page, 'closed-2');
  await page.close();

  const next = await context.newPage();
  await next.goto(stage.url);
  const offered = next.locator('#running li');
  await offered.waitFor();
  assert.equal(await offered.locator('.place').textContent(), `${stage.place.username}@127.0.0.1:${stage.place.port}`);
  assert.equal(await offered.locator('small').textContent(), 'used just now');
  await offered.getByRole('button', { name: 'Return' }).click();
  await in_state(next, 'running');
  await shows_row(next, 'closed-2');
  await type_line(next, 'echo $who-again');
  await shows_row(next, 'me-again');
  // Left running on purpose.
  await next.locator('#bar-menu').click();
  await next.locator('#leave-running').click();
  assert.equal(await next.locator('#ending-text').textContent(), 'You left the session. Its shell is still running.');
  await next.locator('#other').click();
  // Ended from the form, by the keyboard, and asked twice.
  await offered.locator('[data-end]').focus();
  await next.keyboard.press('Enter');
  assert.equal(await offered.locator('[data-end]').textContent(), 'Really end it?');
  await next.keyboard.press('Enter');
  await offered.waitFor({ state: 'detached' });
  assert.equal(await focused(next), 'host');
  await next.reload();
  await next.locator('#form').waitFor();
  assert.ok(await next.locator('#running').isHidden());
});

scenario('a session that ended meanwhile is not offered', stage.url, async ({ page, context }) => {
  await shell(page);
  await type_line(page, 'clear; echo $$ > shell.pid; echo ready-$((1 + 1))');
  await shows_row(page, 'ready-2');
  await page.close();
  process.kill(Number(readFileSync(path.join(stage.host.home, 'shell.pid'), 'utf8')), 'SIGKILL');
  const next = await context.newPage();
  const kept = () => next.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('sallyport.session ')).length);
  await next.goto(stage.url);
  // The gateway hears of it from the host, in its own time.
  for (let visits = 0; visits < 20 && (await kept()) > 0; visits++) {
    await next.goto(stage.url);
    await next.waitForResponse(() => true, { timeout: 200 }).catch(() => undefined);
  }
  assert.equal(await kept(), 0);
  assert.ok(await next.locator('#running').isHidden());
});

scenario('two windows: whoever asks for the session has it, the other is told and can take it back', stage.url, async ({ page, context }) => {
  await shell(page);
  await type_line(page, 'clear; echo first-$((1 + 1))');
  await shows_row(page, 'first-2');
  const second = await context.newPage();
  await second.goto(stage.url);
  const offered = second.locator('#running li');
  assert.equal(await offered.locator('small').textContent(), 'open in another window');
  await offered.getByRole('button', { name: 'Take over here' }).click();
  await in_state(second, 'running');
  await shows_row(second, 'first-2');
  await page.locator('#ending').waitFor();
  assert.equal(await page.locator('#ending-text').textContent(), 'The session goes on in another window.');
  assert.equal(await page.locator('#again').textContent(), 'Take it back here');
  await type_line(second, 'echo second-$((1 + 1))');
  await shows_row(second, 'second-2');
  // Nobody takes anything by itself.
  assert.equal(await page.locator('#bar-state-text').textContent(), 'in another window');
  await page.bringToFront();
  await page.locator('#again').click();
  await in_state(page, 'running');
  await shows_row(page, 'second-2');
  await second.locator('#ending').waitFor();
  await type_line(page, 'echo third-$((1 + 1))');
  await shows_row(page, 'third-2');
  // A reload of the window that lost it does not take it.
  await second.reload();
  await second.locator('#running li').waitFor();
  assert.equal(await page.locator('#bar').getAttribute('data-state'), 'running');
});

networked('output that nobody could keep is said to be missing', hurried.url, async ({ page, network }) => {
  await shell(page);
  await type_line(page, "clear; printf 'half a line'; while [ ! -e missed ]; do read -r -t 0.05; done; seq 1 60000; touch done-missing; echo after-$((1 + 1))");
  await shows_match(page, /^half a line/);
  network.go_down();
  await in_state(page, 'reconnecting');
  const { existsSync, watch, writeFileSync } = await import('node:fs');
  const { once } = await import('node:events');
  const folder = watch(stage.host.home);
  writeFileSync(path.join(stage.host.home, 'missed'), '');
  while (!existsSync(path.join(stage.host.home, 'done-missing'))) await once(folder, 'change');
  folder.close();
  network.come_up();
  await shows_row(page, 'after-2');
  await page.keyboard.press('Shift+Home');
  await page.locator('#announce').getByText(/^[\d.]+ kB of output were skipped\.$/).waitFor({ state: 'attached' });
  // Every row that is there is a whole one.
  const shown = (await rows(page)).filter((row) => /^\d+$/.test(row)).map(Number);
  assert.ok(shown.length > 5 && shown.every((number, at) => at === 0 || number === shown[at - 1] + 1), String(shown));
});
