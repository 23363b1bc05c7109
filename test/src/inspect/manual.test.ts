import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { COMMANDS, type Command } from '../../../src/inspect/commands.ts';
import { installed } from '../../support/live-skips.ts';

const manual = readFileSync(new URL('../../../man/marble-tls.1', import.meta.url), 'utf8');
const commands: readonly (readonly [string, Command])[] = Object.entries(COMMANDS);

test('the manual page has exactly the commands of the program', () => {
  assert.equal(
    [...manual.matchAll(/^\.Ss marble-tls (\S+)$/gm)].map(([, name]) => name),
    Object.keys(COMMANDS),
  );
  assert.equal(
    [...(manual.split('.Sh DESCRIPTION')[0]?.matchAll(/^\.Cm (\S+)$/gm) ?? [])].map(([, name]) => name),
    Object.keys(COMMANDS),
  );
});

for (const [name, { flags }] of commands) {
  test(`the manual page has exactly the flags of ${name}, in description and synopsis`, () => {
    const section = manual.split(/^\.S[sh] /m).find((part) => part.startsWith(`marble-tls ${name}\n`)) ?? '';
    const items = [...section.matchAll(/^\.It (.*)$/gm)].map(([, item]) => item);
    const behind = (argument?: string): string => (argument === undefined ? '' : ` Ar ${argument}`);
    assert.equal(
      items,
      flags.map(({ name: long, letter, argument }: Command['flags'][number]) => {
        const short = letter === undefined ? '' : `Fl ${letter}${behind(argument)} , `;
        return `${short}Fl -${long}${behind(argument)}`;
      }),
    );
    const synopsis = (manual.split(`.Cm ${name}\n`)[1] ?? '').split(/^\.Nm$|^\.Sh /m)[0] ?? '';
    assert.equal(
      [...synopsis.matchAll(/^\.Op (Fl .*)$/gm)].map(([, item]) => item),
      flags.map(
        ({ name: long, letter, argument }: Command['flags'][number]) => `Fl ${letter ?? `-${long}`}${behind(argument)}`,
      ),
    );
  });
}

if (installed('groff', 'warnings in the manual page of marble-tls')) {
  test('the manual page can be set without a warning', () => {
    const { status, stdout, stderr } = spawnSync('groff', ['-wall', '-mandoc', '-Tutf8'], {
      input: manual,
      encoding: 'utf8',
    });
    assert.equal({ status, stderr }, { status: 0, stderr: '' });
    assert.ok(stdout.length > 4000);
  });
}

test.run();
