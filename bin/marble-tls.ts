import { main } from '../src/inspect/main.ts';

// Whoever reads us may have seen enough (EPIPE).
process.stdout.once('error', () => process.exit(0));

main(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  environment: process.env,
  print: (text) =>
    new Promise((resolve) => {
      process.stdout.write(text, () => resolve());
    }),
  warn: (line) => void process.stderr.write(line),
}).then(
  (status) => process.exit(status),
  (error: unknown) => {
    process.stderr.write(`marble-tls: fatal: this is a bug: ${String(error)}\n`);
    process.exit(2);
  },
);
