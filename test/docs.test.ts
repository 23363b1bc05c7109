import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { committedPictures, generated, pages } from '../scripts/docs.ts';
import { TLS_VARIABLES } from '../src/environment/prog.ts';
import { FAILURES } from '../src/messages.ts';
import { OPTIONS } from '../src/options/options.ts';
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

const manual = page('man/s6-tlsd.1');
const section = (title: string): string =>
  manual.split(/^\.Sh /m).find((part) => part.replaceAll('"', '').startsWith(`${title}\n`)) ?? '';
const items = (text: string, macro: string): readonly string[] =>
  [...text.matchAll(new RegExp(`^\\.It ${macro}(\\S+)`, 'gm'))].map(([, name = '']) => name);

test('the manual page has exactly the options of the program, by letter and by long name', () => {
  assert.equal(
    items(section('DESCRIPTION'), 'Fl '),
    OPTIONS.map(({ letter, long }) => letter ?? `-${long}`),
  );
  for (const option of OPTIONS) {
    const argument = 'argument' in option ? ` Ar ${option.argument}` : '';
    const letter = option.letter === undefined ? '' : `Fl ${option.letter}${argument} , `;
    const line = `.It ${letter}Fl -${option.long}${argument}\n`;
    assert.ok(manual.includes(line), line);
  }
});

test('the manual page has exactly the exit statuses that the program has of its own', () => {
  const own = new Set(Object.values(FAILURES).map(({ exitCode }) => exitCode));
  const told = items(section('EXIT STATUS'), '');
  assert.equal(
    told.map(Number),
    [...own, 128].sort((a, b) => a - b),
  );
});

test('the manual page has exactly the variables that prog gets', () => {
  const told = items(section('ENVIRONMENT'), 'Ev ').filter((name) => name.startsWith('SSL_'));
  assert.equal(told, [...TLS_VARIABLES]);
});

if (installed('groff', 'warnings in the manual page')) {
  test('the manual page can be set without a warning', () => {
    const { status, stdout, stderr } = spawnSync('sh', ['-c', 'groff -wall -mandoc -Tutf8'], {
      input: manual,
      encoding: 'utf8',
    });
    assert.equal({ status, stderr }, { status: 0, stderr: '' });
    assert.ok(stdout.length > 5000);
  });
}

test.run();
