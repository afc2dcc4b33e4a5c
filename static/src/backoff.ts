// How long to wait before the next try. Full jitter: when a gateway comes back, a thousand pages must not come in one instant.

export const kBaseMs = 250; // a dropped socket on a working network is back before anybody looks up
export const kMostMs = 10_000; // what somebody will sit through in front of a dead screen without pressing a button

// `attempt` counts from 0; `random` is in [0, 1).
export function backoff(attempt: number, random: number): number {
  return random * Math.min(kMostMs, kBaseMs * 2 ** attempt);
}
