import fc from 'fast-check';
import { Subject } from 'rxjs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Fault, type Bytes } from '../../../graph/vocabulary.ts';
import type { Network } from '../../../src/network/network.ts';
import { watchedNetwork } from '../../../src/trace/wire.ts';
import { MemoryNetwork } from '../tls/support/memory-network.ts';
import { quiet } from '../tls/support/meeting.ts';

/** A watched network, what happens on it in one list, and what its wire rows say. */
const watch = () => {
  const log: string[] = [];
  const rows: unknown[] = [];
  const inner = new MemoryNetwork(log);
  const network: Network = watchedNetwork(inner, (rest) => {
    rows.push(rowOf(rest));
    log.push('row');
  });
  const heard$ = new Subject<Bytes>();
  heard$.subscribe({
    next: () => log.push('heard'),
    complete: () => log.push('heard end'),
    error: () => log.push('heard fault'),
  });
  network.fromNetwork$.subscribe(heard$);
  network.unwritable$.subscribe({ error: () => log.push('unwritable') });
  network.read(true);
  return { log, rows, inner, network };
};

const rowOf = (rest: Uint8Array): object => {
  const { stream, ...row } = JSON.parse(`{${Buffer.from(rest).toString().slice(1)}`) as { stream: string };
  assert.is(stream, 'wire');
  return row;
};

const record = (type: number, length: number): Buffer =>
  Buffer.concat([Buffer.of(type, 3, 3, length >> 8, length & 255), Buffer.alloc(length, 255)]);
const TYPES = {
  20: 'change_cipher_spec',
  21: 'alert',
  22: 'handshake',
  23: 'application_data',
  71: 'unknown',
} as const;
const row = (direction: 'in' | 'out', [type, length]: readonly [keyof typeof TYPES, number]) => ({
  direction,
  kind: 'record',
  type: TYPES[type],
  length,
  bytes: length + 5,
});

test('each record is one row when it is whole, however the stream is cut, in both directions', () => {
  const records = fc.array(
    fc.tuple(fc.constantFrom(20, 21, 22, 23, 71), fc.oneof(fc.nat({ max: 30 }), fc.constantFrom(255, 256, 16_401))),
    { maxLength: 8 },
  ) as fc.Arbitrary<(readonly [keyof typeof TYPES, number])[]>;
  fc.assert(
    fc.property(records, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 9 }), (sent, cuts) => {
      const bytes = Buffer.concat(sent.map(([type, length]) => record(type, length)));
      const ends = [...cuts.map((cut) => Math.round(cut * bytes.length)), bytes.length].sort((a, b) => a - b);
      const chunks = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
      const arrivals$ = new Subject<Bytes>();
      const rows: unknown[] = [];
      const network = watchedNetwork({ ...SILENT, fromNetwork$: arrivals$, write: (_, taken) => taken() }, (rest) => {
        rows.push(rowOf(rest));
      });
      network.fromNetwork$.subscribe();
      for (const chunk of chunks) arrivals$.next(chunk);
      assert.equal(
        rows,
        sent.map((each) => row('in', each)),
      );
      rows.length = 0;
      network.write(chunks, () => undefined);
      assert.equal(
        rows,
        sent.map((each) => row('out', each)),
      );
    }),
  );
});

const SILENT: Network = {
  fromNetwork$: new Subject<Bytes>(),
  unwritable$: new Subject<never>(),
  read: () => undefined,
  write: () => undefined,
  end: () => undefined,
  pending: false,
  close: () => undefined,
};

test('what comes is told before it is passed on; what goes when the kernel has it, before whoever waits for that', async () => {
  const { log, inner, network } = watch();
  inner.arrives(record(22, 4));
  await quiet();
  network.write([record(23, 9)], () => log.push('taken'));
  assert.equal(log, ['row', 'heard', 'wrote data']);
  assert.ok(network.pending);
  await quiet();
  assert.not.ok(network.pending);
  network.end(() => log.push('end taken'), 'bare');
  await quiet();
  assert.equal(log.slice(3), ['row', 'taken', 'wrote FIN', 'row', 'end taken']);
});

test('what the kernel has not taken was not on the wire', async () => {
  const { rows, inner, network } = watch();
  inner.full = true;
  network.write([record(23, 9)], () => undefined);
  await quiet();
  network.close();
  assert.equal(rows, []);
});

test('a FIN is a row; one inside a record, or inside its header, has a row before it that says how much is missing', async () => {
  for (const [bytes, cut] of [
    [record(23, 9), []],
    [record(23, 9).subarray(0, 12), [{ direction: 'in', kind: 'cut_record', bytes: 12, missing: 2 }]],
    [record(23, 9).subarray(0, 3), [{ direction: 'in', kind: 'cut_record', bytes: 3, missing: 2 }]],
  ] as const) {
    const { rows, inner, network } = watch();
    inner.arrives(bytes, 'fin');
    await quiet();
    network.close();
    assert.equal(
      rows.filter((each) => (each as { kind: string }).kind !== 'record'),
      [...cut, { direction: 'in', kind: 'fin' }],
    );
  }
});

test('when we are the ones to hang up, the record that the peer has begun is told once', async () => {
  const { rows, inner, network } = watch();
  inner.arrives(Buffer.from('GET / HTTP/1.1\r\n'));
  await quiet();
  network.close();
  network.close();
  assert.equal(rows, [{ direction: 'in', kind: 'cut_record', bytes: 16, missing: 0x202f + 5 - 16 }]);
});

test('a reset is one row, whether reading or writing met it first, and also after a FIN', async () => {
  const reset = { direction: 'in', kind: 'reset', detail: 'EPIPE' };
  const reading = watch();
  reading.inner.arrives(new Fault('reset', 'EPIPE'));
  await quiet();
  assert.equal(reading.rows, [reset]);

  const both = watch();
  both.inner.breaks(new Fault('reset', 'EPIPE'));
  await quiet();
  assert.equal(both.rows, [reset]);
  assert.equal(both.log, ['row', 'heard fault', 'unwritable']);

  const late = watch();
  late.inner.arrives('fin');
  await quiet();
  late.inner.unwritable$.error(new Fault('reset', 'EPIPE'));
  assert.equal(late.rows, [{ direction: 'in', kind: 'fin' }, reset]);
});

test.run();
