import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { differences, playScenario } from '../../../src/diagram/play.ts';
import { readScenario } from '../../../src/diagram/scenario.ts';
import { specOf } from '../../../src/inspect/spec/spec.ts';
import { recorded } from './support/recorded.ts';

const folder = new URL('../../../diagrams/', import.meta.url);

for (const name of readdirSync(folder)) {
  const scenario = readScenario(readFileSync(new URL(name, folder), 'utf8'));
  for (const protocol of scenario.protocols) {
    test(`${name} under ${protocol}: recorded, made a diagram of and played, the same happens`, () => {
      const recording = recorded(scenario, protocol);
      const { text, differs } = specOf(recording);
      assert.equal(differs, [], text);
      const again = readScenario(text);
      const actual = playScenario(again, protocol);
      const difference = differences(again, actual);
      if (difference !== undefined) assert.unreachable(difference);
      const first = playScenario(scenario, protocol);
      for (const { label } of scenario.expected) {
        if (label.startsWith('reading')) continue;
        const same = label.startsWith('to ') ? shape : symbols;
        assert.is(same(actual.rows[label]), same(first.rows[label]), `${label}\n${text}`);
      }
    });
  }
}

/** A row, whatever letters its chunks have: only which is which. */
function shape(marks: readonly { readonly symbol: string }[]): string {
  const letters = new Map<string, number>();
  return marks
    .map(({ symbol }) => {
      if (!/[a-z]/.test(symbol)) return symbol;
      if (!letters.has(symbol)) letters.set(symbol, letters.size);
      return `<${String(letters.get(symbol))}>`;
    })
    .join('');
}

const symbols = (marks: readonly { readonly symbol: string }[]): string => marks.map(({ symbol }) => symbol).join('');

test.run();
