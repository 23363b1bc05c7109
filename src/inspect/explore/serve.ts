import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemReason } from '../../messages.ts';
import { Trouble } from '../trouble.ts';
import { answerTo } from './answer.ts';
import type { Page } from './page.ts';

export interface ServeSettings {
  /** 0 is any that is free. */
  readonly port: number;
  /** A line for people: something went wrong, and the server lives. */
  readonly warning: (message: string) => void;
  readonly bounds?: Bounds;
}

/** How long a client may take, in milliseconds, and how many there may be. */
export interface Bounds {
  /** From the first byte of a request to the end of its headers. */
  readonly headers: number;
  /** From the first byte of a request to its end. A body is thrown away as it comes. */
  readonly request: number;
  /** Without a byte in either direction, be it that the client does not take its answer. */
  readonly silence: number;
  /** How often {@link Bounds.headers} and {@link Bounds.request} are looked at. */
  readonly look: number;
  /** Connections at a time. One more is closed at once. */
  readonly connections: number;
}

export interface Served {
  /** `http://127.0.0.1:PORT/` */
  readonly address: string;
  /** Ends the server and every connection at once: a browser keeps one open for later. */
  readonly close: () => void;
}

/**
 * Serves the page on 127.0.0.1, and on no other address.
 *
 * @throws Trouble when the port cannot be had.
 */
export async function serve(page: Page, { port, warning, bounds = BOUNDS }: ServeSettings): Promise<Served> {
  const server = createServer({
    headersTimeout: bounds.headers,
    requestTimeout: bounds.request,
    connectionsCheckingInterval: bounds.look,
  });
  server.timeout = bounds.silence;
  server.maxConnections = bounds.connections;
  const respond = (request: IncomingMessage, response: ServerResponse): void => {
    const { method = '', url: target = '', headersDistinct, socket } = request;
    const asked = { method, target, hosts: headersDistinct['host'] ?? [], port: socket.localPort ?? 0 };
    const { status, headers, body } = answerTo(asked, page);
    response.writeHead(status, headers).end(body);
  };
  server.on('request', respond);
  // Nobody is asked to go on with a body that we do not want.
  server.on('checkContinue', respond);
  try {
    server.listen(port, HOST);
    await once(server, 'listening');
  } catch (error) {
    throw new Trouble(`unable to listen on ${HOST} port ${port}: ${systemReason(error)}`);
  }
  server.on('error', (error) => warning(`unable to accept a connection: ${systemReason(error)}`));
  return {
    address: `http://${HOST}:${(server.address() as AddressInfo).port}/`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

const HOST = '127.0.0.1';

const BOUNDS: Bounds = { headers: 5000, request: 10_000, silence: 60_000, look: 1000, connections: 64 };
