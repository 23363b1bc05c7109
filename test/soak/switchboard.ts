import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { within } from '../live/support/watch.ts';
import { Agent } from './agent.ts';

/** prog and its grandchild, of one connection. */
export interface Agents {
  readonly prog: Agent;
  readonly grandchild: Agent;
}

/** The unix socket to which every prog of the run connects, and says which connection it serves. */
export class Switchboard {
  readonly path: string;
  readonly #folder: string;
  readonly #server: Server;
  readonly #expected = new Map<string, Agents>();

  private constructor(folder: string) {
    this.#folder = folder;
    this.path = join(folder, 'control');
    this.#server = createServer((control) => {
      const lines = createInterface({ input: control });
      // A prog may be killed at any moment, which 'close' tells. An interface passes on the errors of its input.
      control.on('error', () => undefined);
      lines.on('error', () => undefined);
      lines.once('line', (greeting) => {
        const [role, key = ''] = greeting.split(' ');
        const agents = this.#expected.get(key);
        if (agents === undefined) control.destroy();
        else (role === 'prog' ? agents.prog : agents.grandchild).arrive(control, lines);
      });
    });
  }

  static async open(): Promise<Switchboard> {
    const board = new Switchboard(mkdtempSync(join(tmpdir(), 'marble-tls-soak-')));
    const listening = new Promise<void>((resolve) => board.#server.once('listening', resolve));
    board.#server.listen(board.path);
    await within('listening', listening);
    return board;
  }

  /** The processes that will say that they serve `key`, which need not be there yet. */
  expect(key: string): Agents {
    const agents = { prog: new Agent(), grandchild: new Agent() };
    this.#expected.set(key, agents);
    return agents;
  }

  /** Nobody is expected for `key` any more; who is there is sent away, which ends prog.pl. */
  forget(key: string): void {
    const agents = this.#expected.get(key);
    agents?.prog.leave();
    agents?.grandchild.leave();
    this.#expected.delete(key);
  }

  close(): void {
    this.#server.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
