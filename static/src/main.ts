// The page, put together: form → connecting → terminal → its end, and round again; and the ways back to what still runs.
import { show_place } from './address';
import { read_boot } from './boot';
import { ClipboardRules } from './clipboard_wish';
import { page_clock } from './clock';
import { ConnectingView } from './connecting_view';
import { Desk, type Asking } from './desk';
import { element } from './dom';
import { end_session } from './end_session';
import { end_sentence } from './ending';
import { field_at_fault } from './failures';
import { on_language, start_language, t } from './language';
import { gateway_path, open_socket } from './link';
import { LoginForm, type Request } from './login_form';
import { focus_preset, show_places, show_presets } from './place_lists';
import { Places } from './places';
import { host_key_changed_panel, host_key_prompt, questions_prompt } from './prompts';
import { Records, type TabRecord } from './records';
import { roll_call } from './roll_call';
import type { End } from './session';
import { take_watch_link, type WatchKey } from './sharing';
import { wire_choices } from './status_bar';
import { StillRunning } from './still_running';
import { local_store, tab_store } from './store';
import { load_terminal } from './terminal_page';
import { start_theme } from './theme';

const store = local_store();
start_theme(store);
start_language(store);
wire_choices(store);

const boot = read_boot(element('boot', HTMLScriptElement).textContent ?? '');
on_language(() => {
  element('version', HTMLElement).textContent = boot.version ? t('version', { version: boot.version }) : '';
});

const new_socket = () => open_socket(document.baseURI);
const places = new Places(store);
const records = new Records(store, tab_store(), gateway_path(document.baseURI));
const form = new LoginForm((request) => void connect(request));
const connecting = new ConnectingView();
const redraw_places = show_places(places, (place) => form.fill(place));
const still_running = new StillRunning({
  on_return: (record) => void come_back(record),
  on_end: async (record) => {
    const over = await end_session(new_socket, record, page_clock);
    if (over) records.forget(record.session);
    return over;
  },
});
show_presets(boot.presets, (preset) => {
  if (preset.identity) void connect({ target: { preset: preset.name }, encoding: 'utf-8', preset });
  else form.fill_preset(preset);
});

// The request holds the credentials, in this tab's memory only, for "connect again"; going back to the form lets go of it.
let request: Request | undefined;
const desk = new Desk(records, {
  on_shown: () => {
    if (request && 'host' in request.target) places.remember({ ...request.target, method: request.target.auth.method });
    show('terminal');
  },
  on_end: ended,
  on_again: again,
  on_other: () => {
    form.forget_secrets();
    show_form();
  },
}, store, new ClipboardRules(boot.presets, store));

type View = 'login' | 'connecting' | 'terminal';
function show(view: View): void {
  document.body.dataset['view'] = view;
  element('login', HTMLElement).hidden = view !== 'login';
  element('connecting', HTMLElement).hidden = view !== 'connecting';
}
const shown = () => document.body.dataset['view'] as View;

function show_form(): void {
  request = undefined;
  desk.drop();
  desk.terminal.leave();
  redraw_places();
  show('login');
  form.focus();
  void ask_what_runs();
}

// Those of this browser's sessions that still run are offered, those that are gone forgotten.
async function ask_what_runs(): Promise<void> {
  const known = records.all();
  if (known.length === 0) {
    still_running.show([]);
    return;
  }
  const running = await roll_call(new_socket(), known, page_clock);
  if (!running) return;
  const entries = known.flatMap((record) => {
    const found = running.find(({ session }) => session === record.session);
    if (!found) records.forget(record.session);
    return found ? [{ record, running: found }] : [];
  });
  still_running.show(entries);
}

function place_of({ target, preset }: Request): string {
  if ('host' in target) return show_place(target);
  return preset?.username ? show_place(preset) : target.preset;
}

async function connect(wanted: Request): Promise<void> {
  request = wanted;
  form.quiet();
  const place = place_of(wanted);
  show('connecting');
  connecting.start(place, show_form);
  const asking: Asking = {
    on_stage: (stage) => connecting.stage(stage),
    on_host_key: (prompt) => connecting.show_prompt(host_key_prompt(prompt, (accept) => {
      connecting.clear_prompt();
      desk.session?.answer_host_key(prompt.id, accept);
    })),
    on_questions: (prompt) => {
      // A round with nothing to read and nothing to ask (RFC 4256, section 3.2) is answered by its silence.
      if (prompt.questions.length === 0 && prompt.name + prompt.instruction === '') {
        desk.session?.answer_questions(prompt.id, []);
        return;
      }
      connecting.show_prompt(questions_prompt(prompt, place, (values) => {
        connecting.clear_prompt();
        desk.session?.answer_questions(prompt.id, values);
      }, show_form));
    },
  };
  await desk.open(wanted, asking).catch(no_terminal);
}

async function come_back(record: TabRecord): Promise<void> {
  request = undefined;
  show('terminal');
  await desk.come_back(record).catch(no_terminal);
}
async function watch({ session, token }: WatchKey): Promise<void> {
  const now = Date.now();
  await come_back({ session, token, host: '', port: 0, username: '', opened: now, seen: now, watching: true });
}

function no_terminal(error: unknown): void {
  console.error(error);
  show_form();
  form.complain(() => ({ message: t('no_terminal'), hint: t('no_terminal_hint') }), undefined);
}

function again(): void {
  const { last } = desk;
  if (last) void come_back(last);
  else if (request) void connect(request);
}

function ended(end: End, ran: boolean): void {
  if (ran) {
    const back = end.how === 'taken' ? 'take_back' : desk.last ? 'go_back' : request ? 'again' : undefined;
    desk.terminal.end(() => end_sentence(end), back, end.how === 'taken' ? 'elsewhere' : end.how === 'left' ? 'left' : 'ended');
    return;
  }
  if (end.how === 'failed' && end.failure.code === 'host-key-changed') {
    connecting.stop(host_key_changed_panel(end.failure));
    return;
  }
  const auth = request?.target.auth;
  const card = request?.preset?.identity ? request.preset : undefined; // nothing of it is in the form's fields
  show_form();
  form.complain(() => end_sentence(end), end.how === 'failed' && !card ? field_at_fault(end.failure, auth?.method) : undefined, !card);
  if (card) focus_preset(card);
}

// A link to look on leads straight there, but not away from a terminal.
window.addEventListener('hashchange', () => {
  const key = take_watch_link(location, history);
  if (key && shown() === 'login') void watch(key);
});
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible' && shown() === 'login') void ask_what_runs();
});

const link = take_watch_link(location, history);
const before = records.tab();
if (link) {
  void watch(link);
} else if (before) {
  void come_back(before);
} else {
  // The last place is there already; what remains is the secret.
  const [last] = places.all();
  if (last) form.fill(last);
  else form.focus();
  show('login');
  void ask_what_runs();
  // The terminal's chunk comes while somebody types a password.
  const idle = window.requestIdleCallback ?? ((run: () => void) => setTimeout(run));
  idle(() => void load_terminal().catch(() => undefined));
}
