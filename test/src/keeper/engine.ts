import { dropPrivileges } from '../../../src/privileges.ts';
import { begin, hold } from './support.ts';

// s6-tlsserver without TLS: `engine.ts ENGINE-UID PROG-UID prog…` holds a keeper whose progs are PROG-UID, or what we are if that is
// `-`, and becomes ENGINE-UID for good. Runs prog, and sends it SIGTERM when it has said `ready`. Prints what came of it, as JSON, when
// nothing keeps the process alive any more.
const [engineId = '', progId = '-', ...argv] = process.argv.slice(2);
const identity = progId === '-' ? {} : { uid: Number(progId), gid: Number(progId) };
const { keeper, lost } = hold(argv, { identity });
dropPrivileges({ uid: Number(engineId), gid: Number(engineId) });
const prog = begin(keeper);
let told: object = {};
prog.running.ends?.stdout.on('data', () => {
  if (prog.heard().endsWith('ready\n')) prog.running.signal('SIGTERM');
});
void Promise.all([prog.output(), prog.exit()]).then(([output, status]) => {
  told = { output, status, warnings: prog.warnings };
  prog.endInput();
});
process.once('exit', () => process.stdout.write(JSON.stringify({ ...told, lost, uid: process.getuid?.() })));
