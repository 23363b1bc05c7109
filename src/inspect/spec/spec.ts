import { differences, playScenario } from '../../diagram/play.ts';
import { readScenario, type Given } from '../../diagram/scenario.ts';
import type { Flags } from '../arguments.ts';
import { lettersFor } from '../chunks.ts';
import { theOne, tracesIn } from '../choose.ts';
import type { Input } from '../input.ts';
import type { Recording } from '../recording.ts';
import type { Result } from '../result.ts';
import { Trouble } from '../trouble.ts';
import { buildScenario, type Built } from './build.ts';
import { scenarioText } from './scenario-text.ts';

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
 * The diagram of a recording: with no more given rows than it needs to be reproduced, and with all of them when it cannot be.
 *
 * @throws Trouble when there is no verdict to expect, or when there are not letters enough.
 */
export function specOf(recording: Recording): { readonly text: string; readonly differs: readonly string[] } {
  const { closing, header } = recording;
  if (closing === undefined) throw new Trouble('the trace stops before its verdict, so that nothing can be expected');
  const letters = lettersFor(recording, header.idleTimeout > 0 ? header.idleTimeout * 250 : LONGEST);
  if (letters.repeated) throw new Trouble('more than 26 runs of data, and no more letters: cut the recording short');
  const comment = [
    `From a trace: connection ${header.connection}, ${header.prog} behind ${header.program}.`,
    ...(letters.merged
      ? ['A letter stands for all chunks that came close together; they are too many for one each.']
      : []),
  ];
  let last: { readonly text: string; readonly differs: readonly string[] } | undefined;
  const stalled = !letters.merged && recording.events.some(({ kind }) => kind === 'demand_down');
  for (const rows of stalled ? EXACT : VARIANTS) {
    const built = buildScenario({ ...recording, closing }, letters, rows);
    const text = scenarioText(built.scenario, comment);
    last = { text, differs: built.differs.length > 0 ? built.differs : misdrawn(text, built) };
    if (last.differs.length === 0) return last;
  }
  if (last === undefined) throw new TypeError('no variant');
  return last;
}

/** Whether the file, read again, does what it was written for: groups of marks may have stretched its time. */
function misdrawn(text: string, { scenario }: Built): readonly string[] {
  const read = readScenario(text);
  return scenario.protocols.some((protocol) => differences(read, playScenario(read, protocol)) !== undefined)
    ? ['time']
    : [];
}

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
/** Microseconds, a quarter of the time that lingering takes. */
const LONGEST = 1_250_000;
