// What a trace costs: 256 MiB each way through s6-tlsd on 127.0.0.1, traced and not, in turn. `npm run build` first.
// Prints a Markdown table. PAIRS is how many runs of each kind, 7 if it is not set; one pair more warms up and is not counted.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { certificates } from '../test/fixtures/certificates.ts';
import { median } from './statistics.ts';

interface Direction {
  readonly name: string;
  readonly prog: readonly string[];
  /** Resolves when the last byte has arrived. */
  readonly carry: (tls: TLSSocket) => Promise<void>;
}

const BYTES = 256 * 2 ** 20;
const CHUNK = Buffer.alloc(2 ** 18);
const PAIRS = Number(process.env['PAIRS'] ?? 7);
const PROGRAM = new URL('../dist/s6-tlsd.cjs', import.meta.url).pathname;

const DIRECTIONS: readonly Direction[] = [
  {
    name: 'from prog to the peer',
    prog: ['head', '-c', String(BYTES), '/dev/zero'],
    carry: async (tls) => {
      let received = 0;
      tls.on('data', (chunk: Buffer) => (received += chunk.length));
      await once(tls, 'end');
      if (received !== BYTES) throw new Error(`only ${received} bytes came`);
      tls.end();
    },
  },
  {
    name: 'from the peer to prog',
    prog: ['wc', '-c'],
    carry: async (tls) => {
      let counted = '';
      tls.on('data', (chunk: Buffer) => (counted += chunk.toString()));
      for (let left = BYTES; left > 0; left -= CHUNK.length) if (!tls.write(CHUNK)) await once(tls, 'drain');
      tls.end();
      await once(tls, 'end');
      if (Number(counted) !== BYTES) throw new Error(`prog counted ${counted}`);
    },
  },
];

const directory = mkdtempSync(join(tmpdir(), 'marble-tls-bench-'));
const file = join(directory, 'trace');

/** Megabytes a second, from the finished handshake to the last byte. */
async function rate({ prog, carry }: Direction, options: readonly string[]): Promise<number> {
  const { server, chainFile } = certificates();
  const listener = createServer({ pauseOnConnect: true, allowHalfOpen: true }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const tls = connect({ host: '127.0.0.1', port: (listener.address() as AddressInfo).port, rejectUnauthorized: false });
  const [socket] = (await once(listener, 'connection')) as [import('node:net').Socket];
  const env = { PATH: process.env['PATH'], KEYFILE: server.keyFile, CERTFILE: chainFile };
  const tlsd = spawn(PROGRAM, ['-S', ...options, ...prog], { env, stdio: [socket, socket, 'inherit'] });
  socket.destroy();
  listener.close();
  const exited = once(tlsd, 'exit');
  await once(tls, 'secureConnect');
  const began = performance.now();
  await carry(tls);
  const seconds = (performance.now() - began) / 1000;
  const [status] = (await exited) as [number | null];
  if (status !== 0) throw new Error(`s6-tlsd ended with ${String(status)}`);
  return BYTES / 1e6 / seconds;
}

const rows: string[] = [];
try {
  for (const direction of DIRECTIONS) {
    const [off, on]: [number[], number[]] = [[], []];
    let traceBytes = 0;
    for (let pair = -1; pair < PAIRS; pair += 1) {
      // Each is the first of the two as often as the second.
      const kinds = pair % 2 === 0 ? ([off, on] as const) : ([on, off] as const);
      for (const kind of kinds) {
        const measured = await rate(direction, kind === on ? [`--trace=${file}`] : []);
        if (pair >= 0) kind.push(measured);
      }
      traceBytes = statSync(file).size;
      rmSync(file);
    }
    const ratios = on.map((each, pair) => each / (off[pair] ?? NaN));
    const [low = NaN, high = NaN] = [Math.min(...ratios), Math.max(...ratios)].map((ratio) => 100 * ratio);
    rows.push(
      `| ${direction.name} | ${median(off).toFixed(0)} MB/s | ${median(on).toFixed(0)} MB/s | ` +
        `${(100 * median(ratios)).toFixed(0)} % (${low.toFixed(0)} to ${high.toFixed(0)}) | ${(traceBytes / 1e3).toFixed(0)} kB |`,
    );
  }
} finally {
  rmSync(directory, { recursive: true });
}
process.stdout.write(
  [
    `256 MiB, TLS 1.3, ${PAIRS} pairs, medians; Node ${process.versions.node}; ${cpus().length} × ${cpus()[0]?.model.trim() ?? '?'}`,
    '',
    '| direction | not traced | traced | ratio, pair by pair | trace |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n'),
);
