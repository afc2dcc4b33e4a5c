// Rows of a terminal's buffer as the text and escape sequences that make them anew: every cell with its own attributes, a cell that was
// never written told from a blank, a line that ran over its edge from two lines.
import type { IBuffer } from '@xterm/xterm';
import type { Attributes, Cell } from './emulator_state';

// Where xterm.js keeps what SGR (ECMA-48, 8.3.117) sets.
const kFg = { inverse: 1 << 26, bold: 1 << 27, underline: 1 << 28, blink: 1 << 29, invisible: 1 << 30, struck: 1 << 31 };
const kBg = { italic: 1 << 26, dim: 1 << 27, overline: 1 << 30 };
const kColorMode = 3 << 24;
const kColor = { palette16: 1 << 24, palette256: 2 << 24, rgb: 3 << 24 };
export type LinkTable = (id: number) => { id?: string; uri: string } | undefined;

function color(value: number, base: 30 | 40 | 50): string {
  switch (value & kColorMode) {
    case kColor.palette16: {
      const index = value & 0xff;
      return base === 50 ? `;58;5;${index}` : `;${base + (index & 7) + (index & 8 ? 60 : 0)}`;
    }
    case kColor.palette256:
      return `;${base + 8};5;${value & 0xff}`;
    case kColor.rgb:
      return `;${base + 8};2;${(value >> 16) & 0xff};${(value >> 8) & 0xff};${value & 0xff}`;
    default:
      return '';
  }
}

export const kPlain = '\x1b[m';

const kExtended = 1 << 28; // in `bg`: without it `extended` is left from some other cell
const kNoExtension = { underlineStyle: 0, underlineColor: 0, urlId: 0 };
export function cell_attributes({ fg, bg, extended }: Attributes): Attributes {
  return { fg, bg, extended: bg & kExtended ? extended : kNoExtension };
}

// All of them at once, from nothing: what goes before does not matter.
export function sgr({ fg, bg, extended }: Attributes): string {
  let codes = '';
  if (fg & kFg.bold) codes += ';1';
  if (bg & kBg.dim) codes += ';2';
  if (bg & kBg.italic) codes += ';3';
  if (fg & kFg.underline) codes += extended.underlineStyle > 1 && extended.urlId === 0 ? `;4:${extended.underlineStyle}` : ';4';
  if (fg & kFg.blink) codes += ';5';
  if (fg & kFg.inverse) codes += ';7';
  if (fg & kFg.invisible) codes += ';8';
  if (fg & kFg.struck) codes += ';9';
  if (bg & kBg.overline) codes += ';53';
  codes += color(fg, 30) + color(bg, 40);
  if (extended.underlineColor !== -1) codes += color(extended.underlineColor, 50);
  return codes === '' ? kPlain : `\x1b[0${codes}m`;
}

// OSC 8, or its end.
export function link_mark(id: number, links: LinkTable): string {
  const link = id === 0 ? undefined : links(id);
  return link ? `\x1b]8;${link.id === undefined ? '' : `id=${link.id}`};${link.uri}\x1b\\` : '\x1b]8;;\x1b\\';
}

// The looks of a cell that was erased: a ground and nothing else.
const is_erased = (cell: Cell) => cell.fg === 0 && (cell.bg & ~(kColorMode | 0xffffff)) === 0;
const is_default = (cell: Cell) => cell.getChars() === '' && cell.fg === 0 && cell.bg === 0;

class Writer {
  out = '';
  #look = kPlain;
  #link = 0;

  constructor(private readonly links: LinkTable) {}

  look(wanted: string, link: number): void {
    if (link !== this.#link) {
      this.out += link_mark(link, this.links);
      this.#link = link;
    }
    if (wanted !== this.#look) {
      this.out += wanted;
      this.#look = wanted;
    }
  }
  plain(): void {
    this.look(kPlain, 0);
  }
}

// `from` and `to` count lines of the buffer. The cursor is in the first column of a fresh row, and is left behind the last row's text.
export function rows_text(buffer: IBuffer, from: number, to: number, cols: number, links: LinkTable): string {
  const writer = new Writer(links);
  const cell = buffer.getNullCell() as Cell;
  for (let row = from; row < to; row++) {
    const line = buffer.getLine(row);
    if (!line) break;
    let end = cols;
    while (end > 0 && is_default(line.getCell(end - 1, cell) as Cell)) end--;
    const wraps = row > from && runs_on(buffer, row, cols, cell);
    if (row > from && !wraps) {
      writer.plain(); // a new row takes the ground that is in hand
      writer.out += '\r\n';
    }
    let column = 0;
    while (column < end) {
      line.getCell(column, cell);
      const text = cell.getChars();
      if (text === '' && is_erased(cell)) {
        const first = column;
        const { bg } = cell;
        do column++; while (column < end && (line.getCell(column, cell) as Cell).getChars() === '' && is_erased(cell) && cell.bg === bg && cell.getWidth() === 1);
        if (bg !== 0) {
          writer.look(sgr({ fg: 0, bg, extended: kNoExtension }), 0);
          writer.out += `\x1b[${column - first}X`;
        }
        writer.out += `\x1b[${column - first}C`;
        continue;
      }
      const width = Math.max(cell.getWidth(), 1);
      const attributes = cell_attributes(cell);
      writer.look(sgr(attributes), attributes.extended.urlId);
      // NUL prints nothing, and parts what was printed apart: an emoji beside another must not become one with it.
      if (text.length > 1 || text > '\u02ff') writer.out += '\0';
      writer.out += text === '' ? ' ' : text;
      column += width;
      // What runs over the edge fills the row below with its ground.
      if (wraps && column === width && cell.bg !== 0) {
        writer.plain();
        if (column < cols) writer.out += '\x1b[K';
      }
    }
  }
  writer.plain();
  return writer.out;
}

// The row goes on where the one above it ended, and writing on makes it so: that one is full, and this one begins with a character.
function runs_on(buffer: IBuffer, row: number, cols: number, cell: Cell): boolean {
  const line = buffer.getLine(row);
  if (!line?.isWrapped) return false;
  const first = line.getCell(0, cell) as Cell;
  if (first.getChars() === '') return false;
  const wide = first.getWidth() > 1;
  const above = buffer.getLine(row - 1);
  const last = above?.getCell(cols - 1, cell) as Cell;
  if (last.getChars() !== '' || last.getWidth() === 0) return true;
  if (!wide) return false;
  const before = above?.getCell(cols - 2, cell) as Cell;
  return before.getChars() !== '' || before.getWidth() === 0;
}
