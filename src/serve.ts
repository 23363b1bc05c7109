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
    // prog comes first: it begins to run while the rest of the graph is made, 4 % of a connection.
    subscriber.add(prog.connect(sinks));
    // Then the verdict: it must have heard all that the peer's driver then acts on.
    subscriber.add(sinks.verdict$.subscribe(subscriber));
    subscriber.add(peer.connect(sinks));
  });
}
