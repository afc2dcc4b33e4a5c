// When to draw. A picture can cost as much time as half a megabyte of output takes to be worked in, and nobody reads a screen that
// changes sixty times a second: in a flood there are fewer pictures, and the output comes to its end sooner. Whatever prints less is
// drawn at the browser's next picture, as ever.
import type { Clock } from './clock';

export const kFloodPictureMs = 50; // twenty a second
export const kFloodUnits = 64 * 1024; // UTF-16 units in that time: more than a full-screen program needs for sixty pictures a second

export class DrawPace {
  #begun = -Infinity; // when the span began whose output is counted
  #taken = 0; // in it
  #flood = false; // as the last span was
  #planned = false;

  constructor(private readonly clock: Clock) {}

  // So much output was worked in.
  took(units: number): void {
    this.#taken += units;
  }

  // Runs `draw` now or, in a flood, when its time has come: whatever is asked for until then is drawn by it as well.
  ask(draw: () => void): void {
    if (this.#planned) return;
    const passed = this.clock.now() - this.#begun;
    if (passed >= kFloodPictureMs) {
      this.begin(passed);
      draw();
    } else if (!this.#flood && this.#taken < kFloodUnits) {
      draw();
    } else {
      this.#planned = true;
      this.clock.after(kFloodPictureMs - passed, () => {
        this.#planned = false;
        this.begin(this.clock.now() - this.#begun);
        draw();
      });
    }
  }

  private begin(passed: number): void {
    this.#flood = this.#taken * kFloodPictureMs >= kFloodUnits * passed;
    this.#taken = 0;
    this.#begun = this.clock.now();
  }
}
