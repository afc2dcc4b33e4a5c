// Passwords and questions, against a host that asks what its script says.
import assert from 'node:assert/strict';
import { scenario } from './fixtures/browser.mjs';
import {
  choose_method, choose_preset, complaint, connect, fill_place, focused, form_values, sign_in_with_password,
} from './fixtures/form.mjs';
import { start_gateway } from './fixtures/gateway.mjs';
import { screen_until, shows_row } from './fixtures/screen.mjs';
import { start_scripted_host } from './fixtures/scripted_host.mjs';
import { until_the_end } from './fixtures/stage.mjs';

const kPassword = 'correct horse ✓ battery';
const kWelcome = ['--print', 'welcome\r\n'];
const plain = until_the_end(await start_scripted_host('--password', kPassword, ...kWelcome));
const asking = until_the_end(await start_scripted_host(
  '--no-password', '--interactive', '--round', 'Sign-in for ana', 'Two things are asked.',
  '--ask', 'Password: ', kPassword, '--ask-shown', 'Badge number: ', '4711',
  '--round', '', 'A code was sent to you.', '--ask-shown', 'One-time code: ', '246810', ...kWelcome));
const second_factor = until_the_end(await start_scripted_host(
  '--password', kPassword, '--interactive-after', '--round', '', '', '--ask', 'Verification code: ', '123456', ...kWelcome));
const gateway = until_the_end(await start_gateway({
  known_hosts: [plain, asking, second_factor].map((host) => host.known_hosts_line).join(''),
  hosts: [{ name: 'asks', address: plain.host, port: plain.port, user: 'ana' }],
}));
const place = ({ host, port }) => ({ username: 'ana', host, port });
const welcomed = (page) => shows_row(page, 'welcome');

scenario('a password signs in', gateway.url, async ({ page }) => {
  await sign_in_with_password(page, place(plain), kPassword);
  await welcomed(page);
  await page.keyboard.type('hello');
  await screen_until(page, 'last', 'hello'); // this host echoes
});

scenario('a wrong password keeps the form and puts the cursor on the password', gateway.url, async ({ page }) => {
  await sign_in_with_password(page, place(plain), 'wrong horse');
  assert.deepEqual(await complaint(page), {
    message: '127.0.0.1 did not accept this password for ana.', hint: 'It accepts: password.',
  });
  assert.equal(await focused(page), 'password');
  assert.deepEqual(await form_values(page), { ...place(plain), port: String(plain.port), password: 'wrong horse' });
  // It is selected, so that typing replaces it, and Enter tries again.
  await page.keyboard.type(kPassword);
  await page.keyboard.press('Enter');
  await welcomed(page);
});

scenario('the password is nowhere afterwards', gateway.url, async ({ page, context }) => {
  const addresses = [];
  page.on('request', (request) => addresses.push(request.url()));
  page.on('websocket', (socket) => addresses.push(socket.url()));
  await sign_in_with_password(page, place(plain), kPassword);
  await welcomed(page);
  await page.locator('#bar-disconnect').click();
  await page.locator('#other').click();
  await page.locator('#login').waitFor();
  assert.equal((await form_values(page)).password, '');
  const kept = JSON.stringify([
    await context.storageState({ indexedDB: true }), addresses, gateway.log(),
    await page.evaluate(() => [{ ...localStorage }, { ...sessionStorage }, document.cookie, document.documentElement.outerHTML]),
  ]);
  assert.ok(kept.includes('ana'));
  for (const piece of [kPassword, 'battery', 'wrong horse']) assert.ok(!kept.includes(piece), kept);
});

scenario('a preset without an identity fills the form, and a password is all it takes', gateway.url, async ({ page }) => {
  await choose_preset(page, 'asks');
  assert.equal(await focused(page), 'password');
  await page.keyboard.type(kPassword);
  await page.keyboard.press('Enter');
  await welcomed(page);
});

scenario('two rounds of questions are asked in the page, as the host words them', gateway.url, async ({ page }) => {
  await fill_place(page, place(asking));
  await choose_method(page, 'interactive');
  await connect(page);
  const form = page.locator('#questions');
  await form.getByText('Two things are asked.').waitFor();
  assert.match(await form.textContent(), /Sign-in for ana/);
  assert.deepEqual(await form.locator('label').allTextContents(), ['Password:', 'Badge number:']);
  assert.deepEqual(await form.locator('input').evaluateAll((all) => all.map((one) => one.type)), ['password', 'text']);
  assert.equal(await focused(page), 'question-0');
  await page.keyboard.type(kPassword);
  await page.keyboard.press('Tab');
  await page.keyboard.type('4711');
  await page.keyboard.press('Enter');

  await form.getByText('A code was sent to you.').waitFor();
  assert.deepEqual(await form.locator('label').allTextContents(), ['One-time code:']);
  assert.equal(await form.locator('input').inputValue(), '');
  assert.equal(await focused(page), 'question-0');
  await page.keyboard.type('246810');
  await page.keyboard.press('Enter');
  await welcomed(page);
});

scenario('a second factor is asked after the password', gateway.url, async ({ page }) => {
  await sign_in_with_password(page, place(second_factor), kPassword);
  await page.locator('#questions').getByText('Verification code:').waitFor();
  await page.keyboard.type('123456');
  await page.keyboard.press('Enter');
  await welcomed(page);
});

scenario('wrong answers are refused in words', gateway.url, async ({ page }) => {
  await fill_place(page, place(asking));
  await choose_method(page, 'interactive');
  await connect(page);
  await page.locator('#question-0').fill('no');
  await page.locator('#question-1').fill('0');
  await page.locator('#answer').click();
  assert.deepEqual(await complaint(page), {
    message: '127.0.0.1 did not accept these answers for ana.', hint: 'It accepts: keyboard-interactive.',
  });
});

scenario('the two ways on from a question stand in one row', gateway.url, async ({ page }) => {
  await fill_place(page, place(asking));
  await choose_method(page, 'interactive');
  await connect(page);
  await page.locator('#question-0').waitFor();
  assert.deepEqual(await page.locator('#connecting button:visible').allTextContents(), ['Answer', 'Cancel']);
  const [answer, leave] = await Promise.all(['#answer', '#leave'].map((one) => page.locator(one).boundingBox()));
  assert.equal(answer.y, leave.y);
  assert.ok(leave.x - (answer.x + answer.width) < 20, JSON.stringify([answer, leave]));
  await page.locator('#leave').click();
  await page.locator('#login').waitFor();
  assert.equal(await focused(page), 'connect');
});

scenario('a question can be left with Escape', gateway.url, async ({ page }) => {
  await fill_place(page, place(asking));
  await choose_method(page, 'interactive');
  await connect(page);
  await page.locator('#question-0').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('#login').waitFor();
  assert.equal((await form_values(page)).host, '127.0.0.1');
});

scenario('a host that hangs up in the middle is said in words', gateway.url, async ({ page }) => {
  await sign_in_with_password(page, place(plain), kPassword);
  await welcomed(page);
  await page.keyboard.type('!cut');
  await page.keyboard.press('Enter');
  await page.getByText('The host closed the connection. Connect again.', { exact: true }).waitFor();
});
