import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { installed } from '../support/live-skips.ts';
import { blocks, page } from '../support/pages.ts';
import { superServer } from './support/host.ts';
import { once, PROGRAM, type Live } from './support/live.ts';
import { poll } from './support/watch.ts';

// The README's recipes, run as they stand there: in an empty directory, with s6-tlsd on the PATH and PORT set.

const recipes = blocks(page('README.md'));
const recipe = (name: string): string => {
  const text = recipes.get(`recipe: ${name}`);
  if (text === undefined) throw new Error(`the README has no recipe: ${name}`);
  return text;
};

/** A place in which recipes can be followed. */
class Kitchen {
  readonly directory = mkdtempSync(join(tmpdir(), 'marble-tls-readme-'));
  readonly #live: Live;
  readonly #environment: Record<string, string>;

  constructor(live: Live, port: number) {
    this.#live = live;
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
  start(name: string) {
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

for (const [name, superServerProgram] of [
  ['socat', 'socat'],
  ['tcpserver', 'tcpserver'],
  ['gemini', 'socat'],
  ['server', 'sh'],
  ['server under s6', 's6-supervise'],
] as const) {
  const tools = ['openssl', superServerProgram];
  if (!tools.every((tool) => installed(tool, `the README's recipe for ${name}`))) continue;
  once(`the README's recipe for ${name} does what it says`, async (live) => {
    const port = await freePort();
    const kitchen = new Kitchen(live, port);
    await kitchen.follow('certificate');
    await kitchen.follow('prog');
    const server = kitchen.start(`${name}, server`);
    await poll(`a listener: ${server.stderr}`, () => listens(port));
    // Twice: a super-server serves more than one connection.
    assert.is(await kitchen.follow(`${name}, client`), recipe(`${name}, output`));
    assert.is(await kitchen.follow(`${name}, client`), recipe(`${name}, output`));
    assert.is(server.stderr, '');
    server.stop();
  });
}

if (installed('systemd-analyze', "verifying the README's systemd units")) {
  once("the README's systemd units pass systemd-analyze verify", async (live) => {
    const kitchen = new Kitchen(live, 0);
    const units = UNITS.map((name) => {
      const path = join(kitchen.directory, name.replace(/^.*, /, ''));
      writeFileSync(path, placed(recipe(name), kitchen.directory));
      return path;
    });
    await kitchen.follow('prog');
    const verify = live.run(['systemd-analyze', 'verify', '--man=no', ...units]);
    assert.is(await verify.exit(), 0, verify.stderr);
    assert.is(verify.stderr, '');
  });
}

if (installed('openssl', "the README's systemd units")) {
  once("the README's systemd service serves a connection, started as Accept=yes does", async (live) => {
    const unit = recipe('systemd, greet@.service');
    // What makes fd 0 and fd 1 the connection and keeps it off fd 2.
    for (const setting of ['StandardInput=socket', 'StandardOutput=socket', 'StandardError=journal']) {
      assert.ok(unit.includes(`\n${setting}\n`), setting);
    }
    const kitchen = new Kitchen(live, 0);
    await kitchen.follow('certificate');
    await kitchen.follow('prog');
    const values = (key: string): readonly string[] =>
      [...placed(unit, kitchen.directory).matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].flatMap(([, value = '']) =>
        value.split(' '),
      );
    const environment = Object.fromEntries(
      values('Environment').map((assignment) => assignment.split('=') as [name: string, value: string]),
    );
    const server = await superServer({
      command: values('ExecStart'),
      env: live.environment({ KEYFILE: undefined, CERTFILE: undefined, ...environment }),
    });
    try {
      const client = recipe('tcpserver, client');
      const asked = live.run(['sh', '-c', `cd '${kitchen.directory}' || exit\n${client}`], {
        PORT: String(server.port),
      });
      const tlsd = await server.next();
      assert.is(await asked.exit(), 0, asked.stderr);
      assert.is(asked.stdout, 'hello world\n');
      assert.is(await tlsd.exit(), 0);
      assert.match(tlsd.stderr, / closed: prog first by eof, .*; sent close_notify; in 6 out 12; /);
    } finally {
      server.stop();
    }
  });
}

const UNITS = [
  'systemd, greet.socket',
  'systemd, greet@.service',
  'server under systemd, hello.socket',
  'server under systemd, hello.service',
];

/** The unit with the places of an installation moved into `directory`. */
const placed = (unit: string, directory: string): string =>
  unit
    .replaceAll(/\/usr\/local\/bin\/(?=s6-)/g, join(directory, 'bin/'))
    .replaceAll('/usr/local/bin/', `${directory}/`)
    .replaceAll('/etc/greet/', `${directory}/`);

/** A port nobody listens on now. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Looked up rather than tried: a connection would start the program. */
const listens = (port: number): boolean =>
  readFileSync('/proc/net/tcp', 'latin1').includes(
    `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 0A`,
  );

test.run();
