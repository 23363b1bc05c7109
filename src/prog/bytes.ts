import { asapScheduler, Observable, type OperatorFunction } from 'rxjs';
import type { Duplex } from 'node:stream';
import { giveBack } from '../memory.ts';
import type { Bytes } from '../../graph/vocabulary.ts';

/**
 * prog's stdout. Chunks are read while the last value of `demand$` is true, and at most one more (up to 1 MiB).
 *
 *     demand$        T-----F-----T------
 *     prog writes    a--b---c-------d|
 *     fromProg$      a--b--------c--d|
 *
 * - **completes** at EOF, and when the pipe cannot be read.
 * - **errors** never.
 * - **unsubscribes** by closing our end: a prog that goes on writing gets SIGPIPE, as in any pipeline.
 * - **holds** one chunk, inside the stream.
 *
 * `new Observable`, because the order matters: an explicit pause comes before the first listener, or the stream flows.
 */
export function readFrom(stdout: Duplex, demand$: Observable<boolean>): Observable<Bytes> {
  return new Observable((subscriber) => {
    // EOF with nothing before it may have come and gone unheard.
    if (stdout.readableEnded || stdout.destroyed) {
      subscriber.complete();
      return;
    }
    stdout.pause();
    stdout.on('data', (chunk: Bytes) => subscriber.next(chunk));
    stdout.once('end', () => subscriber.complete());
    stdout.once('close', () => subscriber.complete());
    subscriber.add(() => stdout.destroy());
    subscriber.add(demand$.subscribe((demand) => (demand ? stdout.resume() : stdout.pause())));
  });
}

/**
 * Writes chunks into prog's stdin, and emits the length of each once the kernel has taken all of it.
 *
 *     ends$          ----E
 *     chunks         -a-b---c-|
 *     taken          ----12--1-|
 *
 * - **completes** when the chunks have, and each of them is taken: then to destroy the stream is to end it.
 * - **errors** with the chunks. Never because of prog: once it has closed its stdin, or where it has none, a chunk counts as taken, so
 *   that what comes after it is still asked for.
 * - **unsubscribes** from the chunks: one that was handed over cannot be called back.
 * - **holds** the chunks that are not taken. The bound is the graph's: it asks for no more before.
 *
 * `new Observable`, because the acknowledgement is the point.
 *
 * @param ends$ prog's stdin, once there is a prog; `undefined` when it could not be started.
 */
export const writtenTo =
  (ends$: Observable<{ readonly stdin: Duplex } | undefined>): OperatorFunction<Bytes, number> =>
  (chunk$) =>
    new Observable((subscriber) => {
      let stdin: Duplex | undefined;
      let waiting = 0;
      let ended = false;
      const taken = (length: number): void => {
        waiting -= 1;
        subscriber.next(length);
        if (ended && waiting === 0) subscriber.complete();
      };
      const write = (chunk: Bytes): void =>
        void stdin?.write(chunk, (error) => {
          if (error == null) giveBack(chunk);
          taken(chunk.length);
        });
      // In their order: those that wait for `ends$` come before any that finds `stdin`.
      const writeLater = (chunk: Bytes): void => {
        subscriber.add(
          ends$.subscribe((ends) => {
            stdin = ends?.stdin;
            if (stdin === undefined) asapScheduler.schedule(() => taken(chunk.length));
            else write(chunk);
          }),
        );
      };
      subscriber.add(
        chunk$.subscribe({
          next(chunk) {
            waiting += 1;
            if (stdin === undefined) writeLater(chunk);
            else write(chunk);
          },
          error: (error: unknown) => subscriber.error(error),
          complete() {
            ended = true;
            if (waiting === 0) subscriber.complete();
          },
        }),
      );
    });
