import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ProgStatus } from '../../../graph/vocabulary.ts';
import { loadPosixSpawn } from '../../../src/native/posix-spawn.ts';
import { spawnByPosix, type Child } from '../../../src/prog/children.ts';
import { spawnProg } from '../../../src/prog/spawn.ts';
import { childrenOf } from '../../live/support/family.ts';
import { field } from '../../live/support/tlsd.ts';
import { poll } from '../../live/support/watch.ts';
import { PATH, within } from './support.ts';

// posix_spawn(3) in the place of Node's fork: everything but the time it takes is the same.

const directory = mkdtempSync(join(tmpdir(), 'marble-tls-children-'));
test.after(() => rmSync(directory, { recursive: true }));

type Way = 'here' | 'thread' | 'by Node';
const POSIX = ['here', 'thread'] as const;

let outputs = 0;

interface Begun {
  readonly child: Child | undefined;
  readonly ended: Promise<{
    readonly status: ProgStatus;
    readonly output: string;
    readonly warnings: readonly string[];
  }>;
}

/** Starts a prog with nothing on its stdin. */
const begin = (way: Way, argv: readonly string[], environment: Record<string, string> = { PATH }): Begun => {
  const path = join(directory, `${(outputs += 1)}.output`);
  const ends = [openSync('/dev/null', 'r'), openSync(path, 'w')] as const;
  const warnings: string[] = [];
  let tell: (status: ProgStatus) => void = () => undefined;
  const status = new Promise<ProgStatus>((resolve) => (tell = resolve));
  let returned = false;
  const events = {
    warn: (message: string) => void warnings.push(message),
    ended: (how: ProgStatus) => {
      assert.ok(returned, 'it ended before it was started');
      tell(how);
    },
  };
  const begun = (): void => ends.forEach((fd) => closeSync(fd));
  const image = { argv, environment };
  let child: Child | undefined;
  if (way === 'by Node') {
    spawnProg(image, ends, events);
    begun();
  } else {
    child = spawnByPosix(way)?.({ image, ends, events, begun });
    assert.ok(child, 'posix_spawn is not to be had');
  }
  returned = true;
  const ended = within('the end', status).then((how) => ({
    status: how,
    output: readFileSync(path, 'utf8'),
    warnings,
  }));
  return { child, ended };
};

const file = (name: string, content: string, mode: number): string => {
  const path = join(directory, name);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
};

const folder = (name: string): string => {
  const path = join(directory, name);
  mkdirSync(path);
  return path;
};

const [first, second] = [folder('first'), folder('second')];
file('first/both', '#!/bin/sh\necho "first $0 $*"\n', 0o755);
file('second/both', '#!/bin/sh\necho second\n', 0o755);
file('first/closed', '#!/bin/sh\necho never\n', 0o644);
file('second/closed', '#!/bin/sh\necho "opened"\n', 0o755);
file('first/shut', '#!/bin/sh\necho never\n', 0o644);
file('first/plain', 'echo "$0: $*: $GIVEN"\n', 0o755);
file('first/lost', '#!/nonexistent/interpreter\n', 0o755);
file('first/empty', '', 0o755);
folder('first/folder');
const aFile = file('a-file', '', 0o755);

const CASES: readonly (readonly [title: string, argv: string[], environment?: Record<string, string>])[] = [
  ['a name is looked for in the PATH of the environment', ['both', 'a', 'b c', ''], { PATH: `${first}:${second}` }],
  ['the first that is found is run', ['both'], { PATH: `${second}:${first}` }],
  ['one that may not be run is passed over', ['closed'], { PATH: `${first}:${second}` }],
  ['one that may not be run, and no other', ['shut'], { PATH: `${first}:${second}` }],
  ['a directory of that name', ['folder'], { PATH: first }],
  ['nothing of that name', ['no-such-program'], { PATH: `${first}:${second}` }],
  ['a file in the place of a directory', ['both'], { PATH: `${aFile}:${first}` }],
  ['without a PATH', ['sh', '-c', 'echo found'], {}],
  ['an empty PATH is the working directory', ['README.md-no-such-program'], { PATH: '' }],
  ['an empty name', [''], { PATH: first }],
  ['a path', [join(first, 'both'), 'x'], { PATH: '/nonexistent' }],
  ['a path to nothing', [join(first, 'nothing')]],
  ['a path to what may not be run', [join(first, 'shut')]],
  ['a path to a directory', [first]],
  ['a path through a file', [join(aFile, 'x')]],
  ['a script without an interpreter is run by sh', ['plain', 'a b', 'c'], { PATH: first, GIVEN: 'given' }],
  ['a script without an interpreter, by its path', [join(first, 'plain'), '-x'], { GIVEN: '' }],
  ['an empty script', [join(first, 'empty')]],
  ['a script whose interpreter is missing', ['lost'], { PATH: first }],
  ['an exit status', ['sh', '-c', 'exit 255']],
  ['death by a signal', ['sh', '-c', 'kill -KILL $$']],
  ['the environment is the one that was given', ['env'], { PATH, A: 'b=c', B: '' }],
  ['no signal is blocked, ignored or handled', ['grep', '^Sig[BIC]', '/proc/self/status']],
  [
    'descriptors 0 to 2 and no others',
    ['sh', '-c', 'cd /proc/$$/fd; for fd in 0 1 2 3 4 5; do test -e $fd && echo $fd; done'],
  ],
];

for (const [title, argv, environment] of CASES)
  test(`${title}: as Node does it`, async () => {
    const expected = await begin('by Node', argv, environment).ended;
    for (const way of POSIX) assert.equal(await begin(way, argv, environment).ended, expected, way);
  });

for (const [argv, environment, expected] of [
  [['plain', 'a b'], { PATH: first, GIVEN: 'x' }, { output: `${join(first, 'plain')}: a b: x\n`, status: { code: 0 } }],
  [['closed'], { PATH: `${first}:${second}` }, { output: 'opened\n', status: { code: 0 } }],
  [['shut'], { PATH: first }, { output: '', status: { code: 126 } }],
  // execvp(3) tells of the last error, which would be ENOTDIR.
  [['both'], { PATH: aFile }, { output: '', status: { code: 127 } }],
  [['no-such-program'], { PATH: first }, { output: '', status: { code: 127 } }],
  [['sh', '-c', 'kill -SEGV $$'], { PATH }, { output: '', status: { signal: 11 } }],
  // Node has no name for a real-time signal.
  [['perl', '-e', 'kill 40, $$; sleep 60'], { PATH }, { output: '', status: { signal: 40 } }],
] as const)
  for (const way of POSIX)
    test(`${way}: ${argv.join(' ')}: ${JSON.stringify(expected.status)}`, async () => {
      const { status, output } = await begin(way, argv, environment).ended;
      assert.equal({ output, status }, expected);
    });

for (const way of POSIX) {
  test(`${way}: 200 at once end each with its own status, Node’s children among them, and no zombie is left`, async () => {
    const gate = join(directory, `${way}.gate`);
    execFileSync('mkfifo', [gate]);
    const wait = (code: number): readonly string[] => ['sh', '-c', `read -r go <"$0"; exit ${code}`, gate];
    const ours = Array.from({ length: 200 }, (_, index) => begin(way, wait(index)));
    const nodes = Array.from({ length: 20 }, (_, index) => {
      const [program = '', ...args] = wait(index);
      const child = spawn(program, args, { stdio: 'ignore' });
      return within('the end', new Promise((resolve) => child.once('exit', resolve)));
    });
    // Opened for both, so that nobody waits for the other side; a line is for whoever reads it first, and ends one.
    const fifo = openSync(gate, 'r+');
    writeSync(fifo, 'go\n'.repeat(220));
    const statuses = await Promise.all(ours.map(({ ended }) => ended));
    assert.equal(statuses.map(({ status }) => status), Array.from({ length: 200 }, (_, code) => ({ code }))); // prettier-ignore
    assert.equal(
      await Promise.all(nodes),
      Array.from({ length: 20 }, (_, code) => code),
    );
    closeSync(fifo);
    await poll('no child to be left', () => childrenOf(process.pid).every((pid) => pid === esbuild()));
  });

  test(`${way}: somebody else’s zombie, which nobody looks at, hides none of ours`, async () => {
    const fd = openSync('/dev/null', 'r+');
    const posix = loadPosixSpawn();
    const image = { file: '/bin/true', argv: ['true'], environment: [], ends: [fd, fd] as const };
    const stranger = await within('a stranger', new Promise<number>((resolve) => posix.spawn(image, 'here', resolve)));
    await poll('the zombie', () => field(stranger, 'State').startsWith('Z'));
    for (const code of [1, 2, 3]) {
      const { status } = await begin(way, ['sh', '-c', `exit ${code}`]).ended;
      assert.equal(status, { code });
    }
    assert.equal(posix.wait(stranger), { code: 0 });
    closeSync(fd);
  });

  test(`${way}: a signal arrives, and after the end it does nothing`, async () => {
    const prog = begin(way, ['sh', '-c', 'trap "echo told; exit 5" TERM; echo ready; while :; do sleep 0.02; done']);
    const output = join(directory, `${outputs}.output`);
    await poll('prog to be ready', () => readFileSync(output, 'utf8') !== '');
    prog.child?.signal('SIGTERM');
    const { warnings, ...outcome } = await prog.ended;
    assert.equal(outcome, { status: { code: 5 }, output: 'ready\ntold\n' });
    // Nobody has that pid now, and whoever tried to signal it would have to warn.
    prog.child?.signal('SIGTERM');
    assert.equal(warnings, []);
  });

  test(`${way}: a signal that comes before prog runs is not lost`, async () => {
    const prog = begin(way, ['sleep', '60']);
    prog.child?.signal('SIGTERM');
    assert.equal((await prog.ended).status, { signal: 15 });
  });

  test(`${way}: a child keeps this process alive until it ends`, () => {
    assert.is(alone(way, ''), '{"code":0}\nexit\n');
  });

  test(`${way}: one that is forgotten does not`, () => {
    assert.is(alone(way, 'child.forget();'), 'exit\n');
  });
}

/** tsx runs esbuild as a child of this process, where it does. */
const esbuild = (): number | undefined =>
  childrenOf(process.pid).find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('esbuild'));

/** Runs a script that starts `sleep` as our child; gives what it says. */
const alone = (way: string, then: string): string => {
  const module = fileURLToPath(new URL('../../../src/prog/children.ts', import.meta.url));
  const script = `
    import { openSync } from 'node:fs';
    import { spawnByPosix } from ${JSON.stringify(module)};
    const fd = openSync('/dev/null', 'r+');
    const events = { warn: console.log, ended: (status) => console.log(JSON.stringify(status)) };
    const image = { argv: ['sleep', '0.5'], environment: process.env };
    const child = spawnByPosix('${way}')({ image, ends: [fd, fd], events, begun: () => undefined });
    process.once('exit', () => console.log('exit'));
    ${then}`;
  const run = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  assert.is(run.stderr, '');
  return run.stdout;
};

test.run();
