// The hosts of the configuration, as cards, and the last places, as lines: each connects or fills in with one click.
import { host_port, show_place } from './address';
import type { Preset } from './boot';
import { element, make } from './dom';
import { on_language, t } from './language';
import type { Places, RememberedPlace } from './places';

export function show_presets(presets: readonly Preset[], on_choose: (preset: Preset) => void): void {
  const section = element('presets', HTMLElement);
  section.hidden = presets.length === 0;
  on_language(() => section.querySelector('ul')?.replaceChildren(...presets.map((preset) => {
    const address = preset.username ? show_place(preset) : host_port(preset.host, preset.port);
    const card = make('button', { type: 'button', class: 'card', 'data-preset': preset.name },
      make('strong', {}, preset.name),
      make('span', { class: 'place' }, address),
      make('small', {}, t(preset.identity ? 'preset_ready' : 'preset_ask')));
    card.addEventListener('click', () => on_choose(preset));
    return make('li', {}, card);
  })));
}

export function focus_preset({ name }: Preset): void {
  for (const card of document.querySelectorAll<HTMLElement>('[data-preset]')) if (card.dataset['preset'] === name) card.focus();
}

export function show_places(places: Places, on_choose: (place: RememberedPlace) => void): () => void {
  const section = element('recent', HTMLElement);
  const draw = () => {
    const all = places.all();
    section.hidden = all.length === 0;
    section.querySelector('ul')?.replaceChildren(...all.map((place) => {
      const shown = show_place(place);
      const choose = make('button', { type: 'button', class: 'line place', 'data-place': shown }, shown);
      const label = t('recent_forget', { place: shown });
      const forget = make('button', { type: 'button', class: 'forget', 'aria-label': label, title: label }, '✕');
      choose.addEventListener('click', () => on_choose(place));
      forget.addEventListener('click', () => {
        places.forget(place);
        draw();
        (section.querySelector<HTMLElement>('.line') ?? element('host', HTMLInputElement)).focus();
      });
      return make('li', {}, choose, forget);
    }));
  };
  on_language(draw);
  return draw;
}
