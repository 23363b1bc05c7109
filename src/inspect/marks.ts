import { LAWS } from '../../graph/laws.ts';
import type { Signal } from '../../graph/vocabulary.ts';
import type { PictureMark } from '../picture/picture.ts';
import type { RecordType, TraceEvent } from '../trace/format.ts';
import type { Lettering } from './chunks.ts';
import { tellBytes } from './words.ts';

/** How an event is drawn: the symbols of diagrams/, and capitals for records. */
export type Drawn = Pick<PictureMark, 'symbol' | 'kind' | 'meaning'>;

export function drawn(event: TraceEvent, letters: Lettering): Drawn {
  const letter = letters.runOf.get(event)?.letter ?? '?';
  switch (event.kind) {
    case 'data':
      return { symbol: letter, kind: 'data', meaning: tellBytes(event.bytes) };
    case 'taken':
      return { symbol: letter, kind: 'other', meaning: `${tellBytes(event.bytes)} taken` };
    case 'close_notify':
      return { symbol: 'N', kind: 'close_notify', meaning: 'close_notify' };
    case 'fin':
      return { symbol: '|', kind: 'end', meaning: 'FIN' };
    case 'eof':
      return { symbol: '|', kind: 'end', meaning: 'EOF' };
    case 'ending_taken':
      return { symbol: '|', kind: 'end', meaning: 'our ending is on the wire' };
    case 'fault':
      return { symbol: '#', kind: 'fault', meaning: `${event.fault}: ${event.detail}` };
    case 'reset':
      return { symbol: '#', kind: 'fault', meaning: `reset: ${event.detail}` };
    case 'handshake':
      return { symbol: 'h', kind: 'other', meaning: `handshake done: ${event.protocol}, ${event.cipher}` };
    case 'start':
      return { symbol: 'h', kind: 'other', meaning: 'prog is started' };
    case 'exit': {
      const status = 'code' in event ? `exit with code ${event.code}` : `killed by signal ${event.signal}`;
      return { symbol: 'code' in event && event.code < 10 ? String(event.code) : 'x', kind: 'exit', meaning: status };
    }
    case 'signal':
      return { symbol: SIGNALS[event.signal], kind: 'other', meaning: event.signal };
    case 'gone':
      return event.stream === 'hungUp'
        ? { symbol: 'T', kind: 'timer', meaning: 'TCP is gone' }
        : { symbol: 'g', kind: 'other', meaning: 'prog has closed its stdin' };
    case 'hang_up':
      return { symbol: 'T', kind: 'timer', meaning: 'TCP is let go of' };
    case 'demand_up':
      return { symbol: 'h', kind: 'demand', meaning: 'read on' };
    case 'demand_down':
      return { symbol: 'l', kind: 'demand', meaning: 'stop reading' };
    case 'law':
    case 'timer':
      return { symbol: '*', kind: 'other', meaning: LAWS[event.law].says };
    case 'record':
      return {
        symbol: RECORDS[event.type],
        kind: 'record',
        meaning: `${event.type} record, ${tellBytes(event.bytes)}`,
      };
    case 'cut_record':
      return {
        symbol: '#',
        kind: 'fault',
        meaning: `TCP ended inside a record, after ${tellBytes(event.bytes)}: ${event.missing} are missing`,
      };
  }
}

const SIGNALS: Readonly<Record<Signal, string>> = { SIGTERM: 't', SIGINT: 'i', SIGHUP: 'h' };

/** The symbol of a record, by its type. */
export const RECORDS: Readonly<Record<RecordType, string>> = {
  handshake: 'H',
  change_cipher_spec: 'C',
  application_data: 'D',
  alert: 'A',
  unknown: '?',
};
