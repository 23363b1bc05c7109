import { Duplex } from 'node:stream';
import { TLSSocket, type ConnectionOptions, type TLSSocketOptions } from 'node:tls';
import type { Protocol } from '../../../../graph/vocabulary.ts';
import { Client } from './client.ts';
import { quiet, serverContext, until } from './meeting.ts';

/** Node's TLS as it is, with nothing of ours: a server-side TLSSocket, made by hand over a Duplex, and its client. */
export interface NodePair {
  readonly tls: TLSSocket;
  /** What the TLSSocket sits on. */
  readonly wire: Duplex;
  readonly client: Client;
  /** Bytes, `FIN` when the Duplex is finished. */
  readonly written: (Buffer | 'FIN')[];
  /** Names of the events of the TLSSocket since the handshake. */
  readonly events: string[];
}

export interface PairOrder {
  readonly protocol: Protocol;
  readonly client?: ConnectionOptions;
  readonly server?: TLSSocketOptions;
  readonly allowHalfOpen?: boolean;
}

export async function nodePair(order: PairOrder): Promise<NodePair> {
  const { protocol, allowHalfOpen = true } = order;
  const client = new Client({ minVersion: protocol, maxVersion: protocol, ...order.client });
  const written: (Buffer | 'FIN')[] = [];
  const wire = new Duplex({
    allowHalfOpen,
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => {
      written.push(chunk);
      client.receive(chunk);
      done();
    },
    final: (done) => {
      written.push('FIN');
      done();
    },
  });
  const tls = new TLSSocket(wire, { isServer: true, secureContext: serverContext(), ...order.server });
  const events: string[] = [];
  for (const name of ['secure', 'end', 'error', '_tlsError', 'close']) tls.on(name, () => events.push(name));
  client.carry((bytes) => wire.push(bytes));
  await until('the handshake', () => client.secured && events.includes('secure'));
  client.carry(undefined);
  await quiet();
  events.length = 0;
  written.length = 0;
  return { tls, wire, client, written, events };
}
