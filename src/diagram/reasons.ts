import { CLOSING_TEXTS, FAULT_RULES, type RuleText } from '../../graph/closing-rules.ts';
import { LAWS, type Law } from '../../graph/laws.ts';
import type { FaultKind, Protocol } from '../../graph/vocabulary.ts';
import type { Happening, Occasion } from './origins.ts';
import type { Expected, Scenario } from './scenario.ts';

/** Why a mark is there: the operator that said it, and the rule. */
export interface Reason extends RuleText {
  /** The file in graph/operators/. */
  readonly operator: string;
}

/** A mark of a row that the graph has said. */
export interface Said extends Occasion {
  readonly label: Expected;
  readonly symbol: string;
}

/**
 * The reasons of a mark, the nearest first: the operator from which it came, and then the laws that decided on the same occasion and
 * have led to it.
 */
export function reasonsFor(said: Said, scenario: Scenario, protocol: Protocol): readonly Reason[] {
  const laws = said.laws.filter((law) => LEADS_TO[law].includes(said.label)).map((law): Reason => LAWS[law]);
  const standing = standingRule(said, scenario, protocol);
  if (standing === undefined) return laws.toReversed();
  // A law of the same operator says it better.
  const own = laws.find(({ operator }) => operator === standing.operator);
  return [own ?? standing, ...laws.filter((law) => law !== own)];
}

/** The rows in which each law can be the reason of a mark. */
const LEADS_TO: Readonly<Record<Law, readonly Expected[]>> = {
  handshakeTimeout: ['hang up'],
  untilCloseNotify: ['to prog'],
  requireCloseNotify: ['to prog'],
  excuseProvoked: ['to prog', 'hang up'],
  untilAnswered: ['to peer'],
  endBy: ['to peer'],
  untilDeaf: ['to prog'],
  breakOn: ['to peer', 'reading prog'],
  idleTimeout: ['to peer', 'to prog', 'hang up', 'reading peer', 'reading prog'],
  linger: ['to prog', 'hang up', 'reading peer'],
  signalGrace: ['to peer', 'to prog', 'hang up', 'reading prog'],
  unheard: ['reading prog'],
};

/** What holds when no law has to decide anything. */
function standingRule(said: Said, scenario: Scenario, protocol: Protocol): Reason | undefined {
  switch (said.label) {
    case 'start prog':
      return STANDING.started;
    case 'to peer':
      if (said.symbol === '#') return LAWS.breakOn;
      if (!ends(said)) return { operator: 'endBy', ...CARRIED.toPeer };
      return is(said.happened, 'from prog', '|')
        ? { operator: 'endBy', ...CLOSING_TEXTS[protocol][scenario.policy] }
        : STANDING.bareFin;
    case 'to prog':
      return ends(said) ? endOfStdin(said) : { operator: 'untilCloseNotify', ...CARRIED.toProg };
    case 'hang up':
      return hangUp(said, scenario);
    case 'demand peer':
    case 'demand prog':
      return said.symbol === 'h' ? STANDING.readOn : STANDING.waitForRoom;
    case 'reading peer':
    case 'reading prog':
      return said.symbol === '^' ? STANDING.readingBegins : STANDING.readingEnds;
    case 'signal to prog':
      return STANDING.signal;
  }
}

const ends = ({ symbol }: Said): boolean => symbol === 'N' || symbol === '|';

function endOfStdin({ happened, laws }: Said): Reason | undefined {
  if (laws.includes('idleTimeout') || laws.includes('linger') || laws.includes('excuseProvoked')) return undefined;
  if (laws.includes('untilCloseNotify')) return LAWS.untilCloseNotify;
  if (laws.includes('untilDeaf')) return LAWS.untilDeaf;
  if (laws.includes('requireCloseNotify') || happened?.symbol === '#') return STANDING.faultAsEof;
  if (is(happened, 'from peer', '|')) return STANDING.finAsEof;
  if (happened?.label === 'prog stdin gone') return STANDING.stdinGone;
  return STANDING.thrownAway;
}

function hangUp({ happened, laws }: Said, { fault, writeFault }: Scenario): Reason | undefined {
  if (laws.includes('idleTimeout') || laws.includes('linger')) return undefined;
  if (happened?.label === 'handshake' || laws.includes('handshakeTimeout')) return STANDING.nothingToCarry;
  if (happened?.label === 'signal') return STANDING.nothingToCarry;
  const excused = laws.includes('excuseProvoked');
  const broken = !excused && (breaks(happened, 'from peer', fault) || breaks(happened, 'taken by peer', writeFault));
  return broken ? STANDING.broken : STANDING.bothEnded;
}

const is = (happened: Happening | undefined, label: Happening['label'], symbol: string): boolean =>
  happened?.label === label && happened.symbol === symbol;

const breaks = (happened: Happening | undefined, label: Happening['label'], fault: string): boolean =>
  is(happened, label, '#') && FAULT_RULES[fault.split(' ', 1).join() as FaultKind].breaksConnection;

const CARRIED = {
  toPeer: {
    says: 'What prog writes goes to the peer as it is, in its order; the policy only decides how it ends.',
    clause: 's6-tlsd, relaying',
  },
  toProg: {
    says: 'What the peer says goes to prog as it is, in its order, until its close_notify.',
    clause: 's6-tlsd, relaying',
  },
} as const satisfies Readonly<Record<string, RuleText>>;

const STANDING = {
  bareFin: {
    operator: 'endBy',
    says: 'The policy ends what goes to the peer with a bare FIN, without close_notify.',
    clause: 's6-tlsd, -s',
  },
  started: {
    operator: 'unless',
    says: 'The handshake was done, so prog was started. Until then it is not run, and if it fails, never.',
    clause: 'RFC 8446 §4.4.4',
  },
  finAsEof: {
    operator: 'untilCloseNotify',
    says: "The peer's FIN is prog's EOF: there is nothing more to bring it.",
    clause: 'RFC 9293 §3.6; s6-tlsd, -j',
  },
  faultAsEof: {
    operator: 'faultAsEof',
    says: 'prog reads from a pipe, and EOF is all that a pipe can say: a fault is shown in the exit status instead.',
    clause: 'pipe(7)',
  },
  stdinGone: {
    operator: 'until',
    says: 'prog had closed its stdin, so there is nobody to bring anything to: what the peer still sends is read and thrown away.',
    clause: 'write(2), EPIPE',
  },
  thrownAway: {
    operator: 'until',
    says: 'Our ending was out, and prog had gone or no longer listened: what the peer still sends is read and thrown away, so that TCP can end without a reset.',
    clause: 'RFC 9112 §9.6, lingering close',
  },
  nothingToCarry: {
    operator: 'firstOf',
    says: 'There were never any keys, so there was nothing to carry, and TCP was let go of.',
    clause: 'RFC 8446 §6.2',
  },
  broken: {
    operator: 'firstOf',
    says: 'The connection was broken, so neither direction could go on, and TCP was let go of at once.',
    clause: 'RFC 9293 §3.5.3',
  },
  bothEnded: {
    operator: 'allOf',
    says: "Both directions had ended, the peer's and ours, so TCP was let go of.",
    clause: 'RFC 9293 §3.6',
  },
  readOn: {
    operator: 'demand',
    says: 'Less than the high-water mark was on its way, so the source may be read.',
    clause: 'pipe(7), back-pressure',
  },
  waitForRoom: {
    operator: 'demand',
    says: 'The high-water mark was on its way and not yet taken, so the source is not read on.',
    clause: 'pipe(7), back-pressure',
  },
  readingBegins: {
    operator: 'shareLive',
    says: 'The first rule began to listen, and the source is read once for all of them.',
    clause: 'RxJS, share',
  },
  readingEnds: {
    operator: 'shareLive',
    says: 'The source had ended, or no rule listened to it any more, so it was let go of.',
    clause: 'RxJS, share',
  },
  signal: {
    operator: 'shareLive',
    says: 'A signal that came to us was passed on to prog.',
    clause: 's6-tlsd, signals',
  },
} as const satisfies Readonly<Record<string, Reason>>;
