import { spawn } from 'node:child_process';
import { Resident } from './resident.ts';

/**
 * Starts systemd-socket-activate, which listens at the addresses and becomes `command` at the first connection: stdin and stdout are as
 * under systemd. Resolves when it listens.
 *
 * @param env all that `command` gets, besides what systemd adds.
 */
export const activated = async (
  addresses: readonly string[],
  command: readonly string[],
  env: Readonly<NodeJS.ProcessEnv>,
): Promise<Resident> => {
  const variables = Object.keys(env).flatMap((name) => ['-E', name]);
  const listening = addresses.flatMap((address) => ['-l', address]);
  const resident = new Resident(
    spawn('systemd-socket-activate', [...variables, ...listening, '--', ...command], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
  await resident.says(new RegExp(`Listening on .* as ${2 + addresses.length}\\.`));
  return resident;
};
