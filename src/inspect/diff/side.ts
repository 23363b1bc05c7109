import { scenarioPicture } from '../../diagram/picture.ts';
import { playScenario, type Actual } from '../../diagram/play.ts';
import { shownUnder, type Scenario } from '../../diagram/scenario.ts';
import type { PictureMark } from '../../picture/picture.ts';
import type { Flags } from '../arguments.ts';
import { lettersFor } from '../chunks.ts';
import { theOne } from '../choose.ts';
import type { Input } from '../input-from.ts';
import type { Recording } from '../recording.ts';
import { tracePicture } from '../trace-picture.ts';

/** One of two things that are compared: a recorded connection, or a diagram as it is written. */
export interface Side {
  readonly kind: 'trace' | 'diagram';
  readonly name: string;
  /** By label. A row that is missing is one of which a diagram says nothing, or in which nothing was recorded. */
  readonly rows: ReadonlyMap<string, readonly PictureMark[]>;
  readonly laws: ReadonlySet<string>;
  /** `undefined`: the trace stops before it. */
  readonly verdict: string | undefined;
  readonly exitStatus: number | undefined;
  /** A mark can be several chunks. */
  readonly merged: boolean;
}

export const sideOf = (input: Input, flags: Flags): Side =>
  input.kind === 'traces' ? recorded(input.file, theOne(input, flags)) : written(input.file, input.scenario);

function recorded(file: string, recording: Recording): Side {
  const { rows } = tracePicture(recording, () => true);
  return {
    kind: 'trace',
    name: `${file}, connection ${recording.header.connection}`,
    rows: new Map(rows.map(({ label, marks }) => [label, marks])),
    laws: new Set(rows.filter(({ group }) => group === 'law').map(({ label }) => label)),
    verdict: recording.closing?.verdict,
    exitStatus: recording.closing?.exitStatus,
    merged: lettersFor(recording).merged,
  };
}

function written(file: string, scenario: Scenario): Side {
  const protocol = shownUnder(scenario);
  const played = playScenario(scenario, protocol);
  const expected = Object.fromEntries(scenario.expected.map(({ label, marks }) => [label, marks]));
  const { rows } = scenarioPicture(scenario, protocol, { ...played, rows: { ...played.rows, ...expected }, laws: [] });
  return {
    kind: 'diagram',
    name: file,
    rows: new Map(rows.map(({ label, marks }) => [label, heard(label, marks, played.rows)])),
    laws: new Set(),
    verdict: scenario.verdict,
    exitStatus: scenario.exit,
    merged: false,
  };
}

/** What is given after nobody reads it any more is in no trace either. */
function heard(label: string, marks: readonly PictureMark[], rows: Actual['rows']): readonly PictureMark[] {
  const reading = label === 'from peer' ? rows['reading peer'] : label === 'from prog' ? rows['reading prog'] : [];
  const until = reading.findLast(({ symbol }) => symbol === '!')?.frame ?? Infinity;
  return marks.filter(({ time }) => time <= until);
}
