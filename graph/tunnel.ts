import {
  catchError,
  combineLatest,
  concat,
  defer,
  filter,
  map,
  merge,
  NEVER,
  of,
  share,
  switchMap,
  take,
  takeUntil,
  timer,
} from 'rxjs';
import type { Observable } from 'rxjs';
import { CLOSING_RULES, FAULT_RULES, type Cause } from './closing-rules.ts';
import { breakOn } from './operators/breakOn.ts';
import { demand } from './operators/demand.ts';
import { endBy } from './operators/endBy.ts';
import { excuseProvoked } from './operators/excuseProvoked.ts';
import { faultAsEof } from './operators/faultAsEof.ts';
import { faults } from './operators/faults.ts';
import { idleTimeout } from './operators/idleTimeout.ts';
import { linger } from './operators/linger.ts';
import { peerEnding } from './operators/peerEnding.ts';
import { remember } from './operators/remember.ts';
import { requireCloseNotify } from './operators/requireCloseNotify.ts';
import { shareLive } from './operators/shareLive.ts';
import { toVerdict } from './operators/toVerdict.ts';
import { untilAnswered } from './operators/untilAnswered.ts';
import { untilDeaf } from './operators/untilDeaf.ts';
import { untilCloseNotify } from './operators/untilCloseNotify.ts';
import { whenEnded } from './operators/whenEnded.ts';
import { witnessed } from './laws.ts';
import { Fault, type Handshake } from './vocabulary.ts';
import type { Verdict } from './verdict.ts';
import type { Settings, Sinks, Sources } from './world.ts';

/**
 * One connection: a pure function from what the world tells us to what we tell the world.
 * It does not know which side of TLS it is on, what its drivers are, or what time really is.
 */
export function tunnel(sources: Sources, settings: Settings): Sinks {
  const { idleTimeout: limit, scheduler } = settings;
  const { accepted = scheduler.now() } = settings;
  const signal$ = sources.signal$.pipe(share());
  const law = witnessed(settings.witness);

  // First the handshake, as a whole within -K. Until it is done there is no prog and nothing to carry.
  const tooLate$ = limit === 0 ? NEVER : timer(limit, scheduler).pipe(map(() => new Fault('handshake', 'timed out')));
  const handshake$ = sources.secured$.pipe(take(1), law('handshakeTimeout', breakOn(tooLate$)), remember());
  const settled$ = handshake$.pipe(catchError(() => of(undefined)));
  const handshakeFault$ = handshake$.pipe(
    faults(),
    map((fault): Cause => ({ fault })),
  );
  const interrupted$ = signal$.pipe(
    map((signal): Cause => ({ signal })),
    takeUntil(settled$),
  );
  const failed$ = merge(handshakeFault$, interrupted$).pipe(take(1), remember());
  // A failed handshake ends without a word, neither FIN nor EOF: hence the NEVER.
  const secured$ = concat(handshake$.pipe(faultAsEof(), takeUntil(failed$)), failed$.pipe(switchMap(() => NEVER))).pipe(
    remember(),
  );

  // Then the two directions, by the rules of the policy and of the protocol that was agreed on.
  const connection$ = secured$.pipe(
    map((handshake) => carry(handshake, { ...sources, signal$ }, settings)),
    remember(),
  );
  const failedVerdict$ = combineLatest([failed$, sources.hungUp$]).pipe(
    map(([cause]): Verdict => ({ ...NOTHING_CARRIED, cause, milliseconds: scheduler.now() - accepted })),
  );
  const verdict$ = connection$.pipe(
    switchMap((open) => open.verdict$),
    map((verdict): Verdict => ({ ...verdict, milliseconds: scheduler.now() - accepted })),
  );

  return {
    startProg$: secured$,
    toPeer$: connection$.pipe(switchMap((open) => open.toPeer$)),
    toProg$: connection$.pipe(switchMap((open) => open.toProg$)),
    demandPeer$: connection$.pipe(switchMap((open) => open.demandPeer$)),
    demandProg$: connection$.pipe(switchMap((open) => open.demandProg$)),
    progSignal$: connection$.pipe(switchMap(() => signal$)),
    hangUp$: merge(failed$.pipe(map(() => undefined)), connection$.pipe(switchMap((open) => open.hangUp$))),
    verdict$: merge(failedVerdict$, verdict$).pipe(take(1)),
  };
}

interface Carried extends Omit<Sinks, 'startProg$' | 'progSignal$' | 'verdict$'> {
  readonly verdict$: Observable<Omit<Verdict, 'milliseconds'>>;
}

/** Everything between the handshake and the verdict. Read the declarations as sentences; each operator is a law. */
function carry(handshake: Handshake, sources: Sources, settings: Settings): Carried {
  const { takenByProg$, progStdinGone$, signal$ } = sources;
  const { highWaterMark, patience, scheduler } = settings;
  const rules = CLOSING_RULES[handshake.protocol][settings.policy];
  const law = witnessed(settings.witness);

  // What is, sooner or later, true.
  const takenByPeer$ = sources.takenByPeer$.pipe(faultAsEof());
  const ourEnding = rules.sendsCloseNotify ? 'close_notify' : 'fin';
  const weEnded$ = sources.takenByPeer$.pipe(
    whenEnded(),
    faultAsEof(),
    map(() => ourEnding),
    remember(),
  );
  const progExit$ = sources.progExit$.pipe(remember());

  // The peer: data, close_notify, FIN; or a fault, unless our own ending provoked it. After we have left, nothing.
  const weLeft$: Observable<unknown> = defer(() => merge(idle$, lingered$)).pipe(take(1), remember());
  const fromPeer$ = sources.fromPeer$.pipe(shareLive());
  const peer$ = fromPeer$.pipe(
    law('excuseProvoked', excuseProvoked(weEnded$, rules)),
    law('requireCloseNotify', requireCloseNotify(settings.requireCloseNotify)),
    takeUntil(weLeft$),
    shareLive(),
  );
  const unwritable$ = sources.takenByPeer$.pipe(faults(), takeUntil(weLeft$), remember());
  const fault$ = merge(peer$.pipe(faults()), unwritable$).pipe(remember());
  const broken$ = fault$.pipe(filter(({ kind }) => FAULT_RULES[kind].breaksConnection));
  const peerEnded$ = merge(fromPeer$.pipe(peerEnding(), takeUntil(weLeft$)), unwritable$).pipe(take(1), remember());
  const peerLeft$ = peer$.pipe(faultAsEof(), whenEnded(), remember());

  // prog: data and EOF. Its output is given up when the connection is broken, or when it goes on after it no longer matters.
  const fromProg$ = sources.fromProg$.pipe(shareLive());
  const givenUp$: Observable<unknown> = defer(() => merge(broken$, unheard$)).pipe(take(1), remember());
  const prog$ = fromProg$.pipe(takeUntil(givenUp$));
  const progEnded$ = fromProg$.pipe(whenEnded(), takeUntil(givenUp$), remember());

  // We may have to end it ourselves: nothing happens any more (-K), or we are told to, and prog takes too long.
  const idle$ = merge(peer$.pipe(faultAsEof()), prog$, takenByPeer$, takenByProg$).pipe(
    law('idleTimeout', idleTimeout(settings.idleTimeout, scheduler)),
    remember(),
  );
  const graceOver$ = signal$.pipe(
    take(1),
    switchMap(() => prog$.pipe(law('signalGrace', linger(patience, scheduler)))),
    remember(),
  );

  // Outbound: what prog says, and then the policy's ending.
  const toPeer$ = fromProg$.pipe(
    takeUntil(merge(weLeft$, graceOver$)),
    law('untilAnswered', untilAnswered(peer$.pipe(faultAsEof()), rules)),
    law('endBy', endBy(rules)),
    law('breakOn', breakOn(broken$)),
    shareLive(),
  );
  const unheard$ = toPeer$.pipe(
    faultAsEof(),
    whenEnded(),
    switchMap(() => prog$.pipe(law('unheard', linger(patience, scheduler)))),
  );

  // Inbound: what the peer says until its ending, as long as somebody reads it.
  const lingering$: Observable<unknown> = defer(() =>
    combineLatest([merge(weEnded$, graceOver$), merge(progExit$, progDeaf$, graceOver$)]),
  ).pipe(take(1), remember());
  const toProg$ = peer$.pipe(
    law('untilCloseNotify', untilCloseNotify()),
    faultAsEof(),
    law('untilDeaf', untilDeaf(weEnded$, rules)),
    takeUntil(merge(progStdinGone$, lingering$, unwritable$)),
    shareLive(),
  );
  const progDeaf$ = toProg$.pipe(whenEnded());

  // The end of TCP: both sides have ended, or waiting for the other one makes no sense any more.
  const lingered$ = lingering$.pipe(
    switchMap(() => merge(peer$.pipe(faultAsEof()), takenByPeer$).pipe(law('linger', linger(patience, scheduler)))),
  );
  const bothEnded$ = combineLatest([weEnded$, peerLeft$]);
  const hangUp$ = merge(broken$, weLeft$, bothEnded$).pipe(
    take(1),
    map(() => undefined),
    remember(),
  );

  // The verdict: TCP is gone, and so is prog; after a signal we do not wait for prog any longer.
  const progOver$ = merge(progExit$, graceOver$);
  const verdict$ = combineLatest([hangUp$, sources.hungUp$, progOver$]).pipe(
    toVerdict({ peerEnded$, progEnded$, weEnded$, idle$, signal$, fault$, progExit$, toProg$, toPeer$ }, scheduler),
  );

  return {
    toPeer$,
    toProg$,
    demandPeer$: toProg$.pipe(demand(takenByProg$, highWaterMark)),
    demandProg$: toPeer$.pipe(demand(takenByPeer$, highWaterMark)),
    hangUp$,
    verdict$,
  };
}

const NOTHING_CARRIED = {
  first: 'peer',
  peerEnded: undefined,
  progEnded: false,
  weEnded: 'nothing',
  bytesIn: 0,
  bytesOut: 0,
  prog: undefined,
  secured: false,
} as const;
