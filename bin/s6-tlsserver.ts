import { main } from '../src/resident/main.ts';

const bug = (reason: string): never => {
  process.stderr.write(`s6-tlsserver: fatal: unable to go on: this is a bug: ${reason}\n`);
  process.exit(111);
};

process.once('beforeExit', () => bug('nothing is left to wait for'));
main(process.argv.slice(2), process.env).then(
  (status) => process.exit(status),
  (error: unknown) => bug(String(error)),
);
