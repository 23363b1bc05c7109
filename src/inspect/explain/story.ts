import { CLOSING_TEXTS, FAULT_RULES, FAULT_TEXTS, type RuleText } from '../../../graph/closing-rules.ts';
import type { Protocol } from '../../../graph/vocabulary.ts';
import { tellOptions } from '../../diagram/picture.ts';
import type { Closing } from '../../trace/format.ts';
import { handshakeOf, type Recording } from '../recording.ts';
import { adviceFor } from './advice.ts';
import { factsOf } from './facts.ts';
import { happenings, type Happening } from './happenings.ts';
import { inboundLoss, outboundLoss, type Loss } from './losses.ts';

/** How a connection ended and why, as data; all that is for people is a sentence. */
export interface Story {
  /** The number of its lines, and its header, as sentences. */
  readonly connection: number;
  readonly about: readonly string[];
  readonly protocol: Protocol | null;
  /** What the policy means under that protocol. */
  readonly policy: { readonly options: string } & Partial<RuleText>;
  readonly happened: readonly Happening[];
  /** `null` when the trace stops before the verdict; then nothing can be said about what follows. */
  readonly end: {
    readonly first: string;
    readonly verdict: string;
    readonly exitStatus: number;
    readonly why: RuleText;
    readonly inbound: Loss;
    readonly outbound: Loss;
    readonly advice: readonly string[];
  } | null;
}

export function storyOf(recording: Recording): Story {
  const { header, closing } = recording;
  const handshake = handshakeOf(recording);
  const protocol = handshake?.protocol ?? null;
  const name = handshake?.serverName;
  return {
    connection: header.connection,
    about: [
      `${header.prog} behind ${header.program} (${header.runtime}), ${header.accepted}.`,
      handshake === undefined
        ? 'There were never any keys.'
        : `${handshake.protocol}, ${handshake.cipher}${name === undefined ? '' : `, server name ${name}`}.`,
      ...(handshake?.peerCertificateSubject === undefined
        ? []
        : [`The peer showed a certificate: ${handshake.peerCertificateSubject}.`]),
    ],
    protocol,
    policy: { options: tellOptions(header), ...(protocol !== null && CLOSING_TEXTS[protocol][header.policy]) },
    happened: happenings(recording),
    end: closing === undefined ? null : endOf(recording, closing),
  };
}

function endOf(recording: Recording, closing: Closing): Story['end'] {
  const facts = factsOf(recording, closing);
  return {
    first: firstOf(closing),
    verdict: closing.verdict,
    exitStatus: closing.exitStatus,
    why: whyExit(closing),
    inbound: inboundLoss(facts),
    outbound: outboundLoss(facts),
    advice: adviceFor(facts),
  };
}

function firstOf({ first, peerEnded, secured }: Closing): string {
  if (!secured) return 'It ended before it had begun: the handshake was never done.';
  switch (first) {
    case 'peer':
      return peerEnded === null ? 'The peer ended first.' : `The peer ended first, by ${ENDINGS[peerEnded]}.`;
    case 'prog':
      return 'prog ended first, by EOF on its stdout.';
    case 'timeout':
      return 'Neither side ended first: we did, because nothing moved any more.';
    default:
      return `Neither side ended first: ${first} came to us.`;
  }
}

const ENDINGS: Readonly<Record<NonNullable<Closing['peerEnded']>, string>> = {
  close_notify: 'close_notify',
  fin: 'a FIN without close_notify',
  truncation: 'a FIN without close_notify',
  cutRecord: 'a FIN inside a record',
  alert: 'a fatal alert',
  badRecord: 'a record that cannot be used',
  reset: 'a reset',
  handshake: 'a failed handshake',
};

/** What decided the exit status. */
function whyExit({ cause, prog, exitStatus }: Closing): RuleText {
  const clause = 's6-tlsd, EXIT STATUS';
  if (cause !== null && 'fault' in cause) {
    const { says, clause: rests } = FAULT_TEXTS[cause.fault];
    return { says: `${says} That is exit ${FAULT_RULES[cause.fault].exitStatus}.`, clause: rests };
  }
  if (cause !== null) return { says: `${cause.signal} came to us, and that is exit 128 + n: ${exitStatus}.`, clause };
  if (prog === null) return { says: `prog had not ended, and nothing broke: exit ${exitStatus}.`, clause };
  return 'code' in prog
    ? { says: `Nothing broke, so the exit status is prog's own: ${prog.code}.`, clause }
    : { says: `Nothing broke, and signal ${prog.signal} killed prog: exit 128 + ${prog.signal}.`, clause };
}
