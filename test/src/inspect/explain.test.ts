import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CLOSING_TEXTS, FAULT_TEXTS } from '../../../graph/closing-rules.ts';
import { LAWS } from '../../../graph/laws.ts';
import type { Protocol } from '../../../graph/vocabulary.ts';
import { readScenario } from '../../../src/diagram/scenario.ts';
import { storyOf, type Story } from '../../../src/inspect/explain/story.ts';
import { tellStory } from '../../../src/inspect/explain/tell.ts';
import type { Recording } from '../../../src/inspect/recording.ts';
import { recorded } from './support/recorded.ts';
import { clauseUnder } from '../../../src/diagram/clauses.ts';

const folder = new URL('../../../diagrams/', import.meta.url);
const recordings = readdirSync(folder).flatMap((name) => {
  const scenario = readScenario(readFileSync(new URL(name, folder), 'utf8'));
  return scenario.protocols.map((protocol) => ({
    name: `${name} under ${protocol}`,
    scenario,
    recording: recorded(scenario, protocol),
  }));
});
const recordingOf = (name: string, protocol: Protocol = 'TLSv1.3'): Recording => {
  const found = recordings.find((each) => each.name === `${name}.yaml under ${protocol}`);
  if (found === undefined) throw new Error(`no ${name} under ${protocol}`);
  return found.recording;
};
const told = (recording: Recording, width = 10_000): string => tellStory(storyOf(recording), width, (text) => text);
const endOf = ({ end }: Story) => {
  if (end === null) throw new Error('no end');
  return end;
};
const bytes = ({ events }: Recording, stream: string): number =>
  events.reduce((sum, event) => sum + (event.stream === stream && 'bytes' in event ? event.bytes : 0), 0);

test('each law that decided has its sentence and clause from the table, the clause of its TLS, in its order, once for each decision', () => {
  for (const { name, recording } of recordings) {
    const laws = recording.events.flatMap((event) => (event.stream === 'law' ? [event.law] : []));
    const { happened, protocol } = storyOf(recording);
    const sentences = happened.flatMap(({ law, says, clause }) => (law === undefined ? [] : [{ law, says, clause }]));
    assert.equal(
      sentences,
      laws.map((law) => {
        const { says, clause } = LAWS[law];
        return { law, says, clause: protocol === null ? clause : clauseUnder(clause, protocol) };
      }),
      name,
    );
  }
});

test('policy and fault are told in the words of the graph', () => {
  const broken = recordingOf('bad-record-breaks-the-connection-under-big-s');
  const { says } = CLOSING_TEXTS['TLSv1.3'].S;
  assert.ok(told(broken).includes(says));
  assert.ok(told(broken).includes(`${FAULT_TEXTS.badRecord.says} That is exit 98.`));
});

test('verdict and exit status are those of the trace', () => {
  for (const { name, scenario, recording } of recordings) {
    const { verdict, exitStatus } = endOf(storyOf(recording));
    assert.is(verdict, scenario.verdict, name);
    assert.is(exitStatus, scenario.exit, name);
    const numbers = endOf(storyOf(recording)).why.says.match(/\d+/g)?.map(Number) ?? [];
    assert.ok(numbers.includes(scenario.exit) || numbers.includes(scenario.exit - 128), `${name}: ${numbers.join()}`);
  }
});

test('nothing is said to be safe of which a byte is missing', () => {
  for (const { name, recording } of recordings) {
    const { inbound, outbound } = endOf(storyOf(recording));
    if (inbound.lost === 'no' && recording.closing?.secured === true) {
      assert.is(bytes(recording, 'toProg'), bytes(recording, 'fromPeer'), `${name}: in`);
      assert.is(recording.closing.peerEnded, 'close_notify', name);
    }
    if (outbound.lost === 'no' && recording.closing?.secured === true) {
      assert.is(bytes(recording, 'takenByPeer'), bytes(recording, 'fromProg'), `${name}: out`);
      assert.is(recording.closing.weEnded, 'close_notify', name);
      assert.ok(recording.closing.progEnded, name);
    }
  }
});

test('who ended first is told, and how', () => {
  for (const [name, protocol, first] of [
    ['prog-eof-becomes-fin', 'TLSv1.3', 'prog ended first, by EOF on its stdout.'],
    ['peer-fin-is-prog-eof-under-s', 'TLSv1.3', 'The peer ended first, by a FIN without close_notify.'],
    ['peer-close-notify-half-closes', 'TLSv1.3', 'The peer ended first, by close_notify.'],
    ['alert-breaks-the-connection-under-s', 'TLSv1.3', 'The peer ended first, by a fatal alert.'],
    ['idle-timeout-under-s', 'TLSv1.3', 'Neither side ended first: we did, because nothing moved any more.'],
    ['signal-in-mid-transfer', 'TLSv1.3', 'Neither side ended first: SIGTERM came to us.'],
    ['handshake-failure-runs-no-prog', 'TLSv1.3', 'It ended before it had begun: the handshake was never done.'],
  ] as const) {
    assert.is(endOf(storyOf(recordingOf(name, protocol))).first, first);
  }
});

test('bytes that went nowhere are counted', () => {
  const dropped = endOf(storyOf(recordingOf('tls12-answers-close-notify-at-once', 'TLSv1.2'))).outbound;
  assert.equal(dropped, { lost: 'yes', says: '2 bytes from prog were dropped and never sent.' });
  const deaf = endOf(storyOf(recordingOf('prog-eof-becomes-close-notify'))).inbound;
  assert.is(deaf.lost, 'yes');
  assert.match(deaf.says, /^1 byte from the peer did not go to prog: .*no longer listens/);
});

for (const [name, direction, lost, says] of [
  ['reset-after-our-close-notify-is-no-error', 'outbound', 'unknown', /but the peer then reset TCP/],
  ['linger-ends-after-silence', 'outbound', 'unknown', /the peer did not end, and TCP was closed/],
  ['signal-with-a-peer-that-takes-nothing', 'outbound', 'yes', /The kernel never took \d+ bytes? of what prog/],
  ['reset-before-the-answer', 'outbound', 'unknown', /our ending did not go out/],
  ['prog-eof-becomes-fin', 'outbound', 'unknown', /cannot tell our FIN from a forged one/],
  ['fin-inside-a-record-still-answers-under-s', 'inbound', 'yes', /a record whose rest never came/],
  ['peer-fin-is-prog-eof-under-s', 'inbound', 'unknown', /anybody on the path can forge/],
  ['idle-timeout-ends-both-directions', 'inbound', 'unknown', /had not ended when we stopped/],
  ['reset-before-the-answer', 'inbound', 'unknown', /before the peer had said that it was done/],
  ['handshake-failure-runs-no-prog', 'inbound', 'no', /Nothing was carried/],
] as const) {
  test(`${name}: what may be lost ${direction} is ${lost}, and why`, () => {
    const found = recordings.find((each) => each.name.startsWith(`${name}.yaml`));
    if (found === undefined) throw new Error(`no ${name}`);
    const loss = endOf(storyOf(found.recording))[direction];
    assert.is(loss.lost, lost, loss.says);
    assert.match(loss.says, says);
  });
}

for (const [name, protocol, what] of [
  ['prog-eof-becomes-fin', 'TLSv1.3', /use -S or -N: then the peer can tell/],
  ['peer-fin-is-prog-eof-under-big-s', 'TLSv1.3', /use -J: then an end without close_notify is exit 98/],
  ['truncation-is-an-error-under-big-j', 'TLSv1.3', /leave out -J/],
  ['tls12-answers-close-notify-at-once', 'TLSv1.2', /must read it before it sends close_notify/],
  ['prog-eof-becomes-close-notify', 'TLSv1.3', /use -N with TLS 1\.3, or -s/],
  ['linger-ends-after-silence', 'TLSv1.3', /The peer keeps TCP open when all is said/],
  ['idle-timeout-ends-both-directions', 'TLSv1.3', /may be silent for that long, allow more with -K/],
  ['handshake-must-be-done-within-k', 'TLSv1.3', /limits the handshake as a whole/],
  ['reset-during-the-answer', 'TLSv1.3', /Look at the peer: it left/],
  ['decode-error-after-our-fin-is-a-fin', 'TLSv1.3', /The peer uses OpenSSL 3/],
  ['fin-inside-a-record-still-answers-under-s', 'TLSv1.3', /at whatever stands between it and us/],
  ['tls12-gives-up-a-prog-that-writes-on-unheard', 'TLSv1.2', /Let prog end its output soon/],
] as const) {
  test(`${name} gives reason to change something`, () => {
    const recording =
      recordings.find((each) => each.name.startsWith(`${name}.yaml`) && each.name.endsWith(protocol)) ??
      recordings.find((each) => each.name.startsWith(`${name}.yaml`));
    if (recording === undefined) throw new Error(`no ${name}`);
    assert.match(endOf(storyOf(recording.recording)).advice.join('\n'), what);
  });
}

test('where all went well there is nothing to change', () => {
  const story = storyOf(recordingOf('peer-close-notify-is-answered-when-prog-is-done'));
  assert.equal(endOf(story).advice, []);
  assert.is(endOf(story).inbound.lost, 'no');
  assert.is(endOf(story).outbound.lost, 'no');
  assert.not.match(told(recordingOf('peer-close-notify-is-answered-when-prog-is-done')), /What to change/);
});

test('a trace without a verdict is told as far as it goes, and says that the end is not known', () => {
  const recording = { ...recordingOf('prog-eof-becomes-close-notify'), closing: undefined };
  assert.is(storyOf(recording).end, null);
  assert.match(told(recording), /The trace stops before the verdict: how it ended is not known\./);
});

test('a close_notify is told beside the record that carried it', () => {
  const { events, ...rest } = recordingOf('prog-eof-becomes-close-notify');
  const record = (direction: string, type: string, size: number) =>
    ({ connection: 7, stream: 'wire', kind: 'record', direction, type, length: size - 5, bytes: size }) as const;
  const index = events.findIndex(({ kind }) => kind === 'close_notify');
  const time = events[index]?.time ?? 0;
  const seen = [
    ...events.slice(0, index),
    { ...record('out', 'application_data', 99), time },
    ...events.slice(index, index + 1),
    { ...record('in', 'application_data', 77), time },
    { ...record('out', 'application_data', 24), time },
    ...events.slice(index + 1),
  ] as Recording['events'];
  assert.match(
    told({ ...rest, events: seen }),
    /We said close_notify\. On the wire: a record of 24 bytes that calls itself application_data, because TLS 1\.3 hides/,
  );
  assert.match(told({ ...rest, events }), /We said close_notify\. Its record was not seen on the wire\./);
});

test('no line is wider than the terminal, and nothing of the peer is obeyed by it', () => {
  const recording = recordingOf('linger-ends-after-silence');
  const events = recording.events.map((event) =>
    event.kind === 'handshake' ? { ...event, serverName: 'evil\x1b[2J\n\u202e' } : event,
  );
  const text = told({ ...recording, events }, 60);
  for (const line of text.split('\n')) assert.ok(line.length <= 60, line);
  assert.not.match(text, /[\x00-\x09\x0b-\x1f\u202e]/);
  assert.match(text, /evil\\x1b\[2J\\x0a\\xe2\\x80\\xae/);
});

test.run();
