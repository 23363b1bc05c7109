import type { Flags } from '../arguments.ts';
import { Trouble } from '../trouble.ts';
import type { Input } from '../input-from.ts';
import { beginWith } from './begin.ts';
import { openBrowser } from './browser.ts';
import { pageFile, readPage } from './page.ts';
import { serve } from './serve.ts';

/** What the explorer needs of the program. */
export interface Stay {
  readonly environment: NodeJS.ProcessEnv;
  /** Resolves when all of it is written. */
  readonly print: (text: string) => Promise<void>;
  /** A message for fd 2, without the program's name. */
  readonly warning: (message: string) => void;
  /** Resolves when the program is to end; nothing is lost that asks for it after the call. */
  readonly untilStopped: () => Promise<unknown>;
}

/**
 * `marble-tls explore`: serves the page of the explorer on 127.0.0.1 until it is told to stop. The address goes to stdout when
 * clients can connect; with an input it is that under which the page shows it.
 *
 * @throws Trouble when the page or the port cannot be had.
 */
export async function explore(
  input: Input | undefined,
  flags: Flags,
  { environment, print, warning, untilStopped }: Stay,
  file = pageFile(),
): Promise<void> {
  const port = portOf(flags.get('port'));
  const { fragment, notes } = input === undefined ? NOTHING : beginWith(input, flags);
  for (const note of notes) warning(note);
  const server = await serve(readPage(file), { port, warning });
  try {
    const stopped = untilStopped();
    const address = fragment === '' ? server.address : `${server.address}#${fragment}`;
    await print(`${address}\n`);
    if (flags.has('open')) openBrowser(address, { environment, warning });
    await stopped;
  } finally {
    server.close();
  }
}

function portOf(word: string | true | undefined): number {
  if (word === undefined) return ANY;
  if (typeof word === 'string' && /^\d+$/.test(word) && Number(word) <= MOST_PORTS) return Number(word);
  throw new Trouble(`--port ${String(word)}: a port is a number from 0 to ${MOST_PORTS}`);
}

const NOTHING = { fragment: '', notes: [] };

/** The system chooses. */
const ANY = 0;
const MOST_PORTS = 65_535;
