import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { eachProtocol, type Live } from './support/live.ts';
import { stream, streamDigest } from './support/stream.ts';

// Much data on many connections of s6-tlsserver at once.

const [CONNECTIONS, BYTES] = [20, 2_000_000];
const DEADLINE = 60_000;

/** There and back on one connection; what came back, and how it ended. */
const thereAndBack = async (live: Live, port: number): Promise<[digest: string, ending: string]> => {
  const peer = await live.join(port, { discard: true });
  assert.ok(await peer.sendAll(stream(BYTES), DEADLINE));
  // In TLS 1.2 close_notify would also end what comes back.
  await peer.until('all of it', () => peer.received === BYTES, DEADLINE);
  await peer.closeNotify();
  peer.fin();
  const ending = await peer.ended(DEADLINE);
  return [peer.digest(), ending];
};

for (const workers of ['-w0', '-w2'])
  eachProtocol(
    `${workers}: ${CONNECTIONS} connections with ${BYTES} bytes each way at once, and no byte is lost`,
    async (live) => {
      const server = await live.resident({ options: [workers, '-S', '-v2'], prog: ['cat'] });
      const all = await Promise.all(Array.from({ length: CONNECTIONS }, () => thereAndBack(live, server.port)));
      for (const each of all) assert.equal(each, [streamDigest(BYTES), 'close_notify, fin']);
      for (let connection = 1; connection <= CONNECTIONS; connection++)
        assert.match(await server.verdict(connection), new RegExp(`; in ${BYTES} out ${BYTES}; .*; prog exited 0$`));
    },
  );

test.run();
