// What the emulator answers by itself goes to the host as if somebody had typed it, and it is the host, or a file that somebody prints
// there, that decides what is asked. So an answer is let through only when it has one of these forms: fixed words, and numbers. None
// holds text that the host chose, none ends a line, and what is not in the table is dropped, whatever a later emulator may think of.
//
// Not here, on purpose: the answerback (ENQ), the title (CSI 20 t, 21 t), settings as text (DECRQSS, XTGETTCAP), the window's size and
// place in pixels (CSI 11 t to 19 t), the version as text (XTVERSION), single colours (OSC 4, 12), the clipboard (OSC 52). The programs
// that ask for them do without.
import type { Clock } from './clock';

interface Answer {
  form: RegExp;
  what: string;
  who: string; // asks for it
}
const kChannel = '[0-9a-fA-F]{4}';
export const kAnswers: readonly Answer[] = [
  { form: /^\x1b\[\??\d{1,4};\d{1,4}R$/, what: 'the cursor\'s position (DSR 6)', who: 'readline, vim, fish: how wide is this character?' },
  { form: /^\x1b\[0n$/, what: 'all is well (DSR 5)', who: 'scripts, to see that somebody is there' },
  { form: /^\x1b\[\?(1;2|6)c$/, what: 'the kind of terminal (DA1)', who: 'fish, tmux, vim, less: they wait for it' },
  { form: /^\x1b\[>0;276;0c$/, what: 'which one exactly (DA2)', who: 'vim and tmux: how does it tell of the mouse?' },
  { form: /^\x1b\[\??\d{1,5};[0-4]\$y$/, what: 'whether a mode is set (DECRQM)', who: 'neovim, tmux: synchronized output' },
  { form: /^\x1b\[[IO]$/, what: 'the focus came or went', who: 'vim, tmux: only after they asked for it' },
  {
    form: new RegExp(`^\\x1b\\]1[01];rgb:${kChannel}/${kChannel}/${kChannel}\\x1b\\\\$`),
    what: 'ink and ground (OSC 10, 11)', who: 'vim, neovim, fish, tmux: colours that can be read on it',
  },
];

// A full-screen program asks some dozens of questions when it starts and a few a second later; a host that asks without end is
// answered this often, and the page goes on working.
export const kBurst = 256;
export const kPerSecond = 64;

export class EmulatorAnswers {
  #left = kBurst;
  #since: number;

  constructor(private readonly clock: Pick<Clock, 'now'>) {
    this.#since = clock.now();
  }

  // May the host have it? Counts those that it may.
  lets_through(answer: string): boolean {
    if (!kAnswers.some(({ form }) => form.test(answer))) return false;
    const now = this.clock.now();
    this.#left = Math.min(kBurst, this.#left + ((now - this.#since) * kPerSecond) / 1000);
    this.#since = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
