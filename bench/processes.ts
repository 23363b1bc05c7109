import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A living process, as proc(5) tells of it. */
export interface Process {
  readonly pid: number;
  readonly parent: number;
  /** CPU seconds, user and system: its own, and those of its children that it has waited for. */
  readonly cpu: number;
  readonly cpuOfChildren: number;
}

/** A process and all its living descendants; it is the first. Empty when it has gone. */
export function familyOf(pid: number): readonly Process[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)));
  const family = all.filter((each) => each.pid === pid);
  // Grows while it is walked: children of children are found too.
  for (const { pid: parent } of family) family.push(...all.filter((each) => each.parent === parent));
  return family;
}

/** CPU seconds that a family has used, those of its dead included; to a hundredth of a second. */
export const cpuOf = (family: readonly Process[]): number =>
  family.reduce((sum, { cpu, cpuOfChildren }) => sum + cpu + cpuOfChildren, 0);

/** Resident memory of a process in MiB: now, and the most it ever was. */
export function memoryOf(pid: number): { readonly now: number; readonly peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mebibytes = (field: string): number =>
    Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) / 1024;
  return { now: mebibytes('VmRSS'), peak: mebibytes('VmHWM') };
}

/** How many descriptors a process has open. */
export const descriptorsOf = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;

/** The file that a process executes; undefined when it has ended. */
export function executableOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return undefined; // gone, or a zombie
  }
}

/** Whether somebody listens on a port of 127.0.0.1. To connect and see would start a program. */
export function listens(port: number): boolean {
  const address = `0100007F:${hex(port)} 00000000:0000 ${LISTENS}`;
  return readFileSync('/proc/net/tcp', 'utf8').includes(address);
}

/** How many connections on a port of this machine some process still has a descriptor for; the clients' ends do not count. */
export const connectionsOn = (port: number): number =>
  readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(
      ([, local, , state, , , , , , inode]) =>
        local?.endsWith(`:${hex(port)}`) === true && state !== LISTENS && inode !== NOBODY,
    ).length;

function readProcess(pid: number): readonly Process[] {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return []; // gone in the meantime
  }
  // The name before may hold spaces and brackets; then follow, from 3 on, the fields of proc_pid_stat(5).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): number => Number(fields[number - 3]);
  return [
    {
      pid,
      parent: field(4),
      cpu: (field(14) + field(15)) / TICKS,
      cpuOfChildren: (field(16) + field(17)) / TICKS,
    },
  ];
}

const hex = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0');

/** TCP_LISTEN, and the inode of sockets that only the kernel has, as proc_pid_net(5) writes them. */
const LISTENS = '0A';
const NOBODY = '0';

/** USER_HZ, which is 100 on every architecture that Node runs on. */
const TICKS = 100;
