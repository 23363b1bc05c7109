import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { TraceLine } from '../../../src/trace/format.ts';
import { beginTrace, type Facts, type Lines, type Trace } from '../../../src/trace/trace.ts';

export const FACTS: Facts = {
  program: 's6-tlsd test',
  policy: 'S',
  requireCloseNotify: false,
  idleTimeout: 0,
  highWaterMark: 262_144,
  clientCertificate: 'none',
  prog: 'cat',
  content: false,
};

/** A trace into memory, each of whose lines is one microsecond later than the one before. */
export class MemoryTrace implements Lines {
  readonly trace: Trace;
  readonly texts: string[] = [];
  flushed = 0;
  wanted = true;

  constructor(facts: Partial<Facts> = {}) {
    let time = 0;
    const moment = { connection: 42, accepted: new Date(0), clock: () => (time += 1) };
    this.trace = beginTrace(this, moment, { ...FACTS, ...facts });
  }

  add(before: Uint8Array, number: number, after: Uint8Array): void {
    this.texts.push(Buffer.from(before).toString() + String(number) + Buffer.from(after).toString());
  }

  flush(): void {
    this.flushed += 1;
  }

  get lines(): TraceLine[] {
    return this.texts.map((text) => JSON.parse(text) as TraceLine);
  }

  /** What was told behind the header, without connection and time. */
  get told(): object[] {
    return this.lines.slice(1).map((line) => {
      const entries = Object.entries(line).filter(([key]) => key !== 'connection' && key !== 'time');
      return Object.fromEntries(entries);
    });
  }
}

/** Why `line` may not stand in a trace, by docs/trace.schema.json; nothing when it may. */
export function schemaErrors(line: unknown): string[] {
  const valid = validate(line);
  return valid
    ? []
    : [
        JSON.stringify(line),
        ...(validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`),
      ];
}

const validate = new Ajv2020({ strict: true, strictTypes: false }).compile(
  JSON.parse(readFileSync(new URL('../../../docs/trace.schema.json', import.meta.url), 'utf8')) as object,
);
