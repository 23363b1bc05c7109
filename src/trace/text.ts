import type { GraphEvent, LawEvent, WireEvent } from './format.ts';

/** The JSON of an event, without its opening brace: connection and time come before it. */
export type EventText = string & { readonly brand: 'EventText' };

export const textOf = (event: GraphEvent | LawEvent | WireEvent): EventText =>
  JSON.stringify(event).slice(1) as EventText;

/**
 * {@link textOf} an event of so many bytes, made by `event`. For what comes with every chunk: in bulk the number is
 * mostly the one before, and its text need not be made again.
 */
export function textOfBytes(event: (bytes: number) => GraphEvent | WireEvent): (bytes: number) => EventText {
  let known = -1;
  let text = '' as EventText;
  return (bytes) => {
    if (bytes !== known) text = textOf(event(bytes));
    known = bytes;
    return text;
  };
}
