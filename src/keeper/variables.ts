import { isIP } from 'node:net';
import { TLS_VARIABLES, untrustedTlsVariables } from '../environment/prog.ts';
import type { UcspiVariables } from '../environment/ucspi.ts';

/** The variables of one connection, and nothing else that prog gets. One that is undefined must be absent there. */
export type ConnectionVariables = Readonly<Record<string, string | undefined>>;

/** Those of them that an environment holds. */
export const connectionVariables = (environment: Readonly<Record<string, string>>): ConnectionVariables =>
  Object.fromEntries(NAMES.map((name) => [name, environment[name]]));

/**
 * Takes {@link connectionVariables} from a process that may have been taken over: only those names, those of UCSPI (PROTO, and what
 * belongs to it) only in the form that they always have, the others as {@link untrustedTlsVariables} says. `undefined` for anything else.
 */
export const untrustedVariables = (received: unknown): ConnectionVariables | undefined => {
  if (typeof received !== 'object' || received === null || Array.isArray(received)) return undefined;
  const values = new Map<string, unknown>(Object.entries(received));
  if (![...values.keys()].every((name) => NAMES.includes(name))) return undefined;
  const proto = values.get('PROTO');
  for (const [name, form] of Object.entries(FORMS)) {
    const value = values.get(name);
    if (value === undefined) continue;
    // TCPREMOTEIP without PROTO=TCP would be believed by a prog that does not look at PROTO.
    const belongs = name === 'PROTO' || (typeof proto === 'string' && name.startsWith(proto));
    if (typeof value !== 'string' || value.length > MOST_CHARACTERS || !belongs || !form(value)) return undefined;
  }
  try {
    const ucspi = Object.fromEntries(Object.keys(FORMS).map((name) => [name, values.get(name) as string | undefined]));
    return { ...ucspi, ...untrustedTlsVariables(Object.fromEntries(values)) };
  } catch {
    return undefined; // It says which one it was. Whoever sent it knows.
  }
};

const number =
  (least: number, most: number) =>
  (value: string): boolean =>
    /^(?:0|[1-9][0-9]*)$/.test(value) && Number(value) >= least && Number(value) <= most;

const LAST_PORT = 65_535;
const LAST_ID = 4_294_967_295;
const MOST_CONNECTIONS = 4_294_967_295;
/** `sun_path` of unix(7), without the NUL; no address is as long. */
const MOST_CHARACTERS = 107;

/** Those that `ucspiVariables` sets. */
const FORMS: Readonly<Partial<Record<keyof UcspiVariables, (value: string) => boolean>>> = {
  PROTO: (value) => value === 'TCP' || value === 'IPC',
  TCPREMOTEIP: (value) => isIP(value) !== 0,
  TCPREMOTEPORT: number(0, LAST_PORT),
  TCPLOCALIP: (value) => isIP(value) !== 0,
  TCPLOCALPORT: number(0, LAST_PORT),
  TCPCONNNUM: number(1, MOST_CONNECTIONS),
  IPCREMOTEEUID: number(0, LAST_ID),
  IPCREMOTEEGID: number(0, LAST_ID),
  IPCCONNNUM: number(1, MOST_CONNECTIONS),
  IPCLOCALPATH: (value) => value !== '' && !/[\p{Cc}\p{Cs}]/u.test(value),
};

const NAMES: readonly string[] = [...Object.keys(FORMS), ...TLS_VARIABLES];
