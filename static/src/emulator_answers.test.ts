// What a host can make the emulator type. The emulator here is the real one, without a screen.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import headless from '@xterm/headless';
import { EmulatorAnswers, kAnswers, kBurst, kPerSecond } from './emulator_answers';
import { FakeClock } from './testing/fake_socket';

// What arrives at the host when it prints this, with every option on that makes an emulator talk.
async function typed_for(output: string): Promise<string[]> {
  const terminal = new headless.Terminal({
    cols: 80, rows: 24, allowProposedApi: true,
    windowOptions: {
      getCellSizePixels: true, getIconTitle: true, getWinPosition: true, getWinSizeChars: true, getWinSizePixels: true, getWinState: true,
      getScreenSizeChars: true, getScreenSizePixels: true, getWinTitle: true,
    },
  });
  const answers = new EmulatorAnswers(new FakeClock());
  const typed: string[] = [];
  terminal.onData((text) => answers.lets_through(text) && typed.push(text));
  await new Promise<void>((done) => terminal.write(output, done));
  return typed;
}

test('what full-screen programs ask is answered', async () => {
  assert.deepEqual(await typed_for('ab\x1b[6n\x1b[?6n\x1b[5n'), ['\x1b[1;3R', '\x1b[?1;3R', '\x1b[0n']);
  assert.deepEqual(await typed_for('\x1b[c\x1b[0c\x1b[>c\x1b[>0c'), ['\x1b[?1;2c', '\x1b[?1;2c', '\x1b[>0;276;0c', '\x1b[>0;276;0c']);
  assert.deepEqual(await typed_for('\x1b[?2026$p\x1b[4$p\x1b[?65535$p'), ['\x1b[?2026;2$y', '\x1b[4;2$y', '\x1b[?65535;0$y']);
});

test('nothing else is', async () => {
  const questions = [
    '\x05', // ENQ
    '\x1b]0;rm -rf ~\x07\x1b[21t\x1b[20t', '\x1b[11t\x1b[13t\x1b[14t\x1b[15t\x1b[16t\x1b[18t\x1b[19t', // title, window
    '\x1bP$qm\x1b\\\x1bP$qr\x1b\\\x1bP$q q\x1b\\\x1bP$q"p\x1b\\\x1bP$qevil\r\x1b\\', // DECRQSS
    '\x1bP+q544e\x1b\\\x1b[>q\x1b[>0q\x1b[=c\x1b[x\x1b[1x\x1b[?15n\x1b[?25n\x1b[?26n\x1b[?53n\x1b[?1;1;65535S', // XTGETTCAP, XTVERSION, DA3, …
    '\x1b]52;c;?\x07\x1b]4;1;?\x07\x1b]12;?\x07\x1b]50;?\x07\x1b]9;4;?\x07\x1b[?u\x1b[?996n\x1b[1\'|\x1b]60\x1b\\',
    '\x1b[?2147483647$p\x1b[2147483647$p', // a number of the host's, too long to be a mode
  ];
  for (const question of questions) assert.deepEqual(await typed_for(question), [], JSON.stringify(question));
});

test('no form has room for a line\'s end or for words', () => {
  const answers = new EmulatorAnswers(new FakeClock());
  const forged = [
    '\x1b[1;1R\r', '\r\x1b[1;1R', '\x1b[1;1R\n', '\x1b[0n\r', '\x1b[?1;2c\nid\n', '\x1b[1;1;1R', '\x1b[99999;1R', 'R', '', '\r', 'id\r', '\x1b]lrm -rf\x1b\\', '\x1bP1$r0m\x1b\\',
    '\x1b]11;rgb:0000/0000/0000\r', '\x1b]11;rgb:zzzz/0000/0000\x1b\\', '\x1b]11;red\x1b\\', '\x1b]4;1;rgb:0000/0000/0000\x1b\\', '\x1b[>85;95;0c', '\x1b[8;24;80t',
  ];
  for (const text of forged) assert.equal(answers.lets_through(text), false, JSON.stringify(text));
  assert.ok(answers.lets_through('\x1b]11;rgb:1212/1818/1c1c\x1b\\'));
  for (const { form, what, who } of kAnswers) {
    assert.ok(form.source.startsWith('^') && form.source.endsWith('$') && form.flags === '', what);
    assert.ok(what !== '' && who !== '');
  }
});

test('a host that asks without end is answered some times a second', () => {
  const clock = new FakeClock();
  const answers = new EmulatorAnswers(clock);
  const asked = (times: number) => Array.from({ length: times }, () => answers.lets_through('\x1b[0n')).filter(Boolean).length;
  assert.equal(asked(1_000_000), kBurst);
  clock.pass(1000);
  assert.equal(asked(1_000_000), kPerSecond);
  clock.pass(3_600_000);
  assert.equal(asked(1_000_000), kBurst);
});
