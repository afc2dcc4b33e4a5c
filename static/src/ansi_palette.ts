// The terminal's colours: the page's stone and lamplight, with sixteen colours that keep their meaning on either. As ink on
// the ground each is AA, except the black of the dark one, which is a ground; black is legible on each of the six hues.
import type { ITheme } from '@xterm/xterm';

// A selection is so far from the ground that its one ink is legible on it, also where it is mixed with a cell's own ground.
export const kDarkPalette = {
  background: '#12181c', foreground: '#dbe2e1', cursor: '#f0b45c', cursorAccent: '#12181c',
  selectionBackground: '#a9c4d0', selectionInactiveBackground: '#8fa9b5', selectionForeground: '#12181c',
  black: '#2c3840', red: '#ef7a6d', green: '#93c47d', yellow: '#e6bd62', blue: '#7fb0e6', magenta: '#c99be0', cyan: '#6fc7c0', white: '#c8d1d0',
  brightBlack: '#7b8b93', brightRed: '#ff9d90', brightGreen: '#b2dd9c', brightYellow: '#ffd98a', brightBlue: '#a5caf5', brightMagenta: '#debcf0', brightCyan: '#97e2dc', brightWhite: '#f5f8f7',
} satisfies ITheme;

export const kLightPalette = {
  background: '#fafbfa', foreground: '#1d272d', cursor: '#8a5200', cursorAccent: '#fafbfa',
  selectionBackground: '#2f5d7a', selectionInactiveBackground: '#557488', selectionForeground: '#fafbfa',
  black: '#0d1317', red: '#cf3a2e', green: '#3d7f2b', yellow: '#966900', blue: '#2f72c4', magenta: '#a04bc0', cyan: '#177f86', white: '#5f6d74',
  brightBlack: '#66747c', brightRed: '#a81f17', brightGreen: '#27651a', brightYellow: '#755100', brightBlue: '#1857a4', brightMagenta: '#7c2b98', brightCyan: '#08636a', brightWhite: '#39464d',
} satisfies ITheme;

// What a search found, and the one it stands on.
export interface MatchColours {
  found: string;
  found_ink: string;
  active: string;
  active_ink: string;
}
export const kDarkMatches: MatchColours = { found: '#6b5020', found_ink: '#fff6e6', active: '#f0b45c', active_ink: '#1f1503' };
export const kLightMatches: MatchColours = { found: '#f5dfb6', found_ink: '#1d272d', active: '#e8a23a', active_ink: '#1f1503' };
