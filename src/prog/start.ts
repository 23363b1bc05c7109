import type { Signal } from '../../graph/vocabulary.ts';
import type { Pipe2 } from './pipe2.ts';
import { detachStreams, openPlumbing } from './plumbing.ts';
import type { OurEnds } from './plumbing.ts';
import { spawnProg } from './spawn.ts';
import type { ProgEvents, ProgImage } from './spawn.ts';

/** A prog that was started, by us or by the launcher. */
export interface RunningProg {
  /** Missing when prog could not be started: its output is empty and its input nobody's. */
  readonly ends: OurEnds | undefined;
  /** Does nothing once prog's exit is known. */
  signal(signal: Signal): void;
  /** From now on prog does not keep this process alive. */
  forget(): void;
}

/** Starts prog as a child of this process. */
export const startProg = (
  image: ProgImage,
  { pipes, info, events }: { pipes: () => Pipe2; info: (message: string) => void; events: ProgEvents },
): RunningProg => {
  const plumbing = openPlumbing(pipes(), info);
  const child = spawnProg(image, plumbing.progEnds, events);
  plumbing.letGo();
  if (child?.pid === undefined) {
    plumbing.giveUp();
    child?.stdin?.destroy();
    child?.stdout?.destroy();
    return { ends: undefined, signal: nothing, forget: nothing };
  }
  const ends = plumbing.ours([child.stdin, child.stdout]);
  detachStreams(child);
  return { ends, signal: (signal) => void child.kill(signal), forget: () => child.unref() };
};

const nothing = (): void => undefined;
