import { createSecureContext, type ConnectionOptions, type SecureContextOptions } from 'node:tls';
import { constants } from 'node:crypto';
import { BehaviorSubject, Subject } from 'rxjs';
import { test } from 'uvu';
import { isFault, type Bytes, type CloseNotify, type Protocol } from '../../../../graph/vocabulary.ts';
import { startEngine, type PeerDriver, type ServerSide } from '../../../../src/tls/engine.ts';
import { certificates } from '../../../fixtures/certificates.ts';
import { Client } from './client.ts';
import { MemoryNetwork } from './memory-network.ts';

const PROTOCOLS: readonly Protocol[] = ['TLSv1.2', 'TLSv1.3'];

/** A test for each version of TLS. */
export const eachProtocol = (title: string, body: (protocol: Protocol) => Promise<void>): void => {
  for (const protocol of PROTOCOLS) test(`${title} (${protocol})`, () => body(protocol));
};

export interface Order {
  readonly protocol?: Protocol;
  readonly client?: ConnectionOptions;
  readonly side?: Partial<ServerSide>;
  readonly context?: SecureContextOptions;
  /** `false`: the test subscribes to `fromPeer$` itself. */
  readonly listen?: boolean;
  readonly demand?: boolean;
}

/** An engine with a test in the place of the graph, and everything that happens at its edges in one list. */
export interface Encounter {
  readonly engine: PeerDriver;
  readonly network: MemoryNetwork;
  readonly log: string[];
  readonly toPeer$: Subject<Bytes | CloseNotify>;
  readonly demandPeer$: BehaviorSubject<boolean>;
  readonly hangUp$: Subject<void>;
  /** Subscribes to `fromPeer$`. */
  readonly listen: () => void;
  /** Says something to the peer. */
  readonly say: (text: string) => void;
}

export interface Meeting extends Encounter {
  readonly client: Client;
}

/** Starts an engine on a network from which nothing has come yet. */
export function encounter({ side, context, listen = true, demand = true }: Order = {}): Encounter {
  const log: string[] = [];
  const network = new MemoryNetwork(log);
  const engine = startEngine(network, { ...SIDE, secureContext: serverContext(context), ...side });
  const toPeer$ = new Subject<Bytes | CloseNotify>();
  const demandPeer$ = new BehaviorSubject(demand);
  const hangUp$ = new Subject<void>();
  engine.connect({ toPeer$, demandPeer$, hangUp$ });
  const told = (who: string, tell: (value: unknown) => string = String) => ({
    next: (value: unknown) => void log.push(`${who}: ${tell(value)}`),
    complete: () => void log.push(`${who}: end`),
    error: (error: unknown) => void log.push(`${who}: ${tellError(error)}`),
  });
  engine.secured$.subscribe(told('secured', (handshake) => (handshake as { protocol: Protocol }).protocol));
  engine.takenByPeer$.subscribe(told('taken'));
  engine.hungUp$.subscribe(told('hung up', () => 'now'));
  const heard = told('peer', tellCleartext);
  const begin = (): void => void engine.fromPeer$.subscribe(heard);
  if (listen) begin();
  return {
    engine,
    network,
    log,
    toPeer$,
    demandPeer$,
    hangUp$,
    listen: begin,
    say: (text) => toPeer$.next(Buffer.from(text)),
  };
}

/** The same with a client, which has said nothing yet when `handshake` is `false`. After the handshake, the log is empty. */
export async function meet(order: Order = {}, handshake = true): Promise<Meeting> {
  const { protocol = 'TLSv1.3' } = order;
  const met = encounter(order);
  const client = new Client({ minVersion: protocol, maxVersion: protocol, ...order.client });
  met.network.far = client;
  if (handshake) {
    client.carry((bytes) => met.network.arrives(bytes));
    await until('the handshake', () => client.secured && met.log.includes(`secured: ${protocol}`));
    // OpenSSL sends two of them after a handshake of TLS 1.3.
    if (protocol === 'TLSv1.3') await until('session tickets', () => client.tickets === 2);
    client.carry(undefined);
    await quiet();
    met.log.length = 0;
  }
  return { ...met, client };
}

/** Looks once per turn of the event loop; nothing here waits for anything else. */
export async function until(what: string, condition: () => boolean): Promise<void> {
  for (let turns = 0; !condition(); turns += 1) {
    if (turns > 10_000) throw new Error(`waited in vain for ${what}`);
    await turn();
  }
}

/** Lets happen whatever still happens: without a kernel, all that is to come takes a few turns of the event loop. */
export async function quiet(): Promise<void> {
  for (let turns = 0; turns < 30; turns += 1) await turn();
}

/** The context that src/credentials makes, but for `changes`. */
export const serverContext = (changes: SecureContextOptions = {}) => {
  const { server } = certificates();
  return createSecureContext({
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.3',
    honorCipherOrder: true,
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
    sessionIdContext: 'test',
    ca: [],
    key: server.key,
    cert: server.cert,
    ...changes,
  });
};

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const tellCleartext = (value: unknown): string =>
  value instanceof Uint8Array
    ? value.length > 100
      ? `${value.length} bytes`
      : Buffer.from(value).toString()
    : 'close_notify';

const tellError = (error: unknown): string =>
  isFault(error) ? `${error.kind}, ${error.detail}` : `not a Fault: ${String(error)}`;

const SIDE = { select: undefined, clientCertificate: 'none' } as const;
