import { tap } from 'rxjs';
import type { Protocol } from '../../../../graph/vocabulary.ts';
import type { Sinks, Sources } from '../../../../graph/world.ts';
import { ORDERS, playScenario, type Onlooker } from '../../../../src/diagram/play.ts';
import type { Scenario } from '../../../../src/diagram/scenario.ts';
import type { Recording } from '../../../../src/inspect/recording.ts';
import { readTraces } from '../../../../src/inspect/read-trace.ts';
import { beginTrace, type Lines } from '../../../../src/trace/trace.ts';

/** A scenario played in virtual time, as the trace that s6-tlsd would write of it; a millisecond there is one here. */
export function traceOf(scenario: Scenario, protocol: Protocol, connection = 7): string {
  const { policy, requireCloseNotify, idleTimeout, highWaterMark } = scenario;
  const lines = new UntilTheVerdict();
  const onlooker = ({ now }: { now: () => number }): Onlooker => {
    const trace = beginTrace(
      lines,
      { connection, accepted: new Date('2026-01-02T03:04:05.678Z'), clock: () => now() * 1000 },
      {
        program: 's6-tlsd test',
        ...{ policy, requireCloseNotify, idleTimeout, highWaterMark },
        clientCertificate: 'none',
        prog: 'prog',
        content: false,
      },
    );
    return {
      streams: <T extends Sources | Sinks>(streams: T): T => {
        const traced = trace.streams(streams);
        if (!('verdict$' in traced)) return traced;
        return { ...traced, verdict$: traced.verdict$.pipe(tap((verdict) => trace.end(verdict))) };
      },
      witness: trace.witness,
    };
  };
  playScenario(scenario, protocol, ORDERS['verdict first'], onlooker);
  return lines.text;
}

/** The process is gone after the verdict, and its timers with it. */
class UntilTheVerdict implements Lines {
  text = '';
  wanted = true;

  add(before: Uint8Array, number: number, after: Uint8Array): void {
    this.text += `${Buffer.from(before).toString()}${number}${Buffer.from(after).toString()}`;
  }

  flush(): void {
    this.wanted = false;
  }
}

/** The same, read. */
export function recorded(scenario: Scenario, protocol: Protocol): Recording {
  const [recording] = readTraces('test', traceOf(scenario, protocol)).recordings;
  if (recording === undefined) throw new Error('nothing was recorded');
  return recording;
}
