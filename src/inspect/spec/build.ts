import { LAWS } from '../../../graph/laws.ts';
import { clauseUnder } from '../../diagram/clauses.ts';
import { exitStatus, tellVerdict } from '../../../graph/verdict.ts';
import { decisionsIn, tellOptions, tellProtocol } from '../../diagram/picture.ts';
import { playScenario, type Actual, type Decision } from '../../diagram/play.ts';
import { DEFAULTS, MANDATORY, type Expected, type Given, type Scenario } from '../../diagram/scenario.ts';
import type { Closing, TraceEvent } from '../../trace/format.ts';
import type { Lettering } from '../chunks.ts';
import { handshakeOf, type Recording } from '../recording.ts';
import { expectedRows } from './expected.ts';
import { happened } from './happened.ts';
import { place, type Placed } from './place.ts';

/** A recording as a scenario, and in which rows the rules do something else than what was recorded. */
export interface Built {
  readonly scenario: Scenario;
  readonly differs: readonly string[];
  /** The laws that decided are those that were recorded: all happened for the same reasons. */
  readonly sameLaws: boolean;
}

/**
 * Builds the scenario of a recording with the wanted rows, in their order; acknowledgements and the end of TCP that are not among them come at
 * once. Where the replay does what was recorded its frames are expected, otherwise those of what was recorded.
 */
export function buildScenario(
  recording: Recording & { readonly closing: Closing },
  letters: Lettering,
  wanted: readonly Given[],
): Built {
  const { closing, events } = recording;
  const secured = handshakeOf(recording);
  const first = events.find((event) => event.stream === 'secured' || event.stream === 'signal');
  // A handshake that is done needs no row: then frame 0 is when it was.
  const bare = secured !== undefined && first === secured;
  const given: readonly Given[] = bare ? wanted : ['handshake', ...wanted];
  const base = outline(recording, letters);
  const withMarks = (marks: readonly Placed[]): Scenario => ({ ...base, given: rowsOf(marks, given) });
  const [protocol = 'TLSv1.3'] = base.protocols;

  const { marks, frameAt } = place(
    happened(recording, letters).filter((each) => each.kind === 'timer' || given.includes(each.label)),
    {
      rows: given,
      start: bare ? first.time : 0,
      play: (placed) => playScenario(withMarks(placed), protocol).laws,
    },
  );
  const scenario = withMarks(marks);
  const actual = playScenario(scenario, protocol);
  const recorded = expectedRows(recording, letters);
  const differs: string[] = [];
  const expected = [...EXPECTED_ROWS, ...demandRows(recorded, letters, given)]
    .filter((label) => MANDATORY.includes(label) || (recorded.get(label)?.length ?? 0) > 0)
    .map((label) => {
      const done = recorded.get(label) ?? [];
      const replayed = actual.rows[label];
      if (symbols(done) === symbols(replayed)) return { label, marks: replayed };
      differs.push(label);
      return { label, marks: done.map(({ symbol, index }) => ({ symbol, frame: frameAt(index) })) };
    });
  const { verdict, same } = verdictOf(closing, actual);
  return {
    scenario: { ...scenario, expected, verdict },
    differs: [...differs, ...(same ? [] : ['verdict'])],
    sameLaws: lawsIn(events) === lawsIn(decisionsIn(actual)),
  };
}

/** All of a scenario but its rows. */
function outline(recording: Recording & { readonly closing: Closing }, letters: Lettering): Scenario {
  const { header, closing, events } = recording;
  const protocol = handshakeOf(recording)?.protocol;
  const faults = events.filter((event) => event.kind === 'fault' || event.kind === 'reset');
  const told = (streams: readonly string[]): string | undefined => {
    const fault = faults.find(({ stream }) => streams.includes(stream));
    return fault && `${fault.kind === 'reset' ? 'reset' : fault.fault} ${fault.detail}`;
  };
  const exit = events.find((event) => event.stream === 'progExit');
  const laws = new Set(events.flatMap((event) => (event.stream === 'law' ? LAWS[event.law].clause.split('; ') : [])));
  const [ends = ''] = closing.verdict.replace('closed: ', '').split(';');
  const agreed = protocol === undefined ? '' : `, ${tellProtocol(protocol)}`;
  return {
    title: `Recorded ${header.accepted}: ${ends} (${tellOptions(header)}${agreed})`,
    clause: laws.size === 0 ? `s6-tlsd, -${header.policy}` : clauseUnder([...laws].join('; '), protocol),
    policy: header.policy,
    protocols: protocol === undefined ? ['TLSv1.2', 'TLSv1.3'] : [protocol],
    requireCloseNotify: header.requireCloseNotify,
    idleTimeout: header.idleTimeout,
    highWaterMark: header.highWaterMark,
    bytes: Object.fromEntries(
      letters.runs.filter(({ bytes }) => bytes > 1).map(({ letter, bytes }) => [letter, bytes]),
    ),
    fault: told(['secured', 'fromPeer']) ?? DEFAULTS.fault,
    writeFault: told(['takenByPeer']) ?? DEFAULTS.writeFault,
    progStatus:
      exit === undefined ? DEFAULTS.progStatus : 'code' in exit ? `code ${exit.code}` : `signal ${exit.signal}`,
    given: [],
    expected: [],
    verdict: closing.verdict,
    exit: closing.exitStatus,
  };
}

/** Rows in their order; those that say when something was taken also when nothing was. */
function rowsOf(marks: readonly Placed[], given: readonly Given[]): Scenario['given'] {
  return given
    .map((label) => ({ label, marks: marks.filter((mark) => mark.label === label) }))
    .filter(({ label, marks: own }) => own.length > 0 || REPLACED.has(label))
    .map(({ label, marks: own }) => ({ label, marks: own.map(({ frame, symbol }) => ({ frame, symbol })) }));
}

/** Demand is only what it was when chunks and acknowledgements are; and it tells something only when it was ever low. */
function demandRows(
  recorded: ReturnType<typeof expectedRows>,
  { merged }: Lettering,
  given: readonly Given[],
): readonly Expected[] {
  const exact = !merged && given.includes('taken by peer') && given.includes('taken by prog');
  return DEMAND_ROWS.filter((label) => exact && recorded.get(label)?.some(({ symbol }) => symbol === 'l') === true);
}

/** The recorded verdict, with the milliseconds of the replay: its time is another. */
function verdictOf({ verdict, exitStatus: exit }: Closing, { verdicts }: Actual): { verdict: string; same: boolean } {
  const [told] = verdicts;
  if (told === undefined) return { verdict, same: false };
  const replayed = verdict.replace(TIME, `; ${told.milliseconds} ms; `);
  return { verdict: replayed, same: replayed === tellVerdict(told) && exit === exitStatus(told) };
}

/** As a set: which law of one moment is told first depends on who listens. */
const lawsIn = (events: readonly (TraceEvent | Decision)[]): string =>
  [...new Set(events.flatMap((event) => ('law' in event ? [event.law] : [])))].sort().join(' ');

const symbols = (marks: readonly { readonly symbol: string }[]): string => marks.map(({ symbol }) => symbol).join('');

const TIME = /; \d+ ms; /;
const EXPECTED_ROWS: readonly Expected[] = ['to peer', 'to prog', 'signal to prog', 'hang up'];
const DEMAND_ROWS: readonly Expected[] = ['demand peer', 'demand prog'];
/** Rows that the player plays itself when they are not given. */
const REPLACED: ReadonlySet<Given> = new Set<Given>(['handshake', 'taken by peer', 'taken by prog', 'hung up']);
