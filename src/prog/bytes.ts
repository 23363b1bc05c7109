import { Observable } from 'rxjs';
import type { Duplex } from 'node:stream';
import { giveBack } from '../memory.ts';
import type { Bytes } from '../../graph/vocabulary.ts';

/**
 * prog's stdout. Chunks are read while the last value of `demand$` is true, and at most one more (64 KiB).
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
 * Writes one chunk into prog's stdin, and emits its length once the kernel has taken all of it.
 *
 * - **completes** after that value.
 * - **errors** never: once prog has closed its stdin the chunk counts as taken, so that what comes after it is still asked for.
 * - **unsubscribes** without an effect: a chunk that was handed over cannot be called back.
 * - **holds** the chunk.
 *
 * `new Observable`, because the acknowledgement is the point.
 */
export function writeTo(stdin: Duplex, chunk: Bytes): Observable<number> {
  return new Observable((subscriber) => {
    stdin.write(chunk, (error) => {
      if (error == null) giveBack(chunk);
      subscriber.next(chunk.length);
      subscriber.complete();
    });
  });
}
