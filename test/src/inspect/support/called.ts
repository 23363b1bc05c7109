import { Readable } from 'node:stream';
import { main } from '../../../../src/inspect/main.ts';
import type { Screen } from '../../../../src/inspect/terminal.ts';

export interface Called {
  readonly exitStatus: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command in this process. */
export async function called(
  argv: readonly string[],
  {
    stdin = '',
    screen = {},
    environment = {},
  }: { stdin?: string; screen?: Screen; environment?: NodeJS.ProcessEnv } = {},
): Promise<Called> {
  const said = { stdout: '', stderr: '' };
  const exitStatus = await main(argv, {
    stdin: Readable.from([Buffer.from(stdin)]),
    stdout: screen,
    environment,
    print: async (text) => void (said.stdout += text),
    warn: (line) => void (said.stderr += line),
    untilStopped: async () => undefined,
  });
  return { exitStatus, ...said };
}
