import { Observable } from 'rxjs';
import { tunnel } from '../graph/tunnel.ts';
import type { Verdict } from '../graph/verdict.ts';
import type { Settings, Sinks, Sources } from '../graph/world.ts';
import type { ProgDriver } from './prog/driver.ts';
import type { PeerDriver } from './tls/engine.ts';

/** The drivers of one connection. */
export interface Drivers {
  readonly peer: PeerDriver;
  readonly prog: ProgDriver;
  readonly signal$: Sources['signal$'];
  /** Looks at what passes without touching it; the identity when nobody wants to know. */
  readonly watch: <T extends Sources | Sinks>(streams: T) => T;
}

/**
 * Runs one connection: gives the tunnel what the drivers tell, and the drivers what the tunnel wants.
 * Emits the verdict and completes; unsubscribing lets go of the drivers.
 */
export function serve({ peer, prog, signal$, watch }: Drivers, settings: Settings): Observable<Verdict> {
  return new Observable((subscriber) => {
    const { secured$, fromPeer$, takenByPeer$, hungUp$ } = peer;
    const { fromProg$, takenByProg$, progStdinGone$, progExit$ } = prog;
    const sources = {
      secured$,
      fromPeer$,
      takenByPeer$,
      hungUp$,
      fromProg$,
      takenByProg$,
      progStdinGone$,
      progExit$,
      signal$,
    };
    const sinks = watch(tunnel(watch(sources), settings));
    // The verdict listens first: it must have heard all that the drivers then act on.
    subscriber.add(sinks.verdict$.subscribe(subscriber));
    subscriber.add(prog.connect(sinks));
    subscriber.add(peer.connect(sinks));
  });
}
