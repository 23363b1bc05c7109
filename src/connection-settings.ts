import { asyncScheduler } from 'rxjs';
import { patienceFor } from '../graph/patience.ts';
import type { Settings } from '../graph/world.ts';
import { VERSION } from './options/help.ts';
import type { Options } from './options/options.ts';
import type { Facts } from './trace/trace.ts';

/** How the tunnel is to treat a connection that begins now. */
export const tunnelSettingsOf = ({ policy, requireCloseNotify, idleTimeout }: Options): Settings => ({
  policy,
  requireCloseNotify,
  idleTimeout,
  patience: patienceFor(idleTimeout),
  highWaterMark: HIGH_WATER_MARK,
  scheduler: asyncScheduler,
  accepted: asyncScheduler.now(),
});

/** What a trace says of that in its first line. */
export const traceFacts = (
  program: string,
  { clientCertificate, traceContent }: Options,
  { policy, requireCloseNotify, idleTimeout, highWaterMark }: Settings,
  [prog]: readonly [string, ...string[]],
): Facts => ({
  program: `${program} ${VERSION}`,
  policy,
  requireCloseNotify,
  idleTimeout,
  highWaterMark,
  clientCertificate,
  prog,
  content: traceContent,
});

/** Bytes in one direction between the kernel's buffers. */
const HIGH_WATER_MARK = 262_144;
