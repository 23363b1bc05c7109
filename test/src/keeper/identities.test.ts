import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { helperProgram } from '../../../src/prog/helper-program.ts';
import { installed, skip } from '../../support/live-skips.ts';
import { until } from '../prog/support.ts';

const ENGINE = fileURLToPath(new URL('engine.ts', import.meta.url));
const SOURCES: readonly string[] = [process.execPath, ...process.execArgv, ENGINE];
/** Root with supplementary groups: gone for another user, kept for the same. */
const UNDER: readonly string[] = ['setpriv', '--groups', '1,2,3', '--'];

const engine = (args: readonly string[], command: readonly string[] = SOURCES): Record<string, unknown> => {
  const [program = '', ...rest] = [...UNDER, ...command, ...args];
  const { stdout, stderr, status } = spawnSync(program, rest, {
    env: { PATH: process.env['PATH'] ?? '' },
    encoding: 'utf8',
    timeout: 30_000,
  });
  assert.is(status, 0, stderr);
  return { ...(JSON.parse(stdout) as Record<string, unknown>), stderr };
};

const WHO = 'grep -E "^(Uid|Gid|Groups|CapEff)" /proc/self/status; echo ready; exec sleep 60';
const four = (id: number): string => Array<number>(4).fill(id).join('\t');
const NONE = '0'.repeat(16);

if (process.getuid?.() !== 0) skip('identities of engine and prog: this needs root');
else if (installed('setpriv', 'identities of engine and prog')) {
  test('engine and prog are different users, prog has no supplementary groups, and can be signalled', () => {
    assert.equal(engine(['65534', '65432', 'sh', '-c', WHO]), {
      output: `Uid:\t${four(65_432)}\nGid:\t${four(65_432)}\nGroups:\t \nCapEff:\t${NONE}\nready\n`,
      status: { signal: 15 },
      warnings: [],
      lost: [],
      uid: 65_534,
      stderr: '',
    });
  });

  test('without an identity of its own prog is who started us, groups included', () => {
    const { output } = engine(['65534', '-', 'sh', '-c', WHO]) as unknown as { output: string };
    assert.match(output, `Uid:\t${four(0)}\nGid:\t${four(0)}\nGroups:\t1 2 3 \n`);
  });

  test('the upper half of the numbers of users can be used', () => {
    const { output } = engine(['65534', '4294967294', 'sh', '-c', WHO]) as unknown as { output: string };
    assert.match(output, `Uid:\t${four(4_294_967_294)}\nGid:\t${four(4_294_967_294)}\nGroups:\t \n`);
  });

  test('the keeper leaves when the engine is killed, and holds nothing but its channel and stderr', async () => {
    const script = 'for f in /proc/$PPID/fd/*; do readlink $f; done; echo $PPID; kill -9 $(ps -o ppid= -p $PPID)';
    const { stdout } = spawnSync(
      'sh',
      [
        '-c',
        `exec 9</etc/passwd; exec "$@" </dev/null 2>&1 | cat`,
        'sh',
        ...SOURCES,
        '65534',
        '-',
        'sh',
        '-c',
        `exec >&2; ${script}`,
      ],
      { env: { PATH: process.env['PATH'] ?? '' }, encoding: 'utf8', timeout: 30_000 },
    );
    const lines = stdout.trim().split('\n');
    const pid = lines.find((line) => /^\d+$/.test(line)) ?? '';
    assert.match(pid, /^\d+$/, stdout);
    assert.match(stdout, /^socket:/m);
    assert.not.match(stdout, /passwd/);
    await until('the keeper to leave', () => !existsSync(`/proc/${pid}`));
  });

  test('the bundle finds its keeper next to it, which knows nothing of streams, TLS or the network', async () => {
    const { build } = await import('esbuild');
    const root = fileURLToPath(new URL('../../../', import.meta.url));
    const outdir = mkdtempSync(join(root, 'node_modules', '.bundle-test-'));
    const elsewhere = mkdtempSync(join(tmpdir(), 'bundle-'));
    try {
      await build({
        entryPoints: { engine: ENGINE, keeper: helperProgram('keeper') },
        outdir,
        outExtension: { '.js': '.cjs' },
        bundle: true,
        platform: 'node',
        target: 'node20',
        format: 'cjs',
        external: ['koffi', '@koromix/*'],
        logOverride: { 'empty-import-meta': 'silent' },
      });
      const { output } = engine(
        ['65534', '65432', 'sh', '-c', WHO],
        [process.execPath, join(outdir, 'engine.cjs')],
      ) as {
        output?: unknown;
      };
      assert.match(String(output), `Uid:\t${four(65_432)}\n`);
      cpSync(outdir, elsewhere, { recursive: true });
      const without = engine(['65534', '-', 'true'], [process.execPath, join(elsewhere, 'engine.cjs')]);
      assert.equal(without['status'], { code: 111 });
      assert.equal(without['warnings'], ["unable to run true: no pipes: Cannot find module 'koffi'"]);
      assert.not.match(
        readFileSync(join(outdir, 'keeper.cjs'), 'utf8'),
        /require\("(node:)?(tls|https?|dgram)"\)|rxjs/,
      );
    } finally {
      for (const folder of [outdir, elsewhere]) rmSync(folder, { recursive: true });
    }
  });
}

test.run();
