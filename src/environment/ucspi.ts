import type { Ends } from '../resident/ends.ts';
import type { Environment } from './settings.ts';

/** The variables by which UCSPI programs know their connection, https://cr.yp.to/proto/ucspi.txt, and those of s6-ipcserver. */
const UCSPI_VARIABLES = [
  'PROTO',
  'TCPREMOTEIP',
  'TCPREMOTEPORT',
  'TCPREMOTEHOST',
  'TCPREMOTEINFO',
  'TCPLOCALIP',
  'TCPLOCALPORT',
  'TCPLOCALHOST',
  'TCPCONNNUM',
  'IPCREMOTEEUID',
  'IPCREMOTEEGID',
  'IPCREMOTEPATH',
  'IPCLOCALPATH',
  'IPCCONNNUM',
] as const;

export type UcspiVariables = Readonly<Partial<Record<(typeof UCSPI_VARIABLES)[number], string>>>;

/**
 * What prog is told of its connection. Names are not looked up: `TCPREMOTEHOST` and its like are never set.
 *
 * @param ofClient connections of the same client at this moment, this one and those that wait included.
 */
export const ucspiVariables = (ends: Ends, ofClient: number): UcspiVariables => {
  if (ends.kind === 'unix') {
    const { path, peer } = ends;
    return {
      PROTO: 'IPC',
      IPCLOCALPATH: path,
      ...(peer && { IPCREMOTEEUID: String(peer.uid), IPCREMOTEEGID: String(peer.gid) }),
      IPCCONNNUM: String(ofClient),
    };
  }
  const { remote, local } = ends;
  return {
    PROTO: 'TCP',
    TCPREMOTEIP: remote.ip,
    TCPREMOTEPORT: String(remote.port),
    TCPLOCALIP: local.ip,
    TCPLOCALPORT: String(local.port),
    TCPCONNNUM: String(ofClient),
  };
};

/** The environment of a server without what belongs to one of its connections, or to the server itself. */
export const environmentOfServer = (environment: Environment): Environment =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !NOT_INHERITED.has(name)));

const NOT_INHERITED: ReadonlySet<string> = new Set([
  ...UCSPI_VARIABLES,
  // sd_listen_fds(3), sd_notify(3): prog is not the one they are for.
  'LISTEN_FDS',
  'LISTEN_PID',
  'LISTEN_PIDFDID',
  'LISTEN_FDNAMES',
  'NOTIFY_SOCKET',
]);
