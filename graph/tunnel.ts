import { catchError, filter, map, NEVER, of, startWith, take, timer } from 'rxjs';
import type { Observable } from 'rxjs';
import { CLOSING_RULES, FAULT_RULES, type Cause } from './closing-rules.ts';
import { merged } from './lean/merged.ts';
import { allOf } from './operators/allOf.ts';
import { breakOn } from './operators/breakOn.ts';
import { continueWith } from './operators/continueWith.ts';
import { demand } from './operators/demand.ts';
import { endBy } from './operators/endBy.ts';
import { excuseProvoked } from './operators/excuseProvoked.ts';
import { faultAsEof } from './operators/faultAsEof.ts';
import { faults } from './operators/faults.ts';
import { firstOf } from './operators/firstOf.ts';
import { idleTimeout } from './operators/idleTimeout.ts';
import { linger } from './operators/linger.ts';
import { peerEnding } from './operators/peerEnding.ts';
import { remember } from './operators/remember.ts';
import { requireCloseNotify } from './operators/requireCloseNotify.ts';
import { shareLive } from './operators/shareLive.ts';
import { toVerdict } from './operators/toVerdict.ts';
import { until } from './operators/until.ts';
import { unless } from './operators/unless.ts';
import { untilAnswered } from './operators/untilAnswered.ts';
import { untilDeaf } from './operators/untilDeaf.ts';
import { untilCloseNotify } from './operators/untilCloseNotify.ts';
import { whenEnded } from './operators/whenEnded.ts';
import { witnessed } from './laws.ts';
import { Fault, type Handshake } from './vocabulary.ts';
import { NOTHING_CARRIED, type Verdict } from './verdict.ts';
import type { Settings, Sinks, Sources } from './world.ts';

/**
 * One connection: a pure function from what the world tells us to what we tell the world.
 * It does not know which side of TLS it is on, what its drivers are, or what time really is.
 */
export function tunnel(sources: Sources, settings: Settings): Sinks {
  const { idleTimeout: limit, scheduler } = settings;
  const { accepted = scheduler.now() } = settings;
  const signal$ = sources.signal$.pipe(shareLive());
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
    until(settled$),
  );
  const failed$ = firstOf(() => [handshakeFault$, interrupted$]);
  const secured$ = handshake$.pipe(unless(failed$), remember());

  // Then the two directions, by the rules of the policy and of the protocol that was agreed on.
  const course$ = firstOf(() => [
    failed$.pipe(map((cause) => refuse(cause, sources))),
    secured$.pipe(map((handshake) => carry(handshake, { ...sources, signal$ }, settings))),
  ]);

  return {
    startProg$: secured$,
    toPeer$: course$.pipe(continueWith(({ toPeer$ }) => toPeer$)),
    toProg$: course$.pipe(continueWith(({ toProg$ }) => toProg$)),
    demandPeer$: course$.pipe(continueWith(({ demandPeer$ }) => demandPeer$)),
    demandProg$: course$.pipe(continueWith(({ demandProg$ }) => demandProg$)),
    progSignal$: course$.pipe(continueWith(({ progSignal$ }) => progSignal$)),
    hangUp$: course$.pipe(continueWith(({ hangUp$ }) => hangUp$)),
    verdict$: course$.pipe(
      continueWith(({ verdict$ }) => verdict$),
      map((verdict) => ({ ...verdict, milliseconds: scheduler.now() - accepted })),
    ),
  };
}

interface Carried extends Omit<Sinks, 'startProg$' | 'verdict$'> {
  readonly verdict$: Observable<Omit<Verdict, 'milliseconds'>>;
}

/** There is nothing to carry: once TCP is gone, that is the verdict. */
function refuse(cause: Cause, { hungUp$ }: Sources): Carried {
  return {
    toPeer$: NEVER,
    toProg$: NEVER,
    demandPeer$: NEVER,
    demandProg$: NEVER,
    progSignal$: NEVER,
    hangUp$: NEVER.pipe(startWith(undefined)),
    verdict$: hungUp$.pipe(
      take(1),
      map(() => ({ ...NOTHING_CARRIED, first: 'peer' as const, secured: false, cause })),
    ),
  };
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
  const weEnded$ = sources.takenByPeer$.pipe(whenEnded<'close_notify' | 'fin'>(ourEnding), faultAsEof(), remember());
  const progExit$ = sources.progExit$.pipe(remember());

  // The peer: data, close_notify, FIN; or a fault, unless our own ending provoked it. After we have left, nothing.
  const weLeft$: Observable<unknown> = firstOf(() => [idle$, lingered$]);
  const fromPeer$ = sources.fromPeer$.pipe(shareLive());
  const peer$ = fromPeer$.pipe(
    law('excuseProvoked', excuseProvoked(weEnded$, rules)),
    law('requireCloseNotify', requireCloseNotify(settings.requireCloseNotify)),
    until(weLeft$),
    shareLive(),
  );
  const unwritable$ = sources.takenByPeer$.pipe(faults(), until(weLeft$), remember());
  const fault$ = merged(peer$.pipe(faults()), unwritable$).pipe(remember());
  const broken$ = fault$.pipe(
    filter(({ kind }) => FAULT_RULES[kind].breaksConnection),
    remember(),
  );
  const peerEnded$ = firstOf(() => [fromPeer$.pipe(peerEnding(), until(weLeft$)), unwritable$]);
  const peerLeft$ = peer$.pipe(faultAsEof(), whenEnded(), remember());

  // prog: data and EOF. Its output is given up when the connection is broken, or when it goes on after it no longer matters.
  const fromProg$ = sources.fromProg$.pipe(shareLive());
  const givenUp$: Observable<unknown> = firstOf(() => [broken$, unheard$]);
  const prog$ = fromProg$.pipe(until(givenUp$));
  const progEnded$ = fromProg$.pipe(whenEnded(), until(givenUp$), remember());

  // We may have to end it ourselves: nothing happens any more (-K), or we are told to, and prog takes too long.
  const idle$ = merged<unknown>(peer$.pipe(faultAsEof()), prog$, takenByPeer$, takenByProg$).pipe(
    law('idleTimeout', idleTimeout(settings.idleTimeout, scheduler)),
    remember(),
  );
  const graceOver$ = signal$.pipe(
    continueWith(() => prog$.pipe(law('signalGrace', linger(patience, scheduler)))),
    remember(),
  );

  // Outbound: what prog says, and then the policy's ending.
  const toPeer$ = fromProg$.pipe(
    until(weLeft$, graceOver$),
    law('untilAnswered', untilAnswered(peer$.pipe(faultAsEof()), rules)),
    law('endBy', endBy(rules)),
    law('breakOn', breakOn(broken$)),
    shareLive(),
  );
  const unheard$ = toPeer$.pipe(
    faultAsEof(),
    whenEnded(),
    continueWith(() => prog$.pipe(law('unheard', linger(patience, scheduler)))),
  );

  // Inbound: what the peer says until its ending, as long as somebody reads it.
  const lingering$: Observable<unknown> = allOf(() => [
    merged<unknown>(weEnded$, graceOver$),
    merged<unknown>(progExit$, progDeaf$, graceOver$),
  ]);
  const toProg$ = peer$.pipe(
    law('untilCloseNotify', untilCloseNotify()),
    faultAsEof(),
    law('untilDeaf', untilDeaf(weEnded$, rules)),
    until(progStdinGone$, lingering$, unwritable$),
    shareLive(),
  );
  const progDeaf$ = toProg$.pipe(whenEnded());

  // The end of TCP: both sides have ended, or waiting for the other one makes no sense any more.
  const lingered$ = lingering$.pipe(
    continueWith(() =>
      merged<unknown>(peer$.pipe(faultAsEof()), takenByPeer$).pipe(law('linger', linger(patience, scheduler))),
    ),
  );
  const bothEnded$ = allOf(() => [weEnded$, peerLeft$]);
  const over$ = firstOf<unknown>(() => [broken$, weLeft$, bothEnded$]);

  // The verdict: TCP is gone, and so is prog; after a signal we do not wait for prog any longer.
  const progOver$ = merged<unknown>(progExit$, graceOver$);
  const verdict$ = allOf(() => [over$, sources.hungUp$, progOver$]).pipe(
    toVerdict({ peerEnded$, progEnded$, weEnded$, idle$, signal$, fault$, progExit$, toProg$, toPeer$ }, scheduler),
  );

  return {
    toPeer$,
    toProg$,
    demandPeer$: toProg$.pipe(demand(takenByProg$, highWaterMark)),
    demandProg$: toPeer$.pipe(demand(takenByPeer$, highWaterMark)),
    progSignal$: signal$,
    hangUp$: over$.pipe(map(() => undefined)),
    verdict$,
  };
}
