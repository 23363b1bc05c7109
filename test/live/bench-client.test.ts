import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeBed, type Bed } from '../../bench/bed.ts';
import { client } from '../../bench/client/client.ts';
import { CONTENDERS } from '../../bench/contenders.ts';
import { talkOf } from '../../bench/measure/carry.ts';
import { terminators, withServers, type Server } from '../../bench/server.ts';
import { SUITES, USUAL, type Suite } from '../../bench/suites.ts';
import { whereIs } from '../../bench/where-is.ts';
import { installed } from '../support/live-skips.ts';
import { naively } from './support/naively.ts';

const here = ['tcpserver', 'python3', 'openssl'].every((tool) => installed(tool, "the benchmark's client"));

if (here) {
  test('of the processes of a contender, the one that holds the connection counts as the terminator', async () => {
    const there = CONTENDERS.filter(
      ({ tls, programs }) => tls && programs.every((program) => whereIs(program).length > 0),
    );
    const bed = makeBed();
    const load = { suite: USUAL, direction: 'down', bytes: 65_536, stall: 0 } as const;
    await withServers(there, 'carry', bed, async (servers) => {
      for (const server of servers) {
        const counts: number[] = [];
        const talk = talkOf(server.contender, load, bed);
        assert.ok(talk);
        await client('carry', { ...talk, ...load, patience: 5 }, bed, { server, suite: USUAL }, () =>
          counts.push(terminators(server).length),
        );
        const processes = server.contender.processes ?? 1;
        assert.equal(counts, [processes, processes], server.contender.id);
      }
    });
  });

  test('an answer without an end is lost', async () => {
    await meeting(['sh', '-c', 'cat; exec sleep 60'], async (server, bed) => {
      const { lost, milliseconds } = await client('connections', { ...ORDER, patience: 0.5 }, bed, {
        server,
        suite: USUAL,
      });
      assert.equal({ lost, milliseconds }, { lost: ['not done within 0.5 s'], milliseconds: [] });
    });
  });

  test('after ten that were lost in a row no more are tried', async () => {
    await meeting(['sh', '-c', 'read -r line; echo A LINE'], async (server, bed) => {
      const { lost } = await client('connections', { ...ORDER, count: 13 }, bed, { server, suite: USUAL });
      const [tried, untried] = [Array<string>(10).fill('wrong answer'), 'not tried after 10 lost in a row'];
      assert.equal(lost, [...tried, untried, untried, untried]);
    });
  });

  test('a wrong answer is lost', async () => {
    await meeting(['sh', '-c', 'read -r line; echo A LINE'], async (server, bed) => {
      const { lost } = await client('connections', ORDER, bed, { server, suite: USUAL });
      assert.equal(lost, ['wrong answer']);
    });
  });

  test('another cipher suite than the one that was ordered is lost, and so is another certificate', async () => {
    await meeting(['cat'], async (server, bed) => {
      const [, other] = SUITES as [Suite, Suite];
      const way = { server, suite: USUAL };
      const agreed = await client('echo', ORDER, { ...bed, configurationOf: () => bed.configurationOf(other) }, way);
      assert.equal(agreed.lost, [`agreed on ${other.protocol} ${other.name}`]);
      const shown = await client('echo', ORDER, { ...bed, certificate: 'of somebody else' }, way);
      assert.equal(shown.lost, ['another certificate']);
    });
  });
}

const ORDER = { count: 1, at_a_time: 1, warm_up: 0, patience: 5, request: 'a line\n', answer: 'a line\n' };

/** A meeting with this program behind TLS. */
async function meeting(prog: readonly string[], work: (server: Server, bed: Bed) => Promise<void>): Promise<void> {
  const bed = makeBed();
  await withServers([naively('naive', () => prog)], 'echo', bed, async (servers) => {
    for (const server of servers) await work(server, bed);
  });
}

test.run();
