import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { diagramOf } from '../support/laws.ts';

const operators = new URL('../../graph/operators/', import.meta.url);

for (const file of readdirSync(operators)) {
  const name = file.replace(/\.ts$/, '');
  const source = readFileSync(new URL(file, operators), 'utf8');

  test(`${name} is drawn in its comment`, () => {
    assert.ok(diagramOf(name).length >= 2);
  });

  test(`${name} says when it completes, errs and unsubscribes, and what it holds`, () => {
    for (const label of ['completes', 'errors', 'unsubscribes', 'holds']) {
      assert.match(source, new RegExp(String.raw`^ \* - \*\*${label}\*\*: \S`, 'm'));
    }
  });

  test(`${name} is exported under the name of its file, and nothing else that runs is`, () => {
    const exported = [...source.matchAll(/^export (?:const|function) (\w+)/gm)].map(([, word]) => word);
    assert.equal(exported, [name]);
  });

  test(`${name} has a test that runs its diagram and pays all it owes`, () => {
    const path = new URL(`operators/${name}.test.ts`, import.meta.url);
    assert.ok(existsSync(path));
    const text = readFileSync(path, 'utf8');
    assert.match(text, `law('${name}'`);
    assert.match(text, new RegExp(String.raw`owes\(\s*'${name}'`));
    assert.match(text, /^test\.run\(\);$/m);
  });
}

test.run();
