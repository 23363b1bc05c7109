import * as fc from 'fast-check';
import { Observable, Subject, VirtualTimeScheduler } from 'rxjs';
import { tunnel } from '../../graph/tunnel.ts';
import type { Verdict } from '../../graph/verdict.ts';
import { CLOSE_NOTIFY, Fault, isFault, type FaultKind } from '../../graph/vocabulary.ts';
import type { Bytes, CloseNotify, Handshake, Policy, ProgStatus, Protocol, Signal } from '../../graph/vocabulary.ts';

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

/** What happened, with all that is needed to check the laws. */
export interface Story {
  readonly toPeer: readonly number[];
  readonly toProg: readonly number[];
  readonly saidByPeer: readonly number[];
  readonly saidByProg: readonly number[];
  readonly mostOnTheWay: { readonly in: number; readonly out: number };
  readonly faults: readonly Fault[];
  readonly signals: number;
  readonly verdicts: readonly Verdict[];
  readonly verdictAt: number;
  readonly verdictCompleted: boolean;
  readonly broken: readonly string[];
}

const pieces = fc.array(fc.record({ after: fc.integer({ min: 0, max: 40 }), bytes: fc.integer({ min: 1, max: 9 }) }), {
  maxLength: 12,
});
const moment = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 9000 }));
const delay = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 60 }));

/** Worlds in which a peer that takes nothing at all is ended by -K: otherwise we would wait as long as it lives. */
export const worlds: fc.Arbitrary<World> = fc
  .record({
    policy: fc.constantFrom<Policy>('s', 'S', 'N'),
    protocol: fc.constantFrom<Protocol>('TLSv1.2', 'TLSv1.3'),
    requireCloseNotify: fc.boolean(),
    idleTimeout: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 8000 })),
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
    progClosesStdin: fc.option(moment, { nil: undefined, freq: 3 }),
    signal: fc.option(
      fc.record({ at: moment, name: fc.constantFrom<Signal>('SIGTERM', 'SIGINT', 'SIGHUP') }),
      { nil: undefined, freq: 3 }, // prettier-ignore
    ),
    hangingUp: delay,
  })
  .map((world) => (world.peerTakes === 'nothing' && world.idleTimeout === 0 ? { ...world, idleTimeout: 700 } : world))
  .map((world) =>
    world.progTakes === 'nothing' || world.peerEnds.by === 'nothing' ? { ...world, progWaitsForEof: false } : world,
  );

/** Lives through a world in virtual time. */
export function live(world: World): Story {
  const clock = new VirtualTimeScheduler();
  const secured$ = new Subject<Handshake>();
  const takenByPeer$ = new Subject<number>();
  const takenByProg$ = new Subject<number>();
  const progStdinGone$ = new Subject<void>();
  const progExit$ = new Subject<ProgStatus>();
  const signal$ = new Subject<Signal>();
  const hungUp$ = new Subject<void>();
  const at = (delayed: number, work: () => void): void => void clock.schedule(work, delayed);
  const faults: Fault[] = [];
  const broken: string[] = [];
  const verdicts: Verdict[] = [];
  const story = { hungUp: false, exited: false, verdictAt: Infinity, verdictCompleted: false, signals: 0 };

  const peer = reader<Bytes | CloseNotify>(clock);
  const prog = reader<Bytes>(clock);
  const sinks = tunnel(
    {
      secured$,
      fromPeer$: peer.read$,
      fromProg$: prog.read$,
      progStdinGone$,
      progExit$,
      signal$,
      takenByPeer$,
      takenByProg$,
      hungUp$,
    },
    {
      policy: world.policy,
      requireCloseNotify: world.requireCloseNotify,
      idleTimeout: world.idleTimeout,
      patience: { silence: Math.min(world.idleTimeout || 5000, 5000), total: 30_000 },
      highWaterMark: world.highWaterMark,
      scheduler: clock,
    },
  );

  const outbound = way(takenByPeer$, () => (world.peerTakes === 'nothing' ? undefined : world.peerTakes), at);
  const inbound = way(
    takenByProg$,
    () => (story.exited ? 0 : world.progTakes === 'nothing' ? undefined : world.progTakes),
    at,
  );
  let peerEnded = false;
  sinks.verdict$.subscribe({
    next: (verdict) => {
      verdicts.push(verdict);
      story.verdictAt = clock.now();
    },
    complete: () => (story.verdictCompleted = true),
  });
  sinks.startProg$.subscribe(() => {
    if (!world.progWaitsForEof) startProg();
  });
  sinks.toProg$.subscribe({
    next: (bytes) => {
      inbound.give(bytes);
      if (story.exited) at(0, () => { progStdinGone$.next(); }); // prettier-ignore
    },
    error: () => broken.push('to prog failed'),
    complete: () => {
      if (world.progWaitsForEof) startProg();
    },
  });
  sinks.toPeer$.subscribe({
    next: (value) => {
      if (story.hungUp) broken.push('something was said after hanging up');
      if (outbound.closeNotify) broken.push('something was said after our close_notify');
      if (value === CLOSE_NOTIFY) outbound.closeNotify = true;
      else outbound.give(value);
    },
    error: (error: unknown) => {
      if (!isFault(error)) broken.push(String(error));
    },
    complete: () => { outbound.end(); }, // prettier-ignore
  });
  sinks.demandPeer$.subscribe(peer.demand);
  sinks.demandProg$.subscribe(prog.demand);
  sinks.progSignal$.subscribe(() => (story.signals += 1));
  sinks.hangUp$.subscribe(() => {
    story.hungUp = true;
    outbound.giveUp();
    if (!peerEnded && world.afterHangUp === 'end') at(world.hangingUp, peer.end);
    if (!peerEnded && world.afterHangUp === 'reset') at(world.hangingUp, () => { peer.fail(new Fault('reset', 'late')); }); // prettier-ignore
    at(world.hangingUp, () => { hungUp$.next(); }); // prettier-ignore
  });

  const exit = (): void => {
    if (story.exited) return;
    story.exited = true;
    inbound.takeAll();
    progExit$.next({ code: 7 });
    progExit$.complete();
  };
  function startProg(): void {
    let said = 0;
    for (const { after, bytes } of world.progSays) said = prog.say(after, bytes, 1);
    prog.then(world.progEnds, prog.end);
    at(said + world.progExits, exit);
  }

  at(world.handshake, () => {
    secured$.next({ protocol: world.protocol, cipher: 'TLS_AES_128_GCM_SHA256' });
    for (const { after, bytes } of world.peerSays) peer.say(after, bytes, 101);
    const { after, by } = world.peerEnds;
    const end = (work: () => void) => (): void => {
      if (story.hungUp) return;
      peerEnded = true;
      work();
    };
    if (by === 'fin') peer.then(after, end(peer.end));
    else if (by.startsWith('close_notify')) {
      peer.then(after, () => { if (!story.hungUp) peer.tell(CLOSE_NOTIFY); }); // prettier-ignore
      if (by === 'close_notify and data') peer.then(1, () => { peer.tell(Uint8Array.of(0)); }); // prettier-ignore
      if (by !== 'close_notify') peer.then(after, end(peer.end));
    } else if (by !== 'nothing') {
      const fail = end(() => {
        const fault = new Fault(by as FaultKind, by);
        faults.push(fault);
        peer.fail(fault);
      });
      // A reset overtakes what has not been read; every other fault comes in its turn.
      if (by === 'reset') at(after, fail);
      else peer.then(after, fail);
    }
  });
  if (world.progClosesStdin !== undefined) {
    at(world.handshake + world.progClosesStdin, () => {
      inbound.takeAll();
      progStdinGone$.next();
    });
  }
  const { signal } = world;
  if (signal !== undefined) at(world.handshake + signal.at, () => { signal$.next(signal.name); }); // prettier-ignore
  clock.flush();

  return {
    toPeer: outbound.given,
    toProg: inbound.given,
    saidByPeer: peer.said,
    saidByProg: prog.said,
    mostOnTheWay: { in: inbound.most(), out: outbound.most() },
    faults,
    signals: story.signals,
    verdicts,
    verdictAt: story.verdictAt,
    verdictCompleted: story.verdictCompleted,
    broken,
  };
}

/** A source that reads only while it is asked to, one step after the other. */
function reader<T>(clock: VirtualTimeScheduler) {
  const out$ = new Subject<T>();
  const steps: { readonly after: number; readonly run: () => void; readonly needsDemand: boolean }[] = [];
  const said: number[] = [];
  let high = true;
  let waiting = false;
  let ready = false;
  const pump = (): void => {
    const [step] = steps;
    if (step === undefined || waiting) return;
    if (!ready) {
      waiting = true;
      clock.schedule(() => {
        waiting = false;
        ready = true;
        pump();
      }, step.after);
    } else if (high || !step.needsDemand) {
      ready = false;
      steps.shift();
      step.run();
      pump();
    }
  };
  return {
    said,
    read$: new Observable<T>((subscriber) => {
      const subscription = out$.subscribe(subscriber);
      subscription.add(() => steps.splice(0));
      return subscription;
    }),
    demand: (asked: boolean): void => {
      high = asked;
      pump();
    },
    say(after: number, bytes: number, first: number): number {
      const chunk = Uint8Array.from({ length: bytes }, (_, i) => (first + said.length + i) % 256);
      said.push(...chunk);
      steps.push({ after, needsDemand: true, run: () => { out$.next(chunk as T); } }); // prettier-ignore
      pump();
      return steps.reduce((sum, step) => sum + step.after, 0);
    },
    then(after: number, run: () => void): void {
      steps.push({ after, needsDemand: false, run });
      pump();
    },
    tell: (value: T): void => { out$.next(value); }, // prettier-ignore
    end: (): void => { out$.complete(); }, // prettier-ignore
    fail: (fault: Fault): void => { out$.error(fault); }, // prettier-ignore
  };
}

/** A way to the peer or to prog that takes what it is given after a while, or never. */
function way(
  taken$: Subject<number>,
  delayed: () => number | undefined,
  at: (delayed: number, work: () => void) => void,
) {
  const given: number[] = [];
  let onTheWay = 0;
  let most = 0;
  let ended = false;
  let gone = false;
  const take = (bytes: number): void => {
    if (gone || bytes > onTheWay) return;
    onTheWay -= bytes;
    if (bytes > 0) taken$.next(bytes);
    if (ended && onTheWay === 0) taken$.complete();
  };
  return {
    given,
    closeNotify: false,
    most: () => most,
    give(bytes: Bytes): void {
      given.push(...bytes);
      onTheWay += bytes.length;
      most = Math.max(most, onTheWay);
      const wait = delayed();
      if (wait !== undefined) at(wait, () => { take(bytes.length); }); // prettier-ignore
    },
    end(): void {
      ended = true;
      at(0, () => { take(0); }); // prettier-ignore
    },
    takeAll(): void {
      at(0, () => { take(onTheWay); }); // prettier-ignore
    },
    giveUp(): void {
      at(0, () => (gone = true));
    },
  };
}
