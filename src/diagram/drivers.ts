import { map, Subject } from 'rxjs';
import type { Observable } from 'rxjs';
import type { Verdict } from '../../graph/verdict.ts';
import { CLOSE_NOTIFY, Fault, isFault } from '../../graph/vocabulary.ts';
import type { Bytes, CloseNotify, FaultKind, Handshake, ProgStatus, Protocol, Signal } from '../../graph/vocabulary.ts';
import type { Sinks, Sources } from '../../graph/world.ts';
import type { Expected, Given, Scenario } from './scenario.ts';

/** The sources as drivers hold them. */
export type Live = { readonly [Name in keyof Sources]: Sources[Name] extends Observable<infer T> ? Subject<T> : never };

export const liveSources = (): Live => ({
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

/** One symbol of a given row happens. */
export function happen(live: Live, label: Given, symbol: string, scenario: Scenario, protocol: Protocol): void {
  const chunk = (): Bytes => chunkOf(symbol, sizeOf(symbol, scenario));
  switch (label) {
    case 'handshake':
      if (symbol === 'h') live.secured$.next({ protocol, cipher: 'TLS_AES_128_GCM_SHA256' });
      else live.secured$.error(faultOf(scenario.fault));
      return;
    case 'from peer':
      if (symbol === '#') live.fromPeer$.error(faultOf(scenario.fault));
      else if (symbol === '|') live.fromPeer$.complete();
      else live.fromPeer$.next(symbol === 'N' ? CLOSE_NOTIFY : chunk());
      return;
    case 'from prog':
      if (symbol === '|') live.fromProg$.complete();
      else live.fromProg$.next(chunk());
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
      if (symbol === '#') live.takenByPeer$.error(faultOf(scenario.writeFault));
      else if (symbol === '|') live.takenByPeer$.complete();
      else live.takenByPeer$.next(sizeOf(symbol, scenario));
      return;
    case 'taken by prog':
      live.takenByProg$.next(sizeOf(symbol, scenario));
      return;
    case 'hung up':
      live.hungUp$.next();
  }
}

/** Listens to all sinks, in the given order, and writes down what they say. */
export function listen(
  sinks: Sinks,
  order: readonly (keyof Sinks)[],
  write: (label: Expected, symbol: string) => void,
  judge: (verdict: Verdict) => void,
  broken: string[],
): void {
  const row = (label: Expected) => ({
    next: (symbol: string): void => {
      write(label, symbol);
    },
    error: (error: unknown): void => {
      write(label, '#');
      if (label !== 'to peer' || !isFault(error)) broken.push(`${label} failed: ${String(error)}`);
    },
    complete: (): void => {
      if (label === 'to peer' || label === 'to prog') write(label, '|');
    },
  });
  const level = (high: boolean): string => (high ? 'h' : 'l');
  const subscribe: Readonly<Record<keyof Sinks, () => unknown>> = {
    startProg$: () => sinks.startProg$.pipe(map(() => 'h')).subscribe(row('start prog')),
    toPeer$: () => sinks.toPeer$.pipe(map(symbolOf)).subscribe(row('to peer')),
    toProg$: () => sinks.toProg$.pipe(map(symbolOf)).subscribe(row('to prog')),
    demandPeer$: () => sinks.demandPeer$.pipe(map(level)).subscribe(row('demand peer')),
    demandProg$: () => sinks.demandProg$.pipe(map(level)).subscribe(row('demand prog')),
    progSignal$: () =>
      sinks.progSignal$.pipe(map((signal) => signal.charAt(3).toLowerCase())).subscribe(row('signal to prog')),
    hangUp$: () => sinks.hangUp$.pipe(map(() => 'T')).subscribe(row('hang up')),
    verdict$: () => sinks.verdict$.subscribe({ next: judge, error: (error: unknown) => broken.push(String(error)) }),
  };
  for (const name of order) subscribe[name]();
}

/** The drivers' part when all is well: what is said is taken in the same frame, but not in the same breath. */
export function takeAll(
  said$: Observable<Bytes | CloseNotify>,
  taken$: Subject<number>,
  later: (symbol: string, work: () => void) => void,
): void {
  said$.subscribe({
    next: (value) => {
      if (value === CLOSE_NOTIFY) return;
      later(symbolOf(value), () => {
        taken$.next(value.byteLength);
      });
    },
    error: () => undefined,
    complete: () => {
      later('|', () => {
        taken$.complete();
      });
    },
  });
}

/** Bytes: a digit stands for itself, a letter for what the scenario says, or for 1. */
const sizeOf = (symbol: string, { bytes }: Scenario): number =>
  /[0-9]/.test(symbol) ? Number(symbol) : (bytes[symbol] ?? 1);

/**
 * A chunk that begins with a letter. A scenario can have many of them, of a gibibyte each, and nobody looks at more than their first
 * byte: hence they are all views of one piece of memory, in which the letters stand behind each other.
 */
function chunkOf(letter: string, size: number): Bytes {
  if (memory.length < size + LETTERS.length) {
    memory = new Uint8Array(size + LETTERS.length);
    memory.set(new TextEncoder().encode(LETTERS));
  }
  const start = LETTERS.indexOf(letter);
  return memory.subarray(start, start + size);
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
let memory = new Uint8Array(0);

const symbolOf = (value: Bytes | CloseNotify): string =>
  value === CLOSE_NOTIFY ? 'N' : String.fromCharCode(...value.subarray(0, 1));

function faultOf(text: string): Fault {
  const [kind, ...detail] = text.split(' ');
  return new Fault(kind as FaultKind, detail.join(' ') || text);
}

function statusOf(text: string): ProgStatus {
  const [kind, number] = text.split(' ');
  return kind === 'code' ? { code: Number(number) } : { signal: Number(number) };
}
