#!/usr/bin/env node
// The page in the real browser: how long a log of 100 MB takes from the host through sshd, gateway and page, beside xterm.js as it comes,
// fed the same bytes from memory in the same browser; how quickly a key is taken meanwhile, how soon Ctrl-C is answered, and what memory comes back.
//   bench/page.mjs [--megabytes 100] [--rounds 3] [--gateway build/release/sallyport] [--window 256KiB]
// Prints a table for people and a line of JSON for machines. Needs what scripts/test e2e needs.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { start_browser } from './devtools.mjs';

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
const esbuild = await import(pathToFileURL(path.join(root, 'static/node_modules/esbuild/lib/main.js')).href);
const { coloured_log } = await fixture('coloured_log.mjs');
const { start_gateway } = await fixture('gateway.mjs');
const { kPrompt, start_ssh_host } = await fixture('ssh_host.mjs');

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
const browser = await start_browser();

// xterm.js with nothing behind it: bench/page_alone.ts, bundled as the page is, and the log beside it.
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

async function emulator_alone() {
  const page = await browser.open(alone.url);
  await page.until('globalThis.ready');
  const ms = await page.evaluate('feed()');
  await page.close();
  return ms;
}

const kRows = "[...document.querySelectorAll('#screen .xterm-rows > div')].map((row) => row.textContent.replaceAll('\\u00a0', ' ').trimEnd())";
const prompt = (rows) => `${rows}.filter((row) => row !== '').at(-1)?.endsWith(${JSON.stringify(kPrompt.trimEnd())})`;
async function enter(page, line) {
  await page.type(line);
  await page.press('Enter', { number: 13, text: '\r' });
}

async function whole_way() {
  const page = await browser.open(gateway.url);
  await page.until("document.querySelector('[data-preset=\"demo\"]')");
  await page.evaluate("document.querySelector('[data-preset=\"demo\"]').click()");
  await page.until(prompt(kRows));
  const idle = await page.heap();
  // What a key press takes up to the next picture; those that take less than a picture are not told, and count as one.
  await page.evaluate(`void new PerformanceObserver((list) => {
    for (const { name, duration } of list.getEntries()) if (name === 'keydown') globalThis.worst_key = Math.max(globalThis.worst_key ?? 16, duration);
  }).observe({ type: 'event', durationThreshold: 16 })`);
  await page.type('clear; cat log.txt; echo end-$((1 + 1))');
  const started = await page.evaluate('performance.now()');
  await page.press('Enter', { number: 13, text: '\r' });
  let over = false;
  const ended = page.until(`${kRows}.includes('end-2')`).finally(() => { over = true; });
  while (!over) {
    await page.press('Shift', { code: 'ShiftLeft', number: 16 });
    await Promise.race([ended, page.evaluate('new Promise((done) => setTimeout(done, 100))')]);
  }
  const ms = (await ended) - started;
  const shown = await page.evaluate(kRows);
  if (shown[shown.indexOf('end-2') - 1] !== log.last) throw new Error('the last line is not the log\'s');
  const worst = await page.evaluate('globalThis.worst_key ?? 16');
  const after = await page.heap();

  await enter(page, 'clear; while :; do cat log.txt; done');
  await page.until(`${kRows}.some((row) => /served in/.test(row))`);
  await page.evaluate('new Promise((done) => setTimeout(done, 1000))'); // the flood has filled whatever it can fill
  const pressed_at = await page.evaluate('performance.now()');
  await page.press('c', { code: 'KeyC', number: 67, control: true });
  const interrupt = (await page.until(prompt(kRows))) - pressed_at;
  await page.evaluate("document.getElementById('bar-disconnect').click()");
  await page.until("document.getElementById('ending')");
  await page.close();
  return { ms, worst, interrupt, idle, after };
}

const results = { alone: [], page: [] };
for (let round = 0; round < rounds; round++) {
  results.alone.push(await emulator_alone());
  results.page.push(await whole_way());
  process.stderr.write(`round ${round + 1}: xterm.js ${(results.alone.at(-1) / 1000).toFixed(1)} s, page ${(results.page.at(-1).ms / 1000).toFixed(1)} s\n`);
}
const of = (field) => results.page.map((round) => round[field]);
const ratio = median(of('ms')) / median(results.alone);
await browser.stop();
await gateway.stop();
await host.stop();
alone.stop();

const seconds = (list) => list.map((ms) => ms / 1000);
console.log(`
| ${(log.size / 1e6).toFixed(0)} MB of coloured log, ${browser.version}, ${cpus().length} cores, ${rounds} rounds | median (least–most) |
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
  figure: 13, bytes: log.size, browser: browser.version, cores: cpus().length, rounds, alone_ms: results.alone, page_ms: of('ms'), ratio,
  key_worst_ms: of('worst'), interrupt_ms: of('interrupt'), heap_before: of('idle'), heap_after: of('after'),
}));
process.exit();
