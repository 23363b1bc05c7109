import { readFileSync } from 'node:fs';

/** A page of the project, by its path from the top. */
export const page = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** The rows of every table under a heading, cells trimmed and without back quotes; heads and rulers are left out. */
export function tableUnder(heading: string, text: string): readonly (readonly string[])[] {
  const section = text.split(/^#+ /m).find((part) => part.startsWith(`${heading}\n`));
  if (section === undefined) throw new Error(`no heading: ${heading}`);
  const tables = section.match(/(?:^\|.*\n)+/gm) ?? [];
  return tables.flatMap((table) =>
    table
      .trim()
      .split('\n')
      .slice(2)
      .map((row) =>
        row
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      ),
  );
}

/** The fenced blocks of a page that stand after `<!-- label -->`, by their labels. */
export const blocks = (text: string): ReadonlyMap<string, string> =>
  new Map(
    [...text.matchAll(/<!-- (.+?) -->\n\n```\w+\n([^]*?)```\n/g)].map(([, label = '', block = '']) => [label, block]),
  );
