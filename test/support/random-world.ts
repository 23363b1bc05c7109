import * as fc from 'fast-check';
import type { FaultKind, Policy, Protocol, Signal } from '../../graph/vocabulary.ts';

/** A random connection: what both sides will say, how fast they read, and what goes wrong. Milliseconds and bytes. */
export interface World {
  readonly policy: Policy;
  readonly protocol: Protocol;
  readonly requireCloseNotify: boolean;
  readonly idleTimeout: number;
  readonly highWaterMark: number;
  readonly handshake: number;
  readonly peerSays: readonly Piece[];
  readonly peerEnds: { readonly after: number; readonly by: PeerEnds };
  /** What the network driver still says when we have hung up; nobody may care. */
  readonly afterHangUp: 'nothing' | 'end' | 'reset';
  readonly peerTakes: number | 'nothing';
  readonly progSays: readonly Piece[];
  /** prog says nothing, ends nothing and does not exit before it has seen EOF. */
  readonly progWaitsForEof: boolean;
  readonly progEnds: number;
  readonly progExits: number;
  readonly progTakes: number | 'nothing';
  readonly progClosesStdin: number | undefined;
  readonly signal: { readonly at: number; readonly name: Signal } | undefined;
  readonly hangingUp: number;
}

type PeerEnds = FaultKind | 'fin' | 'close_notify' | 'close_notify and fin' | 'close_notify and data' | 'nothing';
interface Piece {
  readonly after: number;
  readonly bytes: number;
}

const pieces = fc.array(fc.record({ after: fc.integer({ min: 0, max: 40 }), bytes: fc.integer({ min: 1, max: 9 }) }), {
  maxLength: 12,
});
const moment = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 9000 }));
const delay = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 60 }));

const seldom = <T>(what: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, what);

/** Worlds in which a peer that takes nothing at all is ended by -K or by a signal: otherwise we would wait as long as it lives. */
export const worlds: fc.Arbitrary<World> = fc
  .record({
    policy: fc.constantFrom<Policy>('s', 'S', 'N'),
    protocol: fc.constantFrom<Protocol>('TLSv1.2', 'TLSv1.3'),
    requireCloseNotify: fc.boolean(),
    idleTimeout: fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 8000 })),
    highWaterMark: fc.integer({ min: 1, max: 30 }),
    handshake: delay,
    peerSays: pieces,
    peerEnds: fc.record({
      after: moment,
      by: fc.constantFrom<PeerEnds>(
        'fin',
        'close_notify',
        'close_notify and fin',
        'close_notify and data',
        'nothing',
        'cutRecord',
        'alert',
        'badRecord',
        'reset',
      ),
    }),
    afterHangUp: fc.constantFrom('nothing' as const, 'end' as const, 'reset' as const),
    peerTakes: fc.oneof({ weight: 5, arbitrary: delay }, fc.constant('nothing' as const)),
    progSays: pieces,
    progWaitsForEof: fc.boolean(),
    progEnds: moment,
    progExits: moment,
    progTakes: fc.oneof({ weight: 5, arbitrary: delay }, fc.constant('nothing' as const)),
    progClosesStdin: seldom(moment),
    signal: seldom(fc.record({ at: moment, name: fc.constantFrom<Signal>('SIGTERM', 'SIGINT', 'SIGHUP') })),
    hangingUp: delay,
  })
  .map((world) =>
    world.peerTakes === 'nothing' && world.signal === undefined && world.idleTimeout === 0
      ? { ...world, idleTimeout: 700 }
      : world,
  )
  .map((world) =>
    world.progTakes === 'nothing' || world.peerEnds.by === 'nothing' ? { ...world, progWaitsForEof: false } : world,
  );
