import { setImmediate } from 'node:timers/promises';
import type { Peer } from '../live/support/peer.ts';
import type { HandshakeFate } from './words.ts';

/** Does what a schedule says of the handshake; resolves when it is done, or when the connection is over. `canReset`: its transport. */
export const shakeHands = async (peer: Peer, fate: HandshakeFate, canReset: boolean): Promise<void> => {
  if (fate === 'finished') {
    peer.startTls();
    let done = false;
    // Before the peer's own listener, which looks whether somebody waits for it.
    peer.tls.prependOnceListener('secureConnect', () => (done = true));
    await peer.until('the end of the handshake', ({ transportEnding }) => done || transportEnding !== undefined);
  } else if (fate === 'plain HTTP') await peer.raw('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  else if (fate.startsWith('ClientHello')) {
    const hello = await peer.sealed(async () => {
      peer.startTls();
      await setImmediate();
    });
    peer.gag();
    await peer.raw(hello);
    await peer.until('an answer', ({ records }) => records.length > 0);
  }
  if (fate.endsWith('RST') && canReset) peer.reset();
  else if (fate !== 'finished') peer.fin();
};
