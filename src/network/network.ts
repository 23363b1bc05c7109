import type { Observable } from 'rxjs';
import type { Bytes } from '../../graph/vocabulary.ts';

/** Where a server meets its peer: one socket, two sockets, or two pipes. */
export interface Network {
  /**
   * Ciphertext from the peer. Completes at FIN, errors with a `reset` Fault when reading fails, or when writing does, which
   * is told after all that the kernel still has. One subscriber. Read while {@link Network.read} was last told `true`. A chunk is only
   * lent: it is valid until `next` returns.
   */
  readonly fromNetwork$: Observable<Bytes>;
  /** Never a value: errors with a `reset` Fault when a write has failed, after {@link Network.fromNetwork$} has ended. */
  readonly unwritable$: Observable<never>;
  /** Turns reading on and off. Off at first. */
  read(on: boolean): void;
  /** Hands ciphertext to the kernel; `taken` is called when all of it is there. Nothing happens after {@link Network.close}. */
  write(chunks: readonly Bytes[], taken: () => void): void;
  /**
   * FIN behind what was written; `taken` is called when the kernel has it. When the peer has reset the connection before, a `bare` FIN is a
   * write that fails. One that was `announced`, by the close_notify that the kernel has taken, counts as taken: our ending was out
   * before, and a peer that has left answers it with a reset.
   */
  end(taken: () => void, fin: 'bare' | 'announced'): void;
  /** `true` while the kernel has not taken all that was written. */
  readonly pending: boolean;
  /** Closes it now. What the kernel has taken is still delivered by it. */
  close(): void;
}
