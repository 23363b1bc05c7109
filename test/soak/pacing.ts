import type { PeerActor } from './peer-actor.ts';
import type { ProgActor } from './prog-actor.ts';
import type { PeerStep, Step } from './words.ts';

/** Everybody on whom it depends whether a step can be done. */
export interface People {
  readonly peer: PeerActor;
  readonly prog: ProgActor;
  /** The transport can be reset. */
  readonly canReset: boolean;
  /** The program is stopped. */
  readonly stopped: boolean;
}

/** Whether nothing but this step, and what was before it, is needed for it to be done. */
export const mayWaitFor = (step: Step, people: People): boolean => {
  const { peer, prog, canReset, stopped } = people;
  // What a reset waits for, it ends.
  if (step.does === 'peer resets' && canReset) return true;
  if (stopped) return false;
  if (!isPeers(step)) return peer.reading && (!prog.waitsForEof || peer.endings.length > 0);
  return peerCanEnd(people);
};

/** Whether all that the peer was told to send can be sent. */
export const peerCanEnd = ({ peer, prog }: People): boolean => {
  const fits = (read: number): boolean => peer.toldBytes - read <= SURELY_TAKEN;
  return fits(prog.heard.bytes) || (peer.reading && (prog.takesAll || fits(prog.readTarget)));
};

export const isPeers = (step: Step): step is Step & PeerStep => step.does.startsWith('peer ');

/** Bytes that the buffers between the peer and prog hold in any case. */
const SURELY_TAKEN = 100_000;
