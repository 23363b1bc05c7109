import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { serviceManager, type ServiceManager } from '../../../src/resident/readiness.ts';
import { installed } from '../../support/live-skips.ts';
import { Watch, within } from '../../live/support/watch.ts';
import { besides, receiver } from './support/telling.ts';
import { undoAll, undoLater } from './support/undo.ts';

test.after.each(undoAll);

const directory = mkdtempSync(join(tmpdir(), 'marble-tls-readiness-'));
const address = join(directory, 'notify');
test.after(() => rmSync(directory, { recursive: true, force: true }));

/** Everything that a service manager can be told. */
const tellAll = (manager: ServiceManager): void => {
  manager.ready();
  manager.reloading();
  manager.status('3 of\n40 connections');
  manager.stopping();
};

const noWarning = (message: string): void => assert.unreachable(message);

const assertAll = (messages: readonly unknown[], pid: number, since: bigint): void => {
  const [ready, reloading, ...rest] = messages as [string, number][];
  assert.equal([ready, ...rest], [['READY=1', pid], ['STATUS=3 of 40 connections', pid], ['STOPPING=1', pid]]); // prettier-ignore
  const [, microseconds] = /^RELOADING=1\nMONOTONIC_USEC=(\d+)$/.exec(reloading?.[0] ?? '') ?? [];
  const at = BigInt(microseconds ?? 0) * 1000n;
  assert.ok(at > since - 1000n && at < process.hrtime.bigint(), `${at} is not since ${since}`);
};

test('the service manager is told, in order, and by ourselves', async () => {
  const since = process.hrtime.bigint();
  const manager = await receiver(address);
  tellAll(serviceManager({ NOTIFY_SOCKET: address }, { warn: noWarning }));
  assertAll(await manager.tells('message', 4), process.pid, since);
  await manager.end();
  rmSync(address);
});

const withoutKoffi = () => ({ reason: 'no koffi' });

if (installed('systemd-notify', 'readiness without koffi')) {
  test('without koffi systemd-notify tells it, in the same order', async () => {
    const since = process.hrtime.bigint();
    const manager = await receiver(address);
    tellAll(serviceManager({ NOTIFY_SOCKET: address }, { warn: noWarning, datagrams: withoutKoffi }));
    const messages = (await manager.tells('message', 4)) as [string, number][];
    const pids = new Set(messages.map(([, pid]) => pid));
    // As root it may pretend to be us.
    if (process.geteuid?.() === 0) assert.equal([...pids], [process.pid]);
    assertAll(messages.map(([text]) => [text, 0]), 0, since); // prettier-ignore
    // systemd-notify is not done with its message: it fails when nobody is there to take the barrier that it sends next.
    await manager.tells('barrier', 4);
    await manager.end();
    rmSync(address);
  });
}

test('who has no service manager tells nobody, and looks for nothing', () => {
  const datagrams = (): never => {
    throw new Error('koffi was asked for');
  };
  tellAll(serviceManager({}, { warn: noWarning, datagrams }));
  tellAll(serviceManager({ NOTIFY_SOCKET: '' }, { warn: noWarning, datagrams }));
});

test('a service manager that is not there is worth one warning', () => {
  const warnings: string[] = [];
  tellAll(serviceManager({ NOTIFY_SOCKET: address }, { warn: (message) => warnings.push(message) }));
  assert.equal(warnings, [`unable to notify ${address}: no such file or directory`]);
});

for (const [what, path, reason] of [
  ['has no one to talk to', process.env['PATH'], /Failed to notify init system: No such file or directory/],
  ['is missing', directory, /no such file or directory/],
] as const) {
  test(`when systemd-notify ${what}, one warning says so`, async () => {
    const warnings: string[] = [];
    const watch = new Watch(() => warnings.join('\n'));
    const warn = (message: string): void => {
      warnings.push(message);
      watch.changed();
    };
    const before = process.env['PATH'];
    process.env['PATH'] = path;
    try {
      tellAll(serviceManager({ NOTIFY_SOCKET: address }, { warn, datagrams: withoutKoffi }));
      await watch.until('a warning', () => warnings.length > 0);
    } finally {
      process.env['PATH'] = before;
    }
    assert.match(
      warnings.join('\n'),
      /^unable to notify \S+: not by ourselves \(no koffi\) and not by systemd-notify \(/,
    );
    assert.match(warnings.join('\n'), reason);
  });
}

/** Starts the script that prints, with its stdin and stderr for us; it does so when `say` is called. */
const printing = (...under: readonly string[]) => {
  const command: readonly string[] = [...under, process.execPath, '--import', 'tsx', besides('print-bound.ts'), '443'];
  const [program = '', ...args] = command;
  const child: ChildProcess = spawn(program, args, { stdio: 'pipe' });
  undoLater(() => child.kill('SIGKILL'));
  let [stdout, stderr] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return {
    child,
    printed: () => stdout,
    say: () => child.stdin?.write('now\n'),
    /** Ends the script, and gives what it has told on stderr. */
    ends: async (): Promise<string> => {
      const closed = once(child, 'close');
      child.stdin?.end();
      assert.equal(await within('the end', closed), [0, null]);
      return stderr;
    },
  };
};

test('the port is printed, and whoever reads it sees the end while we go on', async () => {
  const { child, printed, say, ends } = printing();
  const end = once(child.stdout ?? child, 'end');
  say();
  await within('the end of fd 1', end);
  assert.is(printed(), '443\n');
  assert.is(child.exitCode, null);
  assert.is(await ends(), 'fd 1 is /dev/null\n');
});

test('a reader that has gone is no reason to end, or to warn', async () => {
  const { child, say, ends } = printing();
  const gone = once(child.stdout ?? child, 'close');
  child.stdout?.destroy();
  await gone;
  say();
  assert.is(await ends(), 'fd 1 is /dev/null\n');
});

test('a port that cannot be printed is worth a warning', async () => {
  const { say, ends } = printing('sh', '-c', 'exec "$@" > /dev/full', 'sh');
  say();
  assert.is(await ends(), 'warning: unable to print the port: no space left on device\nfd 1 is /dev/null\n');
});

test.run();
