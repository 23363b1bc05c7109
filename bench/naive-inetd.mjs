#!/usr/bin/env node
// What a good Node programmer would write: TLS on the connection at descriptors 0 and 1, prog behind pipes. One connection.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';

const [program, ...args] = process.argv.slice(2);
const connection = new Socket({ fd: 0, readable: true, writable: true, allowHalfOpen: true });
connection.setNoDelay(true);
const tls = new TLSSocket(connection, {
  isServer: true,
  secureContext: createSecureContext({
    key: readFileSync(process.env.KEYFILE),
    cert: readFileSync(process.env.CERTFILE),
  }),
});

tls.on('error', () => process.exit(1));
tls.once('secure', () => {
  const prog = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  prog.stdin.on('error', () => undefined);
  tls.pipe(prog.stdin);
  prog.stdout.pipe(tls);
});
