import type { TLSSocket } from 'node:tls';
import type { Bytes, Handshake } from '../../graph/vocabulary.ts';
import { serverNameIn } from './client-hello.ts';

type ClientCertificate = 'none' | 'optional' | 'mandatory';

/**
 * Why the peer's certificate does not do, once the handshake is done; `undefined` when it does.
 *
 * A server-side TLSSocket that was made by hand checks nothing itself: `authorized` is set by tls.Server only (Node 20,
 * lib/_tls_wrap.js, `onServerSocketSecure`), so we ask the handle as it does.
 */
export function refusalOf(tls: TLSSocket, wanted: ClientCertificate): string | undefined {
  if (wanted === 'none') return undefined;
  if (tls.getPeerX509Certificate() === undefined) {
    return wanted === 'mandatory' ? 'the peer presented no certificate' : undefined;
  }
  const { ssl } = tls as unknown as { ssl: { verifyError(): Error | null } };
  const error = ssl.verifyError();
  return error === null ? undefined : `the peer's certificate was refused: ${error.message}`;
}

/**
 * What prog and the closing rules want to know of the handshake.
 *
 * @param sent what the peer has sent, from the first byte on; needed where sessions can be resumed.
 */
export function handshakeOf(tls: TLSSocket, wanted: ClientCertificate, sent: () => Bytes = nothing): Handshake {
  const protocol = tls.getProtocol();
  if (protocol !== 'TLSv1.2' && protocol !== 'TLSv1.3') throw new Error(`unexpected protocol ${protocol}`);
  const { servername } = tls as TLSSocket & { servername?: string | false };
  // Of a resumed session of TLS 1.2 OpenSSL does not tell it.
  const serverName = protocol === 'TLSv1.2' && tls.isSessionReused() ? serverNameIn(sent()) : servername;
  const certificate = wanted === 'none' ? undefined : tls.getPeerX509Certificate();
  return {
    protocol,
    cipher: tls.getCipher().standardName,
    ...(typeof serverName === 'string' && serverName !== '' ? { serverName } : {}),
    ...(certificate === undefined
      ? {}
      : {
          peerCertificateHash: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
          peerCertificateSubject: distinguishedName(certificate.subject),
        }),
  };
}

/**
 * Node prints a subject one attribute a line, values escaped as in RFC 2253; RFC 4514 writes them in reverse, with commas.
 */
const distinguishedName = (subject: string | undefined): string => (subject ?? '').split('\n').reverse().join(',');

const nothing = (): Bytes => new Uint8Array();
