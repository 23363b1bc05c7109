import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';

// What a client TLSSocket does not tell by itself.

/**
 * Calls `then` when the engine reads close_notify.
 *
 * 'end' looks the same for close_notify and FIN. But the engine ends its readable side within the call that hands it the
 * record with close_notify, and a witness never hands it a FIN.
 */
export const onCloseNotify = (engine: TLSSocket, then: () => void): void => {
  const push = engine.push.bind(engine);
  engine.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
    if (chunk === null) then();
    return push(chunk, encoding);
  };
};

/**
 * Calls `then` once the engine has taken everything from its wire, a close_notify among it: right after a handshake it reads
 * a little later. Bounded by `turns` of the event loop, and by the life of the engine.
 */
export const whenAllTaken = (wire: Duplex, engine: TLSSocket | undefined, then: () => void, turns = 1000): void => {
  if (wire.readableLength === 0 || engine?.destroyed !== false || turns === 0) then();
  else
    setImmediate(() => {
      whenAllTaken(wire, engine, then, turns - 1);
    });
};
