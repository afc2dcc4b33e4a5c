// What goes wrong is a sentence and what to do; the form stays filled in, with the cursor where it helps.
import assert from 'node:assert/strict';
import net from 'node:net';
import { scenario } from './fixtures/browser.mjs';
import { choose_preset, complaint, fill_place, focused, form_values, sign_in_with_password } from './fixtures/form.mjs';
import { start_gateway } from './fixtures/gateway.mjs';
import { prompt_shown } from './fixtures/screen.mjs';
import { demo_stage, until_the_end } from './fixtures/stage.mjs';

const stage = await demo_stage();
const dying = until_the_end(await start_gateway({ known_hosts: stage.host.known_hosts_line(), hosts: stage.presets }));

const listening = (server) => new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));
const closed = (server) => new Promise((resolve) => server.close(resolve));

async function port_that_refuses() {
  const server = net.createServer();
  const port = await listening(server);
  await closed(server);
  return port;
}

scenario('a port that refuses', stage.url, async ({ page }) => {
  const place = { username: 'ana', host: '127.0.0.1', port: await port_that_refuses() };
  await sign_in_with_password(page, place, 'swordfish');
  assert.deepEqual(await complaint(page), {
    message: `127.0.0.1:${place.port} refused the connection.`, hint: 'Is the SSH server running there?',
  });
  assert.equal(await focused(page), 'host');
  assert.deepEqual(await form_values(page), { ...place, port: String(place.port), password: 'swordfish' });
});

scenario('a host that is not found', stage.url, async ({ page }) => {
  await sign_in_with_password(page, { username: 'ana', host: 'db-3..corp', port: 22 }, 'swordfish'); // no resolver takes an empty label
  assert.deepEqual(await complaint(page), { message: 'db-3..corp could not be found.', hint: 'Check the spelling, or use its address.' });
  assert.equal(await focused(page), 'host');
});

scenario('a port where something else answers', stage.url, async ({ page }) => {
  const server = net.createServer((socket) => socket.on('error', () => undefined).resume().end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  const port = await listening(server);
  await sign_in_with_password(page, { username: 'ana', host: '127.0.0.1', port }, 'swordfish');
  assert.deepEqual(await complaint(page), {
    message: `127.0.0.1:${port} does not speak SSH.`, hint: 'Check the port: SSH servers usually listen on 22.',
  });
  assert.equal(await focused(page), 'port');
  await closed(server);
});

scenario('a host the gateway never dials', stage.url, async ({ page }) => {
  await sign_in_with_password(page, { username: 'ana', host: '169.254.169.254', port: 80 }, 'swordfish');
  assert.deepEqual(await complaint(page), {
    message: 'This gateway does not allow 169.254.169.254:80.', hint: 'Ask its administrator, or see targets.allow.',
  });
});

scenario('the same sentence in 中文', stage.url, { locale: 'zh-CN' }, async ({ page }) => {
  const port = await port_that_refuses();
  await fill_place(page, { username: 'ana', host: '127.0.0.1', port });
  await page.locator('#password').fill('swordfish');
  await page.getByRole('button', { name: '连接', exact: true }).click();
  assert.deepEqual(await complaint(page), { message: `127.0.0.1:${port} 拒绝了连接。`, hint: '那里的 SSH 服务器在运行吗？' });
});

scenario('what is missing is said before anything is sent', stage.url, async ({ page }) => {
  const sockets = [];
  page.on('websocket', (socket) => sockets.push(socket.url()));
  await page.locator('#connect').click();
  assert.equal((await complaint(page)).message, 'Which host? Give its name or address.');
  assert.equal(await focused(page), 'host');
  await page.keyboard.type('db-3');
  await page.keyboard.press('Enter');
  await page.getByText('As which user?').waitFor();
  assert.equal(await focused(page), 'username');
  await page.locator('#username').fill('ana');
  await page.locator('#port').fill('70000');
  await page.keyboard.press('Enter');
  await page.getByText('A port is a number from 1 to 65535.').waitFor();
  assert.equal(await focused(page), 'port');
  assert.deepEqual(sockets, []);
});

scenario('a connection that takes long can be cancelled', stage.url, async ({ page }) => {
  const sockets = new Set();
  let came;
  const reached = new Promise((resolve) => (came = resolve));
  const silent = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
    came(socket);
  });
  const port = await listening(silent);
  await sign_in_with_password(page, { username: 'ana', host: '127.0.0.1', port }, 'swordfish');
  await page.locator('[data-stage="handshake"][data-state="now"]').waitFor();
  const socket = await reached;
  const left = new Promise((resolve) => socket.once('close', resolve));
  socket.resume();
  await page.locator('#cancel').click();
  await page.locator('#login').waitFor();
  await left; // the gateway let go of the host, too
  assert.equal((await form_values(page)).password, 'swordfish');
  await closed(silent);
});

const kRefused = /^console error: WebSocket connection to .* failed: Error in connection establishment: net::ERR_CONNECTION_REFUSED$/;

scenario('a gateway that stops says so, and one that is gone is said in words', dying.url, { expected: [kRefused] }, async ({ page }) => {
  await choose_preset(page, 'demo');
  await prompt_shown(page);
  await dying.stop();
  await page.locator('#ending-text').getByText('The gateway is stopping.').waitFor();
  await page.locator('#again').click();
  assert.deepEqual(await complaint(page), {
    message: 'The gateway did not answer this page.',
    hint: 'Reload the page. If that does not help, its administrator may have to add this address to `origins`.',
  });
});
