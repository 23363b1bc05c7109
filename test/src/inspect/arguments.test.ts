import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readArguments } from '../../../src/inspect/arguments.ts';
import { COMMANDS, type Command, type CommandName } from '../../../src/inspect/commands.ts';
import { helpText, usage } from '../../../src/inspect/help.ts';
import { Trouble } from '../../../src/inspect/trouble.ts';

const run = (...argv: readonly string[]) => {
  const request = readArguments(argv);
  if (request.kind !== 'run') throw new Error(request.kind);
  return { ...request, flags: Object.fromEntries(request.flags) };
};

test('a command, its flags by name or letter, and its files in any order', () => {
  assert.equal(run('render', '--format', 'svg', 'a', '-o', 'b', 'c', '--json'), {
    kind: 'run',
    command: 'render',
    files: ['a', 'c'],
    flags: { format: 'svg', output: 'b', json: true },
  });
  assert.equal(run('render', '--format=svg', '--output=b', 'a').flags, { format: 'svg', output: 'b' });
});

test('- is a file, a number stays what it looks like, and after -- all is a file', () => {
  assert.equal(run('render', '-', '12', '--', '--json').files, ['-', '12', '--json']);
  assert.equal(run('explain', '--connection', '02', 'a').flags, { connection: '02' });
});

test('help of all and of each command, and the version', () => {
  assert.equal(readArguments(['--help']), { kind: 'help', command: undefined });
  assert.equal(readArguments(['--version']), { kind: 'version' });
  for (const name of Object.keys(COMMANDS) as CommandName[]) {
    assert.equal(readArguments([name, '--help']), { kind: 'help', command: name });
    assert.equal(readArguments([name, 'file', '--help', '--nonsense']), { kind: 'help', command: name });
  }
});

for (const [argv, reason] of [
  [[], 'no command'],
  [['draw'], 'unknown command: draw'],
  [['toString'], 'unknown command: toString'],
  [['--json'], 'unknown command: --json'],
  [['render'], 'a file is missing'],
  [['diff', 'a'], 'a file is missing'],
  [['diff', 'a', 'b', 'c'], 'more than 2 files'],
  [['spec', 'a', 'b'], 'more than 1 file'],
  [['explore', 'a', 'b'], 'more than 1 file'],
  [['explore', '--port'], '--port needs one N'],
  [['diff', '-', '-'], 'stdin can be read only once'],
  [['render', 'a', '--colour'], 'unknown flag: --colour'],
  [['render', 'a', '-x'], 'unknown flag: -x'],
  [['explain', 'a', '--format', 'svg'], 'unknown flag: --format'],
  [['render', 'a', '--format', 'png'], '--format is none of text, svg, html: png'],
  [['render', 'a', '--format'], '--format needs one FORMAT'],
  [['render', 'a', '-o'], '--output needs one FILE'],
  [['render', 'a', '--output='], '--output needs one FILE'],
  [['render', 'a', '--json=no'], '--json takes no value'],
  [['render', 'a', '--no-json'], '--json takes no value'],
  [['render', 'a', '--format=svg', '--format=html'], 'can only be set once'],
] as const) {
  test(`marble-tls ${argv.join(' ')} is refused with the usage`, () => {
    assert.throws(
      () => readArguments(argv),
      (error: unknown) =>
        error instanceof Trouble && error.message.includes(reason) && error.message.includes('; usage: marble-tls '),
    );
  });
}

test('usage and help tell every flag of the table', () => {
  for (const [name, command] of Object.entries(COMMANDS) as [CommandName, Command][]) {
    assert.ok(helpText().includes(`marble-tls ${name} ${command.operands}`));
    for (const flag of command.flags) {
      assert.ok(usage(name).includes(`--${flag.name}`), flag.name);
      assert.ok(helpText(name).includes(`--${flag.name}`), flag.name);
      assert.ok(helpText(name).includes(flag.meaning), flag.name);
    }
  }
});

test('a command can do without a file, and says so', () => {
  assert.is(usage('explore'), 'marble-tls explore [ --connection N ] [ --port N ] [ --open ] [ FILE ]');
  assert.equal(readArguments(['explore']), { kind: 'run', command: 'explore', files: [], flags: new Map() });
  assert.not.match(helpText() + helpText('explore'), / $/m);
});

test.run();
