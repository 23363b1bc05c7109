import { SERVER_DEFAULTS, SERVER_OPTIONS } from './server-options.ts';
import type { ServerOptions } from './server-options.ts';
import { S6_TLSD, TLS_USAGE } from './s6-tlsd.ts';
import type { Program } from './table.ts';

export const S6_TLSSERVER: Program<ServerOptions> = {
  name: 's6-tlsserver',
  usage: `s6-tlsserver [ -1 ] [ -c maxconn ] [ -C localmaxconn ] [ -b backlog ] [ -u uid ] [ -g gid ] [ -w workers ] ${TLS_USAGE} [ -- ] { host port | path | - } prog...`,
  description: 'Accepts connections, does the server side of TLS on each, and runs prog behind it with plain pipes.',
  options: SERVER_OPTIONS,
  defaults: SERVER_DEFAULTS,
  environment: [
    ...S6_TLSD.environment,
    ['NOTIFY_SOCKET', 'who is told of readiness, reload and stop (sd_notify)'],
    ['LISTEN_FDS, LISTEN_PID', 'for the host -: the sockets that systemd hands over'],
  ],
};
