// The two ways to hand over a private key: a file, chosen or dropped, and pasted text.
import { element } from './dom';
import type { Sentence } from './failures';
import { examine_key, read_key_file, type KeyFinding } from './key_file';
import { on_language, t } from './language';
import type { StringKey } from './strings/en';

const kFindings: Partial<Record<KeyFinding, StringKey>> = {
  'public-half': 'key_public_half', certificate: 'key_certificate', putty: 'key_putty', 'too-large': 'key_too_large',
  'not-a-key': 'key_not_a_key', empty: 'need_key_file',
};

export class KeyField {
  readonly #file = element('key-file', HTMLInputElement);
  readonly #name = element('key-file-name', HTMLSpanElement);
  readonly #drop = element('drop', HTMLDivElement);
  readonly #pasted = element('key-text', HTMLTextAreaElement);
  #chosen: { name: string; text: string; finding: KeyFinding } | undefined;

  constructor(private readonly on_key: (encrypted: boolean) => void,
              private readonly on_unfit: (sentence: () => Sentence) => void) {
    this.#file.addEventListener('change', () => void this.take(this.#file.files?.[0]));
    this.#pasted.addEventListener('change', () => this.judge(examine_key(this.#pasted.value)));
    // Anywhere on the form's key part; the rest of the page must not navigate to a dropped file.
    window.addEventListener('dragover', (event) => event.preventDefault());
    window.addEventListener('drop', (event) => event.preventDefault());
    this.#drop.addEventListener('dragenter', () => this.#drop.classList.add('over'));
    this.#drop.addEventListener('dragleave', () => this.#drop.classList.remove('over'));
    this.#drop.addEventListener('drop', (event) => {
      this.#drop.classList.remove('over');
      void this.take(event.dataTransfer?.files[0]);
    });
    on_language(() => this.draw());
  }

  read(method: 'key-file' | 'key-text'): { text: string; finding: KeyFinding } {
    if (method === 'key-file') return this.#chosen ?? { text: '', finding: 'empty' };
    return { text: this.#pasted.value, finding: examine_key(this.#pasted.value) };
  }
  input(method: string): HTMLElement {
    return method === 'key-text' ? this.#pasted : this.#file;
  }
  clear(): void {
    this.#chosen = undefined;
    this.#file.value = '';
    this.#pasted.value = '';
    this.draw();
  }

  private async take(file: File | undefined): Promise<void> {
    if (!file) return;
    this.#chosen = { name: file.name, ...(await read_key_file(file)) };
    this.draw();
    this.judge(this.#chosen.finding);
  }
  private judge(finding: KeyFinding): void {
    const key = kFindings[finding];
    if (key !== undefined && finding !== 'empty') this.on_unfit(() => ({ message: t(key), hint: '' }));
    else if (finding !== 'empty') this.on_key(finding === 'encrypted');
  }
  private draw(): void {
    const chosen = this.#chosen;
    this.#name.textContent = chosen ? chosen.name + (chosen.finding === 'encrypted' ? ` (${t('key_encrypted')})` : '') : t('key_none');
  }
}
