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
  /** Connections that are open at once, and how often; each time after so many that warm the server up. */
  readonly held: number;
  readonly heldRounds: number;
  readonly warmUp: number;
  /** Connections one after the other, of s6-tlsserver and of others; a multiple of {@link CHECKPOINTS}. */
  readonly inARow: number;
  readonly inARowOfOthers: number;
  /** Handshakes that say nothing more, or a byte a second, while so many whole connections are measured; and how often. */
  readonly silent: number;
  readonly trickling: number;
  readonly besideStalled: number;
  readonly stalledHandshakeRounds: number;
  /** Milliseconds after which the server is to cut them. */
  readonly cutAfter: number;
  /** Seconds for each cipher; a whole number. */
  readonly cipherSeconds: number;
}

/** What the page is made from: less than twenty minutes. */
export const FULL: Plan = {
  bytes: 512 * 2 ** 20,
  rounds: 5,
  bulkRounds: 9,
  otherBulkRounds: 3,
  sequential: 40,
  parallel: 96,
  trips: 200,
  starts: 4,
  startRounds: 25,
  stalledRounds: 2,
  stall: 2,
  held: 1000,
  heldRounds: 1,
  warmUp: 200,
  inARow: 20_000,
  inARowOfOthers: 6000,
  silent: 150,
  trickling: 50,
  besideStalled: 100,
  stalledHandshakeRounds: 2,
  cutAfter: 3000,
  cipherSeconds: 3,
};

/** A first look, of a few minutes. */
export const QUICK: Plan = {
  bytes: 128 * 2 ** 20,
  rounds: 2,
  bulkRounds: 3,
  otherBulkRounds: 0,
  sequential: 20,
  parallel: 64,
  trips: 200,
  starts: 4,
  startRounds: 5,
  stalledRounds: 1,
  stall: 1,
  held: 200,
  heldRounds: 1,
  warmUp: 100,
  inARow: 2000,
  inARowOfOthers: 1000,
  silent: 150,
  trickling: 50,
  besideStalled: 50,
  stalledHandshakeRounds: 1,
  cutAfter: 2000,
  cipherSeconds: 1,
};

export const AT_A_TIME = 16;

/** How often memory and descriptors are looked at while connections come in a row. */
export const CHECKPOINTS = 10;
