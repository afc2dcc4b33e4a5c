// The keys somebody may have: chosen as a file, pasted, encrypted. And what is remembered of them, which is nothing.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { scenario } from './fixtures/browser.mjs';
import { choose_method, complaint, connect, fill_place, focused, form_values, sign_in_with_key_file } from './fixtures/form.mjs';
import { make_key } from './fixtures/keys.mjs';
import { prompt_shown, type_line } from './fixtures/screen.mjs';
import { demo_stage } from './fixtures/stage.mjs';

const stage = await demo_stage();

scenario('a key file is chosen', stage.url, async ({ page }) => {
  await sign_in_with_key_file(page, stage.place, stage.host.user_key.file);
  await prompt_shown(page);
});

scenario('a key is pasted', stage.url, async ({ page }) => {
  await fill_place(page, stage.place);
  await choose_method(page, 'key-text');
  await page.locator('#key-text').fill(stage.host.user_key.text);
  await connect(page);
  await prompt_shown(page);
});

scenario('an encrypted key asks for its passphrase, and says when it is wrong', stage.url, async ({ page }) => {
  await sign_in_with_key_file(page, stage.place, stage.host.locked_key.file);
  assert.equal((await complaint(page)).message, 'This key is encrypted: its passphrase is needed.');
  assert.equal(await focused(page), 'passphrase');

  await page.keyboard.type('open barley');
  await page.keyboard.press('Enter');
  await page.getByText('This passphrase does not open the private key.').waitFor();
  assert.equal(await focused(page), 'passphrase');

  await page.locator('#passphrase').fill(stage.host.passphrase);
  await page.keyboard.press('Enter');
  await prompt_shown(page);
});

scenario('a key the host does not know is refused in words, with the form as it was', stage.url, async ({ page }) => {
  const stranger = make_key(path.join(stage.host.home, 'stranger'));
  await sign_in_with_key_file(page, stage.place, stranger.file);
  const { message, hint } = await complaint(page);
  assert.equal(message, `127.0.0.1 did not accept this key for ${stage.place.username}.`);
  assert.equal(hint, 'It accepts: publickey.');
  assert.equal((await form_values(page)).host, stage.place.host);
});

scenario('the public half of a key is noticed before anything is sent', stage.url, async ({ page }) => {
  const sockets = [];
  page.on('websocket', (socket) => sockets.push(socket.url()));
  await sign_in_with_key_file(page, stage.place, `${stage.host.user_key.file}.pub`);
  assert.equal((await complaint(page)).message, 'This is the public half of the key. Choose the file without .pub.');
  assert.deepEqual(sockets, []);
});

scenario('an address pasted into the host field is taken apart', stage.url, async ({ page }) => {
  const { username, host, port } = stage.place;
  await page.locator('#host').fill(`ssh://${username}@${host}:${port}`);
  await choose_method(page, 'key-text');
  await page.locator('#key-text').fill(stage.host.user_key.text);
  await connect(page);
  await prompt_shown(page);
});

scenario('the next visit remembers the place and no secret', stage.url, async ({ page, context }) => {
  await sign_in_with_key_file(page, stage.place, stage.host.locked_key.file);
  await page.locator('#passphrase').fill(stage.host.passphrase);
  await page.keyboard.press('Enter');
  await prompt_shown(page);
  await type_line(page, 'exit');
  await page.locator('#other').click();
  await page.locator('#login').waitFor();
  assert.equal(await page.locator('#passphrase').inputValue(), '');

  const again = await context.newPage();
  await again.goto(stage.url);
  const { username, host, port } = stage.place;
  const { password, ...values } = await form_values(again);
  assert.deepEqual(values, { username, host, port: String(port) });
  assert.equal(await again.locator('[data-place]').textContent(), `${username}@${host}:${port}`);

  const state = JSON.stringify(await context.storageState({ indexedDB: true })) +
    await again.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
  assert.ok(state.includes(username), state);
  const body = stage.host.locked_key.text.split('\n')[1];
  for (const secret of [stage.host.passphrase, body, 'PRIVATE KEY']) assert.ok(!state.includes(secret), state);

  await again.locator('.forget').click();
  assert.equal(await again.locator('[data-place]').count(), 0);
  assert.ok(!(await again.evaluate(() => JSON.stringify({ ...localStorage }))).includes(host));
});

scenario('a file too large for a key is not even read', stage.url, async ({ page }) => {
  const file = path.join(stage.host.home, 'photo.jpg');
  writeFileSync(file, Buffer.alloc(200_000, 7));
  assert.equal(readFileSync(file).length, 200_000);
  await sign_in_with_key_file(page, stage.place, file);
  assert.equal((await complaint(page)).message, 'This is too large for a private key.');
});
