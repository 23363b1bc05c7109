import { readdirSync, readFileSync } from 'node:fs';
import { readTraces } from '../../src/inspect/read-trace.ts';
import { tracePicture } from '../../src/inspect/trace-picture.ts';
import { scenarioPicture } from '../../src/diagram/picture.ts';
import { playScenario, type Actual } from '../../src/diagram/play.ts';
import { readScenario, shownUnder, type Scenario } from '../../src/diagram/scenario.ts';
import type { Picture } from '../../src/picture/picture.ts';

/** The top of the project. */
export const ROOT = new URL('../../', import.meta.url);

/** A file of the project, by its path from the top. */
export const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

/** A scenario of diagrams/ and what happens when it is played under the newest of its protocols. */
export interface Played {
  readonly scenario: Scenario;
  readonly actual: Actual;
}

/** @throws when there is no such diagram. */
export const played = (name: string): Played => play(readScenario(read(`diagrams/${name}.yaml`)));

export const play = (scenario: Scenario): Played => ({
  scenario,
  actual: playScenario(scenario, shownUnder(scenario)),
});

/** What is to be drawn of a diagram, or of `examples/NAME`: a trace in docs/. */
export function pictureOf(name: string): Picture {
  if (name.startsWith('examples/')) return recordedPicture(`docs/${name}.trace`);
  const { scenario, actual } = played(name);
  return scenarioPicture(scenario, shownUnder(scenario), actual);
}

/** The names of all diagrams. */
export const diagrams = (): readonly string[] =>
  readdirSync(new URL('diagrams/', ROOT))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -'.yaml'.length))
    .sort();

/** The rule for an image in a page: its text alternative is all that the picture shows. */
export const image = ({ title, description }: Picture, path: string): string =>
  `![${`${title}. ${description}`.replaceAll(/[\\[\]]/g, '\\$&')}](${path})`;

function recordedPicture(path: string): Picture {
  const [recording] = readTraces(path, read(path)).recordings;
  if (recording === undefined) throw new Error(`${path} holds no connection`);
  return tracePicture(recording, ({ shown }) => shown !== 'seldom');
}
