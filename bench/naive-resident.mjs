#!/usr/bin/env node
// What a good Node programmer would write: a TLS server that starts prog behind pipes for every connection.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:tls';

const [port, program, ...args] = process.argv.slice(2);
const options = {
  key: readFileSync(process.env.KEYFILE),
  cert: readFileSync(process.env.CERTFILE),
  allowHalfOpen: true,
  noDelay: true,
};

const server = createServer(options, (tls) => {
  const prog = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  tls.on('error', () => prog.kill());
  prog.stdin.on('error', () => undefined);
  tls.pipe(prog.stdin);
  prog.stdout.pipe(tls);
});
server.listen(Number(port), '127.0.0.1');
