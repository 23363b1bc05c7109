import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Bytes, ProgStatus } from '../../../graph/vocabulary.ts';
import { loadPipe2 } from '../../../src/prog/pipe2.ts';
import { noPipes, openFds, order, outcome, PATH, until, within } from './support.ts';
import type { Order } from './support.ts';

const sh = (script: string): readonly string[] => ['sh', '-c', script];

const WAYS: Readonly<Record<string, Order>> = {
  'real pipes': {},
  'unix sockets': { pipes: noPipes },
  'real pipes, launched': { launched: true },
  'unix sockets, launched': { pipes: noPipes, launched: true },
};

for (const [way, how] of Object.entries(WAYS)) {
  const rule = (title: string, body: () => Promise<void>): void => test(`${title} (${way})`, body);

  rule('prog reads what we say and EOF, and we read what it says and EOF', async () => {
    const prog = order(['cat'], how);
    prog.start();
    prog.say('hello ');
    prog.say('world');
    prog.toProg$.complete();
    assert.is(await prog.output(), 'hello world');
    assert.equal(await prog.exit(), { code: 0 });
    assert.equal(prog.taken, [6, 5]);
    assert.equal(await prog.stdinGone(), [], 'we ended it');
  });

  rule('an error on the way to prog is EOF after the last byte', async () => {
    const prog = order(['cat'], how);
    prog.start();
    prog.say('last words');
    prog.toProg$.error(new Error('broken'));
    assert.is(await prog.output(), 'last words');
    assert.equal(await prog.exit(), { code: 0 });
  });

  rule('what is said before prog has started waits for it in order', async () => {
    const prog = order(['cat'], how);
    for (const word of ['a', 'b', 'c']) prog.say(word);
    prog.toProg$.complete();
    assert.equal(prog.taken, []);
    prog.start();
    assert.is(await prog.output(), 'abc');
    assert.equal(prog.taken, [1, 1, 1]);
  });

  rule('a sink that completes takes no other with it', async () => {
    const prog = order(['cat'], how);
    prog.demandProg$.complete();
    prog.start();
    prog.startProg$.complete();
    prog.say('hello');
    await prog.said('hello');
    prog.toProg$.complete();
    prog.progSignal$.complete();
    assert.is(await prog.output(), 'hello');
    assert.equal(await prog.exit(), { code: 0 });
  });

  rule('an exit code and a signal come through unchanged', async () => {
    assert.equal((await outcome(sh('exit 42'), how)).status, { code: 42 });
    assert.equal((await outcome(sh('kill -9 $$'), how)).status, { signal: 9 });
    assert.equal((await outcome(sh('kill -PIPE $$'), how)).status, { signal: 13 });
  });

  rule('what cannot be found is 127, what cannot be run 126, and the reason is told', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'progs-'));
    const file = (name: string, text: string, mode: number): string => {
      const path = join(folder, name);
      writeFileSync(path, text);
      chmodSync(path, mode);
      return path;
    };
    try {
      const cases: readonly (readonly [string, number, string])[] = [
        ['no-such-prog-anywhere', 127, 'no such file or directory'],
        ['/no/such/prog', 127, 'no such file or directory'],
        [file('no-interpreter', '#!/no/such/interpreter\n', 0o755), 127, 'no such file or directory'],
        [folder, 126, 'permission denied'],
        [file('no-x', '#!/bin/sh\n', 0o644), 126, 'permission denied'],
        [join(file('plain', '', 0o644), 'x'), 126, 'not a directory'],
      ];
      for (const [prog, code, reason] of cases) {
        const { status, output, warnings } = await outcome([prog], how);
        assert.equal(
          { status, output, warnings },
          { status: { code }, output: '', warnings: [`unable to run ${prog}: ${reason}`] },
        );
      }
      const { status, warnings } = await outcome([''], how);
      assert.equal(
        { status, warnings },
        { status: { code: 127 }, warnings: ["unable to run '': no such file or directory"] },
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  rule('a prog that could not be started takes what is said to it, so that demand goes on', async () => {
    const prog = order(['no-such-prog-anywhere'], how);
    prog.start();
    assert.equal(await prog.exit(), { code: 127 });
    prog.say('hello');
    assert.equal((await prog.stdinGone()).length, 1);
    prog.say('again');
    prog.toProg$.complete();
    await until('both to be taken', () => prog.taken.length === 2);
    assert.equal(prog.taken, [5, 5]);
  });

  rule('10 MiB through cat and a demand that goes up and down: nothing is lost, nothing comes unasked', async () => {
    const prog = order(['cat'], { ...how, deaf: true });
    const sent = createHash('sha256');
    const got = createHash('sha256');
    let unasked = 0;
    let chunks = 0;
    const ended = new Promise<void>((resolve) => {
      prog.driver.fromProg$.subscribe({
        next: (chunk: Bytes) => {
          if (!prog.demandProg$.value) unasked += 1;
          got.update(chunk);
          chunks += 1;
          if (chunks % 3 !== 0) return;
          prog.demandProg$.next(false);
          setTimeout(() => prog.demandProg$.next(true), chunks % 2);
        },
        complete: resolve,
      });
    });
    prog.start();
    for (let i = 0; i < 160; i += 1) {
      const chunk = randomBytes(65_536);
      sent.update(chunk);
      prog.toProg$.next(chunk);
    }
    prog.toProg$.complete();
    await within('all of it', ended);
    assert.is(got.digest('hex'), sent.digest('hex'));
    assert.is(unasked, 0);
    assert.is(prog.taken.length, 160);
    assert.equal(await prog.exit(), { code: 0 });
  });

  rule('without demand prog is not read beyond one chunk', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'progs-'));
    const progress = join(folder, 'progress');
    const environment = { PATH, PROGRESS: progress };
    const prog = order([process.execPath, '-e', WRITES_AND_COUNTS], { ...how, demand: false, environment });
    prog.start();
    const stuck = await stuckAt(progress);
    assert.is(prog.heard.length, 0);
    // What the kernel holds is the pipe's 1 MiB, or some 200 KiB of a socket; the rest would be ours.
    assert.ok(stuck <= (how.pipes ? 512 : 1024 + 64) * 1024, `prog could write ${String(stuck)} bytes`);
    prog.demandProg$.next(true);
    assert.is((await prog.output()).length, 2_097_152);
    rmSync(folder, { recursive: true });
  });

  rule('prog has gone and its output is still in the pipe when we begin to listen: all of it comes', async () => {
    const prog = order(sh('head -c 50000 /dev/zero; exit 3'), { ...how, deaf: true, demand: false });
    prog.start();
    assert.equal(await prog.exit(), { code: 3 });
    await new Promise((resolve) => setImmediate(resolve));
    prog.demandProg$.next(true);
    let length = 0;
    await within(
      'EOF',
      prog.driver.fromProg$.forEach((chunk) => void (length += chunk.length)),
    );
    assert.is(length, 50_000);
  });

  rule('prog has gone without a word when we begin to listen: EOF comes all the same', async () => {
    const prog = order(['true'], { ...how, deaf: true });
    prog.start();
    await prog.exit();
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    await within(
      'EOF',
      prog.driver.fromProg$.forEach(() => assert.unreachable()),
    );
  });

  rule('prog has gone and demand is low: nothing comes before it is high', async () => {
    const prog = order(sh('head -c 50000 /dev/zero'), { ...how, demand: false });
    prog.start();
    await prog.exit();
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    assert.is(prog.heard.length, 0);
    prog.demandProg$.next(true);
    assert.is((await prog.output()).length, 50_000);
  });

  rule('a grandchild that holds stdout is heard to its end, after the exit of prog', async () => {
    const prog = order(sh('exec 3<&0; (read line <&3; echo "heard $line") & exit 5'), how);
    prog.start();
    assert.equal(await prog.exit(), { code: 5 });
    prog.say('you\n');
    assert.is(await prog.output(), 'heard you\n');
  });

  rule('prog that closes its stdin early: it is told once, all counts as taken, its output is unaffected', async () => {
    const prog = order(sh('exec <&-; echo ready; sleep 0.2; echo done'), how);
    prog.start();
    await prog.said('ready');
    for (let i = 0; i < 20; i += 1) prog.toProg$.next(new Uint8Array(65_536));
    assert.equal((await prog.stdinGone()).length, 1);
    prog.say('late');
    assert.is(await prog.output(), 'ready\ndone\n');
    assert.equal(await prog.exit(), { code: 0 });
    assert.is(prog.taken.length, 21);
  });

  rule('whoever stops listening closes the pipe: prog gets SIGPIPE', async () => {
    const prog = order(['yes'], { ...how, deaf: true });
    const listening = prog.driver.fromProg$.subscribe(() => listening.unsubscribe());
    prog.start();
    assertBrokenPipe(await prog.exit(), how);
  });

  rule('whoever stops listening before prog has started closes the pipe as well', async () => {
    const prog = order(['yes'], { ...how, deaf: true });
    prog.driver.fromProg$.subscribe().unsubscribe();
    prog.start();
    assertBrokenPipe(await prog.exit(), how);
  });

  rule('signals are passed on while prog runs, and none afterwards', async () => {
    for (const [signal, number] of Object.entries({ SIGTERM: 15, SIGINT: 2, SIGHUP: 1 } as const)) {
      const prog = order(sh('echo ready; exec sleep 60'), how);
      prog.start();
      await prog.said('ready');
      prog.progSignal$.next(signal as 'SIGTERM' | 'SIGINT' | 'SIGHUP');
      assert.equal(await prog.exit(), { signal: number });
      prog.progSignal$.next('SIGTERM');
      assert.equal(prog.warnings, []);
    }
  });

  rule('prog has the default action for every signal, and none is blocked', async () => {
    const { output } = await outcome(['cat', '/proc/self/status'], how);
    for (const set of ['SigBlk', 'SigIgn', 'SigCgt']) assert.match(output, `${set}:\t${NO_SIGNAL}`);
  });

  rule('prog inherits 0, 1, 2 and what we inherited, nothing of ours', async () => {
    const before = new Set(inherited(await within('ls', listing())));
    const { output } = await outcome(['ls', '-l', '/proc/self/fd'], how);
    const strange = inherited(output).filter((fd) => !['0', '1', '2'].includes(fd) && !before.has(fd));
    assert.equal(strange, []);
  });

  rule("prog's environment is the given one and nothing else", async () => {
    const environment = { PATH, A: 'b c', EMPTY: '', 'odd-name': '=x=', SSL_PROTOCOL: 'TLSv1.3' };
    const { output } = await outcome(['env'], { ...how, environment });
    assert.equal(
      output.trimEnd().split('\n').sort(),
      Object.entries(environment)
        .map(([name, value]) => `${name}=${value}`)
        .sort(),
    );
  });

  rule('prog leads no session or process group of its own', async () => {
    const { output } = await outcome(
      sh('cut -d" " -f5,6 /proc/self/stat; cut -d" " -f5,6 /proc/$0/stat'.replace('$0', String(process.pid))),
      how,
    );
    const [progs, ours] = output.split('\n');
    assert.is(progs, ours);
  });

  rule('no descriptor is left after 50 runs, failed ones among them', async () => {
    const runs = how.launched ? 6 : 50;
    await outcome(['true'], how);
    const before = openFds();
    for (let i = 0; i < runs; i += 1) {
      await outcome([i % 5 === 0 ? 'no-such-prog-anywhere' : 'true'], how);
      // The launcher's own channel goes a moment after the exit status came through it.
      if (how.launched) await until('the launcher to leave', () => openFds() <= before);
    }
    await until(`fds to return to ${String(before)}`, () => openFds() <= before);
  });

  rule('a connection that is let go before prog has started leaves nothing behind', async () => {
    const before = openFds();
    const prog = order(['cat'], how);
    prog.connection.unsubscribe();
    await until(`fds to return to ${String(before)}`, () => openFds() <= before);
  });
}

test('prog can open /dev/stdin and /dev/stdout, which are pipes', async () => {
  for (const launched of [false, true]) {
    const prog = order(sh('test -p /dev/stdin && test -p /dev/stdout && echo pipes >/dev/stdout; cat /dev/stdin'), {
      launched,
    });
    prog.start();
    prog.say('hello');
    prog.toProg$.complete();
    assert.is(await prog.output(), 'pipes\nhello');
    assert.equal(prog.infos, []);
  }
});

test('without pipe2(2) prog gets unix sockets, and we say why', async () => {
  const { output, infos } = await outcome(sh('test -S /dev/stdin && echo socket'), { pipes: noPipes });
  assert.is(output, 'socket\n');
  assert.equal(infos, ['prog gets unix sockets instead of pipes: the test says so']);
});

test('a kernel that refuses a pipe is not the end: prog gets unix sockets', async () => {
  const pipe2 = loadPipe2();
  assert.ok('makePipe' in pipe2, 'koffi is installed here');
  let calls = 0;
  const before = openFds();
  const once = () => {
    calls += 1;
    if (calls > 1) throw new Error('pipe2(2) failed');
    return pipe2.makePipe();
  };
  const { output, infos } = await outcome(sh('test -S /dev/stdin && echo socket'), {
    pipes: () => ({ makePipe: once }),
  });
  assert.is(output, 'socket\n');
  assert.equal(infos, ['prog gets unix sockets instead of pipes: pipe2(2) failed']);
  await until('fds to return', () => openFds() <= before);
});

/** A unix socket that is closed with something in it says ECONNRESET once, instead: Node cannot shut it down for reading. */
const assertBrokenPipe = (status: ProgStatus, { pipes }: Order): void => {
  if (!pipes || 'signal' in status) assert.equal(status, { signal: 13 });
  else assert.is.not(status.code, 0);
};

const listing = async (): Promise<string> => {
  const { spawn } = await import('node:child_process');
  const child = spawn('ls', ['-l', '/proc/self/fd'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  for await (const chunk of child.stdout) text += String(chunk);
  return text;
};

const inherited = (text: string): string[] =>
  [...text.matchAll(/ (\d+) -> (.*)$/gm)]
    .filter(([, , target]) => !/^\/proc\/\d+\/fd$/.test(target ?? ''))
    .map(([, fd]) => fd ?? '');

/** Where the number in a file stays for 100 ms. Nothing tells us that a process is stuck but that nothing happens. */
const stuckAt = async (file: string): Promise<number> => {
  let last = 0;
  for (let i = 0; i < 200; i += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const now = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
    if (now > 0 && now === last) return now;
    last = now;
  }
  throw new Error('it never stopped');
};

const WRITES_AND_COUNTS = `
  const fs = require('node:fs');
  for (let n = 4096; n <= 2097152; n += 4096) {
    fs.writeSync(1, Buffer.alloc(4096));
    fs.writeFileSync(process.env.PROGRESS, String(n));
  }
`;
const NO_SIGNAL = '0000000000000000';

test.run();
