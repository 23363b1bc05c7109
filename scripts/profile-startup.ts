// Where the milliseconds of one connection go, phase by phase: medians of RUNS connections (30 if not set) to `cat`, TLS 1.3, in turn with
// bare node. `npm run build` first. The points are noted from outside (scripts/profile-startup/preload.ts), which takes time of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { median } from '../bench/statistics.ts';
import { converse, withIdentity } from './code-cache/converse.ts';
import { POINTS, type Point } from './profile-startup/points.ts';

const RUNS = Number(process.env['RUNS'] ?? 30);
const PROGRAM = fileURLToPath(new URL('../dist/s6-tlsd.cjs', import.meta.url));

const now = (): number => performance.timeOrigin + performance.now();

await withIdentity(async (identity, folder) => {
  const [preload, told, empty] = [join(folder, 'preload.cjs'), join(folder, 'told'), join(folder, 'empty.cjs')];
  // Nothing that makes every node slower, such as NODE_EXTRA_CA_CERTS.
  const env = { PATH: process.env['PATH'], ...identity, PROFILE_STARTUP: told };
  writeFileSync(empty, '');
  const source = fileURLToPath(new URL('profile-startup/preload.ts', import.meta.url));
  await build({
    ...{ entryPoints: [source], outfile: preload, bundle: true, platform: 'node', format: 'cjs' },
    logLevel: 'warning',
  });

  /** One connection; the milliseconds since exec at each point. */
  const connection = async (): Promise<Readonly<Record<Point, number>>> => {
    const exec = await converse(['--require', preload, PROGRAM, '-S', 'cat'], env);
    const points = Object.entries(JSON.parse(readFileSync(told, 'utf8')) as Record<Point, number>);
    return Object.fromEntries(points.map(([point, at]) => [point, at - exec])) as Record<Point, number>;
  };

  /** Milliseconds that node takes for an empty file, from exec to exit. */
  const bareNode = async (): Promise<number> => {
    const exec = now();
    await once(spawn(process.execPath, [empty], { stdio: 'ignore', env }), 'exit');
    return now() - exec;
  };

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
});
