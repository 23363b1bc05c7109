import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { inTurn } from '../../bench/measure/rounds.ts';

test('each is the first as often as the others, and nothing runs beside anything else', async () => {
  const calls: string[] = [];
  let running = 0;
  await inTurn(['a', 'b', 'c'], 4, async (item, round) => {
    running += 1;
    assert.is(running, 1);
    await Promise.resolve();
    calls.push(`${item}${round}`);
    running -= 1;
  });
  assert.is(calls.join(' '), 'a0 b0 c0 b1 c1 a1 c2 a2 b2 a3 b3 c3');
});

test('outcomes come by item, round by round', async () => {
  const outcomes = await inTurn(['a', 'b'], 2, async (item, round) => `${item}${round}`);
  assert.equal(
    [...outcomes],
    [
      ['a', ['a0', 'a1']],
      ['b', ['b0', 'b1']],
    ],
  );
});

test('nobody to measure is no error', async () => {
  const outcomes = await inTurn([], 3, async () => assert.unreachable());
  assert.is(outcomes.size, 0);
});

test.run();
