import type { Host } from './hosts/host.ts';
import { tlsdHost } from './hosts/tlsd.ts';
import { tlsserverHost } from './hosts/tlsserver.ts';
import type { Switchboard } from './switchboard.ts';

/** The programs that run the tunnel. */
export const PROGRAMS = {
  's6-tlsd': tlsdHost,
  's6-tlsserver': tlsserverHost,
} as const satisfies Readonly<Record<string, (switchboard: Switchboard) => Host>>;

export type ProgramName = keyof typeof PROGRAMS;

export const isProgram = (name: string): name is ProgramName => Object.hasOwn(PROGRAMS, name);
