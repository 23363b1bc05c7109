import { wrapped } from '../../picture/printable.ts';
import type { Happening } from './happenings.ts';
import type { Loss } from './losses.ts';
import type { Story } from './story.ts';

/** The story as paragraphs of at most `width` columns. */
export function tellStory(story: Story, width: number, bold: (text: string) => string): string {
  const { connection, about, policy, happened, end } = story;
  const times = happened.map(({ time }) => time.toFixed(1));
  const room = Math.max(0, ...times.map(({ length }) => length));
  const section = (title: string, lines: readonly string[]): readonly string[] => [bold(title), ...lines, ''];
  const paragraph = (text: string): readonly string[] => hanging('  ', text, width);
  return [
    ...section(`Connection ${connection}`, [
      ...about.flatMap(paragraph),
      ...paragraph(
        `${policy.options}${policy.says === undefined ? '' : `: ${withClause(policy.says, policy.clause)}`}`,
      ),
    ]),
    ...section(
      'What happened',
      happened.flatMap((happening, i) => timed(happening, times[i] ?? '', room, width)),
    ),
    ...(end === null
      ? section('The end', paragraph('The trace stops before the verdict: how it ended is not known.'))
      : [
          ...section('The end', [
            ...paragraph(end.first),
            ...paragraph(end.verdict),
            ...paragraph(withClause(end.why.says, end.why.clause)),
          ]),
          ...section('Could anything have been lost?', [
            ...paragraph(`From the peer to prog: ${lost(end.inbound)}`),
            ...paragraph(`From prog to the peer: ${lost(end.outbound)}`),
          ]),
          ...(end.advice.length === 0 ? [] : section('What to change', end.advice.flatMap(paragraph))),
        ]),
  ].join('\n');
}

const timed = ({ says, clause }: Happening, time: string, room: number, width: number): readonly string[] =>
  hanging(`  ${time.padStart(room)} ms  `, withClause(says, clause), width);

const withClause = (says: string, clause?: string): string => (clause === undefined ? says : `${says} [${clause}]`);

const lost = ({ lost: answer, says }: Loss): string => `${ANSWERS[answer]}. ${says}`;

const ANSWERS: Readonly<Record<Loss['lost'], string>> = { no: 'no', unknown: 'nobody can know', yes: 'yes' };

/** A text behind a margin, its further lines below its first. */
function hanging(margin: string, text: string, width: number): readonly string[] {
  const [first = '', ...rest] = wrapped(text, Math.max(width - margin.length, LEAST));
  return [margin + first, ...rest.map((line) => ' '.repeat(margin.length) + line)];
}

/** Columns. */
const LEAST = 20;
