// What a host's output may cost, and what of it never reaches the emulator's own handlers.
import type { Terminal } from '@xterm/xterm';
import { keep_from_counting, keep_from_stumbling } from './emulator_state';
import { kMostAddress } from './web_address';

// UTF-16 units of one escape sequence. A picture sent as text is swallowed; one without end would hide all that comes after it.
export const kMostSequence = 4 * 1024 * 1024;
const kMostTitle = 1024; // UTF-16 units, here and in every snapshot
const kMostLinkId = 256;

// Overrides, embeddings and isolates (Unicode UAX #9): terminals have no use for them, and a browser's would show "gpj.exe" for
// what is "exe.jpg". In their place a mark of the same length in every encoding and of the same width, none, that does nothing.
const kTurns = /[\u202a-\u202e\u2066-\u2069]/g;
export const without_turns = (data: string) => data.replace(kTurns, '\u2060');

export function set_limits(terminal: Terminal): void {
  keep_from_stumbling(terminal);
  keep_from_counting(terminal);
  const { parser } = terminal;
  // True: it is dropped.
  for (const title of [0, 1, 2]) parser.registerOscHandler(title, (text) => text.length > kMostTitle);
  parser.registerOscHandler(8, (data) => {
    const [id = '', ...address] = data.split(';');
    return id.length > kMostLinkId || address.join(';').length > kMostAddress;
  });
}
