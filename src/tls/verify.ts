import type { SecureContext } from 'node:tls';
import { catchError, map, throwError } from 'rxjs';
import { Fault, type Handshake } from '../../graph/vocabulary.ts';
import type { PeerDriver, ServerSide } from './engine.ts';
import { judgeInOpenssl, type Judgement } from './verify-openssl.ts';

/**
 * Gives a peer whose certificate is refused the alert that fits (unknown_ca, certificate_expired, …), where this is possible;
 * where it is not, `info` hears why, and such a peer sees TCP end as soon as the handshake is done.
 *
 * To be called with the contexts of the connection before privileges are dropped, since it loads koffi. The result wraps the
 * peer's driver.
 */
export const alertRefused = (
  contexts: readonly SecureContext[],
  clientCertificate: ServerSide['clientCertificate'],
  info: (message: string) => void,
): ((peer: PeerDriver) => PeerDriver) => {
  if (clientCertificate === 'none') return (peer) => peer;
  const judging = judgeInOpenssl(contexts);
  if ('judgement' in judging) return (peer) => judgedBy(judging.judgement, peer);
  info(`a peer whose certificate is refused gets no alert: ${judging.reason}`);
  return (peer) => peer;
};

/**
 * Lets nobody pass whose certificate was not judged and accepted, and says why the handshake of the refused ones failed.
 *
 * The engine asks Node, as ever; but where our function sits inside OpenSSL that is not enough (see `judgementOf`): if it could not
 * be entered, OpenSSL may have taken garbage for a yes, and Node knows of no error.
 */
export const judgedBy = (judgement: () => Judgement | undefined, peer: PeerDriver): PeerDriver => ({
  ...peer,
  secured$: peer.secured$.pipe(
    map((handshake: Handshake) => {
      if (handshake.peerCertificateHash === undefined || judgement() === 'accepted') return handshake;
      throw refusal('nobody has judged it');
    }),
    catchError((fault: unknown) => {
      const judged = judgement();
      return throwError(() => (typeof judged === 'object' ? refusal(judged.refused) : fault));
    }),
  ),
});

const refusal = (reason: string): Fault => new Fault('handshake', `the peer's certificate was refused: ${reason}`);
