import type { Protocol } from './suites.ts';

/** What one run of the benchmark found: docs/performance.json. Every figure is a sample; medians are taken when it is shown. */
export interface Results {
  readonly machine: Machine;
  readonly plan: Plan;
  readonly contenders: readonly ContenderFacts[];
  readonly connections: readonly ConnectionsResult[];
  readonly echo: readonly EchoResult[];
  readonly startup: readonly StartupResult[];
  readonly bulk: readonly BulkResult[];
  readonly stalled: readonly StalledResult[];
  readonly bareNode: readonly BareNode[];
  readonly ciphers: readonly CipherResult[];
}

export interface Machine {
  /** ISO 8601, when the run began. */
  readonly date: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly kernel: string;
  /** The first lines of what the programs say of their versions, by their names. */
  readonly versions: Readonly<Record<string, string>>;
  /** Load averages of 1, 5 and 15 minutes, before the run. */
  readonly load: readonly number[];
}

/** How much is measured. */
export interface Plan {
  /** Bytes of a bulk run; a multiple of 64 KiB. */
  readonly bytes: number;
  readonly rounds: number;
  /** Rounds of bulk runs under TLS 1.3 with AES-128-GCM, and under the others: none of them when it is 0. */
  readonly bulkRounds: number;
  readonly otherBulkRounds: number;
  /** In a round: connections one after the other, connections {@link AT_A_TIME} at a time, round trips, starts. */
  readonly sequential: number;
  readonly parallel: number;
  readonly trips: number;
  readonly starts: number;
  /** Of start-up, which is over so soon that many short turns even out the pace of the machine. */
  readonly startRounds: number;
  /** Rounds of bulk runs in which the side that should read does not for so many seconds. */
  readonly stalledRounds: number;
  readonly stall: number;
  /** Seconds for each cipher; a whole number. */
  readonly cipherSeconds: number;
}

export const AT_A_TIME = 16;

export interface ContenderFacts {
  readonly id: string;
  readonly label: string;
  readonly about: string;
  readonly tls: boolean;
  /** Whether it serves a connection on descriptors 0 and 1: only then it has a start-up of its own. */
  readonly perConnection: boolean;
  /** Why it was not measured, when it was not. */
  readonly missing?: string;
}

/** How many answers were wrong, cut short or without an end, by reason. None of them was timed. */
export type Lost = Readonly<Record<string, number>>;

interface Measured {
  readonly contender: string;
  readonly lost: Lost;
}

/** Whole connections. */
export interface ConnectionsResult extends Measured {
  readonly atATime: number;
  readonly milliseconds: readonly number[];
  /** One of each round. */
  readonly perSecond: readonly number[];
  /** CPU seconds of the client in a second, in each round. */
  readonly clientCpu: readonly number[];
}

/** Round trips of a small message on an established connection. */
export interface EchoResult extends Measured {
  readonly microseconds: readonly number[];
}

/** From exec to the first byte of the ServerHello; of {@link BARE_NODE}, to its exit. */
export interface StartupResult extends Measured {
  readonly milliseconds: readonly number[];
}

/** The id of `node` on an empty file, which is no contender. */
export const BARE_NODE = 'node';

export type Direction = 'down' | 'up';

export interface BulkResult extends Measured {
  readonly protocol: Protocol;
  readonly cipher: string;
  readonly direction: Direction;
  readonly runs: readonly BulkRun[];
}

export interface BulkRun {
  readonly megabytesPerSecond: number;
  /** CPU seconds of the client in a second. */
  readonly clientCpu: number;
  /** CPU seconds per GiB of the terminator and prog together, and of the terminator alone. */
  readonly cpuPerGiB: number;
  readonly terminatorCpuPerGiB: number;
  /** Resident memory of the terminator before the first byte, and the most it ever was. */
  readonly idleMiB: number;
  readonly peakMiB: number;
}

/** The side that should read does not for a while: the peer going down, prog going up. */
export interface StalledResult extends Measured {
  readonly direction: Direction;
  readonly runs: readonly BulkRun[];
}

/** A Node that waits, and has loaded nothing. */
export interface BareNode {
  readonly idleMiB: number;
}

/** `openssl speed` on one core, in blocks of 16 KiB. */
export interface CipherResult {
  readonly cipher: string;
  readonly megabytesPerSecond: number;
}
