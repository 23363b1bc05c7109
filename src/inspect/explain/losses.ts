import { tellBytes } from '../words.ts';
import type { Facts } from './facts.ts';

/** Whether anything was lost in one direction: certainly not, nobody can know, certainly. */
export interface Loss {
  readonly lost: 'no' | 'unknown' | 'yes';
  readonly says: string;
}

/** From the peer to prog. */
export function inboundLoss({ closing, bytes, laws }: Facts): Loss {
  const { peerEnded, secured } = closing;
  if (!secured) return NOTHING_CARRIED;
  const dropped = bytes.fromPeer - bytes.toProg;
  if (dropped > 0) {
    const why = laws.has('untilDeaf')
      ? 'after our own ending, when the policy no longer listens'
      : 'when prog no longer read its stdin, or after an ending';
    return { lost: 'yes', says: `${tellBytes(dropped)} from the peer did not go to prog: they came ${why}.` };
  }
  const untaken = bytes.toProg - bytes.takenByProg;
  if (untaken > 0) {
    return { lost: 'yes', says: `prog's stdin did not take ${tellBytes(untaken)} of what the peer had sent.` };
  }
  switch (peerEnded) {
    case 'close_notify':
      return {
        lost: 'no',
        says: "The peer's close_notify says that it had nothing more to send, and nobody else can say so.",
      };
    case 'cutRecord':
      return { lost: 'yes', says: 'The peer had begun a record whose rest never came.' };
    case 'fin':
    case 'truncation':
      return {
        lost: 'unknown',
        says: 'The peer ended by a FIN without close_notify, which anybody on the path can forge: only the protocol behind TLS can say whether that was all.',
      };
    case null:
      return { lost: 'unknown', says: 'The peer had not ended when we stopped listening.' };
    default:
      return { lost: 'unknown', says: 'The connection broke before the peer had said that it was done.' };
  }
}

/** From prog to the peer. */
export function outboundLoss({ closing, bytes, endingTaken, reset, laws }: Facts): Loss {
  if (!closing.secured) return NOTHING_CARRIED;
  const dropped = bytes.fromProg - bytes.toPeer;
  if (dropped > 0) return { lost: 'yes', says: `${tellBytes(dropped)} from prog were dropped and never sent.` };
  const untaken = bytes.toPeer - bytes.takenByPeer;
  if (untaken > 0)
    return { lost: 'yes', says: `The kernel never took ${tellBytes(untaken)} of what prog had written.` };
  if (!endingTaken) {
    return {
      lost: 'unknown',
      says: 'The kernel took all that prog had written until then, but our ending did not go out: the peer must take the answer for incomplete.',
    };
  }
  if (!closing.progEnded) {
    return {
      lost: 'unknown',
      says: 'prog was still writing when its output was ended: what it had yet to say was not sent.',
    };
  }
  const taken = `The kernel took all ${tellBytes(bytes.toPeer)} and our ${closing.weEnded === 'fin' ? 'FIN' : 'close_notify'}`;
  if (reset !== undefined) {
    return { lost: 'unknown', says: `${taken}, but the peer then reset TCP: what was still on its way is gone.` };
  }
  if (laws.has('linger')) {
    return {
      lost: 'unknown',
      says: `${taken}, but the peer did not end, and TCP was closed: if it was sending, it got a reset.`,
    };
  }
  return closing.weEnded === 'close_notify'
    ? { lost: 'no', says: `${taken}: a peer that has got the close_notify knows that it has got everything before it.` }
    : {
        lost: 'unknown',
        says: `${taken}, but the peer cannot tell our FIN from a forged one: only the protocol behind TLS can say whether that was all.`,
      };
}

const NOTHING_CARRIED: Loss = { lost: 'no', says: 'Nothing was carried: there were no keys yet.' };
