// Text that a host chose, made fit to stand in the page's own places: one line, short, and nothing in it that cannot be seen or that
// turns the direction of what is beside it.

// Control and format characters (bidirectional marks, zero-width ones, tags), halves of pairs, line ends, and letters that look like none.
const kUnseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\u{e0100}-\u{e01ef}]/u;
const kUnseenAll = new RegExp(kUnseen, 'gu');
const kUnseenRuns = new RegExp(`${kUnseen.source}+`, 'gu');

// At most so many characters, the last of them "…" when there were more.
function shorten(text: string, most: number): string {
  const characters = Array.from(text);
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}

// What cannot be seen is left out.
export function plain_line(from_host: string, most: number): string {
  return shorten(from_host.slice(0, 4 * most).replace(kUnseenRuns, ' ').replace(/\s+/g, ' ').trim(), most);
}

// What cannot be seen is shown: a line's end as ⏎, anything else by its number.
export function shown_line(from_host: string, most: number): string {
  const named = (character: string) => `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`;
  const text = from_host.slice(0, 4 * most).replace(/\r\n?|\n/g, '⏎').replace(/\t/g, '⇥').replace(kUnseenAll, named);
  return shorten(text, most);
}
