import type { Plan } from './results.ts';

/** What the page is made from: some ten minutes. */
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
  cipherSeconds: 3,
};

/** A first look, of about a minute. */
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
  cipherSeconds: 1,
};
