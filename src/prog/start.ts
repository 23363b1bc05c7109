import type { Signal } from '../../graph/vocabulary.ts';
import { spawnByPosix, type SpawnChild } from './children.ts';
import type { Pipe2 } from './pipe2.ts';
import { detachStreams, openPlumbing } from './plumbing.ts';
import type { OurEnds, Plumbing } from './plumbing.ts';
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

export interface StartOptions {
  readonly pipes: () => Pipe2;
  readonly info: (message: string) => void;
  readonly events: ProgEvents;
  /** How, where there are real pipes. */
  readonly spawnChild?: (() => SpawnChild | undefined) | undefined;
}

/** Starts prog as a child of this process. */
export const startProg = (
  image: ProgImage,
  { pipes, info, events, spawnChild = () => spawnByPosix('here') }: StartOptions,
): RunningProg => {
  const plumbing = openPlumbing(pipes(), info);
  const [stdin, stdout] = plumbing.progEnds;
  const spawn = typeof stdin === 'number' && typeof stdout === 'number' ? spawnChild() : undefined;
  if (spawn === undefined) return startByNode(image, plumbing, events);
  const child = spawn({
    ...{ image, events },
    ends: plumbing.progEnds as readonly [number, number],
    begun: () => plumbing.letGo(),
  });
  // Made while prog is started, if that is done elsewhere.
  return { ends: plumbing.ours([undefined, undefined]), ...child };
};

const startByNode = (image: ProgImage, plumbing: Plumbing, events: ProgEvents): RunningProg => {
  const child = spawnProg(image, plumbing.progEnds, events);
  plumbing.letGo();
  if (child?.pid === undefined) {
    plumbing.giveUp();
    child?.stdin?.destroy();
    child?.stdout?.destroy();
    return NOT_RUNNING;
  }
  const ends = plumbing.ours([child.stdin, child.stdout]);
  detachStreams(child);
  return { ends, signal: (signal) => void child.kill(signal), forget: () => child.unref() };
};

const nothing = (): void => undefined;

const NOT_RUNNING: RunningProg = { ends: undefined, signal: nothing, forget: nothing };
