// The menu's entry that lets somebody else watch: a link, copied where the browser has a clipboard, shown where it has none.
import { announce, element } from './dom';
import { t } from './language';

export class ShareRow {
  readonly #row = element('share', HTMLDivElement);
  readonly #copy = element('share-copy', HTMLButtonElement);
  readonly #said = element('share-said', HTMLSpanElement);
  readonly #shown = element('share-link', HTMLInputElement);
  #link: string | undefined;

  constructor() {
    this.#copy.addEventListener('click', () => void this.copy());
  }

  // Undefined: nobody may watch.
  set link(link: string | undefined) {
    this.#link = link;
    this.#row.hidden = link === undefined;
    this.quiet();
  }
  // The menu was closed: the link is not left lying about.
  quiet(): void {
    this.#said.textContent = '';
    this.#shown.hidden = true;
    this.#shown.value = '';
  }

  private async copy(): Promise<void> {
    if (this.#link === undefined) return;
    try {
      await navigator.clipboard.writeText(this.#link);
      this.#said.textContent = t('share_copied');
    } catch {
      // Over plain http beyond localhost there is no clipboard.
      this.#said.textContent = t('share_here');
      this.#shown.hidden = false;
      this.#shown.value = this.#link;
      this.#shown.select();
    }
    announce(this.#said.textContent);
  }
}
