// The pictures of the README, taken from the real thing: `npm run screenshots` writes them to docs/images, `npm test` to build/.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { scenario } from './fixtures/browser.mjs';
import { pasted } from './fixtures/clipboard.mjs';
import { choose_method, choose_preset, complaint, connect, fill_place, sign_in_with_password } from './fixtures/form.mjs';
import { start_gateway } from './fixtures/gateway.mjs';
import { shows_last, shows_match, type_line } from './fixtures/screen.mjs';
import { start_scripted_host } from './fixtures/scripted_host.mjs';
import { demo_stage, networked, until_the_end } from './fixtures/stage.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const images = path.resolve(here, process.env.SALLYPORT_IMAGES ?? '../../build/e2e-images');
mkdirSync(images, { recursive: true });
const save = (page, name) => page.screenshot({ path: path.join(images, `${name}.png`), animations: 'disabled', caret: 'hide' });

const stage = await demo_stage({ host: { port: 2222, prompt: '\\[\\e[1;32m\\]demo\\[\\e[0m\\]:\\[\\e[34m\\]\\w\\[\\e[0m\\]$ ' } });
const database = until_the_end(await start_scripted_host('--password', 'right horse'));
const token = until_the_end(await start_scripted_host(
  '--no-password', '--interactive', '--round', 'Two steps', 'A code was sent to your phone.', '--ask-shown', 'One-time code:', '246810'));
const gateway = until_the_end(await start_gateway({
  known_hosts: stage.host.known_hosts_line() + token.known_hosts_line,
  hosts: [...stage.presets, { name: 'database', address: 'db-3.example.org', port: 22, user: 'ana' }],
}));
const asking = until_the_end(await start_gateway({ known_hosts: stage.host.known_hosts_line() }));

// Something to look at: a listing, colours, box drawing, scripts of three kinds.
const kPoster = [
  '\x1b[1mSallyport\x1b[0m draws what a terminal draws', '',
  ...[
    '┌─────────────┬────────────────┬────────────────┐', '│ \x1b[36mbox drawing\x1b[0m │ 中文与全角字符 │ emoji 🚀 👋🏽 ✅ │',
    '└─────────────┴────────────────┴────────────────┘',
  ], '',
  Array.from({ length: 8 }, (_, i) => `\x1b[4${i}m      `).join('') + '\x1b[0m', Array.from({ length: 8 }, (_, i) => `\x1b[10${i}m      `).join('') + '\x1b[0m',
  Array.from({ length: 48 }, (_, i) => `\x1b[48;2;${255 - 4 * i};${90 + 2 * i};${40 + 4 * i}m `).join('') + '\x1b[0m', '',
  '\x1b[1mbold\x1b[0m \x1b[3mitalic\x1b[0m \x1b[4munderlined\x1b[0m \x1b[9mstruck\x1b[0m \x1b[7mreverse\x1b[0m \x1b[2mdim\x1b[0m', '',
].join('\n');

async function working_shell(page) {
  const home = stage.host.home;
  writeFileSync(path.join(home, 'poster.txt'), kPoster);
  writeFileSync(path.join(home, 'deploy.sh'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  writeFileSync(path.join(home, 'backup.tar.gz'), Buffer.alloc(48_000));
  mkdirSync(path.join(home, 'projects'), { recursive: true });
  await choose_preset(page, 'demo');
  await page.locator('body[data-view="terminal"]').waitFor();
  await shows_last(page, 'demo:~$');
  await type_line(page, 'clear; ls --color=always -1p');
  await shows_match(page, /^projects\/$/);
  await type_line(page, 'cat poster.txt');
  await shows_match(page, /reverse/);
  await type_line(page, `awk 'BEGIN { for (i = 1; i <= 5; i++) printf "%d × %d = %d\\n", i, i, i * i }'`);
  await shows_match(page, /^5 × 5 = 25$/);
}

for (const colorScheme of ['dark', 'light']) {
  scenario(`picture: the login page, ${colorScheme}`, gateway.url, { colorScheme }, async ({ page }) => {
    await save(page, `login-${colorScheme}`);
  });
  scenario(`picture: the terminal, ${colorScheme}`, gateway.url, { colorScheme }, async ({ page }) => {
    await working_shell(page);
    await save(page, `terminal-${colorScheme}`);
  });
  scenario(`picture: an unknown host key, ${colorScheme}`, asking.url, { colorScheme }, async ({ page }) => {
    await sign_in_with_password(page, { username: 'ana', host: database.host, port: database.port }, 'right horse');
    await page.locator('#hostkey').waitFor();
    await save(page, `host-key-${colorScheme}`);
  });
  scenario(`picture: a question of the host, ${colorScheme}`, gateway.url, { colorScheme }, async ({ page }) => {
    await fill_place(page, { username: 'ana', host: token.host, port: token.port });
    await choose_method(page, 'interactive');
    await connect(page);
    await page.locator('#question-0').fill('2468');
    await save(page, `prompt-${colorScheme}`);
  });
  scenario(`picture: what went wrong, ${colorScheme}`, gateway.url, { colorScheme }, async ({ page }) => {
    await sign_in_with_password(page, { username: 'ana', host: '127.0.0.1', port: 1 }, 'right horse');
    await complaint(page);
    await save(page, `error-${colorScheme}`);
  });
}
scenario('picture: the login page in 中文', gateway.url, { locale: 'zh-CN' }, async ({ page }) => {
  await save(page, 'login-zh');
});
scenario('picture: the end of a shell', gateway.url, async ({ page }) => {
  await working_shell(page);
  await type_line(page, 'exit');
  await page.locator('#ending').waitFor();
  await save(page, 'ended-dark');
});
scenario('picture: a phone', gateway.url, { viewport: { width: 390, height: 844 } }, async ({ page }) => {
  await save(page, 'phone-dark');
});
scenario('picture: the search in a terminal', gateway.url, async ({ page }) => {
  await working_shell(page);
  await page.keyboard.press('Control+Shift+F');
  await page.keyboard.type('draw');
  await page.locator('#search-count').getByText(/\d of \d/).waitFor();
  await save(page, 'search-dark');
});

for (const colorScheme of ['dark', 'light']) {
  networked(`picture: nobody answers, ${colorScheme}`, gateway.url, { colorScheme }, async ({ page, network }) => {
    await working_shell(page);
    network.go_down();
    await page.locator('#bar-state-text').getByText('reconnecting in 3 s').waitFor();
    await save(page, `reconnecting-${colorScheme}`);
  });
  scenario(`picture: what still runs, ${colorScheme}`, gateway.url, { colorScheme }, async ({ page, context }) => {
    await working_shell(page);
    const left = await context.newPage();
    await left.goto(gateway.url);
    await working_shell(left);
    await left.close();
    const visitor = await context.newPage();
    await visitor.goto(gateway.url);
    await visitor.locator('#running li').nth(1).waitFor();
    await save(visitor, `running-${colorScheme}`);
  });
}
scenario('picture: somebody watches', gateway.url, { permissions: ['clipboard-read', 'clipboard-write'] }, async ({ page, context }) => {
  await working_shell(page);
  await page.locator('#bar-menu').click();
  await page.locator('#share-copy').click();
  await page.locator('#share-said').getByText('The link is copied.').waitFor();
  await save(page, 'share-dark');
  const watcher = await context.newPage();
  await watcher.setViewportSize({ width: 900, height: 560 });
  await watcher.goto(await pasted(page, gateway.url));
  await shows_match(watcher, /^5 × 5 = 25$/);
  await watcher.locator('#bar-rtt').getByText(/host/).waitFor();
  await save(watcher, 'watching-dark');
});
scenario('picture: the session went on elsewhere', gateway.url, { colorScheme: 'light' }, async ({ page, context }) => {
  await working_shell(page);
  const other = await context.newPage();
  await other.goto(gateway.url);
  await other.locator('[data-return]').last().click();
  await page.locator('#ending').waitFor();
  await save(page, 'taken-light');
});

// What a host wants, and what the page asks.
const kWish = Buffer.from('ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ6nR0m2 ana@db-3\nssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPd0 backup@db-3\n').toString('base64');
async function wish(page) {
  await type_line(page, `printf '\\e]52;c;${kWish}\\a'`);
  await page.locator('#clipboard-allow:enabled').waitFor();
}
async function odd_link(page) {
  await type_line(page, `clear; printf '\\e]8;;https://www.bank.example@b\u0430nk.example/login?next=/accounts\\e\\\\https://bank.example/\\e]8;;\\e\\\\\\n'`);
  const shown = await shows_match(page, /^https:\/\/bank\.example\/$/);
  const box = await page.locator('#screen .xterm-rows > div').nth(shown.indexOf('https://bank.example/')).boundingBox();
  await page.mouse.move(box.x + 20, box.y + box.height / 2);
  await page.mouse.move(box.x + 24, box.y + box.height / 2);
  await page.locator('#screen .xterm-cursor-pointer').waitFor();
  await page.mouse.click(box.x + 24, box.y + box.height / 2);
  await page.locator('#link[open]').waitFor();
}
const views = {
  dark: { colorScheme: 'dark' }, light: { colorScheme: 'light' }, zh: { locale: 'zh-CN' }, phone: { viewport: { width: 390, height: 844 }, locale: 'zh-CN', colorScheme: 'light' },
};
for (const [name, view] of Object.entries(views)) {
  scenario(`picture: a host that wants the clipboard, ${name}`, gateway.url, view, async ({ page }) => {
    await working_shell(page);
    await wish(page);
    await save(page, `clipboard-${name}`);
  });
  scenario(`picture: a link that looks like another, ${name}`, gateway.url, view, async ({ page }) => {
    await working_shell(page);
    await odd_link(page);
    await save(page, `link-${name}`);
  });
}
