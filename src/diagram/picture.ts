import { LAWS } from '../../graph/laws.ts';
import type { Protocol } from '../../graph/vocabulary.ts';
import { describeRows } from '../picture/describe.ts';
import type { Picture, PictureMark, PictureRow } from '../picture/picture.ts';
import type { Actual, Decision } from './play.ts';
import type { Mark } from './rows.ts';
import type { Expected, Given, Scenario } from './scenario.ts';

/**
 * A scenario as it happened when it was played under a protocol: its rows, and one for each law that decided something.
 * A step is a millisecond.
 */
export function scenarioPicture(scenario: Scenario, protocol: Protocol, actual: Actual): Picture {
  const row = (label: Given | Expected, group: PictureRow['group'], marks: readonly Mark[]): PictureRow => ({
    label,
    group,
    marks: marks.map(({ frame, symbol }) => ({
      time: frame,
      step: frame,
      symbol,
      ...meaningOf(label, symbol, scenario),
    })),
  });
  const rows = [
    ...scenario.given.map(({ label, marks }) => row(label, 'given', marks)),
    ...scenario.expected.map(({ label }) => row(label, 'told', actual.rows[label])),
    ...lawRows(actual),
  ];
  const verdict = `${scenario.verdict}; exit ${String(scenario.exit)}`;
  return {
    title: scenario.title,
    description: `${settings(scenario, protocol)}. ${describeRows(rows)} Verdict: ${verdict}.`,
    rows,
    caption: [`${settings(scenario, protocol)}: ${scenario.clause}`, scenario.verdict, `exit ${String(scenario.exit)}`],
  };
}

/** The laws that decided something until the verdict; what prog does afterwards is no part of the story. */
export const decisionsIn = ({ laws, verdicts: [verdict] }: Actual): readonly Decision[] =>
  laws.filter(({ frame }) => verdict === undefined || frame <= verdict.milliseconds);

function lawRows(actual: Actual): readonly PictureRow[] {
  const decisions = decisionsIn(actual);
  return [...new Set(decisions.map(({ law }) => law))].map((law) => ({
    label: law,
    group: 'law',
    marks: decisions
      .filter((decision) => decision.law === law)
      .map(({ frame }) => ({ time: frame, step: frame, symbol: '*', kind: 'other', meaning: LAWS[law].says })),
  }));
}

const settings = (scenario: Scenario, protocol: Protocol): string =>
  `${tellOptions(scenario)}, ${tellProtocol(protocol)}`;

/** `TLS 1.3` */
export const tellProtocol = (protocol: Protocol): string => protocol.replace('v', ' ');

/** The options as one would ask for them: `-S -J -K 100`. */
export const tellOptions = ({
  policy,
  requireCloseNotify,
  idleTimeout,
}: Pick<Scenario, 'policy' | 'requireCloseNotify' | 'idleTimeout'>): string =>
  [`-${policy}`, ...(requireCloseNotify ? ['-J'] : []), ...(idleTimeout > 0 ? [`-K ${idleTimeout}`] : [])].join(' ');

type Meaning = Pick<PictureMark, 'kind' | 'meaning'>;

function meaningOf(label: Given | Expected, symbol: string, { fault, progStatus }: Scenario): Meaning {
  const own = MEANINGS[label]?.[symbol];
  if (own !== undefined) return own;
  if (label === 'prog exit')
    return { kind: 'exit', meaning: `exit with ${symbol === 'x' ? progStatus : `code ${symbol}`}` };
  if (/\d/.test(symbol)) return { kind: 'other', meaning: `${symbol} taken` };
  if (symbol === 'N') return { kind: 'close_notify', meaning: 'close_notify' };
  if (symbol === '|') return { kind: 'end', meaning: /peer/.test(label) ? 'FIN' : 'EOF' };
  if (symbol === '#')
    return { kind: 'fault', meaning: label === 'from peer' || label === 'handshake' ? `fault: ${fault}` : 'fault' };
  return { kind: 'data', meaning: `data ${symbol}` };
}

const SIGNALS: Readonly<Record<string, Meaning>> = {
  t: { kind: 'other', meaning: 'SIGTERM' },
  i: { kind: 'other', meaning: 'SIGINT' },
  h: { kind: 'other', meaning: 'SIGHUP' },
};
const DEMAND: Readonly<Record<string, Meaning>> = {
  h: { kind: 'demand', meaning: 'read on' },
  l: { kind: 'demand', meaning: 'stop reading' },
};
const READING: Readonly<Record<string, Meaning>> = {
  '^': { kind: 'demand', meaning: 'reading begins' },
  '!': { kind: 'demand', meaning: 'reading ends' },
};

/** What a symbol means in the rows that have an alphabet of their own. */
const MEANINGS: Readonly<Partial<Record<Given | Expected, Readonly<Record<string, Meaning>>>>> = {
  handshake: { h: { kind: 'other', meaning: 'handshake done' } },
  'start prog': { h: { kind: 'other', meaning: 'prog is started' } },
  'prog stdin gone': { g: { kind: 'other', meaning: 'prog has closed its stdin' } },
  'hung up': { T: { kind: 'timer', meaning: 'TCP is gone' } },
  'hang up': { T: { kind: 'timer', meaning: 'TCP is let go of' } },
  'taken by peer': {
    '|': { kind: 'end', meaning: 'our ending is on the wire' },
    '#': { kind: 'fault', meaning: 'fault: a write fails' },
  },
  signal: SIGNALS,
  'signal to prog': SIGNALS,
  'demand peer': DEMAND,
  'demand prog': DEMAND,
  'reading peer': READING,
  'reading prog': READING,
};
