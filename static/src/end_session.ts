// Ends a session that this page does not show: comes back to it and hangs up.
import type { Clock } from './clock';
import { is_over } from './ending';
import type { Socket } from './link';
import type { SessionRecord } from './records';
import { Session } from './session';

const kPatienceMs = 10_000;

// True: it is over. False: it may still run.
export function end_session(new_socket: () => Socket, { session, token, screen }: SessionRecord, clock: Clock): Promise<boolean> {
  return new Promise((resolve) => {
    const ignore = () => undefined;
    const done = (over: boolean) => {
      call_off();
      going.drop();
      resolve(over);
    };
    const going = new Session(new_socket, {
      on_stage: ignore, on_host_key: ignore, on_questions: ignore, on_opened: ignore, on_size: ignore, on_unsent: ignore, on_latency: ignore, on_away: ignore,
      on_attached: () => going.hang_up(),
      on_output: (_data, end, parsed) => parsed(end), // its last words may be many, and are waited for
      on_end: (end) => done(is_over(end)),
    }, clock, { session, token, received: 0, watch: false });
    const call_off = clock.after(kPatienceMs, () => done(false));
    going.attach(screen ?? { cols: 80, rows: 24 });
  });
}
