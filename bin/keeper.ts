import { orderIn } from '../src/keeper/order.ts';
import { serveKeeper } from '../src/keeper/serve-keeper.ts';

// Started by s6-tlsserver while it still has the privileges that progs are to get: see src/keeper/hold.ts. Not for people.
const leave = (code: number, message?: string): never => {
  if (message !== undefined) process.stderr.write(`s6-tlsserver: fatal: the keeper: ${message}\n`);
  process.exit(code);
};

process.on('uncaughtException', (error) => leave(111, `unable to go on: ${String(error).split('\n', 1)[0] ?? ''}`));
const order = orderIn(process.argv.slice(2), { ...process.env } as Record<string, string>);
process.title = 's6-tlsserver: keeper';
serveKeeper({ ...order, channel: process, exit: leave });
