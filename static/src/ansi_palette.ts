// The terminal's colours: the page's stone and lamplight, with sixteen colours that keep their meaning on either.
import type { ITheme } from '@xterm/xterm';

export const kDarkPalette: ITheme = {
  background: '#12181c', foreground: '#dbe2e1', cursor: '#f0b45c', cursorAccent: '#12181c',
  selectionBackground: '#35505e', selectionInactiveBackground: '#2a3b45',
  black: '#3a4852', red: '#ef7a6d', green: '#93c47d', yellow: '#e6bd62', blue: '#7fb0e6', magenta: '#c99be0', cyan: '#6fc7c0', white: '#c8d1d0',
  brightBlack: '#7b8b93', brightRed: '#ff9d90', brightGreen: '#b2dd9c', brightYellow: '#ffd98a', brightBlue: '#a5caf5', brightMagenta: '#debcf0', brightCyan: '#97e2dc', brightWhite: '#f5f8f7',
};

export const kLightPalette: ITheme = {
  background: '#fafbfa', foreground: '#1d272d', cursor: '#8a5200', cursorAccent: '#fafbfa',
  selectionBackground: '#c3d7e2', selectionInactiveBackground: '#dde6ea',
  black: '#1d272d', red: '#b3261e', green: '#2f6b1f', yellow: '#7d5700', blue: '#1f5fa8', magenta: '#8434a0', cyan: '#0b6a70', white: '#5f6d74',
  brightBlack: '#6b7981', brightRed: '#c9372c', brightGreen: '#3b7d29', brightYellow: '#8f6400', brightBlue: '#2b6fbd', brightMagenta: '#9744b5', brightCyan: '#137a80', brightWhite: '#39464d',
};
