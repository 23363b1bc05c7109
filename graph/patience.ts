import type { Patience } from './operators/linger.ts';

/**
 * How long to linger: 5 s without an event, or `-K` if that is shorter, and 30 s in all.
 *
 * @param idleTimeout `-K` in milliseconds; 0 is none.
 */
export const patienceFor = (idleTimeout: number): Patience => ({
  silence: Math.min(idleTimeout || SILENCE, SILENCE),
  total: 30_000,
});

const SILENCE = 5_000;
