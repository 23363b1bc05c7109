import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { receiver } from '../src/resident/support/telling.ts';
import { undoAll } from '../src/resident/support/undo.ts';
import { installed } from '../support/live-skips.ts';
import { activated } from './support/activated.ts';
import { superServer } from './support/host.ts';
import { freePort, Kitchen, recipe } from './support/kitchen.ts';
import { once } from './support/live.ts';

// The README's units for systemd, without systemd: what they hold is run by whoever does the same work.

test.after.each(undoAll);

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
    const service = settings('systemd, greet@.service', kitchen);
    const server = await superServer({
      command: service.get('ExecStart') ?? [],
      env: live.environment({ KEYFILE: undefined, CERTFILE: undefined, ...assigned(service) }),
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

if (
  ['openssl', 'python3', 'systemd-socket-activate'].every((tool) => installed(tool, "the README's unit hello.service"))
) {
  once(
    "the README's hello.service serves connections on the socket of hello.socket, and tells what it does",
    async (live) => {
      const kitchen = new Kitchen(live, await freePort());
      await kitchen.follow('certificate');
      await kitchen.follow('prog');
      const [address = ''] = settings('server under systemd, hello.socket', kitchen).get('ListenStream') ?? [];
      assert.match(address, /^127\.0\.0\.1:4433$/);
      const service = settings('server under systemd, hello.service', kitchen);
      assert.equal(service.get('Type'), ['notify']);
      const NOTIFY_SOCKET = join(kitchen.directory, 'notify');
      const manager = await receiver(NOTIFY_SOCKET);
      const server = await activated(
        [address.replace('4433', String(kitchen.port))],
        service.get('ExecStart') ?? [],
        live.environment({ KEYFILE: undefined, CERTFILE: undefined, ...assigned(service), NOTIFY_SOCKET }),
      );
      // As many as come: the first starts it.
      for (let each = 0; each < 2; each++) assert.is(await kitchen.follow('server, client'), recipe('server, output'));
      assert.equal(await manager.tells('message'), [['READY=1', server.pid]]);
      const reload = live.run(['sh', '-c', (service.get('ExecReload') ?? []).join(' ')], {
        MAINPID: String(server.pid),
      });
      assert.is(await reload.exit(), 0, reload.stderr);
      const [, reloading, ready] = (await manager.tells('message', 3)) as [string, number][];
      assert.match(reloading?.[0] ?? '', /^RELOADING=1\nMONOTONIC_USEC=\d+$/);
      assert.equal(ready, ['READY=1', server.pid]);
      assert.is(await kitchen.follow('server, client'), recipe('server, output'));
      // KillMode=mixed: at the stop only the main process gets SIGTERM.
      assert.equal(service.get('KillMode'), ['mixed']);
      server.signal('SIGTERM');
      assert.is(await server.exit(), 0);
      assert.equal((await manager.tells('message', 4))[3], ['STOPPING=1', server.pid]);
      assert.match(
        server.stderr,
        /^s6-tlsserver: info: 3: closed: prog first by eof, .*; sent close_notify; in 6 out 12; /m,
      );
    },
  );
}

const UNITS = [
  'systemd, greet.socket',
  'systemd, greet@.service',
  'server under systemd, hello.socket',
  'server under systemd, hello.service',
];

type Settings = ReadonlyMap<string, readonly string[]>;

/** The settings of a unit, each in words; those of the same name come one after the other. */
const settings = (name: string, kitchen: Kitchen): Settings => {
  const all = new Map<string, readonly string[]>();
  for (const [, key = '', value = ''] of placed(recipe(name), kitchen.directory).matchAll(/^(\w+)=(.*)$/gm))
    all.set(key, [...(all.get(key) ?? []), ...value.split(' ')]);
  return all;
};

/** What `Environment=` makes of the environment. */
const assigned = (service: Settings): Record<string, string> =>
  Object.fromEntries(
    (service.get('Environment') ?? []).map((assignment) => assignment.split('=') as [name: string, value: string]),
  );

/** The unit with the places of an installation moved into `directory`. */
const placed = (unit: string, directory: string): string =>
  unit
    .replaceAll(/\/usr\/local\/bin\/(?=s6-)/g, join(directory, 'bin/'))
    .replaceAll('/usr/local/bin/', `${directory}/`)
    .replaceAll('/etc/greet/', `${directory}/`);

test.run();
