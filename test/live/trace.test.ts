import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { skip } from '../support/live-skips.ts';
import { eachProtocol, once, type Live } from './support/live.ts';
import type { RecordHeader } from './support/records.ts';
import { linesOf, rowOf, traceDirectory, traceOf, type ReadTrace } from './support/traced.ts';

// What --trace writes of real connections.

const directory = traceDirectory();
let files = 0;
const newFile = (): string => join(directory, `${String((files += 1))}.trace`);

/** A conversation of one question and one answer, ended by the peer. */
const converse = async (live: Live, options: readonly string[], order: object = {}): Promise<string> => {
  const { peer, tlsd } = await live.meet({
    options: ['-S', ...options],
    prog: ['sh', '-c', 'read -r line; echo "got $line"; cat >/dev/null', 'sh', SECRET.argument],
    ...order,
  });
  await peer.send(`${SECRET.in}\n`);
  await peer.receives(`got ${SECRET.in}\n`);
  await peer.closeNotify();
  peer.fin();
  await peer.ended();
  assert.is(await tlsd.exit(), 0);
  RECORDS.splice(0, Infinity, ...peer.records);
  return tlsd.stderr;
};
const SECRET = { in: 'xyzzy-from-the-peer', argument: 'plugh-to-prog' };
/** What the peer saw on its wire. */
const RECORDS: RecordHeader[] = [];

const TYPES: Readonly<Record<number, string>> = {
  20: 'change_cipher_spec',
  21: 'alert',
  22: 'handshake',
  23: 'application_data',
};
const seenByPeer = (): object[] =>
  RECORDS.map(({ type, length }) => ({ kind: 'record', type: TYPES[type], length, bytes: length + 5 }));

eachProtocol('a trace is the whole story: header, events, wire, verdict', async (live) => {
  const file = newFile();
  const told = await converse(live, ['-v2', '-J', '-K', '60000', `--trace=${file}`]);
  const trace = traceOf(linesOf(file));
  assert.is(statSync(file).mode & 0o777, 0o600);

  const { connection, accepted, runtime, program, ...header } = trace.header;
  assert.ok(Math.abs(Date.now() - Date.parse(accepted)) < 60_000, accepted);
  assert.is(runtime, `node ${process.versions.node}, openssl ${process.versions.openssl}`);
  assert.match(program, /^s6-tlsd \d+\.\d+\.\d+$/);
  assert.ok(connection > 1);
  assert.equal(header, {
    trace: 1,
    policy: 'S',
    requireCloseNotify: true,
    idleTimeout: 60_000,
    highWaterMark: 262_144,
    clientCertificate: 'none',
    prog: 'sh',
    content: false,
  });

  const [secured] = rowOf(trace, 'secured') as { protocol?: string }[];
  assert.is(secured?.protocol, live.protocol);
  const bytes = SECRET.in.length;
  assert.equal(sums(trace, 'fromPeer'), `${String(bytes + 1)} close_notify fin`);
  assert.equal(sums(trace, 'toProg'), `${String(bytes + 1)} eof`);
  assert.equal(sums(trace, 'fromProg'), `${String(bytes + 5)} eof`);
  assert.equal(sums(trace, 'toPeer'), `${String(bytes + 5)} close_notify fin`);
  assert.equal(sums(trace, 'takenByPeer'), `${String(bytes + 5)} ending_taken`);
  assert.equal(rowOf(trace, 'progExit'), [{ kind: 'exit', code: 0 }]);
  assert.ok(rowOf(trace, 'law').some((each) => (each as { law: string }).law === 'untilCloseNotify'));
  assert.equal(rowOf(trace, 'wire', 'out'), [...seenByPeer(), { kind: 'fin' }]);
  assert.equal(rowOf(trace, 'wire', 'in').at(-1), { kind: 'fin' });

  const { closing } = trace;
  assert.ok(told.includes(`s6-tlsd: info: ${closing.verdict}\n`), told);
  assert.equal([closing.exitStatus, closing.first, closing.peerEnded], [0, 'peer', 'close_notify']);
});

/** The row of a stream, data as its sum. */
const sums = (trace: ReadTrace, stream: 'fromPeer' | 'toProg' | 'fromProg' | 'toPeer' | 'takenByPeer'): string => {
  const row = rowOf(trace, stream) as { kind: string; bytes?: number }[];
  const total = row.reduce((sum, { bytes = 0 }) => sum + bytes, 0);
  return [total, ...row.filter(({ bytes }) => bytes === undefined).map(({ kind }) => kind)].join(' ');
};

eachProtocol(
  'close_notify is said once, and sent as the last record: in TLS 1.3 one that looks like data',
  async (live) => {
    const file = newFile();
    await converse(live, [`--trace=${file}`]);
    const trace = traceOf(linesOf(file));
    const last = { kind: 'record', type: 'application_data', length: 19, bytes: 24 };
    const ours = live.protocol === 'TLSv1.3' ? last : { ...last, type: 'alert', length: 26, bytes: 31 };
    for (const direction of ['in', 'out'] as const) {
      assert.equal(rowOf(trace, 'wire', direction).slice(-2), [ours, { kind: 'fin' }]);
    }
  },
);

eachProtocol('neither what was said nor what prog was told is in a trace', async (live) => {
  const file = newFile();
  const secret = { SSLKEYLOGFILE: undefined, KEYFILE_SECRET: 'frobozz' };
  await converse(live, [`--trace=${file}`], { env: secret });
  const text = readFileSync(file, 'utf8');
  for (const word of [...Object.values(SECRET), 'frobozz']) {
    for (const form of [word, Buffer.from(word).toString('base64').slice(0, 12), Buffer.from(word).toString('hex')]) {
      assert.not.ok(text.includes(form), form);
    }
  }
  assert.not.ok(text.includes('"content":"'));
});

eachProtocol('--trace-content adds exactly the bytes that were carried, and none to the wire', async (live) => {
  const file = newFile();
  const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7919) >> 3));
  const { peer, tlsd } = await live.meet({ options: ['-S', '--trace-content', `--trace=${file}`], prog: ['cat'] });
  await peer.send(bytes);
  await peer.until('all to come back', ({ received }) => received === bytes.length);
  await peer.closeNotify();
  peer.fin();
  assert.is(await tlsd.exit(), 0);
  const trace = traceOf(linesOf(file));
  assert.ok(trace.header.content);
  for (const stream of ['fromPeer', 'toProg', 'fromProg', 'toPeer'] as const) {
    const data = rowOf(trace, stream).filter((each) => (each as { kind: string }).kind === 'data');
    const contents = data.map((each) => Buffer.from((each as { content: string }).content, 'base64'));
    assert.equal(
      contents.map(({ length }) => length),
      data.map((each) => (each as { bytes: number }).bytes),
    );
    assert.ok(Buffer.concat(contents).equals(bytes), stream);
  }
  for (const event of [...rowOf(trace, 'wire'), ...rowOf(trace, 'takenByPeer')]) assert.not.ok('content' in event);
});

once('--trace-content alone makes no trace', async (live) => {
  const before = readdirSync(directory);
  assert.is(await converse(live, ['--trace-content']), '');
  assert.equal(readdirSync(directory), before);
});

once('a failed handshake has a whole trace', async (live) => {
  const file = newFile();
  const { peer, tlsd } = await live.meet({ options: [`--trace=${file}`], prog: ['true'], handshake: 'none' });
  await peer.raw('GET / HTTP/1.1\r\n\r\n');
  await peer.ended();
  assert.is(await tlsd.exit(), 98);
  const trace = traceOf(linesOf(file));
  assert.equal(rowOf(trace, 'secured'), [{ kind: 'fault', fault: 'handshake', detail: 'http request' }]);
  assert.equal(rowOf(trace, 'startProg'), []);
  assert.equal(rowOf(trace, 'wire', 'in'), [{ kind: 'cut_record', bytes: 18, missing: 0x202f + 5 - 18 }]);
  assert.equal(rowOf(trace, 'wire', 'out'), []);
  const { exitStatus, secured, prog, cause } = trace.closing;
  assert.equal(
    { exitStatus, secured, prog, cause },
    {
      exitStatus: 98,
      secured: false,
      prog: null,
      cause: { fault: 'handshake', detail: 'http request' },
    },
  );
});

eachProtocol('a FIN inside a record, and a reset, stand on the wire as what they are', async (live) => {
  const cut = newFile();
  const first = await live.meet({ options: [`--trace=${cut}`], prog: ['cat'] });
  await first.peer.finInsideRecord('hello', 3);
  await first.peer.ended();
  assert.is(await first.tlsd.exit(), 98);
  const [record, fin] = rowOf(traceOf(linesOf(cut)), 'wire', 'in').slice(-2) as [{ missing?: number }, object];
  assert.is(record.missing, 3);
  assert.equal(fin, { kind: 'fin' });

  const reset = newFile();
  const second = await live.meet({ options: [`--trace=${reset}`], prog: ['cat'] });
  second.peer.reset();
  assert.is(await second.tlsd.exit(), 111);
  assert.equal(rowOf(traceOf(linesOf(reset)), 'wire', 'in').at(-1), { kind: 'reset', detail: 'ECONNRESET' });
});

once('a signal ends the trace with a verdict too', async (live) => {
  const file = newFile();
  const { peer, tlsd } = await live.meet({ options: [`--trace=${file}`], prog: ['sh', '-c', 'echo up; exec cat'] });
  await peer.receives('up\n');
  tlsd.signal('SIGTERM');
  await peer.ended();
  peer.fin();
  assert.is(await tlsd.exit(), 143);
  const trace = traceOf(linesOf(file));
  assert.equal(rowOf(trace, 'signal'), [{ kind: 'signal', signal: 'SIGTERM' }]);
  assert.equal(rowOf(trace, 'progSignal'), [{ kind: 'signal', signal: 'SIGTERM' }]);
  assert.equal([trace.closing.first, trace.closing.cause], ['SIGTERM', { signal: 'SIGTERM' }]);
});

once('a law that waits is a timer in the trace', async (live) => {
  const file = newFile();
  const { peer, tlsd } = await live.meet({ options: ['-K', '200', `--trace=${file}`], prog: ['cat'] });
  await peer.ended();
  assert.is(await tlsd.exit(), 0);
  const timers = rowOf(traceOf(linesOf(file)), 'law').filter((each) => (each as { kind: string }).kind === 'timer');
  assert.equal(timers, [{ kind: 'timer', law: 'idleTimeout' }]);
});

once('many connections share a file, and no line is torn', async (live) => {
  const file = newFile();
  const meetings = await Promise.all(
    Array.from({ length: 4 }, () =>
      live.meet({ options: ['-S', `--trace=${file}`], prog: ['head', '-c', '3000000', '/dev/zero'], discard: true }),
    ),
  );
  for (const { peer } of meetings) await peer.ended();
  for (const { peer, tlsd } of meetings) {
    peer.fin();
    assert.is(await tlsd.exit(), 0);
  }
  const lines = linesOf(file);
  for (const { tlsd } of meetings) {
    const trace = traceOf(lines.filter(({ connection }) => connection === tlsd.pid));
    assert.is(trace.closing.bytesOut, 3_000_000);
  }
});

once(
  'MARBLE_TLS_TRACE does the same, %p is the process id, and prog sees neither the variable nor the file',
  async (live) => {
    const look = 'echo "trace=${MARBLE_TLS_TRACE-unset} keys=${SSLKEYLOGFILE-unset}"; ls -l /proc/self/fd; echo done';
    for (const [options, variable] of [
      [[], 'unset'],
      [['-Z'], join(directory, '%p.env')],
    ] as const) {
      const { peer, tlsd } = await live.meet({
        options,
        prog: ['sh', '-c', look],
        env: { MARBLE_TLS_TRACE: join(directory, '%p.env'), SSLKEYLOGFILE: join(directory, 'shared.keys') },
      });
      await peer.ended();
      peer.fin();
      assert.is(await tlsd.exit(), 0);
      const shared = join(directory, 'shared.keys');
      assert.ok(peer.text.startsWith(`trace=${variable} keys=${shared}\n`), peer.text);
      assert.not.ok(peer.text.includes(`-> ${directory}`), peer.text);
      assert.is(traceOf(linesOf(join(directory, `${String(tlsd.pid)}.env`))).header.connection, tlsd.pid);
    }
  },
);

once('the option goes before the variable, and an empty variable is none', async (live) => {
  const [byOption, byVariable] = [newFile(), newFile()];
  await converse(live, [`--trace=${byOption}`], { env: { MARBLE_TLS_TRACE: byVariable } });
  assert.ok(existsSync(byOption));
  assert.not.ok(existsSync(byVariable));
  assert.is(await converse(live, [], { env: { MARBLE_TLS_TRACE: '', SSLKEYLOGFILE: '' } }), '');
});

once('a program that cannot start leaves no trace', async (live) => {
  const file = newFile();
  const { tlsd } = await live.meet({
    options: [`--trace=${file}`],
    prog: ['true'],
    env: { KEYFILE: '/nonexistent' },
    handshake: 'none',
  });
  assert.is(await tlsd.exit(), 111);
  assert.not.ok(existsSync(file));
});

if (process.getuid?.() !== 0) skip('traces and privileges: this needs root');
else {
  once('the files are opened with the privileges that s6-tlsd is started with', async (live) => {
    const closed = join(directory, 'closed');
    mkdirSync(closed);
    chmodSync(directory, 0o755);
    chmodSync(closed, 0o700);
    chownSync(closed, 0, 0);
    const [file, keys] = [join(closed, 'trace'), join(closed, 'keys')];
    const told = await converse(live, [`--trace=${file}`, `--keylog=${keys}`], {
      env: { TLS_UID: '65534', TLS_GID: '65534' },
    });
    assert.is(told, '');
    assert.is(traceOf(linesOf(file)).closing.exitStatus, 0);
    assert.match(readFileSync(keys, 'latin1'), /^CLIENT_TRAFFIC_SECRET_0 /m);
  });
}

test.run();
