import type { MonoTypeOperatorFunction } from 'rxjs';
import { relaying, type Hears } from '../lean/relay.ts';

/**
 * Shows a fault to prog as the only ending a pipe has: EOF.
 *
 * ```
 * from peer  -x--y--#
 * to prog    -x--y--|
 * ```
 *
 * - **completes**: with the source, or in place of its error.
 * - **errors**: never.
 * - **unsubscribes**: when unsubscribed.
 * - **holds**: nothing.
 *
 * The fault is not lost: the verdict and the exit status tell it. s6-tlsd does the same: prog cannot see TLS.
 */
export const faultAsEof = <T>(): MonoTypeOperatorFunction<T> => relaying<T>(EOF_FOR_FAULT);

const EOF_FOR_FAULT: Hears<unknown, unknown> = { error: (_, relay) => relay.end() };
