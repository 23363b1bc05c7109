import * as fc from 'fast-check';
import type { Peer } from './peer.ts';
import { cutAfter } from './senders.ts';
import { within } from './watch.ts';

/** Bytes of cleartext, one record each; the first two have the same length, which tells that of the handshake. */
const CHUNKS = [100, 100, 1, 5000, 16_384].map((length) => Buffer.alloc(length, 'x'));

/** What the programs are started with. */
export const OPTIONS = [['-s'], ['-S', '-J'], ['-N']] as const;

/** Where a connection is cut. */
export interface Cut {
  readonly options: (typeof OPTIONS)[number];
  readonly by: 'FIN' | 'RST';
  /** Bytes of the peer's ciphertext that come. */
  readonly at: number;
}

/** What the peer says when it is not cut, in bytes from its first one. */
export interface Session {
  readonly handshake: number;
  /** After each record: the ciphertext up to there, and the cleartext in it. */
  readonly ends: readonly { readonly ciphertext: number; readonly cleartext: number }[];
  readonly all: number;
}

/** Says everything, and is not cut. */
export const recorded = async (peer: Peer): Promise<Session> => {
  const ends = [];
  let cleartext = 0;
  for (const chunk of CHUNKS) {
    await peer.send(chunk);
    cleartext += chunk.length;
    ends.push({ ciphertext: peer.ciphertextSaid, cleartext });
  }
  await peer.closeNotify();
  peer.fin();
  await peer.ended();
  const [first, second] = ends.map(({ ciphertext }) => ciphertext) as [number, number];
  return { handshake: first - (second - first), ends, all: peer.ciphertextSaid };
};

/** Random ones, that follow from `seed`: inside the handshake, behind it, and where a record ends. */
export const cutsOf = (session: Session, { seed, count }: { seed: number; count: number }): readonly Cut[] =>
  fc.sample(
    fc.record({
      options: fc.constantFrom(...OPTIONS),
      by: fc.constantFrom('FIN' as const, 'RST' as const),
      at: fc.oneof(
        fc.nat({ max: session.handshake }),
        fc.integer({ min: session.handshake, max: session.all - 1 }),
        fc.constantFrom(...session.ends.map(({ ciphertext }) => ciphertext)),
      ),
    }),
    { seed, numRuns: count },
  );

/** Talks until it is cut. */
export const talk = async (peer: Peer, { at, by }: Cut): Promise<void> => {
  let isCut = false;
  const cut = new Promise<void>((resolve) => {
    peer.sendBy(
      cutAfter(at, by, () => {
        isCut = true;
        resolve();
      }),
    );
  });
  peer.startTls();
  const secured = new Promise<void>((resolve) => peer.tls.once('secureConnect', resolve));
  const talked = secured.then(async () => {
    for (const chunk of CHUNKS) if (!isCut) await peer.send(chunk);
    if (!isCut) await peer.closeNotify();
  });
  await within('the cut', Promise.race([cut, talked.then(() => cut)]));
  if (by === 'FIN') await peer.ended();
};

/** What must come of a cut: how much prog reads, if it is run, and whether what came is a number of whole records. */
export const expected = ({ handshake, ends }: Session, { at }: Cut): { heard: number | undefined; whole: boolean } => {
  if (at < handshake) return { heard: undefined, whole: false };
  const last = ends.findLast(({ ciphertext }) => ciphertext <= at) ?? { ciphertext: handshake, cleartext: 0 };
  return { heard: last.cleartext, whole: last.ciphertext === at };
};
