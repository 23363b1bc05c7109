import type { Credentials } from '../credentials/credentials.ts';
import { Death } from '../messages.ts';
import type { MakePipe, Pipe2 } from '../prog/pipe2.ts';
import type { ProgEvents } from '../prog/spawn.ts';
import type { RunningProg } from '../prog/start.ts';
import type { KeeperPort } from './port.ts';
import type { Reply } from './protocol.ts';
import { GONE, startThrough } from './start-through.ts';

/** A process that has kept the privileges which we have given up. Lets this process live while it has something to do for us. */
export interface Keeper {
  /**
   * Starts prog on pipes of ours. Of `environment` only the variables of a connection are used.
   *
   * As a prog of our own would, one that cannot be started ends with 127, 126 or 111, and `warn` hears why; so does one whose keeper
   * goes, with 111.
   */
  start(environment: Readonly<Record<string, string>>, events: ProgEvents): RunningProg;
  /** Reads the key files again. Rejects with the {@link Death} of a file that is no good (96, 111), or of the keeper (111). */
  readCredentials(): Promise<Credentials>;
  /** Sends it away. Its progs are left alone, and told of as if it had gone. */
  release(): void;
}

export interface KeeperOptions {
  /** prog's name, for messages. */
  readonly prog: string;
  /** Where the pipes come from that are handed over; without them no prog can be started (111): Node alone has nothing of the kind. */
  readonly pipes: () => Pipe2;
  /** Told once, when the keeper goes without having been released: from then on no prog can be started. */
  readonly lost: (death: Death) => void;
  /** The most milliseconds to wait for the key files. */
  readonly patience?: number;
}

/** The keeper at the other end of `port`. */
export const keeperAt = (port: KeeperPort, { prog, pipes, lost, patience = PATIENCE }: KeeperOptions): Keeper => {
  let found: Pipe2 | undefined;
  const makePipe: MakePipe = () => {
    found ??= pipes();
    if ('makePipe' in found) return found.makePipe();
    throw new Error(`no pipes: ${found.reason}`);
  };
  const expected = new Map<string, (reply: Reply | undefined) => void>();
  let asked = 0;
  let state: 'here' | 'released' | 'gone' = 'here';

  const expect = (id: string, heard: (reply: Reply | undefined) => void): void => {
    expected.set(id, heard);
    port.hold(true);
  };
  const forget = (id: string): void => {
    expected.delete(id);
    if (expected.size === 0) port.hold(false);
  };
  const nextId = (): string => String((asked += 1));

  port.listen({
    reply: (reply) => expected.get(reply.id)?.(reply),
    gone: () => {
      if (state === 'here') lost(keeperGone('go on'));
      state = 'gone';
      for (const heard of [...expected.values()]) heard(undefined);
    },
  });
  port.hold(false);

  const readCredentials = (): Promise<Credentials> =>
    new Promise((resolve, reject) => {
      if (state !== 'here') throw keeperGone(READ);
      const id = nextId();
      const tooLate = setTimeout(() => {
        forget(id);
        reject(new Death('system', { what: READ, reason: `the keeper did not answer within ${patience / 1000} s` }));
      }, patience);
      expect(id, (reply) => {
        clearTimeout(tooLate);
        forget(id);
        if (reply?.tell === 'credentials') resolve(reply.credentials);
        else reject(reply?.tell === 'refused' ? deathOf(reply) : keeperGone(READ));
      });
      port.send({ id, ask: 'credentials' });
    });

  return {
    start: (environment, events) =>
      startThrough(
        { port, id: nextId(), prog, makePipe, expect, forget, isHere: state === 'here' },
        environment,
        events,
      ),
    readCredentials,
    release: () => {
      if (state === 'here') state = 'released';
      port.close();
    },
  };
};

const keeperGone = (what: string): Death => new Death('system', { what, reason: GONE });

/** The Death that the keeper told of, message and all. */
const deathOf = ({ message, exitCode }: { readonly message: string; readonly exitCode: number }): Death =>
  Object.assign(new Death('system', { reason: message }), { message, exitCode: exitCode as Death['exitCode'] });

const READ = 'read the key files';

const PATIENCE = 30_000;
