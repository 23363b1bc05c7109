import { execFile } from 'node:child_process';
import { systemReason } from '../messages.ts';

/**
 * Sends messages of sd_notify(3) by systemd-notify(1), one after the other.
 *
 * It pretends to be its parent, which is us, when it may, that is as root; else it sends under its own pid, and then systemd listens
 * only with `NotifyAccess=all`. It does not tell which it was.
 *
 * @param address `NOTIFY_SOCKET`.
 * @param reason why it is needed; told when it fails.
 */
export const runSystemdNotify = (
  address: string,
  reason: string,
  warn: (message: string) => void,
): ((assignments: readonly string[]) => void) => {
  let before = Promise.resolve();
  const failed = (error: Error): void =>
    warn(`unable to notify ${address}: not by ourselves (${reason}) and not by systemd-notify (${error.message})`);
  return (assignments) => {
    before = before.then(() => run(assignments, address)).catch(failed);
  };
};

const run = (assignments: readonly string[], address: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const env = { PATH: process.env['PATH'], NOTIFY_SOCKET: address };
    const settings = { env, timeout: LONGEST, killSignal: 'SIGKILL' } as const;
    execFile('systemd-notify', assignments, settings, (error, _stdout, stderr) => {
      if (error === null) resolve();
      else if (error.killed === true) reject(new Error(`no answer within ${LONGEST} ms`));
      else reject(new Error(stderr === '' ? systemReason(error) : stderr.trim()));
    });
  });

/** Milliseconds. It waits until the service manager has read the message. */
const LONGEST = 5000;
