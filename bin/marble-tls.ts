import { firstValueFrom } from 'rxjs';
import { main } from '../src/inspect/main.ts';
import { systemReason } from '../src/messages.ts';
import { signals } from '../src/signals.ts';

// Whoever reads us may have seen enough, which changes nothing. Anything else, such as a full disk, is told.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return;
  process.stderr.write(`marble-tls: fatal: unable to write to stdout: ${systemReason(error)}\n`);
  process.exit(2);
});

main(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  environment: process.env,
  print: (text) =>
    new Promise((resolve) => {
      // The callback comes before the event of an error: let that speak first.
      process.stdout.write(text, () => setImmediate(resolve));
    }),
  warn: (line) => void process.stderr.write(line),
  untilStopped: () => firstValueFrom(signals('SIGINT', 'SIGTERM')),
}).then(
  (status) => process.exit(status),
  (error: unknown) => {
    process.stderr.write(`marble-tls: fatal: this is a bug: ${String(error)}\n`);
    process.exit(2);
  },
);
