import { Subject, VirtualTimeScheduler } from 'rxjs';
import { tunnel } from '../../graph/tunnel.ts';
import type { Verdict } from '../../graph/verdict.ts';
import { CLOSE_NOTIFY, Fault, isFault, type FaultKind } from '../../graph/vocabulary.ts';
import type { Bytes, CloseNotify, Handshake, ProgStatus, Signal } from '../../graph/vocabulary.ts';
import { reader, way } from './random-drivers.ts';
import type { World } from './random-world.ts';

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
      if (story.exited)
        at(0, () => {
          progStdinGone$.next();
        });
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
    complete: () => {
      outbound.end();
    },
  });
  sinks.demandPeer$.subscribe(peer.demand);
  sinks.demandProg$.subscribe(prog.demand);
  sinks.progSignal$.subscribe(() => (story.signals += 1));
  sinks.hangUp$.subscribe(() => {
    story.hungUp = true;
    outbound.giveUp();
    if (!peerEnded && world.afterHangUp === 'end') at(world.hangingUp, peer.end);
    if (!peerEnded && world.afterHangUp === 'reset')
      at(world.hangingUp, () => {
        peer.fail(new Fault('reset', 'late'));
      });
    at(world.hangingUp, () => {
      hungUp$.next();
    });
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
      peer.then(after, () => {
        if (!story.hungUp) peer.tell(CLOSE_NOTIFY);
      });
      if (by === 'close_notify and data')
        peer.then(1, () => {
          peer.tell(Uint8Array.of(0));
        });
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
  if (signal !== undefined)
    at(world.handshake + signal.at, () => {
      signal$.next(signal.name);
    });
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
