// The terminal page at work: one session, shown, kept and gone on with, however it began.
import { show_place } from './address';
import type { ClipboardRules } from './clipboard_wish';
import { page_clock } from './clock';
import type { Size } from './frames';
import { is_over, unsent_text } from './ending';
import { Keeper } from './keeper';
import { open_socket } from './link';
import type { Request } from './login_form';
import type { Records, Screen, TabRecord } from './records';
import { Session, type End, type Return, type SessionEvents } from './session';
import { watch_link } from './sharing';
import { TerminalPage } from './terminal_page';

export interface DeskEvents {
  on_shown(): void; // there is a terminal to look at
  on_end(end: End, ran: boolean): void;
  on_again(): void;
  on_other(): void;
}
export type Asking = Pick<SessionEvents, 'on_stage' | 'on_host_key' | 'on_questions'>;

const kNobodyAsks: Asking = { on_stage: () => undefined, on_host_key: () => undefined, on_questions: () => undefined };

export class Desk {
  readonly terminal: TerminalPage;
  readonly #keeper: Keeper;
  #session: Session | undefined;
  #last: TabRecord | undefined; // what may be taken back
  #coming: Screen | undefined; // the screen of an earlier page, until there is a terminal to draw it
  #awake = true;

  constructor(records: Records, private readonly events: DeskEvents, store: Storage | undefined, rules: ClipboardRules) {
    this.#keeper = new Keeper(records);
    this.terminal = new TerminalPage({
      on_input: (text, typed) => this.#session?.type(text, typed) ?? true,
      on_resize: (size) => this.#session?.resize(size),
      on_disconnect: () => (this.#keeper.record?.watching ? this.#session?.leave() : this.#session?.hang_up()),
      on_leave: () => this.leave(),
      on_retry: () => this.#session?.take_back(),
      on_again: () => events.on_again(),
      on_other: () => events.on_other(),
    }, store, rules);
    this.listen();
  }

  get session(): Session | undefined {
    return this.#session;
  }
  // The session that went on elsewhere, or was left here.
  get last(): TabRecord | undefined {
    return this.#last;
  }

  // A new shell. Rejects when the terminal cannot be loaded.
  async open({ target, encoding }: Request, asking: Asking): Promise<void> {
    this.drop();
    const mine = this.begin(asking, undefined);
    await this.size_for(mine, (size) => mine.open(target, size, encoding));
  }
  // A session that an earlier page opened; the screen is drawn before anybody answers.
  async come_back(record: TabRecord): Promise<void> {
    this.drop();
    const { session, token, screen, watching } = record;
    const watch = watching === true;
    this.#last = undefined;
    this.#coming = watch ? undefined : screen;
    this.#keeper.begin(record);
    this.terminal.expect(watch ? '' : show_place(record), watch ? 'watching' : 'returning');
    const mine = this.begin(kNobodyAsks, { session, token, watch, received: watch ? 0 : screen?.end ?? 0 });
    await this.size_for(mine, (size) => {
      if (this.#coming) this.terminal.restore(this.#coming);
      this.#coming = undefined;
      this.terminal.focus(); // what is typed now waits, and arrives
      mine.attach(size);
    });
  }
  // The page shows something else; the shell, if there is one, goes on.
  drop(): void {
    this.save();
    this.#session?.drop();
    this.#session = undefined;
    this.#coming = undefined;
    this.#keeper.let_go();
  }

  private begin(asking: Asking, back: Return | undefined): Session {
    const { terminal } = this;
    let place = '';
    const link = () => {
      const { session, watch } = this.#keeper.record ?? {};
      return session !== undefined && watch !== undefined ? watch_link(document.baseURI, { session, token: watch }) : undefined;
    };
    const mine: Session = new Session(() => open_socket(document.baseURI), {
      ...asking,
      on_opened: (opened) => {
        const { session, token, watch, host, port, username } = opened;
        const now = Date.now();
        this.#keeper.begin({ session, token, ...(watch === undefined ? {} : { watch }), host, port, username, opened: now, seen: now });
        place = show_place(opened);
        this.events.on_shown();
        terminal.start(place, opened, link());
      },
      on_attached: (attached, skipped, again) => {
        place = show_place(attached);
        const { host, port, username } = attached;
        if (this.#keeper.record && !again) this.#keeper.begin({ ...this.#keeper.record, host, port, username });
        terminal.returned(place, attached, { skipped, again, link: link() });
      },
      on_output: (data, end, parsed) => terminal.write(data, end, parsed),
      on_unsent: (characters) => terminal.say(unsent_text(characters)),
      on_size: (size) => terminal.take_size(size),
      on_latency: (latency) => terminal.latency(latency),
      on_away: (next_try) => terminal.away(next_try),
      on_end: (end, ran) => {
        if (mine !== this.#session) return;
        this.ended(end);
        this.events.on_end(end, ran);
      },
    }, page_clock, back);
    mine.visible = this.#awake;
    this.#session = mine;
    return mine;
  }

  private async size_for(mine: Session, go: (size: Size) => void): Promise<void> {
    try {
      const size = await this.terminal.prepare();
      if (mine === this.#session) go(size);
    } catch (error) {
      if (mine === this.#session) {
        mine.drop();
        this.#session = undefined;
        throw error;
      }
      console.error(error);
    }
  }

  private leave(): void {
    this.save();
    this.#session?.leave();
  }
  private ended(end: End): void {
    const { record } = this.#keeper;
    if (!is_over(end)) this.#last = record && { ...record, ...(record.watching ? {} : this.screen()) };
    this.#session = undefined;
    if (is_over(end)) this.#keeper.forget();
    else this.#keeper.let_go();
  }
  // Taken back, this terminal's screen goes on where it was.
  private screen(): Pick<TabRecord, 'screen'> {
    const screen = this.terminal.snapshot(2_000);
    return screen ? { screen } : {};
  }

  private save(): void {
    if (this.#session) this.#keeper.save((lines) => this.#coming ?? this.terminal.snapshot(lines));
  }

  // A page that is hidden may be gone for good; one that is seen again, or on a network again, hurries.
  private listen(): void {
    window.addEventListener('pagehide', () => this.save());
    // What somebody typed is kept nowhere but here: the browser asks before it is lost.
    window.addEventListener('beforeunload', (event) => {
      if (!this.#session?.owes_keys) return;
      event.preventDefault();
      event.returnValue = true; // for browsers of before 2023
    });
    const hurry = () => this.#session?.hurry();
    window.addEventListener('pageshow', (event) => {
      if (event.persisted) hurry();
    });
    window.addEventListener('online', hurry);
    document.addEventListener('resume', hurry);
    document.addEventListener('visibilitychange', () => {
      this.#awake = document.visibilityState === 'visible';
      if (!this.#awake) this.save();
      if (this.#session) this.#session.visible = this.#awake;
    });
  }
}
