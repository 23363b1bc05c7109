// Where the milliseconds of one connection go, phase by phase: medians of RUNS connections (30 if not set) to `cat`, TLS 1.3, in turn with
// bare node. `npm run build` first. The points are noted from outside (scripts/profile-startup/preload.ts), which takes time of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { median } from '../bench/statistics.ts';
import { selfSigned } from './code-cache/certificate.ts';
import { POINTS, type Point } from './profile-startup/points.ts';

const RUNS = Number(process.env['RUNS'] ?? 30);
const PROGRAM = fileURLToPath(new URL('../dist/s6-tlsd.cjs', import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'marble-tls-'));
const [preload, told, empty] = [join(folder, 'preload.cjs'), join(folder, 'told'), join(folder, 'empty.cjs')];
const [KEYFILE, CERTFILE] = [join(folder, 'key'), join(folder, 'certificate')];
// Nothing that makes every node slower, such as NODE_EXTRA_CA_CERTS.
const env = { PATH: process.env['PATH'], KEYFILE, CERTFILE, PROFILE_STARTUP: told };
const now = (): number => performance.timeOrigin + performance.now();

/** One connection; the milliseconds since exec at each point. */
async function connection(): Promise<Readonly<Record<Point, number>>> {
  const listener = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const peer = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
  const [accepted] = (await once(listener, 'connection')) as [Socket];
  const exec = now();
  const child = spawn(process.execPath, ['--require', preload, PROGRAM, '-S', 'cat'], {
    stdio: [accepted, accepted, 'inherit'],
    env,
  });
  const exited = once(child, 'exit');
  accepted.destroy();
  listener.close();
  peer.write('hello\n');
  peer.once('data', () => peer.end());
  const [code] = (await exited) as [number | null];
  if (code !== 0) throw new Error(`s6-tlsd ended with ${String(code)}`);
  peer.destroy();
  const points = JSON.parse(readFileSync(told, 'utf8')) as Record<Point, number>;
  return Object.fromEntries(Object.entries(points).map(([point, at]) => [point, at - exec])) as Record<Point, number>;
}

/** Milliseconds that node takes for an empty file, from exec to exit. */
async function bareNode(): Promise<number> {
  const exec = now();
  await once(spawn(process.execPath, [empty], { stdio: 'ignore', env }), 'exit');
  return now() - exec;
}

try {
  const { key, certificate } = selfSigned();
  writeFileSync(KEYFILE, key, { mode: 0o600 });
  writeFileSync(CERTFILE, certificate);
  writeFileSync(empty, '');
  const source = fileURLToPath(new URL('profile-startup/preload.ts', import.meta.url));
  await build({
    entryPoints: [source],
    outfile: preload,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'warning',
  });

  const runs: Readonly<Record<Point, number>>[] = [];
  const bare: number[] = [];
  for (let run = -1; run < RUNS; run += 1) {
    const [points, alone] = [await connection(), await bareNode()];
    if (run < 0) continue; // The first ones find nothing in the caches.
    runs.push(points);
    bare.push(alone);
  }

  process.stdout.write(`   ms  since exec   what (medians of ${String(RUNS)} connections)\n`);
  let before: Point | undefined;
  for (const point of Object.keys(POINTS) as Point[]) {
    const since = median(runs.map((points) => points[point]));
    const took = median(runs.map((points) => points[point] - (before === undefined ? 0 : points[before])));
    const mark = point === 'serverHello' ? '   <- first byte to the peer' : '';
    process.stdout.write(
      `${took.toFixed(1).padStart(5)}  ${since.toFixed(1).padStart(10)}   ${POINTS[point]}${mark}\n`,
    );
    before = point;
  }
  process.stdout.write(`\n${median(bare).toFixed(1).padStart(5)}  bare node, from exec to exit, in the same run\n`);
} finally {
  rmSync(folder, { recursive: true });
}
