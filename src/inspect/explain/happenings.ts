import { LAWS, type Law } from '../../../graph/laws.ts';
import type { Protocol } from '../../../graph/vocabulary.ts';
import { clauseUnder } from '../../diagram/clauses.ts';
import type { TraceEvent } from '../../trace/format.ts';
import { recordOf } from '../on-the-wire.ts';
import { handshakeOf, type Recording } from '../recording.ts';
import { tellBytes } from '../words.ts';

/** One thing that happened on the way to the end, as a sentence. */
export interface Happening {
  /** Milliseconds since the connection was taken over. */
  readonly time: number;
  readonly says: string;
  /** The law of the graph, when one decided; its operator has the same name or is told in docs/operators.md. */
  readonly law?: string;
  /** What a rule rests on. */
  readonly clause?: string;
}

/** The endings, faults and laws of a recording, and what went over the wire for them, in order. Data is only counted. */
export function happenings(recording: Recording): readonly Happening[] {
  const carried = { fromPeer: 0, fromProg: 0 };
  return recording.events.flatMap((event, i): readonly Happening[] => {
    if (event.kind === 'data' && event.stream in carried) carried[event.stream as keyof typeof carried] += event.bytes;
    const told = tell(event, i, recording, carried);
    return told === undefined ? [] : [{ time: event.time / 1000, ...told }];
  });
}

type Told = Omit<Happening, 'time'> | undefined;

function tell(
  event: TraceEvent,
  index: number,
  recording: Recording,
  carried: { readonly fromPeer: number; readonly fromProg: number },
): Told {
  switch (event.stream) {
    case 'law':
      return lawTold(event.law, handshakeOf(recording)?.protocol);
    case 'secured':
      if (event.kind === 'handshake') return { says: `The handshake was done: ${event.protocol}, ${event.cipher}.` };
      return broken('The handshake failed', event);
    case 'fromPeer':
      if (event.kind === 'data') return undefined;
      if (event.kind === 'close_notify')
        return {
          says: `The peer said close_notify, after ${tellBytes(carried.fromPeer)}. ${recordOf(recording, index)}`,
        };
      if (event.kind === 'fin') return { says: `The peer's TCP ended (FIN), after ${tellBytes(carried.fromPeer)}.` };
      return broken(`The peer's direction broke, after ${tellBytes(carried.fromPeer)}`, event);
    case 'fromProg':
      return event.kind === 'eof'
        ? { says: `prog's stdout reached EOF, after ${tellBytes(carried.fromProg)}.` }
        : undefined;
    case 'progExit':
      return { says: 'code' in event ? `prog exited ${event.code}.` : `prog was killed by signal ${event.signal}.` };
    case 'progStdinGone':
      return { says: 'prog had closed its stdin.' };
    case 'signal':
      return { says: `${event.signal} came to us.` };
    case 'toPeer':
      if (event.kind === 'close_notify') return { says: `We said close_notify. ${recordOf(recording, index)}` };
      return event.kind === 'fin' ? { says: 'We ended our direction of TCP (FIN).' } : undefined;
    case 'toProg':
      return event.kind === 'eof' ? { says: 'prog got EOF.' } : undefined;
    case 'takenByPeer':
      if (event.kind === 'ending_taken') return { says: 'The kernel had taken our ending.' };
      return event.kind === 'taken' ? undefined : broken('Writing to the peer failed', event);
    case 'hangUp':
      return { says: 'We let go of TCP.' };
    default:
      return undefined;
  }
}

/** What broke. What that means is told once, with the exit status that it decides. */
const broken = (what: string, { detail }: { readonly detail: string }): Told => ({ says: `${what}: ${detail}.` });

const lawTold = (law: Law, protocol: Protocol | undefined): Told => {
  const { says, clause } = LAWS[law];
  return { says, law, clause: clauseUnder(clause, protocol) };
};
