import { existsSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { TLS_VARIABLES } from '../src/environment/prog.ts';
import { FAILURES } from '../src/messages.ts';
import { helpText } from '../src/options/help.ts';
import { DEFAULTS, OPTIONS, type Options } from '../src/options/options.ts';
import { S6_TLSD } from '../src/options/s6-tlsd.ts';
import type { OptionOf } from '../src/options/table.ts';
import { page, tableUnder } from './support/pages.ts';

const readme = page('README.md');
const codeIn = (cell = ''): string => /`([^`]+)`/.exec(cell)?.[1] ?? '';

const defaultOf = (option: OptionOf<Options>): string => {
  if ('argument' in option) return String(DEFAULTS[option.field] ?? '');
  return DEFAULTS[option.field] === option.value ? 'default' : '';
};

test("the README's options are those of the program, with their long forms, arguments and defaults", () => {
  const told = tableUnder('Options', readme).map(([letter, long, , mark]) => [codeIn(letter), codeIn(long), mark]);
  const real = OPTIONS.map((option) => {
    const argument = 'argument' in option ? ` ${option.argument}` : '';
    const letter = option.letter === undefined ? '' : `-${option.letter}${argument}`;
    return [letter, `--${option.long}${argument}`, defaultOf(option)];
  });
  assert.equal(told, [...real, ['', '--help', '']]);
});

test("the README's usage line is the program's", () => {
  assert.ok(readme.includes(`    ${S6_TLSD.usage}\n`), S6_TLSD.usage);
});

test("the README's variables are those of the program", () => {
  const told = tableUnder('Environment', readme).flatMap(([names = '']) => [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)); // prettier-ignore
  assert.equal(told.slice(-TLS_VARIABLES.length), [...TLS_VARIABLES]);
  const environment = helpText(S6_TLSD).split('Environment\n')[1] ?? '';
  const real = environment.match(
    /\b(?:KEYFILE|CERTFILE|CADIR|CAFILE|TLS_UID|TLS_GID|MARBLE_TLS_TRACE|SSLKEYLOGFILE)(?::name)?/g,
  );
  assert.equal(told.slice(0, -TLS_VARIABLES.length), real);
});

for (const [where, heading] of [
  ['README.md', 'Exit status'],
  ['docs/exit-codes.md', 'What does this message mean?'],
] as const) {
  test(`${where} tells every exit status that the program has of its own, and no other`, () => {
    const told = tableUnder(heading, page(where)).flatMap(([status = '']) => status.match(/\b\d+\b/g) ?? []);
    const real = Object.values(FAILURES).map(({ exitCode }) => String(exitCode));
    assert.equal([...new Set(told)].sort(), [...new Set([...real, '128'])].sort());
  });
}

test("the messages in docs/exit-codes.md begin as the program's do, at the exit status they have", () => {
  for (const [status = '', message = ''] of tableUnder('What does this message mean?', page('docs/exit-codes.md'))) {
    const text = codeIn(message);
    if (text === '') continue;
    const fitting = Object.values(FAILURES).filter(({ exitCode }) => String(exitCode) === status);
    assert.ok(
      fitting.some(({ attempt }) => text.startsWith(`unable to ${attempt}`)),
      `${status} ${text}`,
    );
  }
});

test('every page that the README names exists', () => {
  for (const [, target = ''] of readme.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
    assert.ok(existsSync(new URL(`../${target}`, import.meta.url)), target);
  }
});

test.run();
