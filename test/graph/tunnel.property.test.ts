import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CLOSING_RULES } from '../../graph/closing-rules.ts';
import { exitStatus } from '../../graph/verdict.ts';
import { live, type Story } from '../support/random-play.ts';
import { worlds, type World } from '../support/random-world.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
process.stderr.write(`tunnel.property.test.ts: SEED=${String(seed)}\n`);

law('there is exactly one verdict, and it comes, however the two sides end', (_, story) => {
  assert.is(story.verdicts.length, 1);
  assert.ok(story.verdictCompleted);
  assert.ok(story.verdictAt <= 120_000, `at ${String(story.verdictAt)} ms`);
  assert.equal(story.broken, []);
});

law('what reaches prog is a prefix of what the peer said before its ending', (_, { toProg, saidByPeer }) => {
  assert.equal(toProg, saidByPeer.slice(0, toProg.length));
});

law('what reaches the peer is a prefix of what prog said', (_, { toPeer, saidByProg }) => {
  assert.equal(toPeer, saidByProg.slice(0, toPeer.length));
});

law(
  'all that the peer said reaches a prog that waits for its ending, when nothing but that ending came',
  (world, story) => {
    const calm = isCalm(world) && world.progWaitsForEof && world.progClosesStdin === undefined;
    if (calm) assert.equal(story.toProg, story.saidByPeer);
    return calm;
  },
);

law('all that prog said reaches the peer, unless something broke or TLS 1.2 had to be answered', (world, story) => {
  const { answersAtOnce } = CLOSING_RULES[world.protocol][world.policy];
  const calm = isCalm(world) && !(answersAtOnce && world.peerEnds.by.startsWith('close_notify'));
  if (calm) assert.equal(story.toPeer, story.saidByProg);
  return calm;
});

law('no more is on the way than the high-water mark and one chunk', (world, { mostOnTheWay }) => {
  for (const most of [mostOnTheWay.in, mostOnTheWay.out]) assert.ok(most < world.highWaterMark + LARGEST_CHUNK);
});

law('the verdict tells the truth about bytes, close_notify and exit', (world, story) => {
  const [verdict] = story.verdicts;
  if (verdict === undefined) throw new Error('no verdict');
  assert.is(verdict.bytesIn, story.toProg.length);
  assert.is(verdict.bytesOut, story.toPeer.length);
  const { sendsCloseNotify } = CLOSING_RULES[world.protocol][world.policy];
  assert.ok(verdict.weEnded === 'nothing' || verdict.weEnded === (sendsCloseNotify ? 'close_notify' : 'fin'));
  const cause = verdict.cause;
  if (cause === undefined) assert.is(exitStatus(verdict), 7);
  else if ('fault' in cause) {
    const { kind } = cause.fault;
    const own = (kind === 'truncation' && world.requireCloseNotify) || (kind === 'handshake' && !verdict.secured);
    assert.ok(own || story.faults.includes(cause.fault));
  } else assert.is(cause.signal, world.signal?.name);
});

/** Checks a law in many random worlds; a law for some of them must really have met some. */
function law(title: string, check: (world: World, story: Story) => unknown): void {
  test(title, () => {
    let met = 0;
    fc.assert(
      fc.property(worlds, (world) => {
        if (check(world, live(world)) !== false) met += 1;
      }),
      { seed, numRuns: Number(process.env['RUNS'] ?? RUNS) },
    );
    assert.ok(met > 0, 'the law was never put to the test');
  });
}

/** Nothing breaks, nobody interferes, nobody is slow enough for a clock. */
function isCalm(world: World): boolean {
  const ends = world.peerEnds.by;
  return (
    world.signal === undefined &&
    world.idleTimeout === 0 &&
    (ends === 'fin' || ends.startsWith('close_notify') || ends === 'nothing')
  );
}

const RUNS = 200;
const LARGEST_CHUNK = 9;

test.run();
