import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { holdLauncher } from '../../../src/prog/launcher.ts';
import { skip } from '../../support/live-skips.ts';
import { openFds, order, PATH, until, within } from './support.ts';

const LAUNCHER = fileURLToPath(new URL('../../../bin/launcher.ts', import.meta.url));
const ENGINE = fileURLToPath(new URL('../../fixtures/progs/engine.ts', import.meta.url));
const BARE = { PATH, NODE_OPTIONS: '' };

/** A launcher with the test in the place of the engine. */
const held = (argv: readonly string[], environment: Readonly<Record<string, string>> = { PATH }) => {
  const launcher: ChildProcess = spawn(process.execPath, [...process.execArgv, LAUNCHER, ...argv], {
    env: environment,
    stdio: ['ignore', 'ignore', 'inherit', 'pipe', 'pipe', 'pipe'],
  });
  const [, , , channel, stdin, stdout] = launcher.stdio as unknown as [null, null, null, Duplex, Duplex, Readable];
  for (const stream of [channel, stdin, stdout]) stream.on('error', () => undefined);
  const exit = once(launcher, 'exit') as Promise<[number | null, string | null]>;
  return {
    launcher,
    channel,
    stdin,
    output: text(stdout),
    // A launcher that leaves without having read everything resets the channel.
    reports: text(channel).catch(() => ''),
    stdout,
    exit: () => within('the launcher to exit', exit),
  };
};

const START = '{"start":{}}\n';

const REFUSED: Readonly<Record<string, string>> = {
  'no JSON': 'start\n',
  'an empty line': '\n',
  'a list': '["start"]\n',
  null: 'null\n',
  'an empty message': '{}\n',
  'two messages in one': '{"start":{},"signal":"SIGTERM"}\n',
  'an unknown message': '{"argv":["id"]}\n',
  'a signal before start': '{"signal":"SIGTERM"}\n',
  'variables that are no record': '{"start":["SSL_PROTOCOL"]}\n',
  'no variables': '{"start":null}\n',
  'a sixth variable': '{"start":{"LD_PRELOAD":"/tmp/x.so"}}\n',
  'a prototype': '{"start":{"__proto__":{"PATH":"/tmp"}}}\n',
  'a number': '{"start":{"SSL_PROTOCOL":1}}\n',
  'a newline': '{"start":{"SSL_PROTOCOL":"a\\nb"}}\n',
  'a NUL': '{"start":{"SSL_PROTOCOL":"a\\u0000PATH=/tmp"}}\n',
  'a letter that is not ASCII': '{"start":{"SSL_PROTOCOL":"é"}}\n',
  'a value that is too long': `{"start":{"SSL_PROTOCOL":"${'a'.repeat(8193)}"}}\n`,
  'a line that is too long': `${' '.repeat(100_000)}${START}`,
  'a message of Node’s own': '{"cmd":"NODE_HANDLE","type":"net.Socket"}\n',
};

for (const [what, message] of Object.entries(REFUSED)) {
  test(`${what}, from an engine that was taken over: 111, and prog is not run`, async () => {
    const { channel, exit, output, reports } = held(['sh', '-c', 'echo started']);
    channel.write(message + START);
    assert.equal(await exit(), [111, null]);
    assert.is(await output, '');
    assert.is(await reports, '');
  });
}

test('a line without an end is not waited for', async () => {
  const { channel, exit, output } = held(['sh', '-c', 'echo started']);
  channel.write(' '.repeat(1_000_000));
  assert.equal(await exit(), [111, null]);
  assert.is(await output, '');
});

test('the engine that leaves before start takes the launcher with it, quietly, and prog is not run', async () => {
  const { channel, exit, output } = held(['sh', '-c', 'echo started']);
  channel.end();
  assert.equal(await exit(), [0, null]);
  assert.is(await output, '');
});

test('the engine that leaves half a message behind has not said it', async () => {
  const { channel, exit, output } = held(['sh', '-c', 'echo started']);
  channel.end(START.trimEnd());
  assert.equal(await exit(), [0, null]);
  assert.is(await output, '');
});

test('the engine that leaves after start leaves prog alone; the launcher waits for it', async () => {
  const { channel, exit, output, stdin, launcher } = held(['sh', '-c', 'read line; echo "still here, $line"']);
  channel.end(START);
  await within('the end of the channel', once(channel, 'close'));
  assert.is(launcher.exitCode, null);
  stdin.write('you\n');
  assert.is(await within('output', output), 'still here, you\n');
  assert.equal(await exit(), [0, null]);
});

for (const [what, message] of Object.entries({
  'a second start': START,
  nonsense: 'x\n',
  'another signal': '{"signal":"SIGKILL"}\n',
})) {
  test(`${what} while prog runs ends the conversation, and prog is left alone`, async () => {
    const { channel, exit, output, stdin } = held(['sh', '-c', 'read line; echo "still here, $line"']);
    channel.write(START + message + '{"signal":"SIGTERM"}\n');
    await within('the end of the channel', once(channel, 'close'));
    stdin.write('you\n');
    assert.is(await within('output', output), 'still here, you\n');
    assert.equal(await exit(), [0, null]);
  });
}

test('what is said: start with five variables, signals; what is answered: how prog ended', async () => {
  const environment = { PATH, SSL_CIPHER: 'inherited', OTHER: 'kept' };
  const { channel, exit, output, reports } = held(
    ['sh', '-c', 'env | grep -E "^(SSL_|OTHER)" | sort; exec sleep 60'],
    environment,
  );
  channel.write('{"start":{"SSL_PROTOCOL":"TLSv1.3","SSL_CIPHER":"a \\"b\\""}}\n');
  channel.write('{"signal":"SIGHUP"}\n');
  assert.equal(await exit(), [0, null]);
  assert.is(await reports, '{"ended":{"signal":1}}\n');
  assert.ok(['', 'OTHER=kept\nSSL_CIPHER=a "b"\nSSL_PROTOCOL=TLSv1.3\n'].includes(await output));
});

test('a signal to the whole process group leaves the launcher at its work', async () => {
  const { channel, exit, output, reports, launcher, stdin, stdout } = held([
    'sh',
    '-c',
    'trap "" TERM INT HUP; echo $PPID; read line; exit 7',
  ]);
  channel.write(START);
  assert.ok(launcher.pid);
  await within('prog to run', once(stdout, 'data'));
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.kill(launcher.pid, signal);
  stdin.end();
  assert.equal(await exit(), [0, null]);
  assert.is(await reports, '{"ended":{"code":7}}\n');
  assert.is(await output, `${String(launcher.pid)}\n`);
});

const LAUNCHER_GONE = 'unable to run sh: the launcher has gone';

for (const known of [false, true]) {
  test(`a launcher that is gone before start is a failed system call, 111, ${known ? 'when' : 'before'} we know`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'launcher-'));
    const script = join(folder, 'launcher.cjs');
    writeFileSync(script, 'process.exit(3)');
    try {
      const launcher = holdLauncher({ argv: ['sh'], environment: BARE, script });
      const before = openFds();
      if (known) {
        await until('the end of the channel', () => openFds() < before);
        // The descriptor goes first; that it went is told in the same turn of the event loop.
        await new Promise((resolve) => setTimeout(resolve));
      }
      const prog = order(['sh'], { launcher });
      prog.start();
      assert.equal(await prog.exit(), { code: 111 });
      assert.equal(prog.warnings, [LAUNCHER_GONE]);
      assert.is(await prog.output(), '');
      prog.say('hello');
      assert.equal((await prog.stdinGone()).length, 1);
      prog.connection.unsubscribe();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

test('a launcher that is killed while prog runs is a failed system call, 111', async () => {
  const prog = order(['sh', '-c', 'echo $PPID.; read line'], { launched: true });
  prog.start();
  await prog.said('.');
  process.kill(Number.parseInt(prog.text(), 10), 'SIGKILL');
  assert.equal(await prog.exit(), { code: 111 });
  assert.equal(prog.warnings, [LAUNCHER_GONE]);
  prog.connection.unsubscribe();
});

const asRoot = (title: string, body: () => void): void => {
  if (process.getuid?.() === 0) test(title, body);
  else skip(`${title}: only root can try`);
};

const engine = (...args: readonly string[]): Record<string, unknown> => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [...process.execArgv, ENGINE, ...args], {
    env: BARE,
    encoding: 'utf8',
    timeout: 30_000,
  });
  assert.is(status, 0, stderr);
  return { ...(JSON.parse(stdout) as Record<string, unknown>), stderr };
};

asRoot('the engine is nobody, prog is root, has the variables of the handshake, and can be signalled', () => {
  const script =
    'id -u; id -G; echo "$KEPT $SSL_PROTOCOL $SSL_TLS_SNI_SERVERNAME ${#SSL_PEER_CERT_SUBJECT}"; test -p /dev/stdin && echo pipe; echo ready; exec sleep 60';
  assert.equal(engine('65534', 'sh', '-c', script), {
    text: `0\n${process.getgroups?.().join(' ') ?? ''}\nyes TLSv1.3  8190\npipe\nready\n`,
    status: { signal: 15 },
    messages: [],
    uid: 65534,
    stderr: '',
  });
});

asRoot('a prog that the launcher cannot run is told like any other', () => {
  const { status, messages, text: output } = engine('65534', '/etc');
  assert.equal(
    { status, messages, output },
    { status: { code: 126 }, messages: ['unable to run /etc: permission denied'], output: '' },
  );
});

test('nothing keeps the engine alive once prog has gone', () => {
  assert.equal(engine('-', 'sh', '-c', 'exit 9')['status'], { code: 9 });
});

test('the bundle runs prog behind real pipes and finds its launcher next to it', async () => {
  const { build } = await import('esbuild');
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  const outdir = mkdtempSync(join(root, 'node_modules', '.bundle-test-'));
  const elsewhere = mkdtempSync(join(tmpdir(), 'bundle-'));
  try {
    await build({
      entryPoints: { engine: ENGINE, launcher: LAUNCHER },
      outdir,
      outExtension: { '.js': '.cjs' },
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      external: ['koffi', '@koromix/*'],
      logOverride: { 'empty-import-meta': 'silent' },
    });
    for (const uid of process.getuid?.() === 0 ? ['-', '65534'] : ['-']) {
      const { stdout, stderr } = spawnSync(
        process.execPath,
        [join(outdir, 'engine.cjs'), uid, 'sh', '-c', 'test -p /dev/stdin && echo pipe'],
        { env: BARE, encoding: 'utf8', timeout: 30_000, cwd: '/' },
      );
      assert.match(stdout, '"text":"pipe\\n"', stderr);
      assert.match(stdout, '"messages":[]');
    }
    // Without koffi within reach it works all the same, and says what prog did not get.
    cpSync(outdir, elsewhere, { recursive: true });
    const { stdout } = spawnSync(
      process.execPath,
      [join(elsewhere, 'engine.cjs'), '-', 'sh', '-c', 'test -S /dev/stdin && echo socket'],
      { env: BARE, encoding: 'utf8', timeout: 30_000, cwd: '/' },
    );
    assert.match(stdout, '"text":"socket\\n"');
    assert.match(stdout, "prog gets unix sockets instead of pipes: Cannot find module 'koffi'");
    // The launcher is what stays root: it has no business with streams, TLS or the network.
    assert.not.match(
      readFileSync(join(outdir, 'launcher.cjs'), 'utf8'),
      /require\("(node:)?(tls|http|https|dgram)"\)|rxjs/,
    );
  } finally {
    for (const folder of [outdir, elsewhere]) rmSync(folder, { recursive: true });
  }
});

test.run();
