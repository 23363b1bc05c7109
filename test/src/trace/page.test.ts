import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { page } from '../../support/pages.ts';
import { schemaErrors } from './support.ts';

// docs/traces.md, held against a real trace and against the schema.

const text = page('docs/traces.md');
const example = readFileSync(new URL('../../../docs/examples/greet.trace', import.meta.url), 'utf8').split('\n');

test('the lines on the page are those of the example, and fit the schema', () => {
  const blocks = [...text.matchAll(/^```text\n(.*?)\n```$/gms)].map(([, block = '']) => block.split('\n'));
  assert.is(blocks.length, 3);
  for (const lines of blocks) {
    const start = example.indexOf(lines[0] ?? '');
    assert.ok(start >= 0, lines[0]);
    assert.equal(example.slice(start, start + lines.length), lines);
    for (const line of lines) assert.equal(schemaErrors(JSON.parse(line)), []);
  }
});

test('the times named on the page are those of the lines', () => {
  const timeOf = (part: string): string =>
    /"time":(\d+)/.exec(example.find((line) => line.includes(part)) ?? '')?.[1] ?? '';
  assert.ok(text.includes(`the \`close_notify\` at ${timeOf('"toPeer","direction":"out","kind":"close_notify"')}`));
  assert.ok(
    text.includes(`the record at ${timeOf('"direction":"out","kind":"record","type":"application_data","length":19')}`),
  );
});

interface Branch {
  readonly properties: Readonly<Record<string, { readonly const?: string; readonly enum?: readonly string[] }>>;
}
type Groups = 'source' | 'sink' | 'law' | 'wire';

test('the table has each stream of the schema with all of its kinds and directions', () => {
  const { $defs } = JSON.parse(page('docs/trace.schema.json')) as { $defs: Record<Groups, { oneOf: Branch[] }> };
  const branches = (['source', 'sink', 'law', 'wire'] as const).flatMap((group) => $defs[group].oneOf);
  const allowed = ({ properties }: Branch, key: string): readonly string[] =>
    properties[key]?.enum ?? [properties[key]?.const ?? []].flat();
  const streams = new Set(branches.flatMap((branch) => allowed(branch, 'stream')));
  const rows = new Map(
    [...text.matchAll(/^\| `(\w+)` +\| ([^|]*)\| (.*)$/gm)].map(([, ...row]) => [row[0] ?? '', row]),
  );
  assert.equal([...rows.keys()], [...streams]);
  for (const branch of branches) {
    for (const stream of allowed(branch, 'stream')) {
      const [, directions = '', kinds = ''] = rows.get(stream) ?? [];
      for (const direction of allowed(branch, 'direction')) assert.ok(directions.includes(`\`${direction}\``), stream);
      for (const kind of allowed(branch, 'kind'))
        assert.ok(kinds.includes(`\`${kind}\``) || SAME.test(kinds), `${stream} ${kind}`);
    }
  }
});

const SAME = /^the same for prog/;

test.run();
