import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as assert from 'uvu/assert';
import { blocks, page } from '../../support/pages.ts';
import { PROGRAM, type Live } from './live.ts';
import type { Running } from './running.ts';

// The README's recipes, run as they stand there: in an empty directory, with our programs on the PATH and PORT set.

const recipes = blocks(page('README.md'));

/** What stands in the README under that name. */
export const recipe = (name: string): string => {
  const text = recipes.get(`recipe: ${name}`);
  if (text === undefined) throw new Error(`the README has no recipe: ${name}`);
  return text;
};

/** A place in which recipes can be followed. */
export class Kitchen {
  readonly directory = mkdtempSync(join(tmpdir(), 'marble-tls-readme-'));
  /** What the recipes find in PORT. */
  readonly port: number;
  readonly #live: Live;
  readonly #environment: Record<string, string>;

  constructor(live: Live, port: number) {
    this.#live = live;
    this.port = port;
    const bin = join(this.directory, 'bin');
    mkdirSync(bin);
    // What npm install --global makes.
    symlinkSync(PROGRAM, join(bin, 's6-tlsd'));
    symlinkSync(join(dirname(PROGRAM), 's6-tlsserver.cjs'), join(bin, 's6-tlsserver'));
    this.#environment = { PATH: `${bin}:${process.env['PATH'] ?? ''}`, PORT: String(port) };
    process.once('exit', () => {
      rmSync(this.directory, { recursive: true, force: true });
    });
  }

  /** Starts the commands of a recipe. */
  start(name: string): Running {
    const script = `cd '${this.directory}' || exit\n${recipe(name)}`;
    return this.#live.run(['sh', '-c', script], { KEYFILE: undefined, CERTFILE: undefined, ...this.#environment });
  }

  /** Runs the commands of a recipe to their end, and gives what they wrote on fd 1. */
  async follow(name: string): Promise<string> {
    const running = this.start(name);
    assert.is(await running.exit(), 0, `${name}: ${running.stderr}`);
    return running.stdout;
  }
}

/** A port nobody listens on now. */
export const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};
