import { main } from '../src/main.ts';

// Nothing may write to fd 1 but the network driver: it is the peer's.
const bug = (reason: string): never => {
  process.stderr.write(`s6-tlsd: fatal: unable to go on: this is a bug: ${reason}\n`);
  process.exit(111);
};

process.once('beforeExit', () => bug('nothing is left to wait for, and there is no verdict'));
main(process.argv.slice(2), process.env).then(
  (status) => process.exit(status),
  (error: unknown) => bug(String(error)),
);
