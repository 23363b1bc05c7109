import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeBed } from '../../bench/bed.ts';
import { client } from '../../bench/client/client.ts';
import type { Contender } from '../../bench/contender.ts';
import { CONTENDERS } from '../../bench/contenders.ts';
import { measureHeld } from '../../bench/measure/held.ts';
import { measureInARow } from '../../bench/measure/in-a-row.ts';
import type { Stage } from '../../bench/measure/stage.ts';
import { measureStalledHandshakes } from '../../bench/measure/stalled-handshakes.ts';
import { QUICK } from '../../bench/plan.ts';
import { connectionsOn } from '../../bench/processes.ts';
import { withServers, type Server } from '../../bench/server.ts';
import { USUAL } from '../../bench/suites.ts';
import { descriptorsLeft, kibibytesEach } from '../../bench/tables/resident.ts';
import { installed } from '../support/live-skips.ts';

/** Sends back what it gets. For each connection it keeps a mebibyte while it lasts, and a descriptor for ever. */
const LEAKY = `
const { openSync, readFileSync } = require('node:fs');
const { createServer } = require('node:tls');
const [key, cert] = [readFileSync(process.env.KEYFILE), readFileSync(process.env.CERTFILE)];
const [port, handshakeTimeout] = process.argv.slice(1).map(Number);
const server = createServer({ key, cert, handshakeTimeout, allowHalfOpen: true }, (tls) => {
  openSync('/dev/null');
  tls.kept = Buffer.alloc(2 ** 20, 1);
  tls.on('error', () => undefined);
  tls.pipe(tls);
});
server.on('tlsClientError', (_, tls) => tls.destroy());
server.listen(port, '127.0.0.1');
`;

const leaky = (milliseconds = 60_000): Contender => ({
  ...{ id: 'leaky', label: 'leaky', about: 'a server with faults', programs: [], tls: true, resident: true },
  impatient: leaky,
  listen: (_, __, { port }) => [process.execPath, '-e', LEAKY, String(port), String(milliseconds)],
});

const PLAN = {
  ...QUICK,
  ...{ held: 20, warmUp: 2, inARowOfOthers: 20, silent: 2, trickling: 1, besideStalled: 2, cutAfter: 1200 },
};

if (installed('python3', "the benchmark's client")) {
  const stage = (): Stage => ({ bed: makeBed(), plan: PLAN, contenders: [leaky(), ...OTHERS], say: () => undefined });

  test('the memory of connections that are open is seen while they are', async () => {
    const [result, ...others] = await measureHeld(stage());
    assert.equal([result?.contender, result?.lost, others], ['leaky', {}, []]);
    const [run] = result?.runs ?? [];
    assert.ok(run);
    assert.is(run.open, PLAN.held);
    const each = kibibytesEach(run);
    assert.ok(each > 1000 && each < 2000, `${each} KiB each`);
  });

  test('descriptors that stay are counted', async () => {
    const [result] = await measureInARow(stage());
    assert.ok(result);
    assert.equal(result.lost, {});
    assert.is(descriptorsLeft(result), PLAN.inARowOfOthers);
    assert.equal(
      result.checkpoints.map(({ connections }) => connections),
      [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20],
    );
  });

  test('handshakes stall while connections are measured, and it is seen when they are cut', async () => {
    const [result] = await measureStalledHandshakes(stage());
    assert.ok(result);
    const { lost, without, beside, silentCut, tricklingCut, limited } = result;
    assert.equal([lost, without.length, beside.length, limited], [{}, PLAN.besideStalled, PLAN.besideStalled, true]);
    assert.equal([silentCut.length, tricklingCut.length], [PLAN.silent, PLAN.trickling]);
    for (const seconds of [...silentCut, ...tricklingCut])
      assert.ok(seconds > 1.1 && seconds < 3, `cut after ${seconds} s`);
  });

  test('who is not cut is not said to be, and is there as long as the driver wants', async () => {
    const bed = makeBed();
    await withServers([leaky()], 'echo', bed, async (servers) => {
      const [server] = servers as [Server];
      const there: number[] = [];
      const order = { silent: 2, trickling: 1, patience: 0.1 };
      const cut = await client('stall', order, bed, { server, suite: USUAL }, async (state) => {
        // Longer than its patience: another client comes and goes.
        const line = { request: 'a line\n', answer: 'a line\n' };
        await client('connections', { count: 1, at_a_time: 1, warm_up: 0, patience: 5, ...line }, bed, {
          server,
          suite: USUAL,
        });
        assert.is(state, 'stalled');
        there.push(connectionsOn(server.port));
      });
      assert.equal(cut, { silent: [], trickling: [] });
      assert.ok((there[0] ?? 0) >= 3, `${there.join()} connections`);
    });
  });
}

/** They have no server that has many connections at once. */
const OTHERS = CONTENDERS.filter(({ id }) => ['s_server', 'plain'].includes(id));

test.run();
