import type { Account } from './account.ts';
import { pattern } from './pattern.ts';
import type { PeerActor } from './peer-actor.ts';

/** What a peer tells of a connection when it is over. */
export const accountOf = ({ peer, endings, said, stalled, sawOurEndFirst }: PeerActor): Account['peer'] => {
  const received = Buffer.from(peer.text, 'latin1');
  const right = pattern('prog', 0, received.length);
  return {
    said,
    endings,
    heard: received.length,
    wrongAt: received.equals(right) ? undefined : received.findIndex((byte, at) => byte !== right[at]),
    saw: peer.ending,
    bytesAfterCloseNotify: peer.bytesAfterCloseNotify,
    stalled,
    sawOurEndFirst,
  };
};
