import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Picture } from '../../../src/picture/picture.ts';
import { renderSvg } from '../../../src/picture/svg.ts';
import { DARK, LIGHT } from '../../../src/picture/theme.ts';
import { countMarks, diagram, diagrams, HOSTILE, pictureOf } from './support/pictures.ts';
import { elementsOf } from './support/markup.ts';

const drawn = (picture: Picture, time: 'event' | 'scale' = 'event'): string => renderSvg(picture, { time });

test('every diagram becomes well-formed XML, with a title for each mark that says what, in which row and when', () => {
  for (const time of ['event', 'scale'] as const) {
    for (const picture of diagrams()) {
      const tooltips = elementsOf(drawn(picture, time))
        .filter(({ path }) => path.endsWith(' g title'))
        .map(({ text }) => text);
      assert.is(tooltips.length, countMarks(picture), picture.title);
    }
  }
  const svg = drawn(pictureOf({ 'from  peer': [[1.5, 0, 'x']] }));
  assert.ok(svg.includes('<title>from peer: meaning of x, at 1.5 ms</title>'), svg);
});

test('its title and its description are its name for those who do not see it', () => {
  const svg = renderSvg(diagram('prog-eof-becomes-fin'), { time: 'event', id: 'third' });
  assert.match(svg, /^<svg [^>]*role="img" aria-labelledby="third-title third-description"/);
  assert.ok(svg.includes('<title id="third-title">Under -s prog&#39;s EOF becomes a bare FIN'), svg);
  assert.match(svg, /<desc id="third-description">-s, TLS 1.2. from peer: data x at 1 ms, [^<]*FIN at 10 ms/);
});

test('it refers to nothing outside itself and does nothing', () => {
  for (const picture of diagrams()) {
    const svg = drawn(picture).replace('xmlns="http://www.w3.org/2000/svg"', '');
    assert.not.match(svg, /https?:|url\(|@import|<script|href|\son\w+=/i);
  }
});

test('no text becomes markup', () => {
  const mark = { time: 0, step: 0, symbol: '<', kind: 'data', meaning: HOSTILE } as const;
  const svg = drawn({
    title: HOSTILE,
    description: HOSTILE,
    caption: [HOSTILE],
    rows: [{ label: HOSTILE, group: 'given', marks: [mark] }],
  });
  assert.not.match(svg, /<script/);

  assert.not.match(svg.slice(0, -1), /[\x00-\x1f\u202e]/);
  assert.ok(elementsOf(svg).some(({ text }) => text === '<'));
});

test('the kinds that say how something ends have a shape each, and the letter of the alphabet', () => {
  const shapeOf = (kind: 'data' | 'close_notify' | 'end' | 'fault' | 'timer' | 'exit', symbol: string): string => {
    const marks = [{ time: 0, step: 0, symbol, kind, meaning: kind }];
    const svg = drawn({ ...pictureOf({}), rows: [{ label: 'row', group: 'given', marks }] });
    const [, shape = ''] = new RegExp(`<(\\w+ class="${kind}"[^>]*)/>`).exec(svg) ?? [];
    assert.is(svg.includes(`>${symbol}</text>`), kind !== 'end', kind);
    return shape.replaceAll(/class="\w+"/g, '');
  };
  const shapes = [
    shapeOf('data', 'x'),
    shapeOf('close_notify', 'N'),
    shapeOf('end', '|'),
    shapeOf('fault', '#'),
    shapeOf('timer', 'T'),
    shapeOf('exit', '0'),
  ];
  assert.not(shapes.includes(''));
  assert.is(new Set(shapes).size, shapes.length);
});

test('text can be read in light and in dark mode: contrast of 4.5:1, and 3:1 for marks and lines (WCAG 2.2, 1.4.3, 1.4.11)', () => {
  for (const { ground, text, muted, line, guide, marks } of [LIGHT, DARK]) {
    for (const [ink, paper] of [[text, ground], [muted, ground], [text, guide]] as const) readable(ink, paper, 4.5); // prettier-ignore
    readable(line, ground, 3);
    for (const { fill, stroke, text: letter } of Object.values(marks)) {
      readable(letter, fill, 4.5);
      readable(stroke, ground, 3);
    }
  }
});

test('dark colours are for screens whose reader asks for them', () => {
  const svg = drawn(diagram('prog-eof-becomes-fin'));
  const [light = '', dark = ''] = svg.split('@media screen and (prefers-color-scheme:dark)');
  assert.ok(light.includes(LIGHT.ground) && !light.includes(DARK.ground));
  assert.ok(dark.includes(DARK.ground));
});

test('a picture that is too wide for a page is broken into bands, all within its width', () => {
  const marks = Array.from({ length: 100 }, (_, i) => [i, i, 'x'] as const);
  const svg = drawn(pictureOf({ row: marks }));
  const [, width = ''] = /viewBox="0 0 (\d+) /.exec(svg) ?? [];
  const centres = [...svg.matchAll(/cx="([\d.]+)"/g)].map(([, x]) => Number(x));
  assert.is(centres.length, 100);
  assert.ok(Math.max(...centres) < Number(width) && Number(width) <= 800);
  assert.match(svg, />0 ms to \d+ ms<.*>\d+ ms to 99 ms</);
});

test('groups of rows are named where there are several, silences are told, and to scale there is an axis', () => {
  const linger = diagram('linger-ends-after-silence');
  assert.match(drawn(linger), />what happens<.*>what s6-tlsd does about it<.*>3002 ms<.*>4999 ms</);
  assert.match(drawn(linger, 'scale'), />0 ms<.*>2000 ms<.*>8000 ms</);
  assert.not.match(drawn(pictureOf({ row: [[0, 0, 'x']] })), />what happens</);
});

function readable(ink: string, paper: string, least: number): void {
  const [light = 0, dark = 0] = [luminance(ink), luminance(paper)].sort((a, b) => b - a);
  const ratio = (light + 0.05) / (dark + 0.05);
  assert.ok(ratio >= least, `${ink} on ${paper}: ${ratio.toFixed(2)}`);
}

/** Relative luminance of `#rrggbb` (WCAG 2.2). */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\da-f]{2}/g) ?? [])
    .map((byte) => parseInt(byte, 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

test.run();
