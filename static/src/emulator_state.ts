// What xterm.js knows and its public interface does not tell: the saved cursor, margins, tab stops, character sets, the attributes in
// hand, whether an escape sequence is half read, whether data is a key or an answer. This is the only file that looks inside; the
// version is pinned in package.json, and snapshot.test.ts compares whole terminals, so that a change there is noticed here.
import type { IBufferCell, Terminal } from '@xterm/xterm';

export interface Attributes {
  fg: number;
  bg: number;
  extended: { underlineStyle: number; underlineColor: number; urlId: number };
}
// IBufferCell is given out as what it is.
export type Cell = IBufferCell & Attributes;

type Counted =
  'cursorForwardTab' | 'cursorBackwardTab' | 'insertLines' | 'deleteLines' | 'scrollUp' | 'scrollDown' | 'repeatPrecedingCharacter';
type Charset = Record<string, string | undefined> | undefined;
interface InnerBuffer {
  x: number;
  y: number;
  ybase: number;
  scrollTop: number;
  scrollBottom: number;
  tabs: Record<number, boolean | undefined>;
  savedX: number;
  savedY: number;
  savedCurAttrData: Attributes;
  savedCharset: Charset;
}
type Position = [column: number, row: number] | undefined;
interface Core {
  _syncTextArea(): void;
  buffers: { normal: InnerBuffer; alt: InnerBuffer; active: InnerBuffer };
  coreService: {
    isCursorHidden: boolean;
    decPrivateModes: { cursorStyle?: string; cursorBlink?: boolean; synchronizedOutput?: boolean };
    onUserInput(listener: () => void): unknown;
  };
  coreMouseService: { activeEncoding: string };
  _charsetService: { charset: Charset; glevel: number; _charsets: Charset[] };
  _renderService: {
    _renderDebouncer: { refresh(first: number | undefined, last: number | undefined, rows: number): void };
    handleSelectionChanged(start: Position, end: Position, columns: boolean): void;
  };
  _oscLinkService: { getLinkData(id: number): { id?: string; uri: string } | undefined };
  _inputHandler: Record<Counted, (params: { params: number[] }) => boolean> & {
    eraseInDisplay(params: { params: number[] }): boolean;
    _curAttrData: Attributes;
    _windowTitle: string;
    _parser: { currentState: number; precedingJoinState: number; reset(): void };
  };
}

const core = (terminal: Terminal) => (terminal as unknown as { _core: Core })._core;

export interface BufferState {
  scroll_top: number;
  scroll_bottom: number;
  tabs: number[]; // columns
  saved: { x: number; y: number; attributes: Attributes; charset: CharsetName };
}
// As in "ESC ( 0": DEC's line drawing, British, or ASCII.
export type CharsetName = '0' | 'A' | 'B';

export interface EmulatorState {
  normal: BufferState;
  alternate: BufferState;
  x: number; // as many as there are columns: the next character goes to the next row
  y: number;
  attributes: Attributes;
  charsets: CharsetName[]; // G0 … G3
  charset: CharsetName; // the one in use
  level: number; // which of them is invoked
  cursor_hidden: boolean;
  cursor_style: number; // DECSCUSR's parameter, 0 for the terminal's own
  mouse_encoding: '' | '1006' | '1016';
  holds_drawing: boolean; // mode 2026
  title: string;
  joins: boolean; // the next character may become part of the last one
  link(id: number): { id?: string; uri: string } | undefined;
}

// xterm.js keeps the tables, not their names.
function charset_name(table: Charset): CharsetName {
  if (table?.['q'] === '─') return '0';
  return table?.['#'] === '£' && table['@'] === undefined ? 'A' : 'B';
}

function buffer_state(buffer: InnerBuffer): BufferState {
  return {
    scroll_top: buffer.scrollTop, scroll_bottom: buffer.scrollBottom,
    tabs: Object.keys(buffer.tabs).filter((column) => buffer.tabs[Number(column)]).map(Number),
    saved: {
      x: buffer.savedX, y: Math.max(buffer.savedY - buffer.ybase, 0), attributes: buffer.savedCurAttrData,
      charset: charset_name(buffer.savedCharset),
    },
  };
}

const kStyles: Record<string, number> = { block: 1, underline: 3, bar: 5 };

export function emulator_state(terminal: Terminal): EmulatorState {
  const { buffers, coreService, coreMouseService, _charsetService, _oscLinkService, _inputHandler } = core(terminal);
  const { cursorStyle, cursorBlink, synchronizedOutput } = coreService.decPrivateModes;
  const style = cursorStyle === undefined ? 0 : (kStyles[cursorStyle] ?? 1) + (cursorBlink === false ? 1 : 0);
  return {
    normal: buffer_state(buffers.normal), alternate: buffer_state(buffers.alt),
    x: buffers.active.x, y: buffers.active.y,
    attributes: _inputHandler._curAttrData,
    charsets: [0, 1, 2, 3].map((g) => charset_name(_charsetService._charsets[g])),
    charset: charset_name(_charsetService.charset), level: _charsetService.glevel,
    cursor_hidden: coreService.isCursorHidden, cursor_style: style,
    mouse_encoding: coreMouseService.activeEncoding === 'SGR' ? '1006' : coreMouseService.activeEncoding === 'SGR_PIXELS' ? '1016' : '',
    holds_drawing: synchronizedOutput === true,
    title: _inputHandler._windowTitle,
    joins: _inputHandler._parser.precedingJoinState !== 0,
    link: (id) => _oscLinkService.getLinkData(id),
  };
}

// What has been written ends inside an escape sequence.
export function is_mid_sequence(terminal: Terminal): boolean {
  return core(terminal)._inputHandler._parser.currentState !== 0;
}

// The sequence it is inside of is over, as if CAN had come; what follows is output again.
export function abandon_sequence(terminal: Terminal): void {
  core(terminal)._inputHandler._parser.reset();
}

// Called just before the data that a key, a paste or the mouse makes, and not before what the emulator answers by itself.
export function on_user_input(terminal: Terminal, listener: () => void): void {
  core(terminal).coreService.onUserInput(listener);
}

// Rows are drawn when `ask` runs what it is given; until then more of them gather.
export function draw_when_asked(terminal: Terminal, ask: (draw: () => void) => void): void {
  const inner = core(terminal);
  const service = inner._renderService;
  const debouncer = service._renderDebouncer;
  const refresh = debouncer.refresh.bind(debouncer);
  let [first, last] = [Infinity, -1];
  // The text area follows the cursor for the input method's sake; each step of it would be a picture of its own.
  const follow_cursor = inner._syncTextArea.bind(inner);
  inner._syncTextArea = () => undefined;
  debouncer.refresh = (from, to, rows) => {
    first = Math.min(first, from ?? 0);
    last = Math.max(last, to ?? rows - 1);
    ask(() => {
      const wanted = [first, last] as const;
      [first, last] = [Infinity, -1];
      refresh(...wanted, terminal.rows);
      follow_cursor();
    });
  };
  // At every line that scrolls xterm.js 6.0 draws the selection anew, and every row with it, even where nothing is selected.
  const draw_selection = service.handleSelectionChanged.bind(service);
  let had_selection = false;
  service.handleSelectionChanged = (start, end, columns) => {
    const has_selection = start !== undefined && end !== undefined && (start[0] !== end[0] || start[1] !== end[1]);
    if (has_selection || had_selection) draw_selection(start, end, columns);
    had_selection = has_selection;
  };
}

// "Erase up to the cursor" with the cursor in the last cell makes xterm.js 6.0 stumble over the row below the last, and it parses
// nothing ever after. There it means the same as "erase everything".
export function keep_from_stumbling(terminal: Terminal): void {
  terminal.parser.registerCsiHandler({ final: 'J' }, ([what]) => {
    const { cursorX, cursorY } = terminal.buffer.active;
    if (what !== 1 || cursorX + 1 < terminal.cols || cursorY + 1 < terminal.rows) return false;
    return core(terminal)._inputHandler.eraseInDisplay({ params: [2] });
  });
}

const kCounted: readonly [final: string, what: Counted, most: (terminal: Terminal) => number][] = [
  ['I', 'cursorForwardTab', ({ cols }) => cols], ['Z', 'cursorBackwardTab', ({ cols }) => cols],
  ['L', 'insertLines', ({ rows }) => rows], ['M', 'deleteLines', ({ rows }) => rows],
  ['S', 'scrollUp', ({ rows }) => rows], ['T', 'scrollDown', ({ rows }) => rows],
  ['b', 'repeatPrecedingCharacter', ({ cols, rows }) => cols * rows],
];
const kMostRepeated = 32; // UTF-16 units of one character; the longest emoji has half as many

// xterm.js 6.0 counts to whatever number a host gives: fourteen bytes that say "scroll up by 2147483647 lines" would keep the page busy
// for hours, and as many repetitions need more memory than there is. As many as the screen has do the same.
export function keep_from_counting(terminal: Terminal): void {
  for (const [final, what, most] of kCounted) {
    terminal.parser.registerCsiHandler({ final }, ([count]) => {
      if (what === 'repeatPrecedingCharacter') {
        const { active } = terminal.buffer;
        const line = active.getLine(active.baseY + active.cursorY);
        const before = [1, 2].map((back) => line?.getCell(active.cursorX - back)?.getChars().length ?? 0);
        if (Math.max(...before) > kMostRepeated) return true;
      }
      const limit = most(terminal);
      if (typeof count !== 'number' || count <= limit) return false;
      return core(terminal)._inputHandler[what]({ params: [limit] });
    });
  }
}
