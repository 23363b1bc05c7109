import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { benchmark, MEASUREMENTS } from '../../bench/benchmark.ts';
import type { Contender } from '../../bench/contender.ts';
import { CONTENDERS } from '../../bench/contenders.ts';
import { AT_A_TIME, type Plan } from '../../bench/plan.ts';
import { BARE_NODE } from '../../bench/results.ts';
import { TABLES } from '../../bench/tables/tables.ts';
import { whereIs } from '../../bench/where-is.ts';
import { installed } from '../support/live-skips.ts';
import { naively } from './support/naively.ts';

const PLAN: Plan = {
  bytes: 2 ** 20,
  rounds: 1,
  bulkRounds: 1,
  otherBulkRounds: 0,
  sequential: 2,
  parallel: AT_A_TIME,
  trips: 2,
  starts: 1,
  startRounds: 1,
  stalledRounds: 1,
  stall: 0.1,
  held: 3,
  heldRounds: 1,
  warmUp: 2,
  inARow: 20,
  inARowOfOthers: 10,
  silent: 2,
  trickling: 1,
  besideStalled: 2,
  stalledHandshakeRounds: 1,
  cutAfter: 400,
  cipherSeconds: 1,
};

/** Says less than it should, and ends. */
const CUTTER = naively('cutter', (task) =>
  task === 'echo' ? ['head', '-c', '3'] : ['sh', '-c', 'echo ready; read -r _; head -c 1000 /dev/zero'],
);

const ABSENT: Contender = { ...CUTTER, id: 'absent', label: 'absent', programs: ['a program that nobody has'] };

const here = ['tcpserver', 'python3', 'openssl'].every((tool) => installed(tool, 'the benchmark'));

if (here) {
  test('every contender that is there answers, and who is not there is named', async () => {
    const results = await benchmark([...CONTENDERS, ABSENT], PLAN, ['startup', 'echo'], () => undefined);
    const lacking = CONTENDERS.filter(({ programs }) => programs.some((program) => whereIs(program).length === 0));
    assert.equal(
      results.contenders.filter(({ missing }) => missing !== undefined).map(({ id }) => id),
      [...lacking.map(({ id }) => id), 'absent'],
    );
    const there = results.contenders.filter(({ missing }) => missing === undefined);
    assert.equal(
      results.echo.map(({ contender, lost, microseconds }) => [contender, lost, microseconds.length]),
      there.map(({ id }) => [id, {}, PLAN.trips]),
    );
    assert.equal(
      results.startup.map(({ contender, lost, milliseconds }) => [contender, lost, milliseconds.length]),
      [BARE_NODE, ...there.filter(({ perConnection }) => perConnection).map(({ id }) => id)].map((id) => [
        id,
        {},
        PLAN.starts,
      ]),
    );
    assert.match(TABLES['echo']?.(results) ?? '', '| absent | not on this machine |');
  });

  test('what is measured has as many samples as were planned; answers cut short are counted, and have no times', async () => {
    const few = CONTENDERS.filter(({ id }) => ['s6-tlsd', 's_server', 'plain'].includes(id));
    const results = await benchmark([...few, CUTTER], PLAN, MEASUREMENTS, () => undefined);
    const { connections, echo, bulk, stalled, bareNode, ciphers } = results;
    const of = <Found extends { contender: string }>(found: readonly Found[], id: string): readonly Found[] =>
      found.filter(({ contender }) => contender === id);

    for (const { id } of few) {
      assert.equal(
        of(connections, id).map(({ atATime, lost, milliseconds, perSecond }) => [
          atATime,
          lost,
          milliseconds.length,
          perSecond.length,
        ]),
        [
          [1, {}, PLAN.sequential, 1],
          [AT_A_TIME, {}, PLAN.parallel, 1],
        ],
      );
      for (const found of [of(bulk, id), of(stalled, id)]) {
        const directions = id === 's_server' ? ['down'] : ['down', 'up'];
        assert.equal(
          found.map(({ direction, lost, runs }) => [direction, lost, runs.length]),
          directions.map((direction) => [direction, {}, 1]),
        );
        for (const run of found.flatMap(({ runs }) => runs)) {
          assert.ok(run.megabytesPerSecond > 0 && run.clientCpu >= 0 && run.cpuPerGiB >= 0, JSON.stringify(run));
          assert.ok(run.peakMiB >= run.idleMiB && run.idleMiB > 0.5, JSON.stringify(run));
        }
      }
    }
    assert.ok(bareNode.length === 1 && bareNode.every(({ idleMiB }) => idleMiB > 10));
    assert.equal(
      ciphers.map(({ megabytesPerSecond }) => megabytesPerSecond > 10),
      [true, true, true],
    );

    const cut = 'the answer ended after 3 of 32 bytes';
    assert.equal(
      of(connections, 'cutter').map(({ lost, milliseconds, perSecond }) => ({ lost, milliseconds, perSecond })),
      [PLAN.sequential, PLAN.parallel].map((count) => ({ lost: { [cut]: count }, milliseconds: [], perSecond: [] })),
    );
    assert.equal(of(echo, 'cutter'), [{ contender: 'cutter', lost: { [cut]: 1 }, microseconds: [] }]);
    assert.equal(
      of(bulk, 'cutter').map(({ runs }) => runs),
      [[], []],
    );
    assert.equal(of(bulk, 'cutter')[0]?.lost, { [`the answer ended ${PLAN.bytes - 1000} bytes early`]: 1 });

    for (const [name, table] of Object.entries(TABLES))
      assert.not.match(table(results), /NaN|undefined|Infinity/, name);
    assert.match(TABLES['bulk']?.(results) ?? '', '| cutter | – | – | –, – | 2 | – | – |');
    assert.match(TABLES['connections']?.(results) ?? '', cut);
  });
}

test.run();
