import type { Results } from '../../bench/results.ts';
import { TABLES } from '../../bench/tables/tables.ts';
import { performancePicture } from './performance-picture.ts';
import { read } from './project.ts';

/** The page that shows what `npm run bench` has measured, and its picture; both by their paths from the top. */
export const PAGE = 'docs/performance.md';
export const PICTURE = 'docs/pictures/performance.svg';

/** What the last full run of the benchmark has written. Nothing is measured here; an older file lacks what was not measured then. */
export const published = (): Results => ({
  ...{ held: [], inARow: [], stalledHandshakes: [] },
  ...(JSON.parse(read('docs/performance.json')) as Omit<Results, 'held' | 'inARow' | 'stalledHandshakes'>),
});

/**
 * Fills in what stands between `<!-- measured: name -->` and `<!-- end -->`: one of {@link TABLES}, or `picture`.
 *
 * @throws when there is no such table.
 */
export const measuredFilled = (page: string, results: Results): string =>
  page.replaceAll(
    BLOCK,
    (_, name: string) => `<!-- measured: ${name} -->\n\n${content(name, results)}\n\n<!-- end -->`,
  );

function content(name: string, results: Results): string {
  if (name === 'picture') return `![${performancePicture(results).description}](pictures/performance.svg)`;
  const table = TABLES[name];
  if (table === undefined) throw new Error(`there is no table ${name}, but ${Object.keys(TABLES).join(', ')}`);
  return table(results);
}

const BLOCK = /<!-- measured: ([\w ]+) -->\n[^]*?<!-- end -->/g;
