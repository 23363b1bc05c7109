import * as fc from 'fast-check';
import type { Policy } from '../../graph/vocabulary.ts';
import type { Wiring } from '../live/support/host.ts';
import type { Conclusion, Schedule, Step } from './words.ts';

/** What a host leaves open. */
export interface Possible {
  readonly wirings: readonly Wiring[];
  /** Whether the program can be sent signals on behalf of one connection. */
  readonly hasSignals: boolean;
  /** What all connections have in common. */
  readonly common?: Partial<Common>;
}

/** What a process is started with. */
export type Common = Pick<
  Schedule,
  'policy' | 'requireCloseNotify' | 'idleTimeout' | 'wiring' | 'traced' | 'ignoresSigpipe'
>;

/** All schedules that are possible; the first of everything is the simplest, to which a failure is minimised. */
export const schedulesOf = ({ wirings, hasSignals, common }: Possible): fc.Arbitrary<Schedule> =>
  fc
    .record({
      ...commonOver(wirings),
      protocol: fc.constantFrom('TLSv1.3', 'TLSv1.2'),
      handshake: often(
        20,
        fc.constant('finished' as const),
        fc.constantFrom('plain HTTP', 'FIN', 'RST', 'ClientHello, FIN', 'ClientHello, RST'),
      ),
      steps: fc.array(step(hasSignals), { maxLength: 14, size: 'max' }),
      conclusion,
    })
    .map((schedule): Schedule => ({ ...schedule, ...common }))
    .map((schedule): Schedule =>
      schedule.idleTimeout === 0 && schedule.conclusion.first === 'silence'
        ? { ...schedule, conclusion: { ...schedule.conclusion, first: 'peer' } }
        : schedule,
    );

/** Something to have in common, which follows from `seed`. */
export const commonFor = (seed: number, wirings: readonly Wiring[]): Common => {
  const [common] = fc.sample(fc.record(commonOver(wirings)), { seed, numRuns: 1 });
  if (common === undefined) throw new TypeError('no sample');
  return common;
};

const commonOver = (wirings: readonly Wiring[]) => ({
  policy: fc.constantFrom<Policy>('s', 'S', 'N'),
  requireCloseNotify: fc.boolean(),
  idleTimeout: often(24, fc.constant(0), fc.constant(IDLE_TIMEOUT)),
  wiring: fc.constantFrom(...wirings),
  traced: fc.boolean(),
  ignoresSigpipe: often(5, fc.constant(false), fc.constant(true)),
});

/** One of `rare` for so many of `usual`. */
const often = <T, U>(times: number, usual: fc.Arbitrary<T>, rare: fc.Arbitrary<U>): fc.Arbitrary<T | U> =>
  fc.oneof({ weight: times, arbitrary: usual }, { weight: 1, arbitrary: rare });

/** Around the sizes at which something changes: a record (16 KiB), the high-water mark (256 KiB), a pipe (1 MiB), all buffers together. */
const bytes = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 1, max: 200 }) },
  { weight: 3, arbitrary: fc.integer({ min: 16_382, max: 16_386 }) },
  { weight: 2, arbitrary: fc.integer({ min: 262_143, max: 262_145 }) },
  { weight: 2, arbitrary: fc.integer({ min: 1_000_000, max: 1_100_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 8_000_000, max: 8_000_100 }) },
);

const acts = {
  data: fc.oneof(
    fc.record({ does: fc.constantFrom('peer sends' as const, 'prog writes' as const, 'prog reads' as const), bytes }),
    fc.record({ does: fc.constant('peer sends byte by byte' as const), bytes: fc.integer({ min: 1, max: 30 }) }),
  ),
  pace: fc.record({
    does: fc.constantFrom(
      'peer hears all' as const,
      'peer stops reading' as const,
      'peer reads on' as const,
      'program is stopped' as const,
      'program goes on' as const,
    ),
  }),
  peerEnds: fc.record({
    does: fc.constantFrom(
      'peer says close_notify' as const,
      'peer sends FIN' as const,
      'peer sends FIN inside a record' as const,
      'peer sends a bad record' as const,
      'peer sends an alert' as const,
      'peer resets' as const,
    ),
  }),
  progEnds: fc.oneof(
    fc.record({
      does: fc.constantFrom(
        'prog closes stdout' as const,
        'prog closes stdin' as const,
        'prog reads to EOF' as const,
        'prog leaves a grandchild' as const,
        'grandchild exits' as const,
      ),
    }),
    fc.record({ does: fc.constant('prog exits' as const), code: fc.constantFrom(0, 7, 98, 111) }),
    fc.record({ does: fc.constant('prog crashes' as const), signal: fc.constantFrom(9, 11) }),
  ),
  signal: fc.record({
    does: fc.constant('program gets a signal' as const),
    signal: fc.constantFrom('SIGTERM' as const, 'SIGINT' as const, 'SIGHUP' as const),
  }),
};

const step = (signals: boolean): fc.Arbitrary<Step> =>
  fc
    .tuple(
      fc.oneof(
        { weight: 24, arbitrary: acts.data },
        { weight: 12, arbitrary: acts.pace },
        { weight: 4, arbitrary: acts.peerEnds },
        { weight: 8, arbitrary: acts.progEnds },
        ...(signals ? [{ weight: 1, arbitrary: acts.signal }] : []),
      ),
      often(2, fc.constant(true), fc.constant(false)),
    )
    .map(([act, awaited]): Step => ({ ...act, awaited }));

const conclusion: fc.Arbitrary<Conclusion> = fc.record({
  first: fc.constantFrom('peer', 'prog', 'silence'),
  progReadsToEof: often(2, fc.constant(true), fc.constant(false)),
  code: fc.constantFrom(0, 3, 111),
  peerBy: often(5, fc.constantFrom('close_notify, FIN', 'FIN'), fc.constant('RST')),
});

/** Milliseconds; long beside what a step takes, short beside our patience. */
const IDLE_TIMEOUT = 1000;
