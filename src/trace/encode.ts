import { Buffer } from 'node:buffer';
import type { Closing, GraphEvent, LawEvent, WireEvent } from './format.ts';

/** What a line says behind connection and time, with its newline: `,"stream":"hungUp","kind":"gone"}`. */
export type LineRest = Uint8Array & { readonly brand: 'LineRest' };

type Told = GraphEvent | LawEvent | WireEvent | Omit<Closing, 'connection' | 'time'>;

export const encode = (told: Told): LineRest =>
  Buffer.from(`,${JSON.stringify(told).slice(1)}\n`) as Uint8Array as LineRest;

/**
 * {@link encode} for an event of so many bytes. For what comes with every chunk: in bulk there are few different numbers, and what is
 * known is not made anew.
 */
export function encodeBytes(event: (bytes: number) => GraphEvent | WireEvent): (bytes: number) => LineRest {
  const known = new Map<number, LineRest>();
  return (bytes) => {
    let encoded = known.get(bytes);
    if (encoded === undefined) {
      encoded = encode(event(bytes));
      if (known.size === MOST_KNOWN) known.clear();
      known.set(bytes, encoded);
    }
    return encoded;
  };
}

const MOST_KNOWN = 64;
