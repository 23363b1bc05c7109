import { readdirSync, readFileSync } from 'node:fs';
import { scenarioPicture } from '../../../../src/diagram/picture.ts';
import { playScenario } from '../../../../src/diagram/play.ts';
import { readScenario } from '../../../../src/diagram/scenario.ts';
import type { Picture, PictureMark } from '../../../../src/picture/picture.ts';

const folder = new URL('../../../../diagrams/', import.meta.url);

/** The picture of one file of diagrams/, by its name. */
export function diagram(name: string): Picture {
  const scenario = readScenario(readFileSync(new URL(`${name}.yaml`, folder), 'utf8'));
  const protocol = scenario.protocols[0] ?? 'TLSv1.3';
  return scenarioPicture(scenario, protocol, playScenario(scenario, protocol));
}

/** All of them. */
export const diagrams = (): readonly Picture[] =>
  readdirSync(folder).map((name) => diagram(name.slice(0, -'.yaml'.length)));

/** A picture of rows of data, `[time, step, symbol]` a mark; a symbol of `|` is an end. */
export function pictureOf(rows: Readonly<Record<string, readonly (readonly [number, number, string])[]>>): Picture {
  return {
    title: 'a title',
    description: 'a description',
    caption: ['a caption'],
    rows: Object.entries(rows).map(([label, marks]) => ({
      label,
      group: 'given',
      marks: marks.map(([time, step, symbol]): PictureMark => {
        const kind = symbol === '|' ? 'end' : 'data';
        return { time, step, symbol, kind, meaning: `meaning of ${symbol}` };
      }),
    })),
  };
}

/** How many marks a picture has. */
export const countMarks = ({ rows }: Picture): number => rows.reduce((sum, { marks }) => sum + marks.length, 0);

/** What somebody might write into a title to be obeyed by a terminal, or to become markup. */
export const HOSTILE = '\x1b[31m\u202e<script>alert("&\'")</script>\n]]>';
