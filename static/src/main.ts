// The page, put together: form → connecting → terminal → its end, and round again.
import { show_place } from './address';
import { read_boot } from './boot';
import { ConnectingView } from './connecting_view';
import { element } from './dom';
import { end_sentence } from './ending';
import { field_at_fault } from './failures';
import { on_language, start_language, t } from './language';
import { open_socket } from './link';
import { LoginForm, type Request } from './login_form';
import { focus_preset, show_places, show_presets } from './place_lists';
import { Places } from './places';
import { host_key_changed_panel, host_key_prompt, questions_prompt } from './prompts';
import { Session, type End } from './session';
import { wire_choices } from './status_bar';
import { local_store } from './store';
import { load_terminal, TerminalPage } from './terminal_page';
import { start_theme } from './theme';

const store = local_store();
start_theme(store);
start_language(store);
wire_choices(store);

const boot = read_boot(element('boot', HTMLScriptElement).textContent ?? '');
on_language(() => {
  element('version', HTMLElement).textContent = boot.version ? t('version', { version: boot.version }) : '';
});

const places = new Places(store);
const form = new LoginForm((request) => void connect(request));
const connecting = new ConnectingView();
const redraw_places = show_places(places, (place) => form.fill(place));
show_presets(boot.presets, (preset) => {
  if (preset.identity) void connect({ target: { preset: preset.name }, encoding: 'utf-8', preset });
  else form.fill_preset(preset);
});

// One at a time. The request holds the credentials, in this tab's memory only, for "connect again"; going back to the
// form lets go of it.
let session: Session | undefined;
let request: Request | undefined;
let running = false;

const terminal = new TerminalPage({
  on_input: (text) => session?.type(text) ?? true,
  on_resize: (size) => session?.resize(size),
  on_disconnect: () => session?.hang_up(),
  on_again: () => {
    if (request) void connect(request);
  },
  on_other: () => {
    form.forget_secrets();
    show_form();
  },
}, store);

function show(view: 'login' | 'connecting' | 'terminal'): void {
  document.body.dataset['view'] = view;
  element('login', HTMLElement).hidden = view !== 'login';
  element('connecting', HTMLElement).hidden = view !== 'connecting';
}

function show_form(): void {
  request = undefined;
  terminal.leave();
  redraw_places();
  show('login');
  form.focus();
}

function place_of({ target, preset }: Request): string {
  if ('host' in target) return show_place(target);
  return preset?.username ? show_place(preset) : target.preset;
}

async function connect(wanted: Request): Promise<void> {
  session?.drop();
  request = wanted;
  form.quiet();
  const place = place_of(wanted);
  show('connecting');
  connecting.start(place, cancel);

  let mine: Session;
  const live = () => mine === session;
  mine = new Session(open_socket(document.baseURI), {
    on_stage: (stage) => connecting.stage(stage),
    on_host_key: (prompt) => connecting.show_prompt(host_key_prompt(prompt, (accept) => {
      connecting.clear_prompt();
      mine.answer_host_key(prompt.id, accept);
    })),
    on_questions: (prompt) => {
      // A round with nothing to read and nothing to ask (RFC 4256, section 3.2) is answered by its silence.
      if (prompt.questions.length === 0 && prompt.name + prompt.instruction === '') {
        mine.answer_questions(prompt.id, []);
        return;
      }
      connecting.show_prompt(questions_prompt(prompt, place, (values) => {
        connecting.clear_prompt();
        mine.answer_questions(prompt.id, values);
      }, cancel));
    },
    on_opened: (opened) => {
      running = true;
      remember(wanted);
      show('terminal');
      terminal.start(show_place(opened), opened);
    },
    on_output: (data, parsed) => terminal.write(data, parsed),
    on_round_trip: (milliseconds) => terminal.round_trip(milliseconds),
    on_end: (end, ran) => {
      if (live()) ended(end, ran);
    },
  });
  session = mine;

  try {
    const size = await terminal.prepare();
    if (live()) mine.open(wanted.target, size, wanted.encoding);
  } catch (error) {
    console.error(error);
    if (!live()) return;
    mine.drop();
    session = undefined;
    show_form();
    form.complain(() => ({ message: t('no_terminal'), hint: t('no_terminal_hint') }), undefined);
  }
}

function remember({ target }: Request): void {
  if ('host' in target) places.remember({ ...target, method: target.auth.method });
}

function cancel(): void {
  session?.drop();
  session = undefined;
  show_form();
}

function ended(end: End, ran: boolean): void {
  running = false;
  session = undefined;
  if (ran) {
    terminal.end(() => end_sentence(end));
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

window.addEventListener('beforeunload', (event) => {
  if (running) event.preventDefault();
});

// The last place is there already; what remains is the secret.
const [last] = places.all();
if (last) form.fill(last);
else form.focus();
show('login');

// The terminal's chunk comes while somebody types a password.
const idle = window.requestIdleCallback ?? ((run: () => void) => setTimeout(run));
idle(() => void load_terminal().catch(() => undefined));

