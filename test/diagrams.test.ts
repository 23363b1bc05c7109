import { readdirSync, readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { test } from 'uvu';
import { differences } from '../src/diagram/compare.ts';
import { ORDERS, playScenario } from '../src/diagram/play.ts';
import { readScenario } from '../src/diagram/scenario.ts';

const folder = new URL('../diagrams/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

for (const name of files) {
  const text = readFileSync(new URL(name, folder), 'utf8');
  test(`${name} can be read`, () => {
    readScenario(text);
  });
  for (const protocol of ['TLSv1.2', 'TLSv1.3'] as const) {
    if (!text.includes(protocol)) continue;
    for (const [how, order] of Object.entries(ORDERS)) {
      test(`${name} happens under ${protocol}, whoever listens first (${how})`, () => {
        const scenario = readScenario(text);
        const difference = differences(scenario, playScenario(scenario, protocol, order));
        if (difference !== undefined) assert.unreachable(difference);
      });
    }
  }
}

test.run();
