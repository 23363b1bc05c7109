import { readdirSync } from 'node:fs';
import { BehaviorSubject, firstValueFrom, Subject, toArray } from 'rxjs';
import type { Subscription } from 'rxjs';
import type { Bytes, Handshake, ProgStatus, Signal } from '../../../graph/vocabulary.ts';
import { progDriver } from '../../../src/prog/driver.ts';
import { holdLauncher } from '../../../src/prog/launcher.ts';
import type { HeldLauncher } from '../../../src/prog/launcher.ts';
import { loadPipe2 } from '../../../src/prog/pipe2.ts';
import type { Pipe2 } from '../../../src/prog/pipe2.ts';

const HANDSHAKE: Handshake = { protocol: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256' };
export const PATH = process.env['PATH'] ?? '/usr/bin:/bin';
export const noPipes = (): Pipe2 => ({ reason: 'the test says so' });

/** Fails loudly instead of hanging: every wait in these tests is on an event, and bounded. */
export const within = <T>(what: string, promise: Promise<T>, milliseconds = 20_000): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited too long for ${what}`)), milliseconds);
  });
  return Promise.race([promise, tooLate]).finally(() => clearTimeout(timer));
};

/** Looks once per turn of the event loop. */
export const until = (what: string, condition: () => boolean): Promise<void> =>
  within(
    what,
    (async () => {
      while (!condition()) await new Promise((resolve) => setImmediate(resolve));
    })(),
  );

export interface Order {
  readonly environment?: Readonly<Record<string, string>>;
  readonly pipes?: () => Pipe2;
  readonly launched?: boolean;
  readonly launcher?: HeldLauncher;
  /** Leaves `fromProg$` to the test. */
  readonly deaf?: boolean;
  readonly demand?: boolean;
}

/** A driver and a test in the place of the graph. */
export const order = (argv: readonly string[], given: Order = {}) => {
  const { environment = { PATH }, pipes = loadPipe2, launched = false, deaf = false, demand = true } = given;
  const warnings: string[] = [];
  const infos: string[] = [];
  const info = (message: string): void => void infos.push(message);
  const launcher = given.launcher ?? (launched ? holdLauncher({ argv, environment, pipes, info }) : undefined);
  const driver = progDriver({
    argv,
    environment: () => environment,
    warn: (message) => warnings.push(message),
    info,
    pipes,
    launcher,
  });
  const startProg$ = new Subject<Handshake>();
  const toProg$ = new Subject<Bytes>();
  const demandProg$ = new BehaviorSubject(demand);
  const progSignal$ = new Subject<Signal>();
  const taken: number[] = [];
  driver.takenByProg$.subscribe((length) => taken.push(length));
  const heard: Bytes[] = [];
  const ended = new Promise<void>((resolve) => {
    if (!deaf) driver.fromProg$.subscribe({ next: (chunk) => heard.push(chunk), complete: resolve });
  });
  const connection: Subscription = driver.connect({ startProg$, toProg$, demandProg$, progSignal$ });
  const text = (): string => Buffer.concat(heard).toString();
  return {
    driver,
    startProg$,
    toProg$,
    demandProg$,
    progSignal$,
    taken,
    heard,
    warnings,
    infos,
    connection,
    start: (handshake: Handshake = HANDSHAKE) => startProg$.next(handshake),
    say: (words: string) => toProg$.next(Buffer.from(words)),
    text,
    /** Waits until prog has said this. */
    said: (words: string) => until(`prog to say ${words}`, () => text().includes(words)),
    output: async () => {
      await within('the end of output', ended);
      return text();
    },
    exit: (): Promise<ProgStatus> => within('exit', firstValueFrom(driver.progExit$)),
    stdinGone: () => within('stdin to be gone', firstValueFrom(driver.progStdinGone$.pipe(toArray()))),
  };
};

/** Starts prog, says nothing to it, and waits for all there is to know. */
export const outcome = async (argv: readonly string[], given: Order = {}) => {
  const prog = order(argv, given);
  prog.start();
  prog.toProg$.complete();
  const [output, status] = await Promise.all([prog.output(), prog.exit()]);
  prog.connection.unsubscribe();
  return { output, status, warnings: prog.warnings, infos: prog.infos };
};

export const openFds = (): number => readdirSync('/proc/self/fd').length;
