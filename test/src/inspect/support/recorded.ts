import type { Law } from '../../../../graph/laws.ts';
import { exitStatus, tellVerdict, type Verdict } from '../../../../graph/verdict.ts';
import { CLOSE_NOTIFY, isFault, type Fault, type Protocol } from '../../../../graph/vocabulary.ts';
import { ORDERS, playScenario, type Onlooker } from '../../../../src/diagram/play.ts';
import type { Scenario } from '../../../../src/diagram/scenario.ts';
import type { Recording } from '../../../../src/inspect/recording.ts';
import { readTraces } from '../../../../src/inspect/read-trace.ts';
import { watched } from '../../../../src/watch.ts';

/** A scenario played in virtual time, as the lines that a trace of it would have; a millisecond there is one here. */
export function traceOf(scenario: Scenario, protocol: Protocol, connection = 7): string {
  const { policy, requireCloseNotify, idleTimeout, highWaterMark } = scenario;
  const header = {
    trace: 1,
    connection,
    program: 's6-tlsd test',
    runtime: 'virtual time',
    accepted: '2026-01-02T03:04:05.678Z',
    ...{ policy, requireCloseNotify, idleTimeout, highWaterMark },
    clientCertificate: 'none',
    prog: 'prog',
    content: false,
  };
  const lines: object[] = [header];
  const onlooker = ({ now }: { now: () => number }): Onlooker => {
    // The verdict is the last line: the process is gone then, and its timers with it.
    const tell = (line: object): void => {
      if (!('verdict' in (lines.at(-1) ?? {}))) lines.push({ connection, time: now() * 1000, ...line });
    };
    return {
      streams: (streams) => watched(streams, (stream) => told(stream, tell)),
      witness: (law) => tell({ stream: 'law', kind: WAITING.has(law) ? 'timer' : 'law', law }),
    };
  };
  playScenario(scenario, protocol, ORDERS['verdict first'], onlooker);
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** The same, read. */
export function recorded(scenario: Scenario, protocol: Protocol): Recording {
  const [recording] = readTraces('test', traceOf(scenario, protocol)).recordings;
  if (recording === undefined) throw new Error('nothing was recorded');
  return recording;
}

function told(stream: string, tell: (line: object) => void) {
  const direction = DIRECTIONS[stream];
  const say = (line: object): void => tell({ stream, ...(direction !== undefined && { direction }), ...line });
  const end = ENDS[stream];
  return {
    next: (value: unknown) => (stream === 'verdict' ? tell(closing(value as Verdict)) : say(valueOf(stream, value))),
    ...(end !== undefined && { complete: () => say({ kind: end }) }),
    error: (fault: unknown) => {
      if (isFault(fault) && FAILING.has(stream)) say(faulted(fault));
    },
  };
}

function valueOf(stream: string, value: unknown): object {
  if (value === CLOSE_NOTIFY) return { kind: 'close_notify' };
  if (value instanceof Uint8Array) return { kind: 'data', bytes: value.byteLength };
  switch (stream) {
    case 'secured':
      return { kind: 'handshake', ...(value as object) };
    case 'startProg':
      return { kind: 'start' };
    case 'hangUp':
      return { kind: 'hang_up' };
    case 'progExit':
      return { kind: 'exit', ...(value as object) };
    default:
      if (typeof value === 'number') return { kind: 'taken', bytes: value };
      if (typeof value === 'boolean') return { kind: value ? 'demand_up' : 'demand_down' };
      return typeof value === 'string' ? { kind: 'signal', signal: value } : { kind: 'gone' };
  }
}

const faulted = ({ kind, detail }: Fault): object =>
  kind === 'reset' ? { kind, detail } : { kind: 'fault', fault: kind, detail };

const closing = (verdict: Verdict): object => ({
  verdict: tellVerdict(verdict),
  exitStatus: exitStatus(verdict),
  first: verdict.first,
  peerEnded: isFault(verdict.peerEnded) ? verdict.peerEnded.kind : (verdict.peerEnded ?? null),
  progEnded: verdict.progEnded,
  weEnded: verdict.weEnded,
  bytesIn: verdict.bytesIn,
  bytesOut: verdict.bytesOut,
  milliseconds: verdict.milliseconds,
  secured: verdict.secured,
  prog: verdict.prog ?? null,
  cause:
    verdict.cause === undefined
      ? null
      : 'fault' in verdict.cause
        ? { fault: verdict.cause.fault.kind, detail: verdict.cause.fault.detail }
        : verdict.cause,
});

const DIRECTIONS: Readonly<Record<string, 'in' | 'out'>> = {
  fromPeer: 'in',
  toProg: 'in',
  takenByProg: 'in',
  progStdinGone: 'in',
  demandPeer: 'in',
  fromProg: 'out',
  toPeer: 'out',
  takenByPeer: 'out',
  demandProg: 'out',
};
const ENDS: Readonly<Record<string, string>> = {
  fromPeer: 'fin',
  fromProg: 'eof',
  toPeer: 'fin',
  toProg: 'eof',
  takenByPeer: 'ending_taken',
};
const FAILING: ReadonlySet<string> = new Set(['secured', 'fromPeer', 'toPeer', 'takenByPeer']);
const WAITING: ReadonlySet<Law> = new Set<Law>(['handshakeTimeout', 'idleTimeout', 'linger', 'signalGrace', 'unheard']);
