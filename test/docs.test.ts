import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { committedPictures, generated, pages } from '../scripts/docs.ts';
import { TLS_VARIABLES } from '../src/environment/prog.ts';
import { FAILURES } from '../src/messages.ts';
import { ucspiVariables } from '../src/environment/ucspi.ts';
import { S6_TLSD } from '../src/options/s6-tlsd.ts';
import { S6_TLSSERVER } from '../src/options/s6-tlsserver.ts';
import { installed } from './support/live-skips.ts';
import { page } from './support/pages.ts';

const real = await generated();

for (const [path, text] of real) {
  test(`${path} is what \`npm run docs\` makes`, () => {
    const file = new URL(`../${path}`, import.meta.url);
    assert.ok(existsSync(file), `missing: ${path}`);
    assert.fixture(readFileSync(file, 'utf8'), text);
  });
}

test('every committed picture is shown by a page', () => {
  assert.equal(
    committedPictures().filter((path) => !real.has(path)),
    [],
  );
});

for (const name of pages()) {
  const url = new URL(`../${name}`, import.meta.url);
  const text = readFileSync(url, 'utf8');

  test(`${name}: its links lead somewhere`, () => {
    for (const [, target = '', anchor = ''] of text.matchAll(/\]\((?!https?:)([^)#]*)#?([^)]*)\)/g)) {
      const other = target === '' ? url : new URL(target, url);
      assert.ok(existsSync(other), target);
      if (anchor !== '') assert.ok(anchors(readFileSync(other, 'utf8')).includes(anchor), `${target}#${anchor}`);
    }
  });
}

const anchors = (text: string): readonly string[] =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  );

/** Failures that are those of one connection, and that a server survives. */
const OF_A_CONNECTION: readonly string[] = ['handshake', 'tlsRun', 'progNotRunnable', 'progNotFound'];
const statuses = (survived: readonly string[]): readonly number[] =>
  Object.entries(FAILURES).flatMap(([name, { exitCode }]) => (survived.includes(name) ? [] : exitCode));

const ENDS = {
  tcp: { kind: 'tcp', remote: { ip: '::1', port: 1 }, local: { ip: '::1', port: 2 } },
  unix: { kind: 'unix', path: '/s', peer: { uid: 0, gid: 0 } },
} as const;
const connectionVariables = [...Object.keys(ucspiVariables(ENDS.tcp, 1)), ...Object.keys(ucspiVariables(ENDS.unix, 1))];

const MANUALS = [
  { program: S6_TLSD, own: [...statuses([]), 128], variables: TLS_VARIABLES },
  { program: S6_TLSSERVER, own: [0, ...statuses(OF_A_CONNECTION)], variables: [...connectionVariables, ...TLS_VARIABLES] }, // prettier-ignore
];

for (const { program, own, variables } of MANUALS) {
  const path = `man/${program.name}.1`;
  const manual = page(path);
  const section = (title: string): string =>
    manual.split(/^\.Sh /m).find((part) => part.replaceAll('"', '').startsWith(`${title}\n`)) ?? '';
  const items = (text: string, macro: string): readonly string[] =>
    [...text.matchAll(new RegExp(`^\\.It ${macro}(\\S+)`, 'gm'))].map(([, name = '']) => name);

  test(`${path} has exactly the options of the program, by letter and by long name`, () => {
    assert.equal(
      items(section('DESCRIPTION'), 'Fl '),
      program.options.map(({ letter, long }) => letter ?? `-${long}`),
    );
    for (const option of program.options) {
      const argument = 'argument' in option ? ` Ar ${option.argument}` : '';
      const letter = option.letter === undefined ? '' : `Fl ${option.letter}${argument} , `;
      const line = `.It ${letter}Fl -${option.long}${argument}\n`;
      assert.ok(manual.includes(line), line);
    }
  });

  test(`the synopsis of ${path} has the words of the usage line`, () => {
    const [synopsis = ''] = section('SYNOPSIS').split('\n.Nm\n.Fl -help');
    const words = (text: string): readonly string[] =>
      text.replaceAll(/\.?\b(?:SYNOPSIS|Nm|Op|Brq|Fl|Ar|Cm)\b|\.{3}|[[\]{}|\\]|-(?=[-\w])/g, ' ').match(/\S+/g) ?? [];
    assert.equal(words(synopsis), words(program.usage.slice(program.name.length)));
  });

  test(`${path} has exactly the exit statuses that the program has of its own`, () => {
    const told = items(section('EXIT STATUS'), '');
    assert.equal(
      told.map(Number),
      [...new Set(own)].sort((a, b) => a - b),
    );
  });

  test(`${path} has exactly the variables that the program reads, and those that prog gets`, () => {
    const [read = '', set = ''] = section('ENVIRONMENT').split(/^Set for prog/m);
    assert.equal(
      [...read.matchAll(/^\.It Ev (.*)$/gm)].map(([, names]) => names),
      program.environment.map(([names]) => names.replaceAll(/, | or /g, ' , ')),
    );
    assert.equal(items(set, 'Ev '), [...new Set(variables)]);
  });

  if (installed('groff', `warnings in ${path}`)) {
    test(`${path} can be set without a warning`, () => {
      const { status, stdout, stderr } = spawnSync('sh', ['-c', 'groff -wall -mandoc -Tutf8'], {
        input: manual,
        encoding: 'utf8',
      });
      assert.equal({ status, stderr }, { status: 0, stderr: '' });
      assert.ok(stdout.length > 5000);
    });
  }
}

test.run();
