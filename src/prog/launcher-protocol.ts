import type { Duplex } from 'node:stream';
import { TLS_VARIABLES, untrustedTlsVariables } from '../environment/prog.ts';
import type { TlsVariables } from '../environment/prog.ts';
import type { ProgStatus, Signal } from '../../graph/vocabulary.ts';

/**
 * What is said between the engine, which has dropped its privileges and parses what the network sends, and the
 * launcher, which has kept them: lines of JSON, one message each.
 *
 * The engine may have been taken over. Its messages can choose nothing but the values of five variables and one of
 * three signals, and are checked here as if nobody had looked at them before.
 */
export type Request = { readonly start: TlsVariables } | { readonly signal: Signal };

/** What the launcher says. The engine believes it. */
export type Report = { readonly ended: ProgStatus } | { readonly warning: string };

/** The request in a line, or undefined for anything that is not exactly one. */
export const parseRequest = (line: string): Request | undefined => {
  const message = parseRecord(line);
  const [[kind, content] = [], ...others] = Object.entries(message ?? {});
  if (others.length > 0) return undefined;
  if (kind === 'signal' && isSignal(content)) return { signal: content };
  const variables = kind === 'start' ? variablesIn(content) : undefined;
  return variables && { start: variables };
};

/** A message as it travels. */
export const lineOf = (message: Request | Report): string => `${JSON.stringify(message)}\n`;

/**
 * Calls `heard` for each line that arrives. A line that grows past {@link LINE_LIMIT} bytes is handed over as it is, cut, which
 * no message survives; the rest of it follows in the same way. Never holds more than that.
 */
export const eachLine = (channel: Duplex, heard: (line: string) => void): void => {
  let partial = '';
  channel.setEncoding('utf8');
  channel.on('data', (text: string) => {
    const lines = (partial + text).split('\n');
    partial = lines.pop() ?? '';
    lines.forEach(heard);
    if (partial.length <= LINE_LIMIT) return;
    const cut = partial;
    partial = '';
    heard(cut);
  });
};

const parseRecord = (line: string): unknown => {
  if (line.length > LINE_LIMIT) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined; // Not JSON, hence not a message: the caller refuses it.
  }
};

/** An object that is no list. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** One of the three that the graph passes on. */
export const isSignal = (value: unknown): value is Signal => SIGNALS.some((signal) => signal === value);

/** Nothing but the five variables, in the form that `tlsVariables` gives them. */
const variablesIn = (content: unknown): TlsVariables | undefined => {
  if (!isRecord(content)) return undefined;
  if (!Object.keys(content).every((name) => TLS_VARIABLES.some((variable) => variable === name))) return undefined;
  try {
    return untrustedTlsVariables(content);
  } catch {
    return undefined; // It says which one it was. Whoever sent it knows.
  }
};

const SIGNALS: readonly Signal[] = ['SIGTERM', 'SIGINT', 'SIGHUP'];

/** In bytes: five values, each character escaped, and their names. */
const LINE_LIMIT = 5 * 2 * 8192 + 512;
