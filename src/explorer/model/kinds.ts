import { GIVEN } from '../../diagram/alphabet.ts';
import { writtenFault, type Given, type Scenario } from '../../diagram/scenario.ts';

/** What a mark of a given row can be, for people who choose one. */
export interface Kind {
  readonly name: string;
  /** `undefined`: a letter that is free. */
  readonly symbol?: string;
  /** What the symbol then stands for in the scenario. */
  readonly fault?: string;
  readonly writeFault?: string;
  readonly progStatus?: string;
}

/** The rows that can be given, each with what can happen in it. */
export const KINDS: Readonly<Record<Given, readonly Kind[]>> = {
  handshake: [
    { name: 'done', symbol: 'h' },
    { name: 'failed', symbol: '#', fault: 'handshake no shared cipher' },
  ],
  'from peer': [
    { name: 'data' },
    { name: 'close_notify', symbol: 'N' },
    { name: 'FIN', symbol: '|' },
    { name: 'reset (RST)', symbol: '#', fault: 'reset' },
    { name: 'fatal alert', symbol: '#', fault: 'alert decode_error' },
    { name: 'record that cannot be decrypted', symbol: '#', fault: 'badRecord' },
    { name: 'FIN inside a record', symbol: '#', fault: 'cutRecord' },
  ],
  'from prog': [{ name: 'data' }, { name: 'EOF', symbol: '|' }],
  'prog exit': [
    { name: 'exit 0', symbol: '0' },
    { name: 'exit 1', symbol: '1' },
    { name: 'not found', symbol: 'x', progStatus: 'code 127' },
    { name: 'killed by SIGKILL', symbol: 'x', progStatus: 'signal 9' },
  ],
  'prog stdin gone': [{ name: 'prog closes its stdin', symbol: 'g' }],
  signal: [
    { name: 'SIGTERM', symbol: 't' },
    { name: 'SIGINT', symbol: 'i' },
    { name: 'SIGHUP', symbol: 'h' },
  ],
  'taken by peer': [
    { name: 'a byte is taken', symbol: '1' },
    { name: 'our ending is taken', symbol: '|' },
    { name: 'a write fails (EPIPE)', symbol: '#', writeFault: 'reset EPIPE' },
  ],
  'taken by prog': [{ name: 'a byte is taken', symbol: '1' }],
  'hung up': [{ name: 'TCP is gone', symbol: 'T' }],
};

/** What a mark is: one of the kinds of its row, or what only its file says. */
export function kindOf(label: Given, symbol: string, scenario: Scenario): Kind {
  const found = KINDS[label].find(
    (kind) =>
      (kind.symbol === symbol || (kind.symbol === undefined && /[a-z]/.test(symbol))) &&
      (kind.fault === undefined || kind.fault === scenario.fault) &&
      (kind.writeFault === undefined || kind.writeFault === scenario.writeFault) &&
      (kind.progStatus === undefined || kind.progStatus === scenario.progStatus),
  );
  return found ?? { name: told(label, symbol, scenario), symbol };
}

const told = (label: Given, symbol: string, scenario: Scenario): string => {
  if (symbol === '#') return writtenFault(label, scenario);
  if (label !== 'prog exit') return `${symbol} taken`;
  return symbol === 'x' ? scenario.progStatus : `exit ${symbol}`;
};

/** A letter for new data: one that no given row has yet, if there is one. */
export function freeLetter({ given }: Pick<Scenario, 'given'>, label: Given): string {
  const used = new Set(given.flatMap(({ marks }) => marks.map(({ symbol }) => symbol)));
  const letters = label === 'from peer' ? FROM_PEER : FROM_PROG;
  return Array.from(letters).find((letter) => !used.has(letter)) ?? 'z';
}

/** In the order of the alphabet, those of the peer from `x` on, as in diagrams/. */
const FROM_PROG = 'abcdefghijklmnopqrstuvwxyz';
const FROM_PEER = 'xyzuvwqrsabcdefghijklmnopt';

/** The rows in the order in which one adds them. */
export const GIVEN_ROWS = Object.keys(GIVEN) as readonly Given[];
