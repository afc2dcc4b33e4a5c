import assert from 'node:assert/strict';
import { test } from 'node:test';
import headless from '@xterm/headless';
import type { Terminal } from '@xterm/xterm';
import { HostOutput } from './host_output';

function start() {
  const terminal = new headless.Terminal({ cols: 40, rows: 5, allowProposedApi: true }) as unknown as Terminal;
  const told: unknown[] = [];
  const output = new HostOutput(terminal, () => undefined, () => told.push('caught up'));
  terminal.onData((data) => told.push([data, output.is_old ? 'old' : 'new']));
  let end = 0;
  const print = (data: string) => {
    end += Buffer.byteLength(data);
    const offset = end;
    output.write(data, offset, (at) => told.push(at));
  };
  const settled = () => new Promise<void>((done) => terminal.write('', done));
  const row = (at: number) => terminal.buffer.active.getLine(at)?.translateToString(true);
  return { terminal, output, told, print, settled, row, go_on_at: (offset: number) => { end = offset; } };
}
const kQuery = '\x1b[6n'; // where is the cursor? 4 bytes

test('an answer to what was printed before belongs to nobody, one to what comes now to whoever asks', async () => {
  const { output, told, print, settled } = start();
  output.replay(0, 12);
  print(`中${kQuery}`); // ends at 7
  print(`x${kQuery}${kQuery}y`); // old up to 12, in one frame with what is new
  await settled();
  assert.deepEqual(told, [['\x1b[1;3R', 'old'], 7, ['\x1b[1;4R', 'old'], 'caught up', ['\x1b[1;4R', 'new'], 17]);
});

test('a long piece of output is told of as it is worked in, and none of its characters is torn', async () => {
  const { terminal, output, told, settled } = start();
  const data = 'x' + '😀中'.repeat(30_000); // the first cut falls into a pair of surrogates
  output.write(data, Buffer.byteLength(data), (at) => told.push(at));
  await settled();
  const offsets = told.filter((one) => typeof one === 'number') as number[];
  assert.ok(offsets.length > 4 && offsets.every((at, index) => index === 0 || at > (offsets[index - 1] ?? 0)), String(offsets));
  assert.equal(offsets.at(-1), Buffer.byteLength(data));
  const bytes = Buffer.from(data);
  for (const at of offsets) assert.ok(!bytes.subarray(0, at).toString().includes('\ufffd'), `${at}`);
  const drawn = Array.from({ length: terminal.buffer.active.length }, (_, row) => terminal.buffer.active.getLine(row)?.translateToString());
  assert.ok(!drawn.some((row) => row?.includes('\ufffd')));
});

test('with nothing to replay, nothing is old', async () => {
  const { output, told, print, settled, go_on_at } = start();
  output.replay(100, 100);
  go_on_at(100);
  print(kQuery);
  await settled();
  assert.deepEqual(told, ['caught up', ['\x1b[1;1R', 'new'], 104]);
});

test('a screen goes to another page with its offset, even if that one leaves at once', async () => {
  const first = start();
  first.print('hello \x1b[31');
  await first.settled();
  const screen = first.output.snapshot(10);
  assert.equal(screen?.end, 10);
  const second = start();
  second.output.restore(screen);
  assert.equal(second.output.snapshot(10), screen, 'not drawn yet, and not lost');
  second.output.replay(10, 13);
  second.go_on_at(10);
  second.print('mred');
  await second.settled();
  assert.equal(second.row(0), 'hello red');
  assert.deepEqual(second.told, ['caught up', 14]);
  assert.equal(second.output.snapshot(10)?.end, 14);
});

test('what a restored screen makes the emulator answer was not asked by anybody, and the end of it is no catching up', async () => {
  const { output, told, print, settled, go_on_at } = start();
  output.restore({ cols: 40, rows: 5, end: 10, text: `ab${kQuery}` });
  await settled();
  assert.deepEqual(told, [['\x1b[1;3R', 'old']]);
  output.replay(10, 10);
  go_on_at(10);
  print(kQuery);
  await settled();
  assert.deepEqual(told.slice(1), ['caught up', ['\x1b[1;3R', 'new'], 14]);
});

test('beginning anew leaves nothing, not even half a sequence', async () => {
  const { output, print, settled, row, go_on_at } = start();
  print('old\r\nold\x1b[31');
  output.begin_anew();
  output.note('— skipped —');
  output.replay(1000, 1005);
  go_on_at(1000);
  print('fresh');
  await settled();
  assert.deepEqual([row(0), row(1)], ['— skipped —', 'fresh']);
  assert.equal(output.snapshot(10)?.end, 1005);
});
