import { main } from '../src/main.ts';

// Nothing may write to fd 1 but the network driver: it is the peer's.
main(process.argv.slice(2), process.env).then(
  (status) => process.exit(status),
  (error: unknown) => {
    process.stderr.write(`s6-tlsd: fatal: unable to go on: this is a bug: ${String(error)}\n`);
    process.exit(111);
  },
);
