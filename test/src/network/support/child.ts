// Opens the network on fd 0 and fd 1, does what its parent says, and tells it what happens.
import { openSync, readlinkSync } from 'node:fs';
import { isFault } from '../../../../graph/vocabulary.ts';
import { Death } from '../../../../src/messages.ts';
import { openNetwork } from '../../../../src/network/descriptors.ts';
import type { Network } from '../../../../src/network/network.ts';

/** What the parent may say; sizes are bytes. */
export type Command =
  | { readonly do: 'read' | 'stop reading' | 'end' | 'end announced' | 'close' | 'look' }
  | { readonly do: 'write'; readonly chunks: readonly number[] };

/** What the child knows of itself. */
export interface Look {
  readonly pending: boolean;
  /** Where fd 0, fd 1 and a file opened now lead to. */
  readonly links: readonly string[];
  readonly nextFd: number;
}

const send = (message: unknown): void => void process.send?.(message);

const tell = (event: string): void => send({ event });

const told = (who: string) => ({
  complete: () => tell(`${who}: end`),
  error: (error: unknown) => tell(`${who}: ${isFault(error) ? `${error.kind} ${error.detail}` : String(error)}`),
});

const obey = (network: Network, command: Command): void => {
  switch (command.do) {
    case 'read':
      return network.read(true);
    case 'stop reading':
      return network.read(false);
    case 'write':
      return network.write(command.chunks.map((size) => Buffer.alloc(size, 'o')), () => tell('taken')); // prettier-ignore
    case 'end':
      return network.end(() => tell('end taken'), 'bare');
    case 'end announced':
      return network.end(() => tell('end taken'), 'announced');
    case 'close':
      network.close();
      return tell('closed');
    case 'look': {
      const nextFd = openSync('/dev/zero', 'r');
      const links = [0, 1].map((fd) => readlinkSync(`/proc/self/fd/${fd}`));
      return send({ look: { pending: network.pending, links, nextFd } satisfies Look });
    }
  }
};

try {
  const network = openNetwork();
  network.fromNetwork$.subscribe({ next: (chunk) => send({ bytes: chunk.length }), ...told('from') });
  network.unwritable$.subscribe(told('unwritable'));
  process.on('message', (command: Command) => obey(network, command));
  tell('open');
} catch (death) {
  tell(death instanceof Death ? `${death.exitCode} ${death.message}` : String(death));
}
