#!/usr/bin/env node
// The page in the real browser: how long a log of 100 MB takes from the host through sshd, gateway and page, beside xterm.js that is fed the
// same bytes in the same browser; how quickly a key is taken meanwhile, how soon Ctrl-C is answered, and what memory comes back.
//   bench/page.mjs [--megabytes 100] [--rounds 3] [--gateway build/release/sallyport] [--window 256KiB]
// Prints a table for people and a line of JSON for machines. Needs what scripts/test e2e needs.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const { values } = parseArgs({ options: {
  megabytes: { type: 'string', default: '100' }, rounds: { type: 'string', default: '3' },
  gateway: { type: 'string', default: path.join(root, 'build/release/sallyport') },
  window: { type: 'string' }, // session.window, where it is not the gateway's own
} });
const bytes = Number(values.megabytes) * 1e6;
const rounds = Number(values.rounds);
process.env.SALLYPORT_BINARY = path.resolve(values.gateway);

execFileSync(path.join(root, 'scripts/node-modules'), ['tests/e2e'], { stdio: 'inherit' });
execFileSync(path.join(root, 'scripts/node-modules'), ['static'], { stdio: 'inherit' });
const fixture = (name) => import(pathToFileURL(path.join(root, 'tests/e2e/fixtures', name)).href);
const { chromium } = await import(pathToFileURL(path.join(root, 'tests/e2e/node_modules/playwright-core/index.mjs')).href);
const esbuild = await import(pathToFileURL(path.join(root, 'static/node_modules/esbuild/lib/main.js')).href);
const { coloured_log } = await fixture('coloured_log.mjs');
const { start_gateway } = await fixture('gateway.mjs');
const { heap_in_use, watch_keys } = await fixture('page_measures.mjs');
const { prompt_shown, type_line } = await fixture('screen.mjs');
const { start_ssh_host } = await fixture('ssh_host.mjs');

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const spread = (numbers, digits) => `${median(numbers).toFixed(digits)} (${Math.min(...numbers).toFixed(digits)}–${Math.max(...numbers).toFixed(digits)})`;

const log = coloured_log(bytes);
const host = await start_ssh_host();
writeFileSync(path.join(host.home, 'log.txt'), log.text);
const gateway = await start_gateway({
  known_hosts: host.known_hosts_line(),
  hosts: [{ name: 'demo', address: host.host, port: host.port, user: host.username, identity_file: host.user_key.file }],
  settings: values.window ? { 'session.window': values.window } : {},
});
const alone = await serve_emulator();
const browser = await chromium.launch({
  executablePath: process.env.SALLYPORT_CHROMIUM ?? '/usr/bin/chromium', headless: true, chromiumSandbox: process.getuid() !== 0,
  args: ['--disable-gpu', '--disable-3d-apis', '--no-first-run', '--disable-background-networking', '--font-render-hinting=none'],
});

// The page's own emulator, with nothing behind it: bench/page_alone.ts, bundled as the page is, and the log beside it.
async function serve_emulator() {
  const folder = mkdtempSync(path.join(tmpdir(), 'sallyport-bench-page-'));
  await esbuild.build({
    absWorkingDir: path.join(root, 'static'), stdin: { contents: "import '../bench/page_alone'; import './styles/app.css';", resolveDir: path.join(root, 'static') },
    outdir: folder, bundle: true, minify: true, format: 'esm', target: 'es2022', nodePaths: [path.join(root, 'static/node_modules')],
    loader: { '.woff2': 'file', '.svg': 'file' }, logLevel: 'warning',
  });
  const page = '<!doctype html><link rel="stylesheet" href="/stdin.css"><body data-view="terminal"><section id="terminal"><header id="bar"></header>' +
    '<div id="screen"></div></section><script type="module" src="/stdin.js"></script>';
  const server = createServer(({ url }, response) => {
    if (url === '/') response.setHeader('content-type', 'text/html').end(page);
    else if (url === '/log') response.end(log.text);
    else if (!existsSync(path.join(folder, path.basename(url)))) response.writeHead(404).end();
    else response.setHeader('content-type', url.endsWith('.js') ? 'text/javascript' : url.endsWith('.css') ? 'text/css' : 'font/woff2').end(readFileSync(path.join(folder, path.basename(url))));
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${server.address().port}/`, stop: () => (server.close(), rmSync(folder, { recursive: true })) };
}

async function fresh_page(url) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US', reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

async function emulator_alone() {
  const page = await fresh_page(alone.url);
  await page.waitForFunction(() => globalThis.ready);
  const ms = await page.evaluate(() => globalThis.feed(), undefined);
  await page.context().close();
  return ms;
}

// Resolves in the page with the time at which a row reads `text`.
const row_comes = (page, text) => page.evaluate((wanted) => new Promise((done) => {
  const look = () => {
    const there = [...document.querySelectorAll('#screen .xterm-rows > div')].some((row) => row.textContent.replaceAll('\u00a0', ' ').trimEnd() === wanted);
    if (there) done(performance.timeOrigin + performance.now());
    else requestAnimationFrame(look);
  };
  look();
}), text);

async function whole_way() {
  const page = await fresh_page(gateway.url);
  await page.locator('[data-preset="demo"]').click();
  await prompt_shown(page);
  await type_line(page, 'clear; echo ready-$((1 + 1))');
  await row_comes(page, 'ready-2');
  const idle = await heap_in_use(page);
  const keys = await watch_keys(page);
  await page.keyboard.type('clear; cat log.txt; echo end-$((1 + 1))');
  const started = await page.evaluate(() => performance.timeOrigin + performance.now());
  await page.keyboard.press('Enter');
  let over = false;
  const ended = row_comes(page, 'end-2').finally(() => { over = true; });
  let pressed = 0;
  while (!over) {
    await page.keyboard.press('Shift');
    pressed++;
    await Promise.race([ended, page.evaluate(() => new Promise((done) => setTimeout(done, 100)))]);
  }
  const ms = (await ended) - started;
  const right = await page.evaluate((last) => {
    const shown = [...document.querySelectorAll('#screen .xterm-rows > div')].map((row) => row.textContent.replaceAll('\u00a0', ' ').trimEnd());
    return shown[shown.indexOf('end-2') - 1] === last;
  }, log.last);
  if (!right) throw new Error('the last line is not the log\'s');
  const worst = await keys.worst();
  const after = await heap_in_use(page);

  await type_line(page, 'clear; while :; do cat log.txt; done');
  await page.waitForFunction(() => [...document.querySelectorAll('#screen .xterm-rows > div')].some((row) => /served in/.test(row.textContent)));
  await page.evaluate(() => new Promise((done) => setTimeout(done, 1000))); // the flood has filled whatever it can fill
  const pressed_at = performance.now();
  await page.keyboard.press('Control+c');
  await prompt_shown(page);
  const interrupt = performance.now() - pressed_at;
  await page.locator('#bar-disconnect').click();
  await page.locator('#ending').waitFor();
  await page.context().close();
  return { ms, worst, pressed, interrupt, idle, after };
}

const results = { alone: [], page: [] };
for (let round = 0; round < rounds; round++) {
  results.alone.push(await emulator_alone());
  results.page.push(await whole_way());
  process.stderr.write(`round ${round + 1}: xterm.js ${(results.alone.at(-1) / 1000).toFixed(1)} s, page ${(results.page.at(-1).ms / 1000).toFixed(1)} s\n`);
}
const of = (field) => results.page.map((round) => round[field]);
const ratio = median(of('ms')) / median(results.alone);
const chromium_version = browser.version();
await browser.close();
await gateway.stop();
await host.stop();
alone.stop();

const seconds = (list) => list.map((ms) => ms / 1000);
console.log(`
| ${(log.size / 1e6).toFixed(0)} MB of coloured log, Chromium ${chromium_version}, ${cpus().length} cores, ${rounds} rounds | median (least–most) |
|---|---|
| xterm.js alone, s | ${spread(seconds(results.alone), 2)} |
| the page, s | ${spread(seconds(of('ms')), 2)} |
| the page against xterm.js alone | ${ratio.toFixed(2)}× |
| the slowest key of a round, ms | ${spread(of('worst'), 0)} |
| Ctrl-C to the prompt, ms | ${spread(of('interrupt'), 0)} |
| script heap before, MB | ${spread(of('idle').map((n) => n / 1e6), 1)} |
| script heap after, MB (10 000 lines kept) | ${spread(of('after').map((n) => n / 1e6), 1)} |
`);
console.log(JSON.stringify({
  figure: 13, bytes: log.size, chromium: chromium_version, cores: cpus().length, rounds, alone_ms: results.alone, page_ms: of('ms'), ratio,
  key_worst_ms: of('worst'), interrupt_ms: of('interrupt'), heap_before: of('idle'), heap_after: of('after'),
}));
process.exit();
