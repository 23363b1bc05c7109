import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readScenario } from '../../../src/diagram/scenario.ts';
import { lineFault } from '../../../src/inspect/line-form.ts';
import { traceOf } from './support/recorded.ts';

const root = new URL('../../../', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, root), 'utf8');
/** The schema as it says what is written, and as a reader has to take it: fields that it does not know are let through. */
const schema = read('docs/trace.schema.json');
const isWritten = new Ajv2020({ strict: false }).compile(JSON.parse(schema) as object);
const isValid = new Ajv2020({ strict: false }).compile(
  JSON.parse(schema.replaceAll(/"(additional|unevaluated)Properties": false/g, '"$1Properties": true')) as object,
);

/** Lines of real traces and of all diagrams, each shape once. */
const lines: readonly Record<string, unknown>[] = [
  ...new Map(
    [
      ...['greet', 'cut'].map((name) => read(`docs/examples/${name}.trace`)),
      ...readdirSync(new URL('diagrams/', root)).map((name) => {
        const scenario = readScenario(read(`diagrams/${name}`));
        return traceOf(scenario, scenario.protocols[0] ?? 'TLSv1.3');
      }),
    ]
      .flatMap((text) => text.trimEnd().split('\n'))
      .map((text) => JSON.parse(text) as Record<string, unknown>)
      .map((line) => [shapeOf(line), line] as const),
  ).values(),
  ...[
    { stream: 'wire', direction: 'in', kind: 'reset', detail: 'ECONNRESET' },
    { stream: 'wire', direction: 'in', kind: 'cut_record', bytes: 3, missing: 20 },
    { stream: 'progExit', kind: 'exit', signal: 9 },
    { stream: 'secured', kind: 'fault', fault: 'handshake', detail: 'no shared cipher' },
    { stream: 'fromProg', direction: 'out', kind: 'data', bytes: 3, content: 'YWJj' },
    {
      stream: 'secured',
      kind: 'handshake',
      protocol: 'TLSv1.2',
      cipher: 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
      serverName: 'localhost',
      peerCertificateHash: 'ab'.repeat(32),
      peerCertificateSubject: 'CN=client',
    },
  ].map((event) => ({ connection: 7, time: 1, ...event })),
];

function shapeOf(line: Record<string, unknown>): string {
  const { stream, kind, law, type } = line;
  return JSON.stringify([
    stream,
    kind,
    law,
    type,
    Object.keys(line).sort(),
    line['cause'] === null,
    line['prog'] === null,
  ]);
}

const VALUES: readonly unknown[] = [
  ...[
    0,
    1,
    -1,
    0.5,
    256,
    70_000,
    2 ** 31,
    '',
    'x',
    '1',
    'in',
    'out',
    'fin',
    'data',
    'SIGTERM',
    true,
    false,
    null,
    [],
    {},
  ],
  ...[{ code: 1 }, { code: 1, signal: 1 }, { code: 256 }, { signal: 15 }, { signal: 0 }, { signal: 'SIGTERM' }],
  ...[{ fault: 'reset', detail: 'x' }, { fault: 'reset' }, { fault: 'rest', detail: 'x' }],
];

/** Copies of a line with one thing changed. */
function* changed(line: Readonly<Record<string, unknown>>): Generator<Record<string, unknown>> {
  for (const key of Object.keys(line)) {
    yield Object.fromEntries(Object.entries(line).filter(([name]) => name !== key));
    for (const value of VALUES) yield { ...line, [key]: value };
  }
  for (const [key, value] of [
    ['stranger', 1],
    ['content', 'YQ=='],
    ['direction', 'in'],
    ['direction', 'out'],
    ['signal', 1],
    ['code', 1],
    ['bytes', 1],
    ['detail', ''],
    ['serverName', 'x'],
  ] as const) {
    yield { ...line, [key]: value };
  }
}

test('what is recorded is taken by the reader and by the published schema', () => {
  assert.ok(lines.length > 50, String(lines.length));
  for (const line of lines) {
    assert.is(lineFault(line), undefined, JSON.stringify(line));
    assert.ok(isWritten(line), JSON.stringify([line, isWritten.errors]));
  }
});

test('a field that nobody knows yet is let through, and a version that nobody knows is not', () => {
  for (const line of lines) assert.is(lineFault({ ...line, stranger: 1 }), undefined);
  assert.is(lineFault({ ...lines[0], trace: 2 }), 'a trace of version 2; only 1 is known here');
});

test('what the published schema refuses the reader refuses, and nothing else', () => {
  let refused = 0;
  const apart: string[] = [];
  for (const line of lines.flatMap((each) => [...changed(each)])) {
    const fault = lineFault(line);
    const valid = isValid(line);
    if (!valid) refused += 1;
    if ((fault === undefined) !== valid)
      apart.push(`${JSON.stringify(line)}: reader ${fault ?? 'takes it'}, schema ${valid ? 'takes it' : 'refuses'}`);
  }
  assert.equal(apart.slice(0, 20), []);
  assert.ok(refused > 5000, String(refused));
});

test.run();
