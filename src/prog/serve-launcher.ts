import type { ChildProcess } from 'node:child_process';
import { closeSync } from 'node:fs';
import { Socket } from 'node:net';
import type { ProgStatus, Signal } from '../../graph/vocabulary.ts';
import { withVariables } from '../environment/prog.ts';
import type { TlsVariables } from '../environment/prog.ts';
import { eachLine, lineOf, parseRequest } from './launcher-protocol.ts';
import { spawnProg } from './spawn.ts';

/** The launcher's descriptors, besides a stdin and a stdout that lead nowhere. */
const LAUNCHER_FDS = { channel: 3, progStdin: 4, progStdout: 5 } as const;

/**
 * The life of the launcher: waits for the engine's word, runs prog with the privileges the engine has given up, passes signals
 * on, reports how prog ended, exits.
 *
 * `argv` and `environment` are prog's, fixed when the launcher was started, which was before any byte from the network was
 * read. A first message that is not a correct `start` means that the engine is not what it was: exit 111, prog is
 * not run. Nonsense from a later moment ends the conversation, and prog is left alone.
 *
 * The engine going away before `start` is the ordinary end of a connection whose handshake failed.
 */
export const serveLauncher = ({
  argv,
  environment,
  exit,
}: {
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly exit: (code: number) => void;
}): void => {
  const channel = new Socket({ fd: LAUNCHER_FDS.channel });
  let prog: ChildProcess | undefined;
  let asked = false;

  const ended = (status: ProgStatus): void => {
    channel.end(lineOf({ ended: status }), () => exit(0));
  };
  const warn = (message: string): void => {
    channel.write(lineOf({ warning: message }));
  };
  const start = (variables: TlsVariables): void => {
    asked = true;
    const ends = [LAUNCHER_FDS.progStdin, LAUNCHER_FDS.progStdout] as const;
    prog = spawnProg({ argv, environment: withVariables(environment, variables) }, ends, { ended, warn });
    ends.forEach((fd) => closeSync(fd)); // Or prog would never see EOF, and the engine never EPIPE.
  };

  // A signal to the whole process group is also ours. The engine gets it too and says what to do.
  for (const signal of HANDLED) process.on(signal, () => undefined);
  channel.on('error', () => undefined); // `close` follows.
  channel.on('close', () => {
    if (!asked) exit(0);
  });
  eachLine(channel, (line) => {
    if (channel.destroyed) return;
    const request = parseRequest(line);
    if (asked && request && 'signal' in request) prog?.kill(request.signal);
    else if (!asked && request && 'start' in request) start(request.start);
    else if (asked) channel.destroy();
    else exit(111);
  });
};

const HANDLED: readonly Signal[] = ['SIGTERM', 'SIGINT', 'SIGHUP'];
