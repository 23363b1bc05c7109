import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { certificates, pem } from '../fixtures/certificates.ts';
import { eachProtocol, type Live, type Protocol } from './support/live.ts';
import type { Peer } from './support/peer.ts';
import type { Resident } from './support/resident.ts';

// -y and -Y with many clients at once: what OpenSSL judges is asked for by one process, and each is judged by itself.

/** Says whom it serves. */
const PROG = ['sh', '-c', 'echo "hash ${SSL_PEER_CERT_HASH-none}"; exec cat'];

interface Guest {
  readonly identity: { readonly key?: string; readonly cert?: string };
  /** What it gets instead of prog; `undefined` when it is welcome. */
  readonly alert: string | undefined;
}

/** In an order in which no two neighbours are treated alike. */
const guests = (option: '-y' | '-Y', protocol: Protocol): readonly Guest[] => {
  const { client, expiredClient, strangerClient } = certificates();
  // RFC 5246 §7.2.2 knows of no alert that would say it.
  const missing = protocol === 'TLSv1.3' ? 'certificate_required' : 'handshake_failure';
  return [
    { identity: pem(client), alert: undefined },
    { identity: pem(strangerClient), alert: 'unknown_ca' },
    { identity: {}, alert: option === '-y' ? missing : undefined },
    { identity: pem(client), alert: undefined },
    { identity: pem(expiredClient), alert: 'certificate_expired' },
  ];
};

const judged = async ({ identity, alert }: Guest, peer: Peer): Promise<void> => {
  if (alert === undefined) {
    await peer.receives('\n');
    assert.is(/^hash (none|SHA256:[0-9a-f]{64})\n$/.exec(peer.text)?.[1] === 'none', identity.cert === undefined);
    await peer.send('still here\n');
    await peer.receives('still here\n');
    peer.fin();
    await peer.ended();
    assert.is(peer.alert, undefined);
  } else {
    await peer.ended();
    assert.is(peer.received, 0);
    await peer.until(`the alert ${alert}`, () => peer.alert !== undefined);
    assert.is(peer.alert, alert);
  }
};

const lines = (server: Resident, what: RegExp): number => server.stderr.match(what)?.length ?? 0;

const invite = async (live: Live, server: Resident, guest: Guest): Promise<void> => {
  const peer = await live.join(server.port, { ...guest.identity, handshake: false });
  await judged(guest, peer);
  peer.destroy();
};

for (const workers of ['-w0', '-w2'])
  for (const option of ['-y', '-Y'] as const)
    eachProtocol(
      `${workers} ${option}: thirty clients at once, good and bad, are judged each by itself`,
      async (live) => {
        const env = { CAFILE: certificates().clientCa.certFile };
        const server = await live.resident({ options: [workers, option, '-v2', '-s'], env, prog: PROG });
        const all = Array.from({ length: 6 }, () => guests(option, live.protocol)).flat();
        await Promise.all(all.map((guest) => invite(live, server, guest)));
        await server.stop();
        const refused = all.filter(({ alert }) => alert !== undefined).length;
        assert.is(lines(server, /^s6-tlsserver: warning: \d+: /gm), refused, server.stderr);
        assert.is(lines(server, /: closed: .*; prog exited 0$/gm), all.length - refused, server.stderr);
      },
    );

test.run();
