import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { POINTS } from '../../scripts/profile-startup/points.ts';

test('npm run profile:startup shows every phase, one after the other', () => {
  const script = fileURLToPath(new URL('../../scripts/profile-startup.ts', import.meta.url));
  const environment = { ...process.env, RUNS: '2' };
  const printed = execFileSync(process.execPath, ['--import', 'tsx', script], { encoding: 'utf8', env: environment });
  const [, ...lines] = printed.trimEnd().split('\n');
  const phases = lines
    .map((line) => /^ *(-?[\d.]+) +(-?[\d.]+) {3}(.+?)(?: {3}<- .*)?$/.exec(line))
    .filter((match) => match !== null)
    .map(([, took, since, what]) => ({ took: Number(took), since: Number(since), what }));
  assert.equal(
    phases.map(({ what }) => what),
    Object.values(POINTS),
  );
  phases.forEach(({ took, since, what }, index) => {
    assert.ok(took >= 0 && since >= (phases[index - 1]?.since ?? 1), `${String(what)}: ${took}, ${since}`);
  });
  assert.match(lines.at(-1) ?? '', /^ *[\d.]+ {2}bare node/);
});

test.run();
