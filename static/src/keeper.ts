// Keeps the record of the session that this tab shows: written when it begins, and once more, with the screen, whenever the page may be
// going away. A page that is hidden may never be seen again, and hears nothing of its end; so both moments count.
import type { Records, Screen, TabRecord } from './records';

// Lines above the screen, and UTF-16 units in all. A tab's store holds 5 million units; the browser's, as many for all sessions.
const kTab = { lines: 2_000, units: 2_000_000 };
const kBrowser = { lines: 200, units: 200_000 };

// The screen with at most so many lines above it.
export type Snapshot = (lines: number) => Screen | undefined;

export class Keeper {
  #record: TabRecord | undefined;

  constructor(private readonly records: Records, private readonly now: () => number = () => Date.now()) {}

  get record(): TabRecord | undefined {
    return this.#record;
  }

  // This tab shows the session from now on.
  begin(record: TabRecord): void {
    const { screen: _screen, ...bare } = record;
    this.#record = bare;
    this.write();
  }

  save(snapshot: Snapshot): void {
    if (!this.#record) return;
    this.#record.seen = this.now();
    if (this.#record.watching) {
      this.records.keep_tab(this.#record);
      return;
    }
    const smaller = within(snapshot, kBrowser);
    const screen = within(snapshot, kTab) ?? smaller;
    this.records.keep_tab({ ...this.#record, ...(screen ? { screen } : {}) }, smaller);
    this.records.keep({ ...this.#record, ...(smaller ? { screen: smaller } : {}) });
  }

  // Another tab may have it now, or none: this one shows it no more.
  let_go(): void {
    this.#record = undefined;
    this.records.leave_tab();
  }
  // It has ended.
  forget(): void {
    const record = this.#record;
    this.let_go();
    if (record && !record.watching) this.records.forget(record.session);
  }

  private write(): void {
    if (!this.#record) return;
    this.records.keep_tab(this.#record);
    if (!this.#record.watching) this.records.keep(this.#record);
  }
}

// The lines above the screen go first, then the screen.
function within(snapshot: Snapshot, { lines, units }: { lines: number; units: number }): Screen | undefined {
  for (const some of [lines, Math.floor(lines / 10), 0]) {
    const screen = snapshot(some);
    if (!screen || screen.text.length <= units) return screen;
  }
  return undefined;
}
