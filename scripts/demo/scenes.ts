import type { Readable } from 'node:stream';
import type { Peer } from '../../test/live/support/peer.ts';

/** One connection to be shown: what is run, what the peer does, and the rule that can then be seen. */
export interface Scene {
  readonly title: string;
  /** One sentence: what to look at. */
  readonly rule: string;
  readonly options: readonly string[];
  readonly protocol: 'TLSv1.2' | 'TLSv1.3';
  readonly prog: readonly string[];
  /** What the peer does once the handshake is done. It waits for events, never for time. */
  readonly act: (peer: Peer) => Promise<void>;
}

/** Greets whom the peer names, closes its stdout, and reads on to the end of its stdin. */
const GREETER = ['sh', '-c', 'read -r name; echo "hello $name"; exec >&-; cat >/dev/null'];

/** Takes the greeting and the ending of the other side, then says something more, then close_notify and FIN. */
const listenThenTalk = async (peer: Peer): Promise<void> => {
  await peer.send('world\n');
  await peer.ended();
  await peer.send('are you still there?\n');
  await peer.closeNotify();
  peer.fin();
};

export const SCENES: readonly Scene[] = [
  {
    title: '-s, TLS 1.3: half-close',
    rule: "At prog's EOF the peer gets a bare FIN; what it still sends (y) reaches prog.",
    options: ['-s'],
    protocol: 'TLSv1.3',
    prog: GREETER,
    act: listenThenTalk,
  },
  {
    title: '-S, TLS 1.3: close_notify, and no more reading',
    rule: "At prog's EOF the peer gets close_notify and FIN, prog gets EOF; what the peer still sends (y) is thrown away.",
    options: ['-S'],
    protocol: 'TLSv1.3',
    prog: GREETER,
    act: listenThenTalk,
  },
  {
    title: '-N, TLS 1.3: close_notify, and reading on',
    rule: "At prog's EOF the peer gets close_notify and FIN; what it still sends (y) reaches prog.",
    options: ['-N'],
    protocol: 'TLSv1.3',
    prog: GREETER,
    act: listenThenTalk,
  },
  {
    title: '-S, TLS 1.2: close_notify answered at once',
    rule: "The peer's close_notify is answered at once; what prog still has to say (b) is read and thrown away.",
    options: ['-S'],
    protocol: 'TLSv1.2',
    prog: ['sh', '-c', 'read -r name; echo "hello $name"; cat >/dev/null; echo "good bye"'],
    async act(peer) {
      await peer.send('world\n');
      await peer.receives('hello world\n');
      await peer.closeNotify();
      await peer.ended();
      peer.fin();
    },
  },
  {
    title: '-S -J, TLS 1.3: truncation',
    rule: "The peer's FIN comes without close_notify: prog gets EOF and its answer (b) is still sent, but the exit status is 98.",
    options: ['-S', '-J'],
    protocol: 'TLSv1.3',
    prog: ['sh', '-c', 'read -r name; echo "hello $name"; cat >/dev/null; echo "good bye"'],
    async act(peer) {
      await peer.send('world\n');
      await peer.receives('hello world\n');
      peer.fin();
      await peer.ended();
    },
  },
];

/** Milliseconds: for what a person may keep waiting. */
const A_DAY = 86_400_000;

/**
 * The connection that a person asks for: `words` are the command line of s6-tlsd. The peer says what comes from `input`, which may
 * be a terminal; at its end it sends close_notify and FIN. What it gets goes to our stdout.
 */
export const ownScene = (
  words: readonly string[],
  input: Readable,
): Pick<Scene, 'protocol' | 'act' | 'options' | 'prog'> => ({
  options: words,
  prog: [],
  protocol: 'TLSv1.3',
  async act(peer) {
    peer.tls.on('data', (chunk: Buffer) => process.stdout.write(chunk));
    for await (const chunk of input) await peer.send(chunk as Buffer, A_DAY);
    await peer.closeNotify();
    peer.fin();
  },
});
