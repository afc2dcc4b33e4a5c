// A session that goes on in a terminal made from a snapshot must look as if it had never left the first one: at the moment of the
// return, and after everything that is printed later.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UnicodeGraphemesAddon } from '@xterm/addon-unicode-graphemes';
import headless from '@xterm/headless';
import type { ITerminalAddon, Terminal } from '@xterm/xterm';
import { emulator_state, is_mid_sequence, keep_from_stumbling, type Cell } from './emulator_state';
import { cell_attributes, sgr } from './cell_rows';
import { snapshot } from './snapshot';
import { Unfinished } from './unfinished';

interface Size {
  cols: number;
  rows: number;
}
function make({ cols, rows }: Size): Terminal {
  const terminal = new headless.Terminal({ cols, rows, scrollback: 50, allowProposedApi: true });
  terminal.loadAddon(new UnicodeGraphemesAddon() as unknown as ITerminalAddon & never);
  keep_from_stumbling(terminal as unknown as Terminal);
  return terminal as unknown as Terminal; // the same emulator, without a screen
}
const kFrame = 37; // UTF-16 units; no piece of output ends where a sequence does
const write = (terminal: Terminal, text: string) => new Promise<void>((done) => terminal.write(text, done));

// Everything that can be seen, and everything that decides what later output does.
function seen(terminal: Terminal, lines: number) {
  const { active } = terminal.buffer;
  const { link, normal, alternate, attributes, ...state } = emulator_state(terminal);
  const rows = [];
  for (let row = active.length - lines; row < active.length; row++) {
    const line = active.getLine(row);
    const cells: string[] = [];
    for (let column = 0; column < terminal.cols; column++) {
      const cell = line?.getCell(column) as Cell;
      if (cell.getWidth() === 0) continue;
      const shown = cell.getChars() === '' ? ' ' : cell.getChars();
      const attributes = cell_attributes(cell);
      cells.push(`${shown}${sgr(attributes)}${link(attributes.extended.urlId)?.uri ?? ''}`);
    }
    rows.push(cells.join('|'));
  }
  // With wrapping off, a wide character that does not fit is not drawn, and yet might be joined.
  if (!terminal.modes.wraparoundMode) state.joins = false;
  const own = ({ saved, tabs, ...rest }: typeof normal) => ({ ...rest, tabs: tabs.filter((column) => column < terminal.cols), saved: { ...saved, x: Math.min(saved.x, terminal.cols - 1), attributes: sgr({ ...saved.attributes, extended: { underlineStyle: 0, underlineColor: 0, urlId: 0 } }) } });
  return {
    rows, buffer: active.type, modes: terminal.modes, attributes: sgr(attributes), link: link(attributes.extended.urlId)?.uri,
    ...state, normal: own(normal), alternate: active.type === 'alternate' ? own(alternate) : undefined,
  };
}

// Three states that no snapshot can say: a wide character of which one half is left; and two that take a switch between the buffers by
// itself, without the saved cursor that programs always use with it: a character set in use that is neither designated nor saved, and
// in origin mode a cursor outside the margins.
function is_odd(terminal: Terminal): boolean {
  const { charset, charsets, level, normal, alternate } = emulator_state(terminal);
  const { active } = terminal.buffer;
  const { saved, scroll_top, scroll_bottom } = active.type === 'alternate' ? alternate : normal;
  const outside = terminal.modes.originMode && (active.cursorY < scroll_top || active.cursorY > scroll_bottom);
  const torn = Array.from({ length: active.length }, (_, row) => active.getLine(row)).some((line) =>
    Array.from({ length: terminal.cols }, (_, column) => column).some((column) =>
      (line?.getCell(column)?.getWidth() === 0) !== (column > 0 && line?.getCell(column - 1)?.getWidth() === 2)));
  return torn || outside || (charset !== charsets[level] && charset !== saved.charset);
}

// False: it could not be tried.
async function same_after(size: Size, before: string, after = ''): Promise<boolean> {
  const first = make(size);
  const unfinished = new Unfinished();
  for (let at = 0; at < before.length; at += kFrame) {
    const frame = before.slice(at, at + kFrame);
    await write(first, frame);
    unfinished.take(frame, is_mid_sequence(first));
  }
  if (is_odd(first)) return false;
  const second = make(size);
  await write(second, snapshot(first, 20) + unfinished.text);
  const lines = Math.min(first.buffer.active.length, second.buffer.active.length);
  assert.deepEqual(seen(second, lines), seen(first, lines));
  await write(first, after);
  await write(second, after);
  const later = Math.min(first.buffer.active.length, second.buffer.active.length);
  assert.deepEqual(seen(second, later), seen(first, later));
  return true;
}

const kSize = { cols: 20, rows: 6 };
const kCases: [string, string, string?][] = [
  ['nothing', ''],
  ['text', 'hello\r\nworld', '!'],
  ['a row that is full', 'x'.repeat(20), 'y'],
  ['a full row in the middle of the screen', '\x1b[3;1H' + 'x'.repeat(20), '\x1b[1mb'],
  ['a long line', 'abcdefghij'.repeat(7), 'klm'],
  ['more lines than the screen', Array.from({ length: 40 }, (_, i) => `line ${i}`).join('\r\n'), '\r\nmore'],
  ['lines in colours', Array.from({ length: 40 }, (_, i) => `\x1b[${30 + (i % 8)};${40 + (i % 7)}mline ${i}\x1b[K`).join('\r\n'), '\r\n\x1b[0mx\x1b[3A\x1b[Ky'],
  ['bold, then dim, then neither', '\x1b[1;2mA\x1b[22;2mB\x1b[22mC\x1b[1mD\x1b[2mE'],
  ['all attributes', '\x1b[1mb\x1b[3mi\x1b[4mu\x1b[5mk\x1b[7mr\x1b[8mh\x1b[9ms\x1b[53mo\x1b[0m\x1b[4:3mc\x1b[58;5;9md\x1b[58;2;1;2;3me', 'f\x1b[59mg'],
  ['colours of every kind', '\x1b[31ma\x1b[91mb\x1b[38;5;1mc\x1b[38;5;200md\x1b[38;2;1;2;3me\x1b[41mf\x1b[101mg\x1b[48;5;3mh\x1b[48;2;9;8;7mi', '\x1b[Kj'],
  ['an erased ground', '\x1b[44mabc\x1b[2K\x1b[5;3Hd\x1b[1J', 'e'],
  ['a ground in the middle of a row', 'abcdefghij\x1b[4G\x1b[41m\x1b[3X', 'z'],
  ['wide characters', '中文字宽度测试很长的一行文字要换行', '中'],
  ['a wide character that does not fit', 'x'.repeat(19) + '中', '文'],
  ['emoji and what joins them', '👩‍💻 👋🏽 e\u0301 🇩🇪', '🇫'],
  ['half a flag', 'ab🇩', '🇪x'],
  ['half an emoji', 'ab👩', '\u200d💻x'],
  ['an accent to come', '\x1b[31mabe', '\u0301x'],
  ['flags that were printed apart', '🇩\x1b[1;3H🇪', 'x'],
  ['a hidden cursor of another shape', '\x1b[?25l\x1b[5 qabc', '\x1b[?25h'],
  ['a steady block', '\x1b[2 q\x1b[?12l'],
  ['margins', '\x1b[2;4r\x1b[3;3Habc', '\r\n1\r\n2\r\n3\r\n4'],
  ['margins and origin', '\x1b[2;5r\x1b[?6h\x1b[2;3Hx', '\x1b[1;1Hy\x1b[99;99Hz'],
  ['a saved cursor', '\x1b[3;5H\x1b[1;32;44m\x1b7\x1b[0m\x1b[1;1Habc', '\x1b8x'],
  ['a saved cursor with line drawing', '\x1b(0\x1b[2;2H\x1b7\x1b(Babc', '\x1b8qqq'],
  ['line drawing', '\x1b(0lqqk\x1b(B lqqk \x1b(0mq', 'qj'],
  ['line drawing in G1', '\x1b)0ab\x0eqq', 'xx\x0fxx'],
  ['tab stops', '\x1b[3g\x1b[5G\x1bH\x1b[13G\x1bH\r', '\ta\tb'],
  ['insert mode', 'abcdef\x1b[4h\x1b[3G', 'XY'],
  ['no wrapping', '\x1b[?7l' + 'y'.repeat(25), 'z'],
  ['modes of a full-screen program', '\x1b[?1049h\x1b[?1h\x1b=\x1b[?2004h\x1b[?1002h\x1b[?1006h\x1b[?1004h\x1b[2J\x1b[3;3Hvim', '\x1b[?1049l'],
  ['the shell under a full-screen program', 'prompt$ \x1b[31mred\x1b[?1049h\x1b[2J\x1b[Hfull\x1b[2;4r', '\x1b[?1049l!\r\nmore\r\nlines'],
  ['lines above the screen under a full-screen program', Array.from({ length: 30 }, (_, i) => `line ${i}`).join('\r\n') + '\x1b[?1049h\x1b[Htop', '\x1b[?1049lx\r\n'],
  ['a ground over a full-screen program', '\x1b[?1049h\x1b[44m\x1b[2J\x1b[H' + 'a'.repeat(60), '\x1b[0m\x1b[Kx'],
  ['a link', '\x1b]8;;https://example.org/a;b\x1b\\go\x1b]8;;\x1b\\ \x1b]8;id=7;https://example.org/\x1b\\on', 'e\x1b]8;;\x1b\\f'],
  ['a title', '\x1b]0;a title\x07abc'],
  ['a ground that runs over the edge of the last row', '\r\n'.repeat(8) + '\x1b[41m' + 'x'.repeat(22), '\x1b[0m\r\ny'],
  ['a wrapped row whose end was erased', 'x'.repeat(30) + '\x1b[1;15H\x1b[K\x1b[2;1H', 'y'],
  ['what is left after erasing up to the last cell', 'abc\x1b[6;20H\x1b[1J', 'x'],
  ['half a colour', 'abc\x1b[3', '1mdef'],
  ['half a colour with a line feed in it', 'abc\x1b[3\n', '1mdef'],
  ['an escape', 'abc\x1b', '[31mdef'],
  ['half a title', 'abc\x1b]0;ti', 'tle\x1b\\def'],
  ['half the end of a title', 'abc\x1b]0;title\x1b', '\\def'],
  ['half of something long', 'abc\x1bP' + 'x'.repeat(300), 'x\x1b\\def'],
  ['a sequence in eight bits', 'abc\x9b3', '1mdef'],
  ['half a sequence that was given up', 'abc\x1b[3\x18', '1mdef'],
  ['reverse video beyond the text', '\x1b[7mabc\x1b[K\x1b[0m', 'x'],
];
for (const [name, before, after] of kCases) {
  test(`a snapshot keeps ${name}`, async () => assert.ok(await same_after(kSize, before, after)));
}

// Any mixture of what programs print.
const kPieces = [
  'a', 'bc ', 'lorem ipsum dolor sit amet', '中', '文字', '👩‍💻', 'e\u0301', '🇩🇪', '\r\n', '\n', '\r', '\b', '\t', '\x1b[A', '\x1b[2B', '\x1b[3C', '\x1b[D', '\x1b[H',
  '\x1b[3;7H', '\x1b[6;20H', '\x1b[J', '\x1b[1J', '\x1b[2J', '\x1b[K', '\x1b[1K', '\x1b[2K', '\x1b[2L', '\x1b[M', '\x1b[3P', '\x1b[2@', '\x1b[4X', '\x1b[2S', '\x1b[T',
  '\x1b[m', '\x1b[1m', '\x1b[2m', '\x1b[22m', '\x1b[4m', '\x1b[7m', '\x1b[27m', '\x1b[31m', '\x1b[92m', '\x1b[38;5;99m', '\x1b[44m', '\x1b[48;2;5;6;7m', '\x1b[49m',
  '\x1b[2;5r', '\x1b[r', '\x1b[?6h', '\x1b[?6l', '\x1b[?7l', '\x1b[?7h', '\x1b[4h', '\x1b[4l', '\x1b[?25l', '\x1b[?25h', '\x1b[?1h', '\x1b[?2004h', '\x1b7', '\x1b8', '\x1bM', '\x1bD',
  '\x1bH', '\x1b[g', '\x1b(0', '\x1b(B', '\x1b)0', '\x0e', '\x0f', '\x1b[?1049h', '\x1b[?1049l', '\x1b[?47h', '\x1b[?47l', '\x1b[3 q', '\x1b[0 q', '\x1b[s', '\x1b[u', '\x1b[3b',
];
const kMixtures = Number(process.env['SALLYPORT_MIXTURES'] ?? 100);
function stream(seed: number, length: number): string {
  let state = seed;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return kPieces[(state >>> 8) % kPieces.length];
  }).join('');
}
test('a snapshot keeps any mixture', async () => {
  let tried = 0;
  for (let seed = 1; seed <= kMixtures; seed++) {
    const size = { cols: 12 + (seed % 13), rows: 6 + (seed % 5) };
    const all = Array.from(stream(seed, 70 + (seed % 500)));
    const cut = all.length - 60 - (seed % 50); // within a sequence as often as not
    const [before, after] = [all.slice(0, cut).join(''), all.slice(cut).join('')];
    try {
      if (await same_after(size, before, after)) tried++;
    } catch (error) {
      console.error(`mixture ${seed}: ${JSON.stringify(before)} then ${JSON.stringify(after)}`);
      throw error;
    }
  }
  assert.ok(tried > 0.8 * kMixtures, `${tried}`);
});
