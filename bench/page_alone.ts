// The page's emulator, as the page makes it, fed from memory: what bench/page.mjs compares the page with.
import { TerminalView } from '../static/src/terminal_view';

const kFrame = 64 * 1024; // UTF-16 units; the gateway's frames hold as much
const kAhead = 512 * 1024; // so much is given before it was parsed: as the gateway's window

declare global {
  var ready: boolean;
  var feed: () => Promise<number>; // ms until all of it has been parsed and drawn
}

const ignore = () => undefined;
await TerminalView.faces(15);
const container = document.getElementById('screen') as HTMLDivElement;
const view = new TerminalView(container, { dark: true, font_size: 15, screen_reader: false }, {
  on_input: ignore, on_resize: ignore, on_title: ignore, on_link: ignore, on_copied: ignore, on_leave: ignore, on_search: ignore,
});
const log = (await (await fetch('/log')).text()).replaceAll('\n', '\r\n');

globalThis.feed = () => new Promise((done) => {
  const started = performance.now();
  let given = 0;
  let parsed = 0;
  const more = () => {
    while (given < log.length && given - parsed < kAhead) {
      const piece = log.slice(given, given + kFrame);
      given += piece.length;
      view.output.write(piece, given, (offset) => {
        parsed = offset;
        if (parsed < log.length) more();
        else requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - started)));
      });
    }
  };
  more();
});
globalThis.ready = true;
