// Is anybody there? A network can die without closing a socket. Only a ping that stays unanswered says so: a key may wait for
// hours on a host that takes none (Ctrl-S), and silence after nothing said means nothing.
// Nothing depends on this being asked in time: asked late, it answers late, and no byte is lost by it.

export const kSilentMs = 10_000; // a poor mobile network stalls for seconds and recovers
export const kHurriedMs = 4_000; // the network has just changed, or the page was away: a dead socket is likely

export class Pulse {
  #next = 1;
  #asked: { id: number; at: number } | undefined; // the oldest ping without an answer
  #heard = -Infinity;
  #limit = kSilentMs;

  // The id for a new ping, or nothing while one is on its way.
  ask(now: number): number | undefined {
    if (this.#asked) return undefined;
    this.#asked = { id: this.#next++, at: now };
    return this.#asked.id;
  }
  hurry(): void {
    this.#limit = kHurriedMs;
  }
  // A frame came, whichever.
  heard(now: number): void {
    this.#heard = now;
    this.#limit = kSilentMs;
  }
  // The round trip in ms, if this answers the ping that waits.
  answered(id: number, now: number): number | undefined {
    if (this.#asked?.id !== id) return undefined;
    const trip = now - this.#asked.at;
    this.#asked = undefined;
    return trip;
  }
  dead(now: number): boolean {
    return this.#asked !== undefined && now - Math.max(this.#asked.at, this.#heard) >= this.#limit;
  }
}
