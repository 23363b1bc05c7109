import { Buffer } from 'node:buffer';
import type { Closing, GraphEvent, LawEvent, WireEvent } from './format.ts';

/** What a line says behind connection and time, with its newline: `,"stream":"hungUp","kind":"gone"}`. */
export type LineRest = Uint8Array & { readonly brand: 'LineRest' };

type Told = GraphEvent | LawEvent | WireEvent | Omit<Closing, 'connection' | 'time'>;

export const encode = (told: Told): LineRest =>
  Buffer.from(`,${JSON.stringify(told).slice(1)}\n`) as Uint8Array as LineRest;

/**
 * {@link encode} for an event of so many bytes. For what comes with every chunk: in bulk the number is mostly the one before, and
 * then nothing is made anew.
 */
export function encodeBytes(event: (bytes: number) => GraphEvent | WireEvent): (bytes: number) => LineRest {
  let known: number | undefined;
  let encoded = NOTHING;
  return (bytes) => {
    if (bytes !== known) encoded = encode(event(bytes));
    known = bytes;
    return encoded;
  };
}

const NOTHING = new Uint8Array() as LineRest;
