import { patienceFor } from '../../../graph/patience.ts';
import { differences } from '../../diagram/compare.ts';
import { playScenario } from '../../diagram/play.ts';
import { Misread } from '../../diagram/rows.ts';
import { readScenario, type Given, type Scenario } from '../../diagram/scenario.ts';
import type { Flags } from '../arguments.ts';
import { lettersFor, type Lettering } from '../chunks.ts';
import { theOne, tracesIn } from '../choose.ts';
import type { Input } from '../input-from.ts';
import type { Recording } from '../recording.ts';
import type { Result } from '../result.ts';
import { shortLine } from '../short-line.ts';
import { Trouble } from '../trouble.ts';
import { averaged } from './average.ts';
import { checkLength } from './bounds.ts';
import { buildScenario } from './build.ts';
import { scenarioText } from '../../diagram/scenario-text.ts';

/** The text of a diagram file, what it says, and the rows in which the rules do something else than what was recorded. */
interface Spec {
  readonly text: string;
  readonly scenario: Scenario;
  readonly differs: readonly string[];
}

/** Turns a recorded connection into a diagram file. */
export function spec(inputs: readonly Input[], flags: Flags): Result {
  const [input] = inputs.map(tracesIn);
  if (input === undefined) throw new Trouble('a file is missing');
  const { text, differs } = specOf(theOne(input, flags));
  const notes = differs.map(
    (row) => `the rules do not reproduce the recording: ${row} is different; expected is what was recorded`,
  );
  return { text, notes: [...input.notes, ...notes] };
}

/**
 * The diagram of a recording: with no more given rows than it needs to be reproduced, for the same reasons if that can be, and with all
 * of them when it cannot be.
 *
 * @throws Trouble when there is no verdict to expect, or when it is too long.
 */
export function specOf(recording: Recording): Spec {
  const { closing, header } = recording;
  if (closing === undefined) throw new Trouble('the trace stops before its verdict, so that nothing can be expected');
  const letters = lettersOf(recording);
  checkLength(recording, letters);
  const comment = [
    `From a trace: connection ${header.connection}, ${shortLine(header.prog, MOST_CHARACTERS)} behind ${shortLine(header.program, MOST_CHARACTERS)}.`,
    ...(letters.merged
      ? ['A letter stands for all chunks that came close together; they are too many for one each.']
      : []),
    ...(letters.repeated
      ? ['There are not letters enough even so: the sizes are averages, and right only in all.']
      : []),
  ];
  let best: Spec | undefined;
  const stalled = !letters.merged && recording.events.some(({ kind }) => kind === 'demand_down');
  for (const rows of stalled ? EXACT : VARIANTS) {
    const built = buildScenario({ ...recording, closing }, letters, rows);
    const text = scenarioText(built.scenario, comment);
    const scenario = readBack(text);
    const differs = built.differs.length > 0 ? built.differs : misdrawn(scenario);
    if (differs.length === 0 && built.sameLaws) return { text, scenario, differs };
    if (best === undefined || best.differs.length > 0) best = { text, scenario, differs };
  }
  if (best === undefined) throw new TypeError('no variant');
  return best;
}

/**
 * No letter stands for so long a time that the replay would wait too long for the next one. Without -K that can be any time, unless we
 * linger.
 */
function lettersOf(recording: Recording): Lettering {
  const { idleTimeout } = recording.header;
  const patient = lettersFor(recording, patienceFor(idleTimeout).silence * QUARTER);
  if (!patient.repeated) return patient;
  const letters = idleTimeout > 0 ? lettersFor(recording, idleTimeout * QUARTER) : lettersFor(recording);
  return letters.repeated ? averaged(letters) : letters;
}

/** A recording can hold what no diagram can, though its program never writes it: no event at all, or an empty verdict. */
function readBack(text: string): Scenario {
  try {
    return readScenario(text);
  } catch (error) {
    if (!(error instanceof Misread)) throw error;
    throw new Trouble(`the recording cannot be told as a diagram: ${shortLine(error.message, MOST_CHARACTERS)}`);
  }
}

/** Whether the file, read again, does what it was written for: groups of marks may have stretched its time. */
const misdrawn = (scenario: Scenario): readonly string[] =>
  scenario.protocols.some((protocol) => differences(scenario, playScenario(scenario, protocol)) !== undefined)
    ? ['time']
    : [];

/** The order of rows is the order of what happens in one frame: here that in which things usually come. */
const ALL: readonly Given[] = [
  'signal',
  'from peer',
  'taken by prog',
  'from prog',
  'taken by peer',
  'prog stdin gone',
  'prog exit',
  'hung up',
];
const without = (...left: readonly Given[]): readonly Given[] => ALL.filter((label) => !left.includes(label));
/** From the shortest on. The last one is for what comes in the same moment as the end, in which the verdict is still open. */
const VARIANTS: readonly (readonly Given[])[] = [
  without('taken by peer', 'taken by prog', 'hung up'),
  without('taken by prog'),
  ALL,
  ['hung up', 'prog exit', ...without('hung up', 'prog exit')],
];
/** Demand can only be seen with all acknowledgements. */
const EXACT = VARIANTS.slice(-2);
/** Microseconds: a quarter of a millisecond. */
const QUARTER = 250;
/** Of what others have chosen, in a line for people. */
const MOST_CHARACTERS = 200;
