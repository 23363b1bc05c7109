import { MOST_BYTES } from '../diagram/values.ts';
import type { TraceEvent } from '../trace/format.ts';
import type { Recording } from './recording.ts';

/** Chunks that are drawn as one mark, because there are more of them than letters; usually a single chunk. */
export interface Run {
  /** x y z and then backwards from w for the peer's, a b c and so on for prog's. */
  readonly letter: string;
  readonly from: 'peer' | 'prog';
  readonly chunks: number;
  readonly bytes: number;
}

/** The letters of a recording. A chunk keeps its letter when it is passed on: what goes in comes out, in order. */
export interface Lettering {
  /** In the order in which they began. */
  readonly runs: readonly Run[];
  /** The run that this event of data or acknowledgement brings to its end or carries on; `undefined` for every other event. */
  readonly runOf: ReadonlyMap<TraceEvent, Run>;
  /** Runs of several chunks are drawn as one. */
  readonly merged: boolean;
  /** Even so there were not letters enough, and they begin again. */
  readonly repeated: boolean;
}

/**
 * Gives each chunk a letter. When there are more than 26, chunks of one side that come close together share one, unless something
 * else than data comes between them: first those within a millisecond, then within two, four and so on, up to `longest`.
 *
 * @param longest microseconds that one letter may stand for.
 */
export function lettersFor({ events }: Recording, longest = Infinity): Lettering {
  const chunks = chunksIn(events);
  let drafts = runsWithin(chunks, -1);
  for (let span = 1000; drafts.length > LETTERS && span / 2 < longest && span < 2 ** 53; span *= 2) {
    drafts = runsWithin(chunks, Math.min(span, longest));
  }
  const letters = lettersOf(drafts);
  const runs = drafts.map(({ from, members, bytes }, i): Run => ({
    letter: letters[i] ?? '',
    from,
    chunks: members.length,
    bytes,
  }));
  const runOfChunk = new Map(drafts.flatMap(({ members }, i) => members.map((chunk) => [chunk, runs[i]] as const)));
  return {
    runs,
    runOf: new Map(runsOfEvents(events, chunks, runOfChunk)),
    merged: runs.some((run) => run.chunks > 1),
    repeated: runs.length > LETTERS,
  };
}

interface Chunk {
  readonly from: Run['from'];
  readonly bytes: number;
  readonly time: number;
  /** How often something else than data had happened before it. */
  readonly turn: number;
}

interface Draft {
  readonly from: Run['from'];
  readonly began: Chunk;
  readonly members: Chunk[];
  bytes: number;
}

function chunksIn(events: readonly TraceEvent[]): readonly Chunk[] {
  const chunks: Chunk[] = [];
  let turn = 0;
  for (const event of events) {
    if (event.kind === 'data') {
      const from = event.stream === 'fromPeer' ? 'peer' : event.stream === 'fromProg' ? 'prog' : undefined;
      if (from !== undefined) chunks.push({ from, bytes: event.bytes, time: event.time, turn });
    } else if (turns(event)) turn += 1;
  }
  return chunks;
}

/** Whether data before an event and data behind it may mean different things. */
export const turns = ({ stream, kind }: TraceEvent): boolean =>
  stream !== 'wire' && kind !== 'data' && kind !== 'taken' && kind !== 'demand_up' && kind !== 'demand_down';

/** Runs of chunks that begin within `span` microseconds; each chunk on its own when that is less than 0. */
function runsWithin(chunks: readonly Chunk[], span: number): Draft[] {
  const drafts: Draft[] = [];
  const open = new Map<Run['from'], Draft>();
  for (const chunk of chunks) {
    const last = open.get(chunk.from);
    const joins = last?.began.turn === chunk.turn && chunk.time - last.began.time <= span;
    if (joins && last.bytes + chunk.bytes <= MOST_BYTES) {
      last.members.push(chunk);
      last.bytes += chunk.bytes;
    } else {
      const draft = { from: chunk.from, began: chunk, members: [chunk], bytes: chunk.bytes };
      open.set(chunk.from, draft);
      drafts.push(draft);
    }
  }
  return drafts;
}

/** The letters of both sides: apart as long as there are enough, otherwise 13 for each, over and over. */
function lettersOf(drafts: readonly Draft[]): readonly string[] {
  const enough = drafts.length <= LETTERS;
  const ofPeer = enough ? drafts.filter(({ from }) => from === 'peer').length : LETTERS / 2;
  const letters = { peer: PEER_LETTERS.slice(0, ofPeer), prog: Array.from(PEER_LETTERS.slice(ofPeer)).sort().join('') };
  const next = { peer: 0, prog: 0 };
  return drafts.map(({ from }) => letters[from].charAt(next[from]++ % letters[from].length));
}

/** Which chunk an event belongs to follows from the number of bytes that have passed. */
function* runsOfEvents(
  events: readonly TraceEvent[],
  chunks: readonly Chunk[],
  runOf: ReadonlyMap<Chunk, Run | undefined>,
): Generator<readonly [TraceEvent, Run]> {
  const origins = {
    peer: chunks.filter(({ from }) => from === 'peer'),
    prog: chunks.filter(({ from }) => from === 'prog'),
  };
  const passed = new Map<TraceEvent['stream'], { index: number; left: number }>();
  for (const event of events) {
    const origin = ORIGINS[event.stream];
    if (origin === undefined || !('bytes' in event)) continue;
    const at = passed.get(event.stream) ?? { index: 0, left: origins[origin][0]?.bytes ?? 0 };
    passed.set(event.stream, at);
    let bytes = event.bytes;
    while (bytes > at.left && at.index < origins[origin].length - 1) {
      bytes -= at.left;
      at.index += 1;
      at.left = origins[origin][at.index]?.bytes ?? 0;
    }
    at.left -= bytes;
    const chunk = origins[origin][at.index];
    const run = chunk && runOf.get(chunk);
    if (run !== undefined) yield [event, run];
  }
}

/** Where the bytes of a stream come from. */
const ORIGINS: Readonly<Partial<Record<TraceEvent['stream'], Run['from']>>> = {
  fromPeer: 'peer',
  toProg: 'peer',
  takenByProg: 'peer',
  fromProg: 'prog',
  toPeer: 'prog',
  takenByPeer: 'prog',
};

const PEER_LETTERS = 'xyzwvutsrqponmlkjihgfedcba';
const LETTERS = PEER_LETTERS.length;
