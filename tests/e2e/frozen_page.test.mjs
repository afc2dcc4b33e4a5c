// The limits live in the server: a page whose scripts have stopped (a debugger, a browser that freezes background tabs, a process that is
// halted) keeps nobody's shell alive, however much the host prints meanwhile.
import assert from 'node:assert/strict';
import { existsSync, rmSync, watch } from 'node:fs';
import path from 'node:path';
import { scenario } from './fixtures/browser.mjs';
import { choose_preset } from './fixtures/form.mjs';
import { start_gateway } from './fixtures/gateway.mjs';
import { prompt_shown, shows_row, type_line } from './fixtures/screen.mjs';
import { demo_stage, until_the_end } from './fixtures/stage.mjs';

const stage = await demo_stage();
const ended = path.join(stage.host.home, 'ended');
const with_limit = async (flag, limit) => until_the_end(await start_gateway({
  known_hosts: stage.host.known_hosts_line(), hosts: stage.presets, flags: [flag, limit],
}));
const limits = {
  'the idle limit': { gateway: await with_limit('--session-idle-limit', '6s'), command: 'true', sentence: /^Nothing was typed for 6 s/ },
  'the time limit': { gateway: await with_limit('--session-time-limit', '10s'), command: 'true', sentence: /^The session reached this gateway's limit of 10 s/ },
  'the idle limit in a flood': { gateway: await with_limit('--session-idle-limit', '6s'), command: 'yes', sentence: /^Nothing was typed for 6 s/ },
};

// Each returns the way to let it go on.
const ways = {
  'a debugger holds its scripts': async (page) => {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Debugger.enable');
    const paused = new Promise((done) => devtools.once('Debugger.paused', done));
    await devtools.send('Debugger.pause');
    await paused;
    return () => devtools.send('Debugger.disable');
  },
  'the browser has frozen it': async (page) => {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
    return () => devtools.send('Page.setWebLifecycleState', { state: 'active' });
  },
  'its process is halted': async (page) => {
    const devtools = await page.context().browser().newBrowserCDPSession();
    const { processInfo } = await devtools.send('SystemInfo.getProcessInfo');
    const renderers = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
    assert.ok(renderers.length > 0);
    for (const id of renderers) process.kill(id, 'SIGSTOP');
    return () => renderers.forEach((id) => process.kill(id, 'SIGCONT'));
  },
};

for (const [limit, { gateway, command, sentence }] of Object.entries(limits)) {
  for (const [way, freeze] of Object.entries(ways)) {
    scenario(`${limit} ends a shell while ${way}`, gateway.url, async ({ page }) => {
      rmSync(ended, { force: true });
      await choose_preset(page, 'demo');
      await prompt_shown(page);
      // Outlives the shell, and says so.
      await type_line(page, '( trap "" HUP; while kill -0 $$; do sleep 0.1; done; touch ended ) 2>/dev/null & clear; echo watched');
      await shows_row(page, 'watched');
      const over = new Promise((done) => {
        const watcher = watch(stage.host.home, () => {
          if (!existsSync(ended)) return;
          watcher.close();
          done();
        });
      });
      await type_line(page, command);
      const thaw = await freeze(page);
      try {
        assert.equal(existsSync(ended), false);
        await over;
      } finally {
        await thaw();
      }
      await page.locator('#ending-text').getByText(sentence).waitFor();
    });
  }
}
