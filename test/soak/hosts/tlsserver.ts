import { connect } from 'node:net';
import type { Wiring } from '../../live/support/host.ts';
import { Peer } from '../../live/support/peer.ts';
import { within } from '../../live/support/watch.ts';
import { commonFor } from '../schedules.ts';
import type { Switchboard } from '../switchboard.ts';
import type { Schedule } from '../words.ts';
import type { Host, Met } from './host.ts';
import { Resident } from './resident.ts';

/** s6-tlsserver: one process, which serves one connection after the other and must be none the worse for it; another for other options. */
export const tlsserverHost = (switchboard: Switchboard): Host => {
  let running: { readonly started: string; readonly server: Resident } | undefined;
  const stop = async (): Promise<void> => {
    await running?.server.stop();
    running = undefined;
  };
  const serverFor = async (schedule: Schedule): Promise<Resident> => {
    const { policy, requireCloseNotify, idleTimeout, wiring, traced, ignoresSigpipe } = schedule;
    const started = JSON.stringify([policy, requireCloseNotify, idleTimeout, wiring, traced, ignoresSigpipe]);
    if (running?.started !== started || !running.server.isWell) {
      await stop();
      running = { started, server: await Resident.start(schedule, switchboard) };
    }
    return running.server;
  };

  return {
    possible: (seed) => ({ wirings: WIRINGS, hasSignals: false, common: commonFor(seed, WIRINGS) }),
    meet: async (schedule, trace): Promise<Met> => {
      const server = await serverFor(schedule);
      const agents = switchboard.expect(server.key);
      const begun = server.begin();
      const socket = connect({ ...server.address, allowHalfOpen: true, noDelay: true });
      const peer = new Peer({ input: socket, output: socket }, { protocol: schedule.protocol });
      const connected = new Promise<void>((resolve) => socket.once('connect', resolve));
      await within('a connection', connected);
      // A peer that resets before it is accepted is passed over.
      const number = await server.accepted(begun);
      return {
        peer,
        agents,
        signal: (signal) => server.signal(signal),
        ended: async () => server.ended(begun, { number, trace }),
        cleanUp: () => {
          switchboard.forget(server.key);
          peer.destroy();
        },
      };
    },
    stop,
  };
};

const WIRINGS: readonly Wiring[] = ['tcp', 'unix'];
