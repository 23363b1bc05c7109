import { fileURLToPath } from 'node:url';
import { tcpserver, type Contender, type Task } from '../../../bench/contender.ts';

/** A contender that puts TLS before this program, whatever it was to run. */
export const naively = (id: string, progOf: (task: Task) => readonly string[]): Contender => ({
  id,
  label: id,
  about: 'the naive Node program before another prog',
  programs: ['tcpserver'],
  tls: true,
  resident: false,
  listen: (task, _, place) => [...tcpserver(place), NAIVE_INETD, ...progOf(task)],
});

const NAIVE_INETD = fileURLToPath(new URL('../../../bench/naive-inetd.mjs', import.meta.url));
