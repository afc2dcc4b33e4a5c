// xterm.js as it comes, as large and with as many lines and the same faces as on the page, fed from memory: what bench/page.mjs compares
// the page with.
import { FitAddon } from '@xterm/addon-fit';
import { UnicodeGraphemesAddon } from '@xterm/addon-unicode-graphemes';
import { Terminal } from '@xterm/xterm';

const kPiece = 64 * 1024; // UTF-16 units; the gateway's frames hold as much
const kAhead = 512 * 1024; // so much is given before it was parsed: it never waits for more

declare global {
  var ready: boolean;
  var feed: () => Promise<number>; // ms until all of it has been parsed and drawn
}

const kFontSize = 15; // CSS pixels
await document.fonts.load(`${kFontSize}px "Sallyport Mono"`);
await document.fonts.load(`bold ${kFontSize}px "Sallyport Mono"`);
const terminal = new Terminal({ allowProposedApi: true, fontFamily: '"Sallyport Mono", monospace', fontSize: kFontSize, scrollback: 10_000 });
const fit = new FitAddon();
terminal.loadAddon(fit);
terminal.loadAddon(new UnicodeGraphemesAddon());
terminal.open(document.getElementById('screen') as HTMLDivElement);
fit.fit();
const log = (await (await fetch('/log')).text()).replaceAll('\n', '\r\n');

globalThis.feed = () => new Promise((done) => {
  const started = performance.now();
  let given = 0;
  let parsed = 0;
  const more = () => {
    while (given < log.length && given - parsed < kAhead) {
      const piece = log.slice(given, given + kPiece);
      given += piece.length;
      terminal.write(piece, () => {
        parsed += piece.length;
        if (parsed < log.length) more();
        else requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - started)));
      });
    }
  };
  more();
});
globalThis.ready = true;
