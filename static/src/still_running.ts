// The sessions that this browser opened and that still run, on the login page: come back to one, or end it.
import { show_place } from './address';
import { ago } from './amounts';
import { announce, element, make } from './dom';
import type { Running } from './frames';
import { language, on_language, t } from './language';
import type { SessionRecord } from './records';

export interface RunningEvents {
  on_return(record: SessionRecord): void;
  on_end(record: SessionRecord): Promise<boolean>; // false: nobody answered
}
export interface RunningEntry {
  record: SessionRecord;
  running: Running;
}

export class StillRunning {
  readonly #section = element('running', HTMLElement);
  #entries: RunningEntry[] = [];

  constructor(private readonly events: RunningEvents) {
    on_language(() => this.draw());
  }

  show(entries: RunningEntry[]): void {
    this.#entries = entries;
    this.draw();
  }

  private draw(): void {
    this.#section.hidden = this.#entries.length === 0;
    this.#section.querySelector('ul')?.replaceChildren(...this.#entries.map((entry) => this.line(entry)));
  }

  private line(entry: RunningEntry): HTMLLIElement {
    const { record, running } = entry;
    const place = show_place(record);
    const since = running.attached ? t('running_elsewhere') : running.seconds < 60 ? t('running_just_now')
      : t('running_since', { ago: ago(running.seconds, language()) });
    const verb = t(running.attached ? 'running_take' : 'running_return');
    const go = make('button', { type: 'button', class: 'button', 'data-return': record.session, 'aria-label': `${verb}: ${place}` }, verb);
    const end = make('button', { type: 'button', class: 'button quiet', 'data-end': record.session });
    go.addEventListener('click', () => this.events.on_return(record));
    // A shell that is ended takes its work with it, so it is asked twice, in the same place.
    const ask = (sure: boolean) => {
      end.classList.toggle('sure', sure);
      end.textContent = t(sure ? 'running_end_sure' : 'running_end');
      end.setAttribute('aria-label', `${end.textContent}: ${place}`);
    };
    end.addEventListener('click', () => {
      if (!end.classList.contains('sure')) {
        ask(true);
        return;
      }
      end.disabled = true;
      void this.events.on_end(record).then((ended) => this.ended(entry, ended));
    });
    end.addEventListener('blur', () => {
      if (!end.disabled) ask(false);
    });
    ask(false);
    return make('li', { class: running.attached ? 'elsewhere' : '' },
      make('i', { class: 'lamp', 'aria-hidden': 'true' }),
      make('span', { class: 'what' }, make('span', { class: 'place' }, place), make('small', {}, since)), go, end);
  }

  private ended(entry: RunningEntry, ended: boolean): void {
    if (ended) this.#entries = this.#entries.filter((other) => other !== entry);
    this.draw();
    announce(t(ended ? 'running_ended' : 'lost_gateway', { place: show_place(entry.record) }));
    (this.#section.querySelector<HTMLElement>('button') ?? element('host', HTMLInputElement)).focus();
  }
}
