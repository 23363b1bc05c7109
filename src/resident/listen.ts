import { lookup } from 'node:dns/promises';
import { Death, systemReason } from '../messages.ts';
import { acceptOn, type Listener } from './accept.ts';
import type { Where } from './words.ts';

/**
 * Begins to listen.
 *
 * A name is looked up once, and the first of its IPv4 addresses is taken, as by tcpserver; an IPv6 address only when there is no other.
 *
 * @param backlog connections that the kernel keeps for us before they are accepted: listen(2).
 * @throws Death 111 when it cannot be.
 */
export const listen = async (where: Where, { backlog }: { readonly backlog: number }): Promise<Listener> => {
  try {
    switch (where.kind) {
      case 'tcp': {
        const { address } = await lookup(where.host, { verbatim: false });
        return await acceptOn({ host: address, port: where.port, backlog });
      }
      case 'unix':
        return await acceptOn({ path: where.path, backlog });
      case 'inherited':
        throw new Error('to come');
    }
  } catch (error) {
    throw new Death('system', { what: `listen on ${placeOf(where)}`, reason: systemReason(error) });
  }
};

const placeOf = (where: Exclude<Where, 'inherited'>): string => {
  switch (where.kind) {
    case 'tcp':
      return `${where.host} port ${where.port}`;
    case 'unix':
      return where.path;
    case 'inherited':
      return 'the sockets of systemd';
  }
};
