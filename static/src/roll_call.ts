// Which of the sessions that this browser remembers still run? One `list`, answered once, on a socket of its own.
import type { Clock } from './clock';
import type { Running } from './frames';
import { InputQueue } from './input_queue';
import { Link, type Socket } from './link';

const kPatienceMs = 10_000;

// Undefined: nobody answered, so nobody knows.
export function roll_call(socket: Socket, sessions: { session: string; token: string }[], clock: Clock): Promise<Running[] | undefined> {
  return new Promise((resolve) => {
    const done = (answer: Running[] | undefined) => {
      call_off();
      link.abandon();
      resolve(answer);
    };
    const link = new Link(socket, new InputQueue(), {
      on_frame: (frame) => {
        if (frame.type === 'sessions') done(frame.sessions);
        else if (frame.type === 'error') done(undefined);
      },
      on_heard: () => undefined,
      on_closed: () => done(undefined),
    });
    const call_off = clock.after(kPatienceMs, () => done(undefined));
    link.start(() => ({ type: 'list', sessions: sessions.map(({ session, token }) => ({ session, token })) }));
  });
}
