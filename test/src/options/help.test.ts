import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseServerOptions } from '../../../src/options/parse-server.ts';
import { parseOptions } from '../../../src/options/parse.ts';
import { S6_TLSD } from '../../../src/options/s6-tlsd.ts';
import { S6_TLSSERVER } from '../../../src/options/s6-tlsserver.ts';
import type { Option } from '../../../src/options/table.ts';

const PROGRAMS = [
  [S6_TLSD, parseOptions],
  [S6_TLSSERVER, parseServerOptions],
] as const;

for (const [program, parse] of PROGRAMS) {
  const { name, usage, description, options, environment } = program;

  test(`${name} --help shows the usage, and exactly the options and variables that there are`, () => {
    const command = parse(['-S', '--help', '-x']);
    assert.is(command.kind, 'help');
    const text = command.kind === 'help' ? command.text : '';
    assert.ok(text.startsWith(description));
    assert.match(text, /^[\x20-\x7e\n]+\n$/);
    assert.equal(linesUnder('Usage', text), [usage]);
    assert.equal(
      linesUnder('Options', text).map((line) => line.split(/ {2,}/)),
      [
        ...options.map((option) => [names(option), option.meaning]),
        ['--help', 'this text'],
        ['--version', 'the version'],
      ],
    );
    assert.equal(
      linesUnder('Environment', text).map((line) => line.split(/ {2,}/)),
      environment,
    );
  });

  test(`${name} --version names the program and the version`, () => {
    assert.equal(parse(['--version']), { kind: 'version', text: `${name} unknown\n` });
  });

  test(`the usage of ${name} has each of its options, and in the order of the table those with a value`, () => {
    const [, rest = ''] = usage.split(`${name} `);
    for (const { letter, long } of options) {
      const word = letter === undefined ? `--${long}` : `-${letter}`;
      assert.ok(rest.split(/[ [\]|]+/).includes(word), word);
    }
    const withValue = options.flatMap((option) => ('argument' in option ? (option.letter ?? `-${option.long}`) : []));
    assert.equal(
      [...rest.matchAll(/\[ -(-?\w+) \w+ \]/g)].map(([, word]) => word),
      withValue,
    );
  });

  test(`no letter, no long name and no field of ${name} has two meanings`, () => {
    const letters = options.flatMap(({ letter }) => letter ?? []);
    const longs = options.map(({ long }) => long);
    assert.is(new Set(letters).size, letters.length);
    assert.is(new Set(longs).size, longs.length);
    const fields = new Set(options.map(({ field }) => field));
    assert.equal([...fields].sort(), Object.keys(program.defaults).sort());
  });
}

/** The lines under a heading, without their indentation; nothing where there is no such heading. */
const linesUnder = (heading: string, text: string): readonly string[] => {
  const [, ...under] = text.split(`  ${heading}\n`);
  const [lines = ''] = under.join('').split('\n\n');
  return lines
    .trimEnd()
    .split('\n')
    .map((line) => line.trim());
};

const names = (option: Option): string => {
  const letter = option.letter === undefined ? '' : `-${option.letter}, `;
  return `${letter}--${option.long}${'argument' in option ? ` ${option.argument}` : ''}`;
};

test.run();
