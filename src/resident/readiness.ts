import { closeSync, openSync, writeSync } from 'node:fs';
import type { Environment } from '../environment/settings.ts';
import { systemReason } from '../messages.ts';
import { loadDatagrams, type Datagrams } from '../native/notify.ts';
import { runSystemdNotify } from './systemd-notify.ts';

/** What a service manager is told by sd_notify(3). Each call sends one message, in their order, and none waits or throws. */
export interface ServiceManager {
  /** `READY=1`: connections are accepted, at first and after {@link ServiceManager.reloading}. */
  ready(): void;
  /** `RELOADING=1`, with the time, as `Type=notify-reload` needs it. */
  reloading(): void;
  /** `STOPPING=1`: no more connections are accepted. */
  stopping(): void;
  /** `STATUS=`: one line for people, as `systemctl status` shows it. */
  status(text: string): void;
}

/**
 * The service manager that `NOTIFY_SOCKET` names; nobody is told anything when it is not set.
 *
 * @param warn hears why the first message that could not be sent was not; one line, and no more of them.
 * @param datagrams how to send them; systemd-notify(1) does it where that cannot be.
 */
export const serviceManager = (
  { NOTIFY_SOCKET: address = '' }: Environment,
  {
    warn,
    datagrams = loadDatagrams,
  }: { readonly warn: (message: string) => void; readonly datagrams?: () => Datagrams },
): ServiceManager => {
  const tell = address === '' ? () => undefined : teller(address, datagrams(), onlyFirst(warn));
  return {
    ready: () => tell(['READY=1']),
    reloading: () => tell(['RELOADING=1', `MONOTONIC_USEC=${monotonicMicroseconds()}`]),
    stopping: () => tell(['STOPPING=1']),
    status: (text) => tell([`STATUS=${text.replaceAll(/\s+/g, ' ')}`]),
  };
};

/**
 * Prints what we listen on, as {@link Listener.bound} has it, and a newline on fd 1, for who waits there until we are ready (`-1`). Then
 * fd 1 becomes /dev/null, so that a reader sees the end. To be called once, and before anything else can open files: fd 1 must be the
 * lowest number that is free.
 *
 * A reader that has gone is no reason to end; `warn` hears of any other failure.
 */
export const printBound = (bound: string, warn: (message: string) => void): void => {
  try {
    writeSync(1, `${bound}\n`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') warn(`unable to print the port: ${systemReason(error)}`);
  }
  closeSync(1);
  openSync('/dev/null', 'w');
};

type Tell = (assignments: readonly string[]) => void;

const teller = (address: string, datagrams: Datagrams, warn: (message: string) => void): Tell => {
  if ('reason' in datagrams) return runSystemdNotify(address, datagrams.reason, warn);
  return (assignments) => {
    try {
      datagrams.sendDatagram(address, assignments.join('\n'));
    } catch (error) {
      warn(`unable to notify ${address}: ${systemReason(error)}`);
    }
  };
};

const onlyFirst = (warn: (message: string) => void): ((message: string) => void) => {
  let warned = false;
  return (message) => {
    if (!warned) warn(message);
    warned = true;
  };
};

/** CLOCK_MONOTONIC, which is what hrtime is on Linux (libuv `uv__hrtime`). */
const monotonicMicroseconds = (): bigint => process.hrtime.bigint() / 1000n;
