import { randomUUID } from 'node:crypto';
import { Live } from '../../live/support/live.ts';
import type { Switchboard } from '../switchboard.ts';
import { optionsOf, progOf, verdictsIn } from './command.ts';
import type { Host, Met } from './host.ts';

/** s6-tlsd: a process for every connection. */
export const tlsdHost = (switchboard: Switchboard): Host => ({
  possible: () => ({ wirings: ['tcp', 'two sockets', 'pipes', 'unix'], hasSignals: true }),
  meet: async (schedule, trace): Promise<Met> => {
    const live = new Live(schedule.protocol);
    const key = randomUUID();
    const agents = switchboard.expect(key);
    const { peer, tlsd } = await live.meet({
      options: optionsOf(schedule, trace),
      prog: progOf(schedule, switchboard),
      env: { SOAK_CONNECTION: key },
      wiring: schedule.wiring,
      handshake: 'none',
    });
    return {
      peer,
      agents,
      signal: (signal) => tlsd.signal(signal),
      ended: async () => {
        const exit = await tlsd.exit();
        const left: string[] = [];
        await live.nothingLeft().catch((error: unknown) => left.push((error as Error).message));
        return { exit, verdicts: verdictsIn(tlsd.stderr), left };
      },
      cleanUp: () => {
        switchboard.forget(key);
        live.cleanUp();
      },
    };
  },
  stop: async () => undefined,
});
