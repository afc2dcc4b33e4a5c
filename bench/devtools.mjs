// Chromium over its own DevTools protocol, on a pair of pipes (https://chromedevtools.github.io/devtools-protocol/). A test driver also
// has every frame of every WebSocket told to it, and that costs a page in a flood as much as its terminal does: what is to be measured
// is measured without.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const kFlags = [
  '--headless=new', '--remote-debugging-pipe', '--window-size=1280,887', '--disable-gpu', '--disable-3d-apis', '--no-first-run',
  '--disable-background-networking', '--font-render-hinting=none', '--force-prefers-reduced-motion', '--lang=en-US',
];

export async function start_browser() {
  const profile = mkdtempSync(path.join(tmpdir(), 'sallyport-bench-browser-'));
  const flags = [...kFlags, `--user-data-dir=${profile}`, ...(process.getuid() === 0 ? ['--no-sandbox'] : []), 'about:blank'];
  const program = spawn(process.env.SALLYPORT_CHROMIUM ?? '/usr/bin/chromium', flags, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
  const exited = new Promise((done) => program.once('exit', done));
  const [, , , input, output] = program.stdio;
  const waiting = new Map();
  let last = 0;
  let rest = '';
  output.setEncoding('utf8').on('data', (text) => {
    const messages = (rest + text).split('\0');
    rest = messages.pop();
    for (const { id, result, error } of messages.map((one) => JSON.parse(one))) {
      waiting.get(id)?.(error ? Promise.reject(new Error(error.message)) : result);
      waiting.delete(id);
    }
  });
  const send = (method, params = {}, sessionId) => new Promise((done) => {
    waiting.set(++last, done);
    input.write(`${JSON.stringify({ id: last, method, params, sessionId })}\0`);
  });

  const { product } = await send('Browser.getVersion');
  return {
    version: product,
    open: async (url) => {
      const { browserContextId } = await send('Target.createBrowserContext');
      const { targetId } = await send('Target.createTarget', { url: 'about:blank', browserContextId });
      const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
      const page = new Page((method, params) => send(method, params, sessionId), () => send('Target.disposeBrowserContext', { browserContextId }));
      await page.send('Page.navigate', { url });
      return page;
    },
    stop: async () => {
      await send('Browser.close');
      await exited;
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

class Page {
  constructor(send, close) {
    this.send = send;
    this.close = close;
  }
  // The value of an expression; of a promise, what it comes to.
  async evaluate(expression) {
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }
  // The time by the page's clock, in ms, at the first picture for which the expression holds.
  until(expression) {
    return this.evaluate(`new Promise((done) => {
      const look = () => ${expression} ? done(performance.now()) : requestAnimationFrame(look);
      look();
    })`);
  }
  type(text) {
    return this.send('Input.insertText', { text });
  }
  async press(key, { code = key, number = 0, text, control = false } = {}) {
    const event = { key, code, windowsVirtualKeyCode: number, modifiers: control ? 2 : 0 };
    await this.send('Input.dispatchKeyEvent', { ...event, type: text ? 'keyDown' : 'rawKeyDown', text });
    await this.send('Input.dispatchKeyEvent', { ...event, type: 'keyUp' });
  }
  // Bytes of script objects that are still in use.
  async heap() {
    await this.send('Performance.enable');
    for (let times = 0; times < 3; times++) await this.send('HeapProfiler.collectGarbage');
    const { metrics } = await this.send('Performance.getMetrics');
    await this.send('Performance.disable');
    return metrics.find(({ name }) => name === 'JSHeapUsedSize').value;
  }
}
