import { FULL } from '../../bench/plan.ts';
import { BARE_NODE, type BulkResult, type BulkRun, type ContenderFacts, type Results } from '../../bench/results.ts';
import { SUITES, USUAL } from '../../bench/suites.ts';

export const facts = (id: string, more: Partial<ContenderFacts> = {}): ContenderFacts => ({
  ...{ id, label: id, about: `how ${id} is run`, tls: true, perConnection: true },
  ...more,
});

const run = (megabytesPerSecond: number, more: Partial<BulkRun> = {}): BulkRun => ({
  ...{ megabytesPerSecond, clientCpu: 0.5, cpuPerGiB: 2, terminatorCpuPerGiB: 1.5, idleMiB: 40, peakMiB: 60 },
  ...more,
});

const bulk = (contender: string, direction: 'down' | 'up', runs: readonly BulkRun[], suite = USUAL): BulkResult => ({
  ...{ contender, direction, runs, lost: {}, protocol: suite.protocol, cipher: suite.cipher },
});

const starts = (contender: string, ...milliseconds: number[]) => ({ contender, lost: {}, milliseconds });
export const whole = (contender: string, atATime: number, ...milliseconds: number[]) => ({
  ...{ contender, atATime, milliseconds, lost: {}, perSecond: [10 * atATime], clientCpu: [0.25] },
});

/** Made up, with figures that can be checked by hand. */
export const RESULTS: Results = {
  machine: {
    ...{ date: '2026-01-02T03:04:05.678Z', cpu: 'a processor', cores: 2, memoryGiB: 8, kernel: '6.1' },
    ...{ versions: { Node: '20.0.0' }, load: [0.1, 0.2, 0.3] },
  },
  plan: FULL,
  contenders: [
    facts('s6-tlsd'),
    facts('naive-inetd'),
    facts('s6-networking', { missing: 'no s6-tlsd of s6-networking on PATH' }),
    facts('stunnel-inetd'),
    facts('socat', { perConnection: false }),
  ],
  startup: [starts(BARE_NODE, 20, 20, 20), starts('s6-tlsd', 10, 30, 90), starts('naive-inetd', 60)],
  connections: [
    whole('s6-tlsd', 1, 40),
    whole('naive-inetd', 1, 50),
    whole('s6-tlsd', 16, 99),
    whole('naive-inetd', 16, 99),
    { ...whole('socat', 1), perSecond: [], lost: { 'wrong answer': 2, 'not done within 5 s': 1 } },
  ],
  echo: [
    { contender: 's6-tlsd', lost: {}, microseconds: [110] },
    { contender: 'naive-inetd', lost: {}, microseconds: [100] },
  ],
  bulk: [
    bulk('s6-tlsd', 'down', [run(300), run(100), run(200)]),
    bulk('s6-tlsd', 'up', [run(1000)]),
    bulk('naive-inetd', 'down', [run(5000, { cpuPerGiB: 4 })]),
    bulk('naive-inetd', 'up', [run(5000, { cpuPerGiB: 1 })]),
    bulk('stunnel-inetd', 'down', [run(250)]),
    bulk('socat', 'down', [run(400)]),
    bulk('stunnel-inetd', 'up', [run(900)]),
    bulk('socat', 'down', [run(7000)], SUITES[1]),
  ],
  stalled: [{ contender: 's6-tlsd', direction: 'up', lost: {}, runs: [run(1, { idleMiB: 42, peakMiB: 75 })] }],
  ...{ held: [], inARow: [], stalledHandshakes: [] },
  bareNode: [{ idleMiB: 35 }],
  ciphers: [{ cipher: 'AES-128-GCM', megabytesPerSecond: 4000.4 }],
};
