// Time and chance as the page has them; tests bring their own.
export interface Clock {
  now(): number; // ms, from any beginning, never backwards
  random(): number; // in [0, 1)
  after(ms: number, run: () => void): () => void; // returns the way to call it off
}

export const page_clock: Clock = {
  now: () => performance.now(),
  random: () => Math.random(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
