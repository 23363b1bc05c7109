import { RESIDENT, type ContenderFacts, type Lost } from '../results.ts';
import { median, quantile } from '../statistics.ts';

/** A table of Markdown; numbers stand right. Short rows are filled up. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  align: 'right' | 'left' = 'right',
): string {
  const line = (cells: readonly string[]): string => `| ${head.map((_, place) => cells[place] ?? '').join(' | ')} |`;
  const rule = head.map((_, place) => (place === 0 || align === 'left' ? '---' : '---:'));
  return [head, rule, ...rows].map(line).join('\n');
}

/** What a contender's row begins with. */
export const nameOf = ({ id, label }: ContenderFacts): string => (isOurs(id) ? `**${label}**` : label);

/** A row for each contender: what was found of it, or that it is not there. Who cannot do it has no row. */
export function rowsOf<Found extends { readonly contender: string }>(
  contenders: readonly ContenderFacts[],
  results: readonly Found[],
  row: (found: readonly [Found, ...Found[]], facts: ContenderFacts) => readonly string[],
): readonly (readonly string[])[] {
  return contenders.flatMap((facts) => {
    if (facts.missing !== undefined) return [[nameOf(facts), MISSING]];
    const [first, ...others] = results.filter(({ contender }) => contender === facts.id);
    return first === undefined ? [] : [[nameOf(facts), ...row([first, ...others], facts)]];
  });
}

export const figure = (number: number, digits: number): string =>
  Number.isFinite(number) ? number.toFixed(digits) : '–';

export const ratio = (number: number, base: number): string => figure(number / base, 2);

export const percent = (share: number): string => (Number.isFinite(share) ? `${figure(100 * share, 0)} %` : '–');

/** Median, and from the 10th to the 90th percentile. */
export const samples = (numbers: readonly number[], digits: number): string =>
  spread(numbers, digits, quantile(numbers, 0.1), quantile(numbers, 0.9));

/** Median, and from the least to the most: for few numbers. */
export const range = (numbers: readonly number[], digits: number): string =>
  spread(numbers, digits, Math.min(...numbers), Math.max(...numbers));

const spread = (numbers: readonly number[], digits: number, from: number, to: number): string =>
  numbers.length === 0 ? '–' : `${figure(median(numbers), digits)} (${figure(from, digits)} to ${figure(to, digits)})`;

/** The median of a contender's samples; NaN when there are none. */
export const medianOf = <Found extends { readonly contender: string }>(
  results: readonly Found[],
  id: string,
  samplesOf: (found: Found) => readonly number[],
): number => median(results.filter(({ contender }) => contender === id).flatMap(samplesOf));

/** How many answers were lost. */
export const lostIn = (results: readonly { readonly lost: Lost }[]): string =>
  String(results.flatMap(({ lost }) => Object.values(lost)).reduce((sum, each) => sum + each, 0));

/** A line for each contender that lost answers, with the reasons; to stand under a table. */
export const losses = (
  contenders: readonly ContenderFacts[],
  results: readonly { readonly contender: string; readonly lost: Lost }[],
): string =>
  contenders
    .map((facts) => {
      const own = results.filter(({ contender }) => contender === facts.id).flatMap(({ lost }) => Object.entries(lost));
      return own.length === 0
        ? ''
        : `\n\nLost by ${facts.label}: ${own.map(([why, count]) => `${count} × ${why}`).join('; ')}.`;
    })
    .join('');

/** Stands for all figures of a contender that is not there. */
export const MISSING = 'not on this machine';

/** The contender that most of this is about. */
export const OURS = 's6-tlsd';

/** Whether a contender is a program of this project. */
export const isOurs = (id: string): boolean => id === OURS || id.startsWith(RESIDENT);

/** The one that many ratios are to. */
export const NAIVE = 'naive-inetd';
