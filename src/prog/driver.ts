import {
  asapScheduler,
  AsyncSubject,
  BehaviorSubject,
  catchError,
  EMPTY,
  finalize,
  Subject,
  Subscription,
  switchMap,
  take,
} from 'rxjs';
import type { Observable } from 'rxjs';
import type { Handshake, ProgStatus } from '../../graph/vocabulary.ts';
import type { Sinks, Sources } from '../../graph/world.ts';
import { readFrom, writtenTo } from './bytes.ts';
import { spawnByPosix } from './children.ts';
import type { HeldLauncher } from './launcher.ts';
import { loadPipe2 } from './pipe2.ts';
import type { Pipe2 } from './pipe2.ts';
import type { OurEnds } from './plumbing.ts';
import { startProg } from './start.ts';
import type { RunningProg } from './start.ts';

/** prog as the tunnel sees it: {@link Sources} out, {@link Sinks} in. */
export interface ProgDriver extends Pick<Sources, 'fromProg$' | 'takenByProg$' | 'progStdinGone$' | 'progExit$'> {
  /**
   * Begins to obey the tunnel. Unsubscribing closes our ends and forgets prog, which is left alone.
   *
   * - prog is started at the first value of `startProg$`, and never again; 127, 126 or 111 is the exit of one that cannot be.
   * - `fromProg$` is for one subscriber, loses nothing that prog wrote before the subscription, and comes to its EOF when the last
   *   process that holds the pipe has gone.
   * - `takenByProg$` goes on when nobody reads prog's stdin any more.
   * - No signal is sent once prog's exit is known: the pid may belong to somebody else.
   */
  connect(sinks: ProgSinks): Subscription;
}

export type ProgSinks = Pick<Sinks, 'startProg$' | 'toProg$' | 'demandProg$' | 'progSignal$'>;

export interface ProgOptions {
  readonly argv: readonly string[];
  /** prog's whole environment. */
  readonly environment: (handshake: Handshake) => Readonly<Record<string, string>>;
  /** One line for people when prog could not be run or signalled, without the program's name. */
  readonly warn: (message: string) => void;
  /** The same for what is not a fault: prog got unix sockets instead of pipes. */
  readonly info?: (message: string) => void;
  /** prog is started by this process instead of by us: see `holdLauncher`. */
  readonly launcher?: HeldLauncher | undefined;
  /** Where pipes come from. */
  readonly pipes?: () => Pipe2;
}

/** Runs `argv` behind two pipes once the graph says so. */
export const progDriver = ({
  argv,
  environment,
  warn,
  info = nothing,
  launcher,
  pipes = loadPipe2,
}: ProgOptions): ProgDriver => {
  const demand$ = new BehaviorSubject(false);
  const ends$ = new AsyncSubject<OurEnds | undefined>();
  const taken$ = new Subject<number>(); // Hot: an acknowledgement answers a chunk, which only comes after `connect`.
  const stdinGone$ = new AsyncSubject<void>();
  const exit$ = new AsyncSubject<ProgStatus>();
  let running: RunningProg | undefined;
  let found: Pipe2 | undefined;
  const findPipes = (): Pipe2 => (found ??= pipes());
  const findAll = (): void => {
    findPipes();
    spawnByPosix('here');
  };

  const start = (handshake: Handshake): void => {
    const image = { argv, environment: environment(handshake) };
    const events = { warn, ended: (status: ProgStatus) => settle(exit$, status) };
    running = launcher?.start(image.environment, events) ?? startProg(image, { pipes: findPipes, info, events });
    const { ends } = running;
    // After our own end this comes too late to say anything.
    ends?.stdin.once('close', () => settle(stdinGone$, undefined));
    const tell = (): void => {
      if (ends?.stdin.destroyed !== false) settle(stdinGone$, undefined);
      settle(ends$, ends);
    };
    // Not now: the graph is made after prog was started, and an output that had ended by then would end while not all listen to it.
    if (ends === undefined) asapScheduler.schedule(tell);
    else tell();
  };

  const endStdin = (): void => {
    ends$.subscribe((ends) => {
      stdinGone$.complete();
      ends?.stdin.destroy();
    });
  };

  const stopReading = (): void => void ends$.subscribe((ends) => ends?.stdout.destroy());

  const connect = ({ startProg$, toProg$, demandProg$, progSignal$ }: ProgSinks): Subscription => {
    // A subscription of its own: what is added to that of a sink goes when the sink completes.
    const connection = new Subscription();
    // To find them takes some milliseconds: at best those in which the peer does its part of the handshake.
    const inAdvance = launcher === undefined ? setImmediate(findAll) : undefined;
    connection.add(() => clearImmediate(inAdvance));
    connection.add(startProg$.pipe(take(1)).subscribe({ next: start, error: neverStarted }));
    connection.add(demandProg$.subscribe((demand) => demand$.next(demand)));
    connection.add(
      toProg$.pipe(catchError(endOfInput), writtenTo(ends$)).subscribe({
        next: (length) => taken$.next(length),
        complete: endStdin,
      }),
    );
    connection.add(progSignal$.subscribe((signal) => running?.signal(signal)));
    connection.add(() => {
      running?.forget();
      launcher?.release();
      endStdin();
      stopReading();
    });
    return connection;
  };

  return {
    fromProg$: ends$.pipe(
      switchMap((ends) => (ends ? readFrom(ends.stdout, demand$) : EMPTY)),
      // Also when it was given up before prog was started.
      finalize(stopReading),
    ),
    takenByProg$: taken$.asObservable(),
    progStdinGone$: stdinGone$.asObservable(),
    progExit$: exit$.asObservable(),
    connect,
  };
};

const settle = <T>(settled$: AsyncSubject<T>, value: T): void => {
  settled$.next(value);
  settled$.complete();
};

/** What broke is for the graph to tell. For prog it is EOF. */
function endOfInput(): Observable<never> {
  return EMPTY;
}

/** The handshake failed, which others report: prog is not run. */
const neverStarted = (): void => undefined;

const nothing = (): void => undefined;
