/** What a line says, sound or not. */
export type Fields = Readonly<Record<string, unknown>>;

/** The first line of a trace. */
export const header = (fields: Fields): string =>
  JSON.stringify({
    trace: 1,
    connection: 1,
    program: 's6-tlsd test',
    runtime: 'node',
    accepted: '2026-01-02T03:04:05.678Z',
    policy: 'S',
    requireCloseNotify: false,
    idleTimeout: 0,
    highWaterMark: 65_536,
    clientCertificate: 'none',
    prog: 'prog',
    content: false,
    ...fields,
  });

/** The last. */
export const closing = (verdict: string): string =>
  line(Number.MAX_SAFE_INTEGER, {
    verdict,
    exitStatus: 0,
    first: 'prog',
    peerEnded: 'fin',
    progEnded: true,
    weEnded: 'fin',
    bytesIn: 0,
    bytesOut: 0,
    milliseconds: 0,
    secured: true,
    prog: { code: 0 },
    cause: null,
  });

/** An event; `time` in microseconds. */
export const line = (time: number, fields: Fields): string =>
  JSON.stringify({ connection: 1, time: Math.floor(time), ...fields });

export const said = (time: number, bytes: number): string =>
  line(time, { stream: 'fromPeer', direction: 'in', kind: 'data', bytes });
export const passed = (time: number, bytes: number): string =>
  line(time, { stream: 'toProg', direction: 'in', kind: 'data', bytes });
export const wrote = (time: number, bytes: number): string =>
  line(time, { stream: 'fromProg', direction: 'out', kind: 'data', bytes });
export const signal = (time: number): string => line(time, { stream: 'signal', kind: 'signal', signal: 'SIGHUP' });
export const timer = (time: number): string => line(time, { stream: 'law', kind: 'timer', law: 'linger' });
export const demand = (time: number, up: boolean): string =>
  line(time, { stream: 'demandPeer', direction: 'in', kind: up ? 'demand_up' : 'demand_down' });

export const VERDICT = 'closed: prog first by eof, peer by fin; sent fin; in 0 out 0; 0 ms; prog exited 0';
