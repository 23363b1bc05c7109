import type { Plan } from './plan.ts';
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
  readonly held: readonly HeldResult[];
  readonly inARow: readonly InARowResult[];
  readonly stalledHandshakes: readonly StalledHandshakesResult[];
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

export interface ContenderFacts {
  readonly id: string;
  readonly label: string;
  readonly about: string;
  readonly tls: boolean;
  /** Whether it serves a connection on descriptors 0 and 1: only then it has a start-up of its own. */
  readonly perConnection: boolean;
  /** Whether one server has many connections at once. */
  readonly resident?: true;
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

/** The id of the resident server of this project, as it is by default. */
export const RESIDENT = 's6-tlsserver';

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

/** Connections that are open at once. */
export interface HeldResult extends Measured {
  readonly runs: readonly HeldRun[];
}

export interface HeldRun {
  /** So many were open, and had answered twice, when memory was looked at. */
  readonly open: number;
  /** Seconds in which they were opened. */
  readonly seconds: number;
  /** Resident memory of the server's processes: warmed up and without a connection, with all of them, and when they had ended. */
  readonly idleMiB: number;
  readonly heldMiB: number;
  readonly afterMiB: number;
}

/** Connections one after the other. */
export interface InARowResult extends Measured {
  readonly seconds: number;
  /** The first is after a warm-up, before the first connection that counts. */
  readonly checkpoints: readonly Checkpoint[];
}

/** A server that has let go of all connections. */
export interface Checkpoint {
  readonly connections: number;
  readonly memoryMiB: number;
  readonly descriptors: number;
}

/** Whole connections while others do not get their handshakes done. */
export interface StalledHandshakesResult extends Measured {
  /** Milliseconds of whole connections, in the same rounds: without the others, and beside them. */
  readonly without: readonly number[];
  readonly beside: readonly number[];
  /** Seconds for which each was connected that was cut. */
  readonly silentCut: readonly number[];
  readonly tricklingCut: readonly number[];
  /** Whether the server was told to cut them; it may not know how to. */
  readonly limited: boolean;
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
