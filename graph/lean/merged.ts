import { Observable } from 'rxjs';
import { relay, type Hears } from './relay.ts';

/** Whatever any of the streams says, until all have ended: the `merge` of RxJS, by hand for the reason that `relay.ts` gives. */
export function merged<T>(...streams: readonly Observable<T>[]): Observable<T> {
  return new Observable((to) => {
    let open = streams.length;
    const hears: Hears<T, T> = {
      complete(stream) {
        open -= 1;
        if (open === 0) stream.end();
      },
    };
    for (const stream$ of streams) if (!to.closed) relay(stream$, to, hears);
  });
}
