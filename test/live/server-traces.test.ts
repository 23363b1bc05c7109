import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { TraceLine } from '../../src/trace/format.ts';
import { skip } from '../support/live-skips.ts';
import { eachProtocol, once, type Live } from './support/live.ts';
import type { Peer } from './support/peer.ts';
import { NOBODY, SOMEBODY } from './support/nobody.ts';
import type { Resident } from './support/resident.ts';
import { linesOf, rowOf, traceDirectory, traceOf, type ReadTrace } from './support/traced.ts';

// --trace, --keylog and -v3 of s6-tlsserver: many connections, one file.

const COMMAND = new URL('../../dist/marble-tls.cjs', import.meta.url).pathname;
const directory = traceDirectory();
let files = 0;
const newFile = (kind: string): string => join(directory, `${(files += 1)}.${kind}`);

const PROG = ['sh', '-c', 'read -r line; echo "got $line"; cat >/dev/null'];
const CONNECTIONS = 8;

/** Connections that are open at the same time, each with its own number of bytes; then the server stops. */
const converse = async (live: Live, server: Resident): Promise<void> => {
  const peers: Peer[] = [];
  for (let number = 1; number <= CONNECTIONS; number++) peers.push(await live.join(server.port));
  for (const [index, peer] of peers.entries()) await peer.send(`${'x'.repeat(index)}\n`);
  for (const peer of peers) await peer.receives('got ');
  for (const peer of peers) {
    await peer.closeNotify();
    peer.fin();
    await peer.ended();
  }
  await server.stop();
};

/** Those of a file by their numbers; each must be whole. */
const tracesIn = (file: string): ReadonlyMap<number, ReadTrace> => {
  const byNumber = new Map<number, TraceLine[]>();
  for (const line of linesOf(file)) byNumber.set(line.connection, [...(byNumber.get(line.connection) ?? []), line]);
  return new Map([...byNumber].map(([number, lines]) => [number, traceOf(lines)]));
};

const inspect = (...argv: readonly string[]) =>
  spawnSync(COMMAND, argv, { encoding: 'utf8', env: { PATH: process.env['PATH'] } });

for (const workers of ['-w0', '-w2']) {
  eachProtocol(
    `${workers} --trace: each connection is whole in the one file, and marble-tls reads it`,
    async (live) => {
      const pattern = newFile('%p.trace');
      const server = await live.resident({ options: [workers, '-S', `--trace=${pattern}`], prog: PROG });
      await converse(live, server);
      assert.is(server.stderr, '');
      const file = pattern.replace('%p', String(server.pid));
      assert.is(statSync(file).mode & 0o777, 0o600);
      const traces = tracesIn(file);
      assert.equal([...traces.keys()].sort(), [1, 2, 3, 4, 5, 6, 7, 8]);
      for (const [number, trace] of traces) {
        assert.match(trace.header.program, /^s6-tlsserver \d+\.\d+\.\d+$/);
        // One byte more a connection.
        assert.equal(rowOf(trace, 'toProg').slice(0, 1), [{ kind: 'data', bytes: number }]);
        assert.is(trace.closing.exitStatus, 0);
      }
      const told = inspect('explain', '--json', file);
      assert.is(told.status, 0, told.stderr);
      assert.is((JSON.parse(told.stdout) as unknown[]).length, CONNECTIONS);
      const drawn = inspect('render', '--connection', '5', file);
      assert.is(drawn.status, 0, drawn.stderr);
      assert.match(drawn.stdout, /^connection [1-8]: sh behind s6-tlsserver /m);
    },
  );

  eachProtocol(`${workers} --keylog: the keys of each connection`, async (live) => {
    const keys = newFile('keys');
    const server = await live.resident({ options: [workers, `--keylog=${keys}`], prog: PROG });
    await converse(live, server);
    assert.is(statSync(keys).mode & 0o777, 0o600);
    const lines = readFileSync(keys, 'latin1').split('\n').slice(0, -1);
    for (const line of lines) assert.match(line, /^[A-Z_0-9]+ [0-9a-f]{64} ([0-9a-f]{64}|[0-9a-f]{96})$/);
    // The second word is the client's random: one a connection.
    assert.is(new Set(lines.map((line) => line.split(' ')[1])).size, CONNECTIONS);
    const label = live.protocol === 'TLSv1.2' ? 'CLIENT_RANDOM' : 'CLIENT_TRAFFIC_SECRET_0';
    assert.is(lines.filter((line) => line.startsWith(`${label} `)).length, CONNECTIONS);
  });

  once(`${workers} -v3: each line says which connection it is about`, async (live) => {
    const server = await live.resident({ options: [workers, '-v3'], prog: PROG });
    await converse(live, server);
    const lines = server.stderr.split('\n').slice(0, -1);
    assert.match(lines[0] ?? '', /^s6-tlsserver: info: listening on \d+$/);
    for (const line of lines.slice(1)) assert.match(line, /^s6-tlsserver: info: [1-8]: /);
    for (let number = 1; number <= CONNECTIONS; number++) {
      const own = lines.filter((line) => line.startsWith(`s6-tlsserver: info: ${number}: `));
      assert.match(own[0] ?? '', /: from 127\.0\.0\.1:\d+: /);
      for (const what of [/: toProg: /, /: closed: /])
        assert.ok(
          own.some((line) => what.test(line)),
          own.join('\n'),
        );
    }
  });

  once(`${workers} --trace: SIGQUIT loses nothing of what has happened`, async (live) => {
    const file = newFile('trace');
    const server = await live.resident({ options: [workers, `--trace=${file}`], prog: PROG });
    const peer = await live.join(server.port);
    await peer.send('hello\n');
    await peer.receives('got hello');
    server.signal('SIGQUIT');
    assert.is(await server.exitAlone(), 0);
    const lines = linesOf(file);
    for (const stream of ['secured', 'toProg', 'toPeer'])
      assert.ok(
        lines.some((line) => 'stream' in line && line.stream === stream),
        stream,
      );
  });

  once(`${workers} --trace to where nobody can write: one line says so, and connections are served`, async (live) => {
    const options = [workers, '--trace=/nonexistent/x', '--keylog=/nonexistent/y'];
    const server = await live.resident({ options, prog: PROG });
    await converse(live, server);
    const [first = '', second = '', ...others] = server.stderr.split('\n').slice(0, -1);
    assert.match(first, /^s6-tlsserver: warning: unable to trace to \/nonexistent\/x: no such file or directory$/);
    assert.match(second, /^s6-tlsserver: warning: unable to .* \/nonexistent\/y: no such file or directory$/);
    assert.equal(others, []);
  });
}

if (process.getuid?.() !== 0) skip('traces of a server that drops privileges: this needs root');
else
  for (const workers of ['-w0', '-w2'])
    once(`${workers}: files where only root can write are opened before privileges go`, async (live) => {
      const place = join(directory, `root${workers}`);
      mkdirSync(place, { mode: 0o700 });
      const [trace, keys] = [join(place, 'trace'), join(place, 'keys')];
      const server = await live.resident({
        options: [workers, '-u', String(NOBODY.uid), '-g', String(NOBODY.gid), `--trace=${trace}`, `--keylog=${keys}`],
        ...{ env: { TLS_UID: String(SOMEBODY.uid), TLS_GID: String(SOMEBODY.gid) }, prog: PROG },
      });
      await converse(live, server);
      assert.is(server.stderr, '');
      assert.is(tracesIn(trace).size, CONNECTIONS);
      assert.ok(existsSync(keys) && statSync(keys).size > 0);
      assert.is(statSync(keys).uid, 0);
    });

test.run();
