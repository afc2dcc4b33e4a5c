// While the host is being reached: the stages, one line each, and whatever has to be asked meanwhile.
import { announce, element, make } from './dom';
import { kStages, type Stage } from './frames';
import { on_language, t } from './language';

export class ConnectingView {
  readonly #view = element('connecting', HTMLElement);
  readonly #to = element('connecting-to', HTMLElement);
  readonly #eyebrow = element('connecting-eyebrow', HTMLElement);
  readonly #stages = element('stages', HTMLOListElement);
  readonly #prompt = element('prompt', HTMLDivElement);
  readonly #cancel = element('cancel', HTMLButtonElement);
  #now = -1; // index in kStages; -1 before the gateway answered
  #failed = false;
  #on_cancel: () => void = () => undefined;

  constructor() {
    this.#cancel.addEventListener('click', () => this.#on_cancel());
    this.#view.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.#on_cancel();
    });
    on_language(() => this.draw());
  }

  start(place: string, on_cancel: () => void): void {
    this.#to.textContent = place;
    this.#on_cancel = on_cancel;
    this.#now = -1;
    this.#failed = false;
    this.clear_prompt();
    this.draw();
    this.#cancel.focus({ preventScroll: true });
  }

  stage(stage: Stage): void {
    this.#now = kStages.indexOf(stage);
    this.draw();
    announce(t(`stage_${stage}`));
  }

  // A question takes the stages' place, and has its own way to say no beside the one to answer.
  show_prompt(content: HTMLElement): void {
    this.#prompt.replaceChildren(content);
    this.#cancel.hidden = true;
    this.#view.classList.add('asking');
  }
  clear_prompt(): void {
    this.#prompt.replaceChildren();
    this.#cancel.hidden = false;
    this.#view.classList.remove('asking', 'stopped');
  }

  // A hard stop: the panel stays, and the only way is back.
  stop(content: HTMLElement): void {
    this.#failed = true;
    this.clear_prompt();
    this.#prompt.replaceChildren(content);
    this.#view.classList.add('asking', 'stopped');
    this.draw();
    this.#cancel.focus({ preventScroll: true });
  }

  private draw(): void {
    this.#eyebrow.textContent = t(this.#failed ? 'connection_failed' : 'connecting_to');
    this.#cancel.textContent = t(this.#failed ? 'back' : 'cancel');
    this.#stages.replaceChildren(...kStages.map((stage, index) => {
      const state = index < this.#now ? 'done' : index > this.#now ? 'later' : this.#failed ? 'failed' : 'now';
      const line = make('li', { 'data-stage': stage, 'data-state': state }, make('span', {}, t(`stage_${stage}`)));
      if (state === 'now') line.setAttribute('aria-current', 'step');
      if (state === 'done') line.append(make('span', { class: 'unseen' }, ` ${t('stage_done')}`));
      return line;
    }));
  }
}
