import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { TraceLine } from '../../src/trace/format.ts';
import { certificates, pem } from '../fixtures/certificates.ts';
import { schemaErrors } from '../src/trace/support.ts';
import { eachProtocol, type Live, type Meeting, type Order } from './support/live.ts';
import { linesOf, traceDirectory, traceOf } from './support/traced.ts';

// docs/trace.schema.json, held against the traces of many ways to end: it lets all of their lines pass, and nothing else.

const file = join(traceDirectory(), 'trace');
const corpus: TraceLine[] = [];

/** Meets, acts, and adds the trace to the corpus. */
const record = async (live: Live, order: Order, act: (meeting: Meeting) => Promise<unknown>): Promise<void> => {
  const meeting = await live.meet({ ...order, options: [`--trace=${file}`, ...(order.options ?? [])] });
  await act(meeting);
  await meeting.tlsd.exit();
  const lines = linesOf(file).filter(({ connection }) => connection === meeting.tlsd.pid);
  traceOf(lines);
  corpus.push(...lines);
};

const leave = async ({ peer }: Meeting): Promise<void> => {
  await peer.closeNotify();
  peer.fin();
  await peer.ended();
};
const ECHO = ['sh', '-c', 'read -r line; echo "$line"; cat'];

for (const policy of ['-s', '-S', '-N']) {
  eachProtocol(`the lines of good ends fit (${policy})`, async (live) => {
    await record(live, { options: [policy], prog: ECHO }, async (meeting) => {
      await meeting.peer.send('hello\n');
      await leave(meeting);
    });
    await record(
      live,
      { options: [policy, '--trace-content'], prog: ['head', '-c', '100000', '/dev/zero'] },
      ({ peer }) => peer.ended().then(() => peer.fin()),
    );
  });
}

eachProtocol('the lines of bad ends fit', async (live) => {
  await record(live, { options: ['-J'], prog: ['cat'] }, async ({ peer }) => peer.fin());
  await record(live, { prog: ['cat'] }, ({ peer }) => peer.finInsideRecord('hello', 3));
  await record(live, { prog: ['cat'] }, async ({ peer }) => peer.reset());
  await record(live, { prog: ['cat'] }, ({ peer }) => peer.fatalAlert());
  await record(live, { prog: ['cat'] }, ({ peer }) => peer.raw(Buffer.alloc(64, 23)));
  await record(live, { prog: ['sh', '-c', 'kill -9 $$'] }, async ({ peer }) => peer.ended().then(() => peer.fin()));
  await record(live, { options: ['-S'], prog: ['/nonexistent'] }, async ({ peer }) =>
    peer.ended().then(() => peer.fin()),
  );
  await record(live, { options: ['-S'], prog: ['sh', '-c', 'exec <&-; echo; sleep 0.2'] }, async (meeting) => {
    await meeting.peer.receives('\n');
    await meeting.peer.send('x');
    await leave(meeting);
  });
});

eachProtocol('the lines of timeouts and signals fit', async (live) => {
  await record(live, { options: ['-K', '100'], prog: ['cat'] }, ({ peer }) => peer.ended());
  await record(live, { options: ['-K', '100'], prog: ['cat'], handshake: 'none' }, ({ peer }) => peer.ended());
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    await record(live, { prog: ['sh', '-c', 'echo up; exec cat'] }, async ({ peer, tlsd }) => {
      await peer.receives('up\n');
      tlsd.signal(signal);
      await peer.ended();
      peer.fin();
    });
  }
});

eachProtocol('the lines of failed handshakes and of client certificates fit', async (live) => {
  await record(live, { prog: ['cat'], handshake: 'none' }, ({ peer }) => peer.raw('GET / HTTP/1.1\r\n\r\n'));
  await record(live, { prog: ['cat'], handshake: 'none' }, async ({ peer }) => peer.fin());
  const { client, clientCa, strangerClient } = certificates();
  const asked = { options: ['-y'], prog: ['true'], env: { CAFILE: clientCa.certFile }, servername: 'a.example.org' };
  await record(live, { ...asked, ...pem(client) }, ({ peer }) => peer.ended().then(() => peer.fin()));
  await record(live, { ...asked, ...pem(strangerClient), handshake: 'begun' }, ({ peer }) =>
    peer.ended().then(() => peer.fin()),
  );
});

test('every line of all these connections fits the schema', () => {
  for (const line of corpus) assert.equal(schemaErrors(line), []);
  const kinds = new Set(corpus.map((line) => ('stream' in line ? `${line.stream} ${line.kind}` : 'other')));
  assert.ok(kinds.size > 30, [...kinds].join(', '));
});

/** What a line may lack. */
const OPTIONAL = ['serverName', 'peerCertificateHash', 'peerCertificateSubject', 'content'];

/** `line`, wrong in one way. */
function* spoilt(line: TraceLine): Generator<readonly [what: string, line: object]> {
  yield ['a field too many', { ...line, extra: 1 }];
  for (const [key, value] of Object.entries(line) as [string, unknown][]) {
    const others = Object.entries(line).filter(([other]) => other !== key);
    if (!OPTIONAL.includes(key)) yield [`no ${key}`, Object.fromEntries(others)];
    yield [`${key} of another type`, { ...line, [key]: [value] }];
    if (typeof value === 'number') yield [`a ${key} that is not whole`, { ...line, [key]: value + 0.5 }];
    if (typeof value === 'number') yield [`a negative ${key}`, { ...line, [key]: -value - 1 }];
    if (['stream', 'kind', 'law', 'fault', 'policy', 'first', 'weEnded'].includes(key)) {
      yield [`an unknown ${key}`, { ...line, [key]: 'other' }];
    }
  }
  if ('direction' in line && line.stream !== 'wire') {
    yield ['the other direction', { ...line, direction: line.direction === 'in' ? 'out' : 'in' }];
  }
}

test('a line that is wrong in any one way does not fit the schema', () => {
  const shapes = new Map(
    corpus.map((line) => [
      `${'stream' in line ? `${line.stream} ${line.kind}` : ''} ${Object.keys(line).join()}`,
      line,
    ]),
  );
  for (const line of shapes.values()) {
    for (const [what, wrong] of spoilt(line))
      assert.ok(schemaErrors(wrong).length > 0, `${what}: ${JSON.stringify(wrong)}`);
  }
});

test.run();
