// What a host may print without harm: nothing keeps the emulator busy for long, and nothing it keeps grows without end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import headless from '@xterm/headless';
import type { Terminal } from '@xterm/xterm';
import { emulator_state } from './emulator_state';
import { kMostSequence, set_limits, without_turns } from './host_limits';
import { HostOutput } from './host_output';

function start() {
  const terminal = new headless.Terminal({ cols: 80, rows: 24, scrollback: 100, allowProposedApi: true }) as unknown as Terminal;
  set_limits(terminal);
  const output = new HostOutput(terminal, () => undefined, () => undefined);
  let end = 0;
  const print = (data: string) => new Promise<void>((done) => {
    const last = end + Buffer.byteLength(data);
    end = last;
    output.write(data, last, (at) => at === last && done());
  });
  const row = (at: number) => terminal.buffer.active.getLine(at)?.translateToString(true);
  return { terminal, output, print, row };
}

test('no number in a sequence is too large', async () => {
  const { print, row } = start();
  const most = '2147483647';
  const began = performance.now();
  for (const prefix of ['', '?', '>', '=', '<']) {
    for (const between of ['', ' ', '!', '"', '$', '\'', '*', '#']) {
      for (let final = 0x40; final < 0x7f; final++) {
        for (const numbers of [most, `${most};${most};${most}`, `${most}:${most}`]) {
          await print(`abc\x1b[${prefix}${numbers}${between}${String.fromCharCode(final)}`);
        }
      }
    }
  }
  assert.ok(performance.now() - began < 30_000); // without limits a single one takes hours
  await print('\x1b[?47l\x1bcstill here');
  assert.equal(row(0), 'still here');
});

test('a count within the screen does what it says', async () => {
  const { print, row, terminal } = start();
  await print('x\x1b[3b\r\none\r\ntwo\x1b[2;1H\x1b[L');
  assert.deepEqual([0, 1, 2, 3].map(row), ['xxxx', '', 'one', 'two']);
  await print('\x1b[9999M');
  assert.deepEqual([0, 1, 2, 3].map(row), ['xxxx', '', '', '']);
  await print('\x1b[1;1H\x1b[99999I');
  assert.equal(terminal.buffer.active.cursorX, 79);
  await print('\x1b[99999Z\x1b[99999S');
  assert.deepEqual([terminal.buffer.active.cursorX, row(0)], [0, '']);
});

test('a character that is a whole text is not repeated', async () => {
  const { print, terminal } = start();
  await print(`a${'\u0301'.repeat(5000)}\x1b[1920b`);
  assert.equal(terminal.buffer.active.cursorX, 1);
});

for (const [what, begin] of [['OSC', '\x1b]0;'], ['OSC of no known number', '\x1b]7777;'], ['DCS', '\x1bPq'], ['DECRQSS', '\x1bP$q'], ['APC', '\x1b_G'], ['PM', '\x1b^'], ['SOS', '\x1bX'], ['CSI', '\x1b[']] as const) {
  test(`${what} without end ends, and the terminal goes on`, async () => {
    const { output, print, row } = start();
    const filler = (what === 'CSI' ? '1;' : 'xy').repeat(32 * 1024);
    await print(`before\r\n${begin}`);
    for (let sent = 0; sent < kMostSequence; sent += filler.length) await print(filler);
    await print('\x18\x1b[2J\x1b[Hafter');
    assert.equal(row(0), 'after');
    assert.ok((output.snapshot(0)?.text.length ?? Infinity) < 10_000);
  });
  if (what !== 'CSI') {
    test(`${what}: what comes behind the limit is seen`, async () => {
      const { print, row } = start();
      const filler = 'xy'.repeat(32 * 1024);
      await print(begin);
      for (let sent = 0; sent <= kMostSequence; sent += filler.length) await print(filler);
      await print('\r\nafter');
      assert.ok(Array.from({ length: 124 }, (_, at) => row(at)).includes('after'));
    });
  }
}

test('a title and a link have a length', async () => {
  const { terminal, print } = start();
  const titles: string[] = [];
  terminal.onTitleChange((title) => titles.push(title));
  await print(`\x1b]2;${'t'.repeat(1025)}\x07\x1b]0;${'t'.repeat(9_000_000)}\x07\x1b]2;fine\x07`);
  assert.deepEqual([titles, emulator_state(terminal).title], [['fine'], 'fine']);
  const link = async (mark: string) => {
    await print(`\x1b]8;;\x07\x1b]8;${mark}\x07`);
    return emulator_state(terminal).link(emulator_state(terminal).attributes.extended.urlId)?.uri;
  };
  assert.equal(await link(`;https://a/?a;b`), 'https://a/?a;b');
  assert.equal(await link(`;https://a/${'x'.repeat(2048)}`), undefined);
  assert.equal(await link(`id=${'x'.repeat(300)};https://a/`), undefined);
});

test('what turns the direction of text round is taken out, and no offset moves', () => {
  const text = 'a\u202egpj.exe\u202c \u2066b\u2069 中';
  const harmless = without_turns(text);
  assert.ok(!/[\u202a-\u202e\u2066-\u2069]/.test(harmless));
  assert.deepEqual([harmless.length, Buffer.byteLength(harmless)], [text.length, Buffer.byteLength(text)]);
  assert.equal(without_turns('שלום \u200f a\u200b'), 'שלום \u200f a\u200b');
});
