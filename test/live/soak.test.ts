import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { hunt, problemsOf } from '../soak/hunt.ts';
import { PROGRAMS, type ProgramName } from '../soak/programs.ts';
import { report } from '../soak/report.ts';
import { Switchboard } from '../soak/switchboard.ts';
import type { Schedule } from '../soak/words.ts';

// The reliability run, short: the same schedules every time, and others each time. `npm run soak` is the long one.

const folder = mkdtempSync(join(tmpdir(), 'marble-tls-live-soak-'));
const switchboard = await Switchboard.open();
test.after(() => switchboard.close());

/** Plays schedules of `seed` for so many seconds at most. */
const soak = async (program: ProgramName, seed: number, { runs, seconds }: { runs: number; seconds: number }) => {
  const host = PROGRAMS[program](switchboard);
  let connections = 0;
  try {
    const until = Date.now() + seconds * 1000;
    const met = (): void => void (connections += 1);
    const finding = await hunt({ host, seed, runs, until, trace: join(folder, `${program}.trace`), met });
    if (finding !== undefined) assert.unreachable(await report(finding, { program, host, folder }));
  } finally {
    await host.stop();
  }
  assert.ok(connections > 0, 'no connection came to its end');
};

const FIXED = 20_261_123;
const random = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
process.stderr.write(`soak.test.ts: SEED=${String(random)}\n`);

for (const program of Object.keys(PROGRAMS) as ProgramName[]) {
  test(`${program}: the schedules of a fixed seed`, () => soak(program, FIXED, { runs: 30, seconds: 8 }));
  test(`${program}: the schedules of a new seed`, () => soak(program, random, { runs: 1000, seconds: 4 }));

  // Who has read a FIN reads no more, and does not hear of the reset; and Node takes ENOTCONN of shutdown(2) for success.
  test(`${program}: -s, FIN and then RST before our own ending are no success`, async () => {
    const host = PROGRAMS[program](switchboard);
    try {
      assert.equal(await problemsOf(FIN_THEN_RST, { host, trace: join(folder, 'reset.trace') }), []);
    } finally {
      await host.stop();
    }
  });
}

const FIN_THEN_RST: Schedule = {
  protocol: 'TLSv1.3',
  policy: 's',
  requireCloseNotify: false,
  idleTimeout: 0,
  wiring: 'tcp',
  traced: true,
  ignoresSigpipe: false,
  handshake: 'finished',
  steps: [
    { does: 'prog writes', bytes: 100, awaited: true },
    { does: 'peer hears all', awaited: true },
    { does: 'peer sends FIN', awaited: true },
    { does: 'peer resets', awaited: true },
  ],
  conclusion: { first: 'peer', progReadsToEof: false, code: 0, peerBy: 'FIN' },
};

test.after(() => rmSync(folder, { recursive: true }));
test.run();
