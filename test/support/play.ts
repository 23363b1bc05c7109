import { finalize, Observable, Subject, VirtualTimeScheduler } from 'rxjs';
import { tunnel } from '../../graph/tunnel.ts';
import { exitStatus, tellVerdict, type Verdict } from '../../graph/verdict.ts';
import { CLOSE_NOTIFY, Fault, isFault } from '../../graph/vocabulary.ts';
import type { Bytes, CloseNotify, FaultKind, Handshake, ProgStatus, Protocol, Signal } from '../../graph/vocabulary.ts';
import type { Sinks, Sources } from '../../graph/world.ts';
import { drawRows, type Mark, type Row } from './rows.ts';
import type { Expected, Given, Scenario } from './scenario.ts';

/** What the tunnel did: every row that can be expected, and the verdicts. */
export interface Actual {
  readonly rows: Readonly<Record<Expected, readonly Mark[]>>;
  readonly verdicts: readonly Verdict[];
  /** What must never happen, whatever the scenario, and did. */
  readonly broken: readonly string[];
}

/** Runs a scenario in virtual time: given rows in, everything that comes out is written down. */
export function playScenario(scenario: Scenario, protocol: Protocol): Actual {
  const clock = new VirtualTimeScheduler();
  const sources = liveSources();
  const rows = emptyRows();
  const verdicts: Verdict[] = [];
  const broken: string[] = [];
  const write = (label: Expected, symbol: string): void => void rows[label].push({ frame: clock.now(), symbol });
  const later = (work: () => void): void => void clock.schedule(work);
  const reading = <T>(label: Expected, source$: Observable<T>): Observable<T> =>
    new Observable((subscriber) => {
      write(label, '^');
      return source$.pipe(finalize(() => { write(label, '!'); })).subscribe(subscriber); // prettier-ignore
    });

  // The driver subscribes in the order of the interface; a scenario's rows happen in the order in which they are written.
  const sinks = tunnel(
    {
      ...sources,
      fromPeer$: reading('reading peer', sources.fromPeer$),
      fromProg$: reading('reading prog', sources.fromProg$),
    },
    {
      policy: scenario.policy,
      requireCloseNotify: scenario.requireCloseNotify,
      idleTimeout: scenario.idleTimeout,
      patience: { silence: Math.min(scenario.idleTimeout || SILENCE, SILENCE), total: TOTAL },
      highWaterMark: scenario.highWaterMark,
      scheduler: clock,
    },
  );
  const isGiven = (label: Given): boolean => scenario.given.some((row) => row.label === label);
  listen(sinks, write, (verdict) => verdicts.push(verdict), broken);
  if (!isGiven('taken by peer')) takeAll(sinks.toPeer$, sources.takenByPeer$, later);
  if (!isGiven('taken by prog')) takeAll(sinks.toProg$, sources.takenByProg$, later);
  if (!isGiven('hung up')) sinks.hangUp$.subscribe(() => { later(() => { sources.hungUp$.next(); }); }); // prettier-ignore
  const handshake = isGiven('handshake') ? [] : [{ label: 'handshake' as const, marks: [{ frame: 0, symbol: 'h' }] }];
  for (const { label, marks } of [...handshake, ...scenario.given]) {
    for (const { frame, symbol } of marks) {
      clock.schedule(() => { happen(sources, label, symbol, scenario, protocol); }, frame); // prettier-ignore
    }
  }
  clock.flush();
  return { rows, verdicts, broken: [...broken, ...lawsBroken(rows, verdicts)] };
}

/** The differences between what a scenario expects and what happened, for people; `undefined` when there are none. */
export function differences(scenario: Scenario, actual: Actual): string | undefined {
  const wrong = scenario.expected
    .filter(({ label, marks }) => JSON.stringify(marks) !== JSON.stringify(actual.rows[label]))
    .map(({ label }): string => `${label} is different`);
  const wanted = scenario.expected.map(({ label }): Expected => label);
  if (!wanted.includes('signal to prog') && actual.rows['signal to prog'].length > 0) wrong.push('signal to prog');
  const [verdict] = actual.verdicts;
  const told = verdict === undefined ? 'no verdict' : tellVerdict(verdict);
  if (told !== scenario.verdict) wrong.push(`verdict\n  expected  ${scenario.verdict}\n  actual    ${told}`);
  const exit = verdict === undefined ? undefined : exitStatus(verdict);
  if (exit !== scenario.exit) wrong.push(`exit ${String(exit)}, not ${String(scenario.exit)}`);
  wrong.push(...actual.broken);
  if (wrong.length === 0) return undefined;
  const expected = scenario.expected.map(({ label, marks }): Row => ({ label: `expected ${label}`, marks }));
  const seen = wanted.map((label): Row => ({ label: `actual   ${label}`, marks: actual.rows[label] }));
  const both = expected.flatMap((row, i) => [row, ...seen.slice(i, i + 1)]);
  return `${scenario.title}\n\n${drawRows([...scenario.given, ...both])}\n\n${wrong.join('\n')}\n`;
}

/** A scenario and what really happened, as aligned rows. */
export function drawScenario(scenario: Scenario, actual: Actual): string {
  const happened = scenario.expected.map(({ label }): Row => ({ label, marks: actual.rows[label] }));
  const verdicts = actual.verdicts.map(tellVerdict);
  return [drawRows([...scenario.given, ...happened]), ...verdicts].join('\n');
}

type Live = { readonly [Name in keyof Sources]: Sources[Name] extends Observable<infer T> ? Subject<T> : never };

const liveSources = (): Live => ({
  secured$: new Subject<Handshake>(),
  fromPeer$: new Subject<Bytes | CloseNotify>(),
  fromProg$: new Subject<Bytes>(),
  progStdinGone$: new Subject<void>(),
  progExit$: new Subject<ProgStatus>(),
  signal$: new Subject<Signal>(),
  takenByPeer$: new Subject<number>(),
  takenByProg$: new Subject<number>(),
  hungUp$: new Subject<void>(),
});

function happen(live: Live, label: Given, symbol: string, scenario: Scenario, protocol: Protocol): void {
  switch (label) {
    case 'handshake':
      if (symbol === 'h') live.secured$.next({ protocol, cipher: 'TLS_AES_128_GCM_SHA256' });
      else live.secured$.error(faultOf(scenario.fault));
      return;
    case 'from peer':
      if (symbol === '#') live.fromPeer$.error(faultOf(scenario.fault));
      else if (symbol === '|') live.fromPeer$.complete();
      else live.fromPeer$.next(symbol === 'N' ? CLOSE_NOTIFY : byte(symbol));
      return;
    case 'from prog':
      if (symbol === '|') live.fromProg$.complete();
      else live.fromProg$.next(byte(symbol));
      return;
    case 'prog exit':
      live.progExit$.next(symbol === 'x' ? statusOf(scenario.progStatus) : { code: Number(symbol) });
      live.progExit$.complete();
      return;
    case 'prog stdin gone':
      live.progStdinGone$.next();
      return;
    case 'signal':
      live.signal$.next(symbol === 't' ? 'SIGTERM' : symbol === 'i' ? 'SIGINT' : 'SIGHUP');
      return;
    case 'taken by peer':
      if (symbol === '|') live.takenByPeer$.complete();
      else live.takenByPeer$.next(Number(symbol));
      return;
    case 'taken by prog':
      live.takenByProg$.next(Number(symbol));
      return;
    case 'hung up':
      live.hungUp$.next();
  }
}

function listen(
  sinks: Sinks,
  write: (label: Expected, symbol: string) => void,
  judge: (verdict: Verdict) => void,
  broken: string[],
): void {
  const never = (label: string) => (error: unknown) => broken.push(`${label} failed: ${String(error)}`);
  sinks.startProg$.subscribe({ next: () => { write('start prog', 'h'); }, error: never('start prog') }); // prettier-ignore
  sinks.toPeer$.subscribe({
    next: (value) => { write('to peer', symbolOf(value)); }, // prettier-ignore
    error: (error: unknown) => {
      write('to peer', '#');
      if (!isFault(error)) never('to peer')(error);
    },
    complete: () => { write('to peer', '|'); }, // prettier-ignore
  });
  sinks.toProg$.subscribe({
    next: (value) => { write('to prog', symbolOf(value)); }, // prettier-ignore
    error: never('to prog'),
    complete: () => { write('to prog', '|'); }, // prettier-ignore
  });
  const level = (high: boolean): string => (high ? 'h' : 'l');
  sinks.demandPeer$.subscribe({ next: (high) => { write('demand peer', level(high)); }, error: never('demand') }); // prettier-ignore
  sinks.demandProg$.subscribe({ next: (high) => { write('demand prog', level(high)); }, error: never('demand') }); // prettier-ignore
  sinks.progSignal$.subscribe({
    next: (signal) => { write('signal to prog', signal.charAt(3).toLowerCase()); }, // prettier-ignore
    error: never('signal to prog'),
  });
  sinks.hangUp$.subscribe({ next: () => { write('hang up', 'T'); }, error: never('hang up') }); // prettier-ignore
  sinks.verdict$.subscribe({ next: judge, error: never('verdict') });
}

/** The drivers' part when all is well: what is said is taken in the same frame, but not in the same breath. */
function takeAll(
  said$: Observable<Bytes | CloseNotify>,
  taken$: Subject<number>,
  later: (work: () => void) => void,
): void {
  said$.subscribe({
    next: (value) => { later(() => { taken$.next(value === CLOSE_NOTIFY ? 0 : value.byteLength); }); }, // prettier-ignore
    error: () => undefined,
    complete: () => { later(() => { taken$.complete(); }); }, // prettier-ignore
  });
}

function lawsBroken(rows: Actual['rows'], verdicts: readonly Verdict[]): readonly string[] {
  const broken: string[] = [];
  const said = rows['to peer'].map(({ symbol }) => symbol).join('');
  if (/N[^|]/.test(said)) broken.push('something was said after our close_notify');
  if (verdicts.length !== 1) broken.push(`${String(verdicts.length)} verdicts`);
  if (rows['hang up'].length !== 1) broken.push(`hung up ${String(rows['hang up'].length)} times`);
  return broken;
}

const emptyRows = (): Record<Expected, Mark[]> => ({
  'start prog': [],
  'to peer': [],
  'to prog': [],
  'hang up': [],
  'demand peer': [],
  'demand prog': [],
  'reading peer': [],
  'reading prog': [],
  'signal to prog': [],
});

const byte = (symbol: string): Bytes => Uint8Array.of(symbol.charCodeAt(0));
const symbolOf = (value: Bytes | CloseNotify): string =>
  value === CLOSE_NOTIFY ? 'N' : String.fromCharCode(...value.subarray(0, 1));

function faultOf(text: string): Fault {
  const [kind = '', ...detail] = text.split(' ');
  if (!FAULT_KINDS.has(kind)) throw new Error(`unknown fault: ${text}`);
  return new Fault(kind as FaultKind, detail.join(' ') || kind);
}

function statusOf(text: string): ProgStatus {
  const [, kind, number] = /^(code|signal) (\d+)$/.exec(text) ?? [];
  if (kind === undefined) throw new Error(`unknown progStatus: ${text}`);
  return kind === 'code' ? { code: Number(number) } : { signal: Number(number) };
}

const FAULT_KINDS: ReadonlySet<string> = new Set<FaultKind>([
  'handshake',
  'truncation',
  'cutRecord',
  'alert',
  'badRecord',
  'reset',
]);
const SILENCE = 5_000;
const TOTAL = 30_000;
