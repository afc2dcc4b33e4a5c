// The terminal as the search addon sees it. The addon gives a match a ground but no ink, and lays it under the selection that
// it makes of the active one: here every match gets its ink, and the active one lies above.
import type { IDecorationOptions, Terminal } from '@xterm/xterm';
import type { MatchColours } from './ansi_palette';

export function with_match_ink(terminal: Terminal, colours: () => MatchColours): Terminal {
  const seen = Object.create(terminal) as Terminal;
  seen.registerDecoration = (wanted: IDecorationOptions) => {
    const { active, active_ink, found_ink } = colours();
    return terminal.registerDecoration(wanted.backgroundColor === active
      ? { ...wanted, foregroundColor: active_ink, layer: 'top' }
      : { ...wanted, foregroundColor: found_ink });
  };
  return seen;
}
