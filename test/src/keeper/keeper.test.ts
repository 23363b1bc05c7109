import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Death } from '../../../src/messages.ts';
import { loadPipe2 } from '../../../src/prog/pipe2.ts';
import { certificates } from '../../fixtures/certificates.ts';
import { assertDies } from '../../fixtures/death.ts';
import { installed } from '../../support/live-skips.ts';
import { openFds, PATH, until, within } from '../prog/support.ts';
import { begin, descriptorsOf, hold, outcome } from './support.ts';

test('prog gets real pipes that block, the variables of its connection, and nothing else that we say', async () => {
  const script =
    'test -p /dev/stdin && echo a >/dev/stdout; grep -h flags /proc/self/fdinfo/0 /proc/self/fdinfo/1; env -u PWD; cat';
  const environment = { PATH, KEPT: 'yes', SSL_CIPHER: 'inherited', TCPREMOTEIP: 'inherited', PROTO: 'UDP' };
  const { keeper } = hold(['sh', '-c', script], { environment });
  const given = { SSL_PROTOCOL: 'TLSv1.3', PROTO: 'TCP', TCPLOCALPORT: '443', PATH: '/tmp', LD_PRELOAD: '/tmp/x.so' };
  const { output, status, warnings } = await outcome(keeper, given, 'hello\n');
  assert.is(
    output.replace(/^(?:PWD|OLDPWD|SHLVL|_)=.*\n/gm, ''),
    // Access modes O_RDONLY and O_WRONLY, and not a flag besides: O_NONBLOCK would be 04000.
    `a\nflags:\t00\nflags:\t01\n${sorted(output, `KEPT=yes\nPATH=${PATH}\nPROTO=TCP\nSSL_PROTOCOL=TLSv1.3\nTCPLOCALPORT=443\n`)}hello\n`,
  );
  assert.equal([status, warnings], [{ code: 0 }, []]);
  keeper.release();
});

/** The lines in the order in which they come in `like`: env(1) promises none. */
const sorted = (like: string, lines: string): string =>
  lines
    .trimEnd()
    .split('\n')
    .sort((one, other) => like.indexOf(one) - like.indexOf(other))
    .join('\n')
    .concat('\n');

test('signals have their default effect on prog, and reach it', async () => {
  const { keeper } = hold(['sh', '-c', 'echo ready; exec sleep 60']);
  for (const [signal, number] of [
    ['SIGHUP', 1],
    ['SIGINT', 2],
    ['SIGTERM', 15],
  ] as const) {
    const prog = begin(keeper);
    await until('prog', () => prog.heard() === 'ready\n');
    prog.running.signal(signal);
    assert.equal(await prog.exit(), { signal: number });
    prog.running.signal(signal);
  }
  keeper.release();
});

test('50 progs at once: each gets its own input, variables and signal, and its own end is told', async () => {
  const { keeper } = hold(['sh', '-c', 'read line; echo "$TCPREMOTEPORT $line"; exit "$line"']);
  const progs = Array.from({ length: 50 }, (_, index) =>
    begin(keeper, { PROTO: 'TCP', TCPREMOTEPORT: `${index + 1}` }),
  );
  // Backwards, so that they end in another order than they began.
  for (const [index, prog] of [...progs.entries()].reverse()) prog.say(`${index + 100}\n`);
  for (const [index, prog] of progs.entries()) {
    assert.equal(await prog.exit(), { code: index + 100 });
    assert.is(await prog.output(), `${index + 1} ${index + 100}\n`);
    assert.equal(prog.warnings, []);
    prog.endInput();
  }
  keeper.release();
});

test('a prog that closes its stdin, and one that closes its stdout, are noticed while they run', async () => {
  const { keeper } = hold(['sh', '-c', 'exec <&- >&-; exec sleep 60']);
  const prog = begin(keeper);
  assert.is(await prog.output(), '');
  const stdin = prog.running.ends?.stdin;
  const gone = new Promise<void>((resolve) => stdin?.once('close', resolve));
  prog.say('x');
  await within('EPIPE', gone);
  prog.running.signal('SIGTERM');
  assert.equal(await prog.exit(), { signal: 15 });
  keeper.release();
});

test('both our ends may be closed before prog has its own: it runs all the same', async () => {
  const { keeper } = hold(['sh', '-c', 'read line || exit 5']);
  const prog = begin(keeper);
  prog.running.ends?.stdin.destroy();
  prog.running.ends?.stdout.destroy();
  assert.equal([await prog.exit(), prog.warnings], [{ code: 5 }, []]);
  keeper.release();
});

test('a prog that is forgotten before the keeper has it keeps no descriptor of ours, and runs', async () => {
  const { keeper } = hold(['sh', '-c', 'read line; echo "still here, $line"; echo $PPID']);
  await outcome(keeper);
  const before = openFds();
  const prog = begin(keeper);
  prog.running.forget();
  prog.say('you\n');
  assert.match(await prog.output(), /^still here, you\n/);
  prog.endInput();
  await until('our descriptors', () => openFds() === before);
  keeper.release();
});

test('a prog that is not there ends with 127, one that cannot be run with 126, and its pipes end', async () => {
  for (const [argv, code, message] of [
    [['no-such-program'], 127, 'unable to run no-such-program: no such file or directory'],
    [['/etc'], 126, 'unable to run /etc: permission denied'],
  ] as const) {
    const { keeper } = hold(argv);
    assert.equal(await outcome(keeper), { output: '', status: { code }, warnings: [message] });
    keeper.release();
  }
});

test('after 200 progs there is no descriptor more, in the keeper and here', async () => {
  const { keeper } = hold(['sh', '-c', 'echo $PPID']);
  const { output: pid } = await outcome(keeper);
  const count = (): readonly [number, number] => [openFds(), descriptorsOf(pid.trim())];
  const before = count();
  for (let round = 0; round < 20; round += 1) {
    const progs = await Promise.all(Array.from({ length: 10 }, () => outcome(keeper)));
    assert.ok(progs.every(({ output }) => output === pid));
  }
  assert.equal(count(), before);
  keeper.release();
});

test('a keeper that is killed: what runs ends with 111, and so does all that is asked later; no descriptor is left', async () => {
  const before = openFds();
  const { keeper, lost } = hold(['sh', '-c', 'echo $PPID; read line']);
  const first = begin(keeper);
  await until('prog', () => first.heard().endsWith('\n'));
  const reading = keeper.readCredentials();
  // Some of them are on their way, some wait for their turn, when it happens.
  const others = Array.from({ length: 5 }, () => begin(keeper));
  process.kill(Number(first.heard()), 'SIGKILL');
  const death = await within(
    'the keys',
    reading.then(nothing, (error: unknown) => error),
  );
  // It may have had the time to read them.
  if (death instanceof Error) assert.is(death.message, 'unable to read the key files: the keeper has gone');
  for (const prog of [first, ...others, begin(keeper)]) {
    assert.equal(await prog.exit(), { code: 111 });
    assert.equal(prog.warnings, ['unable to run sh: the keeper has gone']);
    prog.running.ends?.stdin.destroy();
    prog.running.ends?.stdout.destroy();
  }
  assert.equal(lost, ['111 unable to go on: the keeper has gone']);
  assert.is(
    await keeper.readCredentials().then(nothing, String),
    'Death: unable to read the key files: the keeper has gone',
  );
  await until('our descriptors', () => openFds() <= before);
});

test('a keeper that ends at once is the same', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'keeper-'));
  const script = join(folder, 'keeper.cjs');
  writeFileSync(script, 'process.exit(3)');
  try {
    const { keeper, lost } = hold(['sh'], { script });
    const prog = begin(keeper);
    assert.equal([await prog.exit(), await prog.output()], [{ code: 111 }, '']);
    assert.equal(prog.warnings, ['unable to run sh: the keeper has gone']);
    assert.is(lost.length, 1);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a keeper that is released leaves, its prog does not; nothing is said to be lost', async () => {
  const { keeper, lost } = hold(['sh', '-c', 'echo $PPID; read line; echo "still here, $line"']);
  const prog = begin(keeper);
  await until('prog', () => prog.heard().endsWith('\n'));
  const pid = prog.heard().trim();
  keeper.release();
  assert.equal(await prog.exit(), { code: 111 });
  await until('the keeper to leave', () => !existsSync(`/proc/${pid}`));
  prog.say('you\n');
  assert.is(await prog.output(), `${pid}\nstill here, you\n`);
  assert.equal(lost, []);
});

test('a signal to the whole process group leaves the keeper at its work', async () => {
  const { keeper, lost } = hold(['sh', '-c', 'echo $PPID']);
  const { output } = await outcome(keeper);
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const) process.kill(Number(output), signal);
  assert.is((await outcome(keeper)).output, output);
  assert.equal(lost, []);
  keeper.release();
});

test('the keys are read again, as they are now; a bad pair is refused with its message and status, and the keeper goes on', async () => {
  const { server, client, clientCa } = certificates();
  const folder = mkdtempSync(join(tmpdir(), 'keys-'));
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const pair = (one: typeof server): void => {
    writeFileSync(key, one.key);
    writeFileSync(certificate, one.cert);
  };
  const from = {
    key: { variable: 'KEYFILE', path: key },
    certificates: { variable: 'CERTFILE', path: certificate },
  };
  const named = { serverName: 'a.example', ...from };
  const anchors = { kind: 'file', variable: 'CAFILE', path: clientCa.certFile } as const;
  pair(server);
  const { keeper } = hold(['true'], { keyFiles: { defaultPair: from, namedPairs: [named], anchors } });
  const read = () => within('the keys', keeper.readCredentials());
  const plain = ({ key: pem, cert }: typeof server) => ({ key: pem, certificates: cert, from });
  try {
    const whole = await read();
    assert.equal(whole.defaultPair, plain(server));
    assert.equal(whole.namedPairs, [{ serverName: 'a.example', ...plain(server) }]);
    assert.equal(whole.anchors.length, 1);
    writeFileSync(certificate, client.cert);
    const mismatch = await read().then(nothing, (error: unknown) => error);
    assert.instance(mismatch, Death);
    assertDies(
      () => {
        throw mismatch;
      },
      96,
      `unable to use CERTFILE ${certificate}: its first certificate is not for the key in KEYFILE ${key}`,
    );
    rmSync(key);
    const missing = (await read().then(nothing, (error: unknown) => error)) as Death;
    assert.equal(
      [missing.exitCode, missing.message],
      [111, `unable to read KEYFILE ${key}: no such file or directory`],
    );
    pair(client);
    assert.equal((await read()).defaultPair, plain(client));
  } finally {
    keeper.release();
    rmSync(folder, { recursive: true });
  }
});

test('a keeper that cannot come to an end with the keys is not waited for', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'keys-'));
  const path = join(folder, 'fifo');
  assert.is(spawnSync('mkfifo', [path]).status, 0);
  const named = { variable: 'KEYFILE', path };
  const { keeper } = hold(['sh', '-c', 'echo $PPID'], {
    keyFiles: { defaultPair: { key: named, certificates: named }, namedPairs: [] },
    patience: 100,
  });
  const { output } = await outcome(keeper);
  try {
    const message = await keeper.readCredentials().then(nothing, String);
    assert.is(message, 'Death: unable to read the key files: the keeper did not answer within 0.1 s');
  } finally {
    process.kill(Number(output), 'SIGKILL');
    rmSync(folder, { recursive: true });
  }
});

test('without pipe2(2), and when it fails, prog is not run: 111 and a message', async () => {
  const without = hold(['sh'], { pipes: () => ({ reason: 'the test says so' }) });
  const none = begin(without.keeper);
  assert.equal([await none.exit(), none.warnings], [{ code: 111 }, ['unable to run sh: no pipes: the test says so']]);
  without.keeper.release();
  const real = loadPipe2();
  let left = 1;
  const makePipe = (): readonly [number, number] => {
    if (left === 0 || !('makePipe' in real)) throw new Error('pipe2(2) failed');
    left -= 1;
    return real.makePipe();
  };
  const before = openFds();
  const { keeper } = hold(['echo', 'x'], { pipes: () => ({ makePipe }) });
  const during = openFds();
  const prog = begin(keeper);
  assert.is(prog.running.ends, undefined);
  assert.equal([await prog.exit(), prog.warnings], [{ code: 111 }, ['unable to run echo: pipe2(2) failed']]);
  assert.ok(openFds() <= during);
  left = 2;
  assert.is((await outcome(keeper)).output, 'x\n');
  keeper.release();
  await until('our descriptors', () => openFds() <= before);
});

if (installed('prlimit', 'a keeper without descriptors')) {
  test('a keeper that runs out of descriptors: 111 and a message for each prog, and it goes on', async () => {
    const { keeper, lost } = hold(['sh', '-c', 'echo $PPID']);
    const { output } = await outcome(keeper);
    const pid = output.trim();
    const taken = readdirSync(`/proc/${pid}/fd`).map(Number);
    const room = taken.findIndex((_, number) => !taken.includes(number));
    const seen = new Set<string>();
    // From none at all, for the pipes that it is handed, to enough of them, but none to make a process with.
    for (let free = 0; free < 12; free += 1) {
      limit(pid, `--nofile=${room + free}:`);
      for (const prog of await Promise.all([outcome(keeper), outcome(keeper)])) {
        seen.add(`${JSON.stringify(prog.status)} ${prog.warnings.join()}`);
        assert.is(prog.output, prog.warnings.length === 0 ? output : '');
      }
    }
    assert.equal([...seen].sort(), [
      '{"code":0} ',
      '{"code":111} unable to run sh: its pipes did not reach the keeper, which has no room for them (too many open files)',
      '{"code":111} unable to run sh: too many open files',
    ]);
    assert.equal(lost, []);
    keeper.release();
  });

  if (process.getuid?.() === 0) {
    test('no process can be made: 111 and a message, and the keeper goes on', async () => {
      const { keeper } = hold(['sh', '-c', 'echo $PPID; read line'], { identity: { uid: 65_432, gid: 65_432 } });
      // Who has no process yet may have one, whatever the limit: setuid(2) counts those there are.
      const first = begin(keeper);
      await until('prog', () => first.heard().endsWith('\n'));
      limit(first.heard().trim(), '--nproc=0:');
      assert.equal(await outcome(keeper), {
        output: '',
        status: { code: 111 },
        warnings: ['unable to run sh: resource temporarily unavailable'],
      });
      limit(first.heard().trim(), '--nproc=1000:');
      assert.is((await outcome(keeper)).output, first.heard());
      first.endInput();
      await first.exit();
      keeper.release();
    });
  }
}

const limit = (pid: string, option: string): void => {
  const { status, stderr } = spawnSync('prlimit', ['--pid', pid, option], { encoding: 'utf8' });
  assert.is(status, 0, stderr);
};

const nothing = (): undefined => undefined;

test.run();
