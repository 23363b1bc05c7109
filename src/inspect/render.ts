import { scenarioPicture } from '../diagram/picture.ts';
import { differences } from '../diagram/compare.ts';
import { playScenario } from '../diagram/play.ts';
import { shownUnder, type Scenario } from '../diagram/scenario.ts';
import { renderHtml } from '../picture/html.ts';
import type { TimeAxis } from '../picture/layout.ts';
import type { Picture } from '../picture/picture.ts';
import { renderSvg } from '../picture/svg.ts';
import { renderText } from '../picture/text.ts';
import type { Flags } from './arguments.ts';
import { chosen } from './choose.ts';
import type { Input } from './input-from.ts';
import type { Result } from './result.ts';
import { rowFilter } from './row-filter.ts';
import { tracePicture } from './trace-picture.ts';
import { Trouble } from './trouble.ts';

/** Draws what the files hold. */
export function render(
  inputs: readonly Input[],
  flags: Flags,
  { width, colour }: { width: number; colour: boolean },
): Result {
  const notes = inputs.flatMap(({ notes: said }) => said);
  const pictures = inputs.flatMap((input) => picturesOf(input, flags, notes));
  if (flags.has('json')) return { text: `${JSON.stringify(pictures, null, 2)}\n`, notes };
  const time: TimeAxis = flags.get('time') === 'scale' ? 'scale' : 'event';
  switch (flags.get('format')) {
    case 'svg': {
      const [picture, ...others] = pictures;
      if (picture === undefined || others.length > 0) {
        throw new Trouble(
          `an SVG holds one picture, and there are ${pictures.length}: choose with --connection N, or use --format html`,
        );
      }
      return { text: renderSvg(picture, { time }), notes };
    }
    case 'html':
      return { text: renderHtml(pictures, { time, title: titleOf(pictures) }), notes };
    default:
      return { text: renderText(pictures, { width, colour, time }), notes };
  }
}

function picturesOf(input: Input, flags: Flags, notes: string[]): readonly Picture[] {
  const chooses = rowFilter(flags);
  if (input.kind === 'traces') return chosen(input, flags).map((recording) => tracePicture(recording, chooses));
  const { picture, differs } = played(input.scenario);
  if (differs) notes.push(`${input.file}: does something else than it expects; drawn is what it does`);
  return [{ ...picture, rows: picture.rows.filter(({ label, group }) => chooses({ label, group, shown: 'always' })) }];
}

function played(scenario: Scenario): { readonly picture: Picture; readonly differs: boolean } {
  const protocol = shownUnder(scenario);
  const actual = playScenario(scenario, protocol);
  return { picture: scenarioPicture(scenario, protocol, actual), differs: differences(scenario, actual) !== undefined };
}

const titleOf = (pictures: readonly Picture[]): string =>
  pictures.length === 1 ? (pictures[0]?.title ?? '') : `${pictures.length} connections`;
