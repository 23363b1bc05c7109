import type { KeeperPort } from './port.ts';

/**
 * Lets several ask one keeper, each as if it were alone: in their messages `id` begins with their name.
 *
 * @returns what each gets; names are of letters and digits, and differ.
 */
export const sharePort = (port: KeeperPort): ((name: string) => KeeperPort) => {
  const parts = new Map<string, Parameters<KeeperPort['listen']>[0]>();
  const holding = new Set<string>();
  port.listen({
    reply: (reply) => {
      const [name = '', id = ''] = reply.id.split('.', 2);
      parts.get(name)?.reply({ ...reply, id });
    },
    gone: () => {
      for (const { gone } of parts.values()) gone();
    },
  });
  return (name) => ({
    send: (request, descriptor) => port.send({ ...request, id: `${name}.${request.id}` }, descriptor),
    listen: (heard) => void parts.set(name, heard),
    hold: (alive) => {
      if (alive) holding.add(name);
      else holding.delete(name);
      port.hold(holding.size > 0);
    },
    close: () => {
      parts.delete(name);
      holding.delete(name);
      port.hold(holding.size > 0);
      if (parts.size === 0) port.close();
    },
  });
};
