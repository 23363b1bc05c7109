import { FAULT_RULES, type RuleText } from '../../graph/closing-rules.ts';
import { LAWS, waits, type Law } from '../../graph/laws.ts';
import type { FaultKind, Protocol } from '../../graph/vocabulary.ts';
import { clauseUnder } from './clauses.ts';
import type { Happening, Occasion } from './origins.ts';
import { isEnd } from './rows.ts';
import { writtenFault, type Expected, type Scenario } from './scenario.ts';
import { STANDING } from './standing-rules.ts';
import { faultKind } from './values.ts';

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
 * have led to it, the last one first. A clause is told without what it says of the other version of TLS.
 */
export function reasonsFor(said: Said, scenario: Scenario, protocol: Protocol): readonly Reason[] {
  const laws = said.laws.filter((law) => leadsTo(law, said.label)).map((law): Reason => LAWS[law]);
  const standing = standingRule(said, scenario);
  // A law of the same operator says it better.
  const nearest = laws.find(({ operator }) => operator === standing?.operator) ?? standing;
  const others = laws.filter((law) => law !== nearest).reverse();
  return [...(nearest === undefined ? [] : [nearest]), ...others].map(({ operator, says, clause }) => ({
    operator,
    says,
    clause: clauseUnder(clause, protocol),
  }));
}

/** What a timer brings about comes from the law that waited, and from nothing else: see origins.ts. */
const leadsTo = (law: Law, label: Expected): boolean => waits(law) || (LEADS_TO[law]?.includes(label) ?? false);

/** The rows in which each law that does not wait can be the reason of a mark. */
const LEADS_TO: Readonly<Partial<Record<Law, readonly Expected[]>>> = {
  untilCloseNotify: ['to prog', 'demand peer'],
  requireCloseNotify: ['to prog', 'demand peer'],
  excuseProvoked: ['to prog', 'hang up', 'demand peer'],
  untilAnswered: ['to peer', 'demand prog'],
  endBy: ['to peer'],
  untilDeaf: ['to prog', 'demand peer'],
  breakOn: ['to peer', 'reading prog', 'demand prog'],
};

/** What holds when no law has to decide anything; `undefined` when a law is all that there is to tell. */
function standingRule(said: Said, scenario: Scenario): Reason | undefined {
  switch (said.label) {
    case 'start prog':
      return STANDING.started;
    case 'to peer':
      if (said.symbol === '#') return LAWS.breakOn;
      return ends(said) ? STANDING.bareFin : STANDING.dataToPeer;
    case 'to prog':
      return ends(said) ? endOfStdin(said) : STANDING.dataToProg;
    case 'hang up':
      return hangUp(said, scenario);
    case 'demand peer':
      return demand(said, 'taken by prog');
    case 'demand prog':
      return demand(said, 'taken by peer');
    case 'reading peer':
      return reading(said, 'from peer');
    case 'reading prog':
      return reading(said, 'from prog');
    case 'signal to prog':
      return STANDING.signal;
  }
}

const ends = ({ symbol }: Said): boolean => symbol === 'N' || symbol === '|';

function endOfStdin({ happened, laws }: Said): Reason | undefined {
  if (laws.some(waits)) return undefined;
  if (laws.includes('untilCloseNotify')) return LAWS.untilCloseNotify;
  if (laws.includes('untilDeaf')) return LAWS.untilDeaf;
  if (laws.includes('requireCloseNotify')) return STANDING.faultAsEof;
  if (laws.includes('excuseProvoked')) return LAWS.excuseProvoked;
  if (happened?.label === 'handshake') return STANDING.foregone;
  if (is(happened, 'from peer', '#')) return STANDING.faultAsEof;
  if (is(happened, 'from peer', '|')) return STANDING.finAsEof;
  if (is(happened, 'taken by peer', '#')) return STANDING.unwritable;
  return happened?.label === 'prog stdin gone' ? STANDING.stdinGone : STANDING.thrownAway;
}

function hangUp({ happened, laws }: Said, scenario: Scenario): Reason | undefined {
  if (laws.includes('handshakeTimeout') || is(happened, 'handshake', '#')) return STANDING.noKeys;
  if (laws.some(waits)) return undefined;
  if (happened?.label === 'handshake') return STANDING.foregone;
  // After the handshake a signal does not hang up: it begins a time of grace.
  if (happened?.label === 'signal') return STANDING.interrupted;
  if (happened?.symbol !== '#' || laws.includes('excuseProvoked')) return STANDING.bothEnded;
  const kind = faultKind(writtenFault(happened.label, scenario)) as FaultKind;
  if (!FAULT_RULES[kind].breaksConnection) return STANDING.bothEnded;
  return kind === 'reset' ? STANDING.tcpBroken : STANDING.tlsBroken;
}

function demand({ symbol, happened }: Said, taken: Happening['label']): Reason {
  if (symbol === 'l') return STANDING.waitForRoom;
  const begins = is(happened, 'handshake', 'h');
  return begins || (happened?.label === taken && !isEnd(happened.symbol)) ? STANDING.readOn : STANDING.nothingHeldBack;
}

function reading({ symbol, happened }: Said, source: Happening['label']): Reason {
  if (symbol === '^') return STANDING.readingBegins;
  if (happened?.label === 'handshake') return STANDING.foregone;
  return happened?.label === source && isEnd(happened.symbol) ? STANDING.sourceEnded : STANDING.unread;
}

const is = (happened: Happening | undefined, label: Happening['label'], symbol: string): boolean =>
  happened?.label === label && happened.symbol === symbol;
