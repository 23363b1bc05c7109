import type { SecureContext } from 'node:tls';
import { catchError, map, throwError } from 'rxjs';
import { Fault, type Handshake } from '../../graph/vocabulary.ts';
import type { PeerDriver, ServerSide } from './engine.ts';
import { judgeInOpenssl, type Judgement } from './verify-openssl.ts';

/** Starts the engine of one connection; whatever the peer sends has to come to OpenSSL within `handling`, if that is given. */
export type StartPeer = (handling?: NonNullable<ServerSide['handling']>) => PeerDriver;

/**
 * Gives peers whose certificate is refused the alert that fits (unknown_ca, certificate_expired, …), where this is possible;
 * where it is not, `info` hears why, and such a peer sees TCP end as soon as the handshake is done.
 *
 * To be called with all contexts that connections may meet, before privileges are dropped, since it loads koffi. The result starts
 * the peer's driver of each connection.
 */
export const alertRefused = (
  contexts: readonly SecureContext[],
  clientCertificate: ServerSide['clientCertificate'],
  info: (message: string) => void,
): ((start: StartPeer) => PeerDriver) => {
  if (clientCertificate === 'none') return (start) => start();
  const judging = judgeInOpenssl(contexts);
  if ('newJudgement' in judging) return (start) => judgedAlone(judging.newJudgement, start);
  info(`a peer whose certificate is refused gets no alert: ${judging.reason}`);
  return (start) => start();
};

/** OpenSSL judges while it handles what the peer has sent, so that what it has judged then was this peer. */
const judgedAlone = (newJudgement: () => Judgement | undefined, start: StartPeer): PeerDriver => {
  let judgement: Judgement | undefined;
  const handling = (handle: () => void): void => {
    newJudgement();
    handle();
    judgement = newJudgement() ?? judgement;
  };
  return judgedBy(() => judgement, start(handling));
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
