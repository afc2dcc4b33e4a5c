// A terminal as text that makes a fresh one equal to it, cell by cell, and ready for the next byte.
//
// Why a picture and an offset, and not the whole output once more: the log of the server holds the newest megabyte, a session of an
// hour has printed more, and what was printed for one size makes another screen at the next. The picture is right however long the
// session was; the log then gives every byte after it. Only where there is no picture (another device, a store that is full) is what
// the server has kept replayed, and the server makes full-screen programs draw anew.
import type { Terminal } from '@xterm/xterm';
import { cell_attributes, kPlain, link_mark, rows_text, sgr } from './cell_rows';
import { emulator_state, type BufferState, type Cell, type CharsetName, type EmulatorState } from './emulator_state';

// `scrollback`: at most so many lines above the screen.
export function snapshot(terminal: Terminal, scrollback: number): string {
  const { normal, alternate, active } = terminal.buffer;
  const { rows, cols } = terminal;
  const state = emulator_state(terminal);

  let first = Math.max(0, normal.length - rows - scrollback);
  while (first < normal.length - rows && normal.getLine(first)?.isWrapped) first++; // half a line looks like a whole one
  const full_screen = active.type === 'alternate';
  const left = full_screen ? '' : saved_text(state.alternate, cols, rows); // by a program that has gone; the next may rely on it
  let out = left === '' ? '' : `\x1b[?47h${left}\x1b[?47l\x1b[H`;
  out += rows_text(normal, first, normal.length, cols, state.link) + buffer_text(state.normal, cols, rows);
  if (full_screen) out += `\x1b[?47h\x1b[H${rows_text(alternate, 0, rows, cols, state.link)}${buffer_text(state.alternate, cols, rows)}`;
  return out + modes_text(terminal) + charsets_text(state) + link_mark(state.attributes.extended.urlId, state.link) + cursor_text(terminal, state);
}

// What each of the two buffers has of its own.
function buffer_text(state: BufferState, cols: number, rows: number): string {
  const { scroll_top, scroll_bottom, tabs } = state;
  let out = '';
  const usual = Array.from({ length: cols }, (_, column) => column).filter((column) => column % 8 === 0);
  const wanted = tabs.filter((column) => column < cols);
  if (wanted.join() !== usual.join()) out += '\x1b[3g' + wanted.map((column) => `\x1b[${column + 1}G\x1bH`).join('');
  out += saved_text(state, cols, rows);
  if (scroll_top !== 0 || scroll_bottom !== rows - 1) out += `\x1b[${scroll_top + 1};${scroll_bottom + 1}r`;
  return out;
}

// What ESC 7 saved. It saves no style of underlining.
function saved_text({ saved }: BufferState, cols: number, rows: number): string {
  const look = sgr(cell_attributes({ ...saved.attributes, bg: saved.attributes.bg & ~(1 << 28) }));
  if (saved.x === 0 && saved.y === 0 && look === kPlain && saved.charset === 'B') return '';
  return `\x1b[${Math.min(saved.y, rows - 1) + 1};${Math.min(saved.x, cols - 1) + 1}H${look}\x1b(${saved.charset}\x1b7\x1b(B${kPlain}`;
}

const kMouse: Record<string, string> = { x10: '9', vt200: '1000', drag: '1002', any: '1003' };

function modes_text(terminal: Terminal): string {
  const { modes } = terminal;
  const state = emulator_state(terminal);
  const on: string[] = [];
  if (modes.applicationCursorKeysMode) on.push('1');
  if (modes.reverseWraparoundMode) on.push('45');
  if (modes.applicationKeypadMode) on.push('66');
  if (modes.sendFocusMode) on.push('1004');
  if (modes.bracketedPasteMode) on.push('2004');
  const mouse = kMouse[modes.mouseTrackingMode];
  if (mouse !== undefined) on.push(mouse);
  if (state.mouse_encoding !== '') on.push(state.mouse_encoding);
  if (state.holds_drawing) on.push('2026');
  on.push(...(terminal.options.cursorBlink === true ? ['12'] : []));
  let out = on.map((mode) => `\x1b[?${mode}h`).join('');
  if (terminal.options.cursorBlink !== true) out += '\x1b[?12l';
  if (!modes.wraparoundMode) out += '\x1b[?7l';
  if (modes.insertMode) out += '\x1b[4h';
  if (modes.originMode) out += '\x1b[?6h';
  if (state.cursor_style !== 0) out += `\x1b[${state.cursor_style} q`;
  if (state.cursor_hidden) out += '\x1b[?25l';
  if (state.title !== '') out += `\x1b]2;${state.title}\x1b\\`;
  return out;
}

const kDesignate = ['(', ')', '*', '+'];
const kInvoke = ['\x0f', '\x0e', '\x1bn', '\x1bo'];

function charsets_text({ charsets, charset, level }: EmulatorState): string {
  const designated = charsets.map((name: CharsetName, g) => (name === 'B' ? '' : `\x1b${kDesignate[g]}${name}`)).join('');
  const invoked = level === 0 ? '' : kInvoke[level] ?? '';
  // ESC 8 brings back a set without designating it: the only way to have one in use that is none of the four.
  return designated + invoked + (charset === charsets[level] ? '' : '\x1b8');
}

// Last, because it decides what the next character does. Two things cannot be said by moving: that the row is full and the next
// character goes to the next one, and that the next may join the last (an emoji's second half). Both come from printing, so the
// character before the cursor is printed once more.
function cursor_text(terminal: Terminal, state: EmulatorState): string {
  const { active } = terminal.buffer;
  const { cols, modes } = terminal;
  const full = state.x >= cols;
  const top = modes.originMode ? (active.type === 'alternate' ? state.alternate : state.normal).scroll_top : 0;
  const at = (x: number) => `\x1b[${state.y - top + 1};${x + 1}H`;
  const look = sgr(state.attributes);
  const line = active.getLine(active.baseY + state.y);
  const cell_at = (x: number) => line?.getCell(x) as Cell | undefined;
  let before = Math.min(state.x, cols) - 1;
  while (before > 0 && cell_at(before)?.getWidth() === 0) before--;
  const cell = before >= 0 ? cell_at(before) : undefined;
  const own = cell ? sgr(cell_attributes(cell)) : look;
  if (!cell || !(full || (state.joins && own === look))) return look + at(Math.min(state.x, cols - 1));
  const text = cell.getChars() === '' ? ' ' : cell.getChars();
  const again = own === look && state.joins ? '' : look;
  // In insert mode a character pushes the rest of the row, which is first pulled.
  const pull = modes.insertMode ? `\x1b[${Math.max(cell.getWidth(), 1)}P` : '';
  return own + at(before) + pull + text + again;
}
