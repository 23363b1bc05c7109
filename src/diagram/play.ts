import { finalize, Observable, VirtualTimeScheduler } from 'rxjs';
import { tunnel } from '../../graph/tunnel.ts';
import type { Law, Witness } from '../../graph/laws.ts';
import { patienceFor } from '../../graph/patience.ts';
import type { Verdict } from '../../graph/verdict.ts';
import type { Protocol } from '../../graph/vocabulary.ts';
import type { Sinks, Sources } from '../../graph/world.ts';
import type { Mark } from './rows.ts';
import { happen, listen, liveSources, takeAll } from './drivers.ts';
import { Origins, type Occasion } from './origins.ts';
import type { Expected, Given, Scenario } from './scenario.ts';
import { emptyRows, lawsBroken } from './written.ts';

/** What the tunnel did: every row that can be expected, and the verdicts. */
export interface Actual {
  readonly rows: Readonly<Record<Expected, readonly Mark[]>>;
  /** On what occasion each mark of {@link Actual.rows} was written, in the same order. */
  readonly occasions: Readonly<Record<Expected, readonly Occasion[]>>;
  readonly verdicts: readonly Verdict[];
  /** The laws that decided something, in their order. */
  readonly laws: readonly Decision[];
  /** What must never happen, whatever the scenario, and did. */
  readonly broken: readonly string[];
}

/** A law that decided something, and when. */
export interface Decision {
  readonly frame: number;
  readonly law: Law;
}

/** Sees all that happens at the graph's edges while a scenario is played, and changes none of it. */
export interface Onlooker {
  readonly streams: <T extends Sources | Sinks>(streams: T) => T;
  readonly witness: Witness;
}

/** Runs a scenario in virtual time: given rows in, everything that comes out is written down. */
export function playScenario(
  scenario: Scenario,
  protocol: Protocol,
  order: readonly (keyof Sinks)[] = ORDERS['as declared'],
  onlooker?: (clock: { now: () => number }) => Onlooker,
): Actual {
  const clock = new VirtualTimeScheduler();
  const { streams, witness } = onlooker?.(clock) ?? NOBODY;
  const sources = liveSources();
  const rows = emptyRows<Mark>();
  const occasions = emptyRows<Occasion>();
  const origins = new Origins(clock);
  const verdicts: Verdict[] = [];
  const broken: string[] = [];
  const laws: Decision[] = [];
  const write = (label: Expected, symbol: string): void => {
    rows[label].push({ frame: clock.now(), symbol });
    occasions[label].push(origins.now());
    if (label === 'to peer' && rows['hang up'].length > 0) broken.push(`${symbol} to the peer after hanging up`);
  };
  const later = (label: Given, symbol: string, work: () => void): void =>
    void clock.schedule(() => origins.during({ label, symbol }, work));
  const reading$ = <T>(label: Expected, source$: Observable<T>): Observable<T> =>
    new Observable((subscriber) => {
      write(label, '^');
      return source$
        .pipe(
          finalize(() => {
            write(label, '!');
          }),
        )
        .subscribe(subscriber);
    });

  const watched = streams<Sources>({
    ...sources,
    fromPeer$: reading$('reading peer', sources.fromPeer$),
    fromProg$: reading$('reading prog', sources.fromProg$),
  });
  const sinks = streams(
    tunnel(watched, {
      policy: scenario.policy,
      requireCloseNotify: scenario.requireCloseNotify,
      idleTimeout: scenario.idleTimeout,
      patience: patienceFor(scenario.idleTimeout),
      highWaterMark: scenario.highWaterMark,
      scheduler: clock,
      witness: (law) => {
        laws.push({ frame: clock.now(), law });
        origins.decided(law);
        witness(law);
      },
    }),
  );
  const isGiven = (label: Given): boolean => scenario.given.some((row) => row.label === label);
  listen(sinks, order, write, (verdict) => verdicts.push(verdict), broken);
  for (const [label, said$, taken$] of [
    ['taken by peer', sinks.toPeer$, sources.takenByPeer$],
    ['taken by prog', sinks.toProg$, sources.takenByProg$],
  ] as const) {
    if (!isGiven(label)) takeAll(said$, taken$, (symbol, work) => later(label, symbol, work));
  }
  if (!isGiven('hung up')) sinks.hangUp$.subscribe(() => later('hung up', 'T', () => sources.hungUp$.next()));
  const handshake = isGiven('handshake') ? [] : [{ label: 'handshake' as const, marks: [{ frame: 0, symbol: 'h' }] }];
  for (const { label, marks } of [...handshake, ...scenario.given]) {
    for (const { frame, symbol } of marks) {
      clock.schedule(
        () => origins.during({ label, symbol }, () => happen(sources, label, symbol, scenario, protocol)),
        frame,
      );
    }
  }
  clock.flush();
  return { rows, occasions, verdicts, laws, broken: [...broken, ...lawsBroken(rows, verdicts)] };
}

const NOBODY: Onlooker = { streams: (streams) => streams, witness: () => undefined };

/** The orders in which drivers may subscribe: what happens must not depend on it. */
export const ORDERS = {
  'as declared': [
    'startProg$',
    'toPeer$',
    'toProg$',
    'demandPeer$',
    'demandProg$',
    'progSignal$',
    'hangUp$',
    'verdict$',
  ],
  'verdict first': [
    'verdict$',
    'startProg$',
    'toProg$',
    'demandProg$',
    'progSignal$',
    'toPeer$',
    'demandPeer$',
    'hangUp$',
  ],
  backwards: ['verdict$', 'hangUp$', 'progSignal$', 'demandProg$', 'demandPeer$', 'toProg$', 'toPeer$', 'startProg$'],
} as const satisfies Readonly<Record<string, readonly (keyof Sinks)[]>>;
