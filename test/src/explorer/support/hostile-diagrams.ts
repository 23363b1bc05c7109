import type { Hostile } from './hostile-traces.ts';
import { NASTY } from './hostile-traces.ts';

/** Diagrams that ask for as much work as YAML and marbles can, or say what they should not. */
export const hostileDiagrams = (): readonly Hostile[] => [
  { title: 'nothing', text: ' \n', refused: /^FILE: empty$/ },
  { title: 'a picture', text: '\u0089PNG\r\n\u001a\n\u0000\u0000', refused: /^FILE: neither a trace nor a diagram$/ },
  { title: 'a web page', text: '<!doctype html>\n<script>alert(1)</script>\n', refused: /^FILE:1: not a mapping$/ },
  {
    title: 'more than a diagram',
    text: '#\n'.repeat(1_000_000),
    refused: /^FILE: no trace, and too long for a diagram$/,
  },
  { title: 'comments and nothing else', text: '#\n'.repeat(250_000), refused: /^FILE:1: not a mapping$/ },
  { title: 'fifty thousand keys', text: lines(50_000, (i) => `a${i}: 1`), refused: /^FILE:1: unknown key: a0$/ },
  { title: 'a key twice', text: 'title: a\ntitle: b\n', refused: /^FILE:2: a key is not unique: title$/ },
  {
    title: 'forty thousand letters',
    text: diagram('x', `bytes: { ${lines(40_000, (i) => `a${i}: 1, `).replaceAll('\n', '')} }`),
    refused: /^FILE:5: bytes: a0 is no letter/,
  },
  { title: 'a letter twice', text: diagram('x', 'bytes: { a: 1, a: 2 }'), refused: /^FILE:5: a key is not unique$/ },
  { title: 'lists nested without end', text: `given: ${'['.repeat(200_000)}`, refused: /^FILE:1: nested too deeply$/ },
  {
    title: 'mappings nested without end',
    text: `a: ${'{a: '.repeat(100_000)}`,
    refused: /^FILE:1: nested too deeply$/,
  },
  { title: 'a list in a list', text: 'title: [[a]]', refused: /^FILE:1: nested too deeply$/ },
  { title: 'aliases', text: `a: &a [x]\n${lines(40_000, (i) => `b${i}: *a`)}`, refused: /^FILE:2: an alias$/ },
  { title: 'tags', text: `title: ${'!<a>'.repeat(40_000)}`, refused: /^FILE:1: Tags and anchors/ },
  {
    title: 'a quote without an end',
    text: `title: "${'a\n\n'.repeat(150_000)}`,
    refused: /^FILE:\d+: Missing closing/,
  },
  { title: 'tabs between marbles', text: diagram(`x${'\t'.repeat(150_000)}x`), refused: /^FILE:7: not marbles: / },
  {
    title: 'a row without marbles',
    text: diagram('').replace('from peer', `from peer${' '.repeat(400_000)}`),
    refused: /^FILE:7: no row: /,
  },
  {
    title: 'a hundred thousand marks',
    text: diagram('-a'.repeat(100_000)),
    refused: /^FILE: more than 1000 marks in the row from peer$/,
  },
  {
    title: 'a hundred thousand marks at once',
    text: diagram(`(${'a'.repeat(100_000)})`),
    refused: /^FILE: more than 1000 marks in the row from peer$/,
  },
  {
    title: 'a mark after two weeks',
    text: diagram('- 1209600s a'),
    refused: /^FILE: from peer is longer than ten days$/,
  },
  { title: 'a thousand marks', text: diagram('-a'.repeat(1000)) },
  { title: 'a thousand marks of a gibibyte', text: diagram('-a'.repeat(1000), 'bytes: { a: 1073741824 }') },
  {
    title: 'a fault of every object',
    text: diagram('-#', 'fault: constructor'),
    refused: /^FILE:5: unknown fault: constructor$/,
  },
  {
    title: 'a row of every object',
    text: diagram('-a').replace('from peer', 'toString '),
    refused: /^FILE:7: unknown row in given: toString$/,
  },
  {
    title: 'texts that are markup and more',
    text: diagram('-#', `fault: ${quoted(`alert ${NASTY}`)}`).replace('title: T', `title: ${quoted(NASTY)}`),
  },
  {
    title: 'texts of a hundred thousand characters',
    text: diagram('-#', `fault: ${quoted(`alert ${NASTY.repeat(2000)}`)}`).replace(
      'title: T',
      `title: ${quoted(NASTY.repeat(2000))}`,
    ),
  },
  {
    title: 'a key that is markup and more',
    text: `${quoted(NASTY.repeat(12))}: 1`,
    refused: /^FILE:1: unknown key: <img src=x /,
  },
];

function diagram(fromPeer: string, more = ''): string {
  return [
    ...['title: T', 'clause: C', 'policy: S', 'protocols: [TLSv1.3]', more === '' ? 'exit: 0' : more],
    ...['given: |', `  from peer  ${fromPeer}`],
    ...[
      'expected: |',
      '  to peer    -',
      '  to prog    -',
      '  hang up    -',
      'verdict: none',
      more === '' ? '' : 'exit: 0',
    ],
  ].join('\n');
}

const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, i) => `${line(i)}\n`).join('');

/** As YAML has it, which knows all that JSON does. */
const quoted = (text: string): string => JSON.stringify(text);
