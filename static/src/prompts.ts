// What a host asks while the SSH handshake waits. Everything it wrote goes onto the page as text.
import { host_port } from './address';
import { element, make } from './dom';
import type { Failure, HostKeyPrompt, QuestionsPrompt } from './frames';
import { t } from './language';

// "SHA256:" and 43 characters of base64, in groups that an eye can compare.
function fingerprint_box(fingerprint: string): HTMLElement {
  const [kind, digest] = fingerprint.includes(':') ? fingerprint.split(/:(.*)/s) : ['', fingerprint];
  const groups = (digest ?? '').match(/.{1,8}/gs) ?? [];
  return make('code', { class: 'fingerprint', 'data-fingerprint': fingerprint },
    make('span', { class: 'fingerprint-kind' }, kind ? `${kind}:` : ''), ...groups.map((group) => make('span', {}, group)));
}

function term(name: string, value: Node | string): HTMLElement {
  return make('div', { class: 'term' }, make('dt', {}, name), make('dd', {}, value));
}

// Neither answer is focused: Enter, still held from the form, must not accept a key.
export function host_key_prompt(prompt: HostKeyPrompt, answer: (accept: boolean) => void): HTMLElement {
  const accept = make('button', { type: 'button', class: 'button primary', id: 'hostkey-accept' }, t('hostkey_accept'));
  const decline = make('button', { type: 'button', class: 'button', id: 'hostkey-decline' }, t('hostkey_decline'));
  accept.addEventListener('click', () => answer(true));
  decline.addEventListener('click', () => answer(false));
  const panel = make('section', { class: 'ask', id: 'hostkey', role: 'group', 'aria-labelledby': 'hostkey-heading', tabindex: '-1' },
    make('h3', { id: 'hostkey-heading' }, t('hostkey_heading', { host: host_port(prompt.host, prompt.port) })),
    make('dl', {},
      term(t('fingerprint'), fingerprint_box(prompt.fingerprint)),
      term(t('algorithm'), prompt.algorithm)),
    make('p', { class: 'note' }, t('hostkey_explain')),
    make('div', { class: 'actions' }, accept, decline));
  queueMicrotask(() => panel.focus({ preventScroll: true }));
  return panel;
}

export function host_key_changed_panel(failure: Failure): HTMLElement {
  const params = failure.params ?? {};
  return make('section', { class: 'ask alarm', id: 'hostkey-changed', role: 'alert' },
    make('h3', {}, t('changed_heading', { host: params['host'] ?? '' })),
    make('dl', {},
      term(t('changed_expected'), fingerprint_box(params['expected'] ?? '')),
      term(t('changed_received'), fingerprint_box(params['received'] ?? ''))),
    make('p', { class: 'note' }, t('changed_explain')));
}

// One round of any number of questions; a host may ask several rounds. The server bounds both.
export function questions_prompt(prompt: QuestionsPrompt, host: string, answer: (values: string[]) => void, cancel: () => void): HTMLElement {
  const inputs = prompt.questions.map((question, index) =>
    make('input', {
      id: `question-${index}`, type: question.echo ? 'text' : 'password', autocomplete: 'off', autocapitalize: 'none',
      autocorrect: 'off', spellcheck: 'false', maxlength: '4096',
    }));
  const fields = prompt.questions.map((question, index) =>
    make('div', { class: 'field' },
      make('label', { for: `question-${index}` }, question.text.trim() || t('question_empty')), inputs[index] as HTMLElement));
  const form = make('form', { class: 'ask', id: 'questions', method: 'post', novalidate: '' },
    make('h3', {}, prompt.name.trim() || t('questions_heading', { host })));
  if (prompt.instruction.trim()) form.append(make('p', { class: 'note instruction' }, prompt.instruction.trim()));
  const leave = make('button', { type: 'button', class: 'button', id: 'leave' }, t('cancel'));
  leave.addEventListener('click', cancel);
  form.append(...fields, make('div', { class: 'actions' },
    make('button', { type: 'submit', class: 'button primary', id: 'answer' }, t('answer')), leave));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const values = inputs.map((input) => input.value);
    for (const input of inputs) input.value = '';
    answer(values);
  }, { once: true });
  queueMicrotask(() => (inputs[0] ?? element('connecting-to', HTMLElement)).focus({ preventScroll: true }));
  return form;
}
