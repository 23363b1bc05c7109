import {
  closing,
  demand,
  header,
  line,
  passed,
  said,
  signal,
  timer,
  VERDICT,
  wrote,
  type Fields,
} from './trace-lines.ts';

/** A file as somebody could write it who means harm. */
export interface Hostile {
  readonly title: string;
  readonly text: string;
  /** Why it is refused when it is read, or when its first connection is opened; without, it is opened. */
  readonly refused?: RegExp;
}

/** Traces that ask for as much work as a file of some megabytes can. */
export const hostileTraces = (): readonly Hostile[] => [
  { title: 'a thousand runs of data, each after a long silence', text: conversation(500, 6_000_000, {}) },
  { title: 'the same with -K', text: conversation(500, 6_000_000, { idleTimeout: 60_000 }) },
  { title: 'a thousand runs with a -K that is always due', text: conversation(500, 900, { idleTimeout: 1 }) },
  { title: 'a thousand runs without a silence', text: conversation(500, 2000, { idleTimeout: 10 }) },
  { title: 'twenty thousand chunks', text: conversation(10_000, 1_250_001, {}) },
  {
    title: 'more runs than a diagram can have',
    text: conversation(2000, 600_000, { idleTimeout: 2000 }),
    refused: /too long for a diagram: 4000 runs of data, and 1000 at most$/,
  },
  {
    title: 'twenty thousand timers',
    text: trace(repeated(20_000, (i) => timer(i * 100))),
    refused: /too long for a diagram: 20001 events that are no data, and 1000 at most$/,
  },
  {
    title: 'a timer after each chunk',
    text: trace(repeated(400, (i) => [said(i * 6_000_000, 1), timer(i * 6_000_000)])),
    refused: /too long for a diagram: its timers cannot be placed$/,
  },
  {
    title: 'twenty thousand signals',
    text: trace(repeated(20_000, (i) => signal(i * 100))),
    refused: /too long for a diagram: 20001 events that are no data, and 1000 at most$/,
  },
  {
    title: 'nine hundred signals, each after a long silence',
    text: trace(repeated(900, (i) => signal(i * 6_000_000))),
  },
  {
    title: 'demand that goes up and down',
    text: trace(repeated(20_000, (i) => demand(i, i % 2 === 0))),
    refused: /too long for a diagram: 20000 changes of demand, and 1000 at most$/,
  },
  { title: 'thirty thousand chunks passed on', text: trace(repeated(30_000, (i) => [said(i, 1), passed(i, 1)])) },
  {
    title: 'chunks of more bytes than there are',
    text: trace(repeated(500, (i) => said(i, Number.MAX_SAFE_INTEGER))),
    refused: /too long for a diagram: \d+ bytes at once, and 1073741824 at most$/,
  },
  { title: 'a thousand chunks of a gibibyte', text: conversation(500, 1_300_000, {}, 1_073_741_824) },
  {
    title: 'an event in three hundred years',
    text: trace([said(Number.MAX_SAFE_INTEGER, 1)]),
    refused: /too long for a diagram: 9007199254740 ms, and 2000000000 at most$/,
  },
  {
    title: 'an event in twelve days',
    text: trace([said(1_036_800_000_000, 1)]),
    refused: /^FILE: from peer is longer than ten days$/,
  },
  {
    title: 'a -K of twenty days',
    text: trace([said(0, 1)], { idleTimeout: 1_728_000_000 }),
    refused: /^FILE: idleTimeout is longer than ten days$/,
  },
  {
    title: 'a high-water mark beyond all memory',
    text: trace([said(0, 1)], { highWaterMark: Number.MAX_SAFE_INTEGER }),
    refused: /^FILE: highWaterMark is more than 1073741824 bytes$/,
  },
  {
    title: 'lists nested ten million deep',
    text: header({ more: null }).replace('null', deep(10_000_000)),
    refused: /^FILE:1: more than 32 objects and lists in one line$/,
  },
  {
    title: 'a stream that is a list nested a hundred thousand deep',
    text: `{"connection":1,"time":0,"stream":${deep(100_000)}}`,
    refused: /^FILE:1: more than 32 objects and lists in one line$/,
  },
  { title: 'twenty thousand connections', text: `${repeated(20_000, connection).join('\n')}\n` },
  {
    title: 'thirty million lines with nothing in them',
    text: `{${'\n'.repeat(30_000_000)}`,
    refused: /^FILE: more than 1000000 lines$/,
  },
  {
    title: 'content of thirty megabytes that is no base64 in the end',
    text: trace([said(0, 1).replace('}', `,"content":"${'A'.repeat(30_000_000)}!"}`)]),
    refused: /^FILE:3: content is not base64$/,
  },
  {
    title: 'names of megabytes',
    text: trace([said(0, 1)], { prog: LONG_NASTY, program: LONG_NASTY }),
  },
  { title: 'a name that is markup and more', text: trace([said(0, 1)], { prog: NASTY, program: NASTY }, NASTY) },
  {
    title: 'a verdict of megabytes',
    text: trace([said(0, 1)], {}, LONG_NASTY),
    refused: /too long for a diagram: \d+ characters in its verdict, and 1000 at most$/,
  },
  {
    title: 'a fault that is told in megabytes',
    text: trace([line(0, { stream: 'fromPeer', direction: 'in', kind: 'fault', fault: 'alert', detail: LONG_NASTY })]),
    refused: /too long for a diagram: \d+ characters in what is told of a fault, and 1000 at most$/,
  },
  {
    title: 'a stream of megabytes',
    text: trace([line(0, { stream: LONG_NASTY, kind: 'data' })]),
    refused: /^FILE:3: unknown stream: "<img src=x /,
  },
  {
    title: 'nothing that happened',
    text: trace([]),
    refused: /^the recording cannot be told as a diagram: /,
  },
  {
    title: 'an empty verdict',
    text: trace([said(0, 1)], {}, ' '),
    refused: /^the recording cannot be told as a diagram: missing or no text: verdict$/,
  },
];

/** What a text must not do to a page: markup, controls, another direction, half a character. */
export const NASTY = '<img src=x onerror=alert(1)>\u202e\u0000\u001b[31m"\'&\ud800\n{{x}}';

const LONG_NASTY = NASTY.repeat(50_000);

function conversation(exchanges: number, every: number, header: Fields, bytes = 5): string {
  const lines = repeated(exchanges, (i) => [
    said(i * every, bytes),
    passed(i * every, bytes),
    wrote(i * every + every / 2, bytes),
  ]);
  return trace(lines, header);
}

function trace(events: readonly (string | readonly string[])[], fields: Fields = {}, verdict = VERDICT): string {
  const secured = line(0, { stream: 'secured', kind: 'handshake', protocol: 'TLSv1.3', cipher: 'X' });
  return [header(fields), secured, ...events.flat(), closing(verdict), ''].join('\n');
}

/** A whole connection in three lines. */
const connection = (index: number): string =>
  [header({ connection: index + 1 }), said(0, 1), closing(VERDICT)]
    .join('\n')
    .replaceAll('"connection":1,', `"connection":${index + 1},`);

const repeated = <T>(times: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: times }, (_, i) => make(i));

const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
