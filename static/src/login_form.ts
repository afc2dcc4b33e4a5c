// The form: host, port, user and how to sign in. It knows fields and sentences, not connections.
import { kDefaultPort, parse_address, parse_port } from './address';
import type { Preset } from './boot';
import { element } from './dom';
import type { FieldName, Sentence } from './failures';
import type { Auth, Target } from './frames';
import { KeyField } from './key_field';
import { on_language, t } from './language';
import type { RememberedPlace } from './places';

export type MethodChoice = 'password' | 'key-file' | 'key-text' | 'interactive';
export interface Request {
  target: Target;
  encoding: string;
  preset?: Preset; // the card it came from
}

export class LoginForm {
  readonly #form = element('form', HTMLFormElement);
  readonly #username = element('username', HTMLInputElement);
  readonly #host = element('host', HTMLInputElement);
  readonly #port = element('port', HTMLInputElement);
  readonly #password = element('password', HTMLInputElement);
  readonly #passphrase = element('passphrase', HTMLInputElement);
  readonly #certificate = element('certificate', HTMLTextAreaElement);
  readonly #encoding = element('encoding', HTMLSelectElement);
  readonly #more = element('more', HTMLDetailsElement);
  readonly #error = element('form-error', HTMLDivElement);
  readonly #key: KeyField;
  #complaint: (() => Sentence) | undefined; // said again when the language changes
  #preset: Preset | undefined; // filled in from this card and not changed since

  constructor(on_connect: (request: Request) => void) {
    this.#key = new KeyField((encrypted) => {
      if (encrypted) this.reveal(this.#passphrase);
    }, (sentence) => this.complain(sentence, 'key', false));
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      const request = this.read();
      if (request) on_connect(request);
    });
    for (const radio of this.#form.querySelectorAll<HTMLInputElement>('[name=method]')) {
      radio.addEventListener('change', () => this.show_method());
    }
    for (const field of [this.#host, this.#username]) {
      field.addEventListener('change', () => this.split(field));
      field.addEventListener('paste', () => queueMicrotask(() => requestAnimationFrame(() => this.split(field))));
    }
    this.#form.addEventListener('input', (event) => {
      (event.target as HTMLElement).removeAttribute('aria-invalid');
      if (event.target !== this.#password) this.#preset = undefined;
    });
    on_language(() => this.draw_complaint());
    this.show_method();
  }

  get method(): MethodChoice {
    return (this.#form.elements.namedItem('method') as RadioNodeList).value as MethodChoice;
  }

  // A remembered place: what remains is the secret, and the cursor is there.
  fill(place: RememberedPlace): void {
    this.#host.value = place.host;
    this.#port.value = String(place.port);
    this.#username.value = place.username;
    this.choose(place.method === 'publickey' ? 'key-file' : place.method);
    this.quiet();
    this.focus_secret();
  }
  // A card whose host asks who one is.
  fill_preset(preset: Preset): void {
    this.fill({ host: preset.host, port: preset.port, username: preset.username, method: 'password' });
    this.#preset = preset;
    if (preset.username === '') this.#username.focus();
  }

  focus(): void {
    if (this.#host.value === '') this.#host.focus();
    else this.focus_secret();
  }

  // After a failure: the form is as it was and the cursor is on what is wrong.
  complain(sentence: () => Sentence, field: FieldName | undefined, focus = true): void {
    this.#complaint = sentence;
    this.draw_complaint();
    const wrong = field && this.input(field);
    for (const marked of this.#form.querySelectorAll('[aria-invalid]')) marked.removeAttribute('aria-invalid');
    wrong?.setAttribute('aria-invalid', 'true');
    if (!focus) return;
    if (wrong) this.reveal(wrong);
    else this.focus_secret();
  }
  quiet(): void {
    this.#complaint = undefined;
    this.draw_complaint();
    for (const marked of this.#form.querySelectorAll('[aria-invalid]')) marked.removeAttribute('aria-invalid');
  }
  // After a session: the next person at this desk finds no secret.
  forget_secrets(): void {
    this.#password.value = '';
    this.#passphrase.value = '';
    this.#key.clear();
  }

  // Everything in order, or a sentence and nothing.
  private read(): Request | undefined {
    this.split(this.#username);
    this.split(this.#host);
    const wrong = (field: FieldName, key: Parameters<typeof t>[0], params = {}) => {
      this.complain(() => ({ message: t(key, params), hint: '' }), field);
      return undefined;
    };
    const username = this.#username.value.trim();
    const host = this.#host.value.trim();
    const port = parse_port(this.#port.value.trim() || String(kDefaultPort));
    if (host === '') return wrong('host', 'need_host');
    const sign = /[\s/@\\]/.exec(host)?.[0];
    if (sign !== undefined) return wrong('host', 'host_unfit', { sign });
    if (port === undefined) return wrong('port', 'port_unfit');
    if (username === '') return wrong('username', 'need_username');
    const auth = this.read_auth(wrong);
    if (!auth) return undefined;
    this.quiet();
    const encoding = this.#encoding.value;
    const preset = this.#preset;
    if (preset && preset.host === host && preset.port === port && preset.username === username) {
      return { target: { preset: preset.name, auth }, encoding, preset };
    }
    return { target: { host, port, username, auth }, encoding };
  }

  private read_auth(wrong: (field: FieldName, key: Parameters<typeof t>[0]) => undefined): Auth | undefined {
    const method = this.method;
    if (method === 'password') return { method, password: this.#password.value };
    if (method === 'interactive') return { method };
    const { text, finding } = this.#key.read(method);
    switch (finding) {
      case 'empty':
        return wrong('key', method === 'key-file' ? 'need_key_file' : 'need_key_text');
      case 'public-half':
        return wrong('key', 'key_public_half');
      case 'certificate':
        return wrong('key', 'key_certificate');
      case 'putty':
        return wrong('key', 'key_putty');
      case 'too-large':
        return wrong('key', 'key_too_large');
      case 'not-a-key':
        return wrong('key', 'key_not_a_key');
      case 'encrypted':
        if (this.#passphrase.value === '') return wrong('passphrase', 'need_passphrase');
        break;
      case 'ok':
        break;
    }
    const auth: Auth = { method: 'publickey', key: text };
    if (this.#passphrase.value !== '') auth.passphrase = this.#passphrase.value;
    const certificate = this.#certificate.value.trim();
    if (certificate !== '') auth.certificate = certificate;
    return auth;
  }

  // `ana@db-3:2222` in the host's or the user's field goes where its parts belong.
  private split(field: HTMLInputElement): void {
    const typed = field.value.trim();
    // A user may hold an @ of its own ("ana@corp"): with a host already given it is left alone.
    const whole = /^ssh[:\s]/i.test(typed) || (typed.includes('@') && this.#host.value === '');
    if (field === this.#username && !whole) return;
    const { host, port, username } = parse_address(typed);
    if (host === '') return;
    this.#host.value = host;
    if (port !== undefined) this.#port.value = String(port);
    if (username !== undefined) this.#username.value = username;
  }

  private choose(method: MethodChoice): void {
    const radio = this.#form.querySelector<HTMLInputElement>(`[name=method][value=${method}]`);
    if (radio) radio.checked = true;
    this.show_method();
  }
  private show_method(): void {
    const method = this.method;
    const key = method === 'key-file' || method === 'key-text';
    for (const part of this.#form.querySelectorAll<HTMLElement>('[data-for]')) {
      const owner = part.dataset['for'];
      part.hidden = owner === 'key' ? !key : owner !== method;
    }
  }

  private input(field: FieldName): HTMLElement {
    if (field === 'key') return this.#key.input(this.method);
    return element(field, HTMLElement);
  }
  private focus_secret(): void {
    const method = this.method;
    if (this.#username.value === '') this.#username.focus();
    else if (method === 'password') this.reveal(this.#password);
    else if (method === 'interactive') element('connect', HTMLButtonElement).focus();
    else this.#key.input(method).focus();
  }
  private reveal(field: HTMLElement): void {
    if (this.#more.contains(field)) this.#more.open = true;
    field.focus();
    if (field instanceof HTMLInputElement && field.type !== 'file') field.select();
  }
  private draw_complaint(): void {
    const sentence = this.#complaint?.();
    const parts = sentence ? [sentence.message, sentence.hint].filter((part) => part !== '') : [];
    this.#error.replaceChildren(...parts.map((part, index) => {
      const line = document.createElement('p');
      line.className = index === 0 ? 'message' : 'hint';
      line.textContent = part;
      return line;
    }));
  }
}
