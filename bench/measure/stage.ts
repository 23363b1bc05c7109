import type { Bed } from '../bed.ts';
import type { Contender } from '../contender.ts';
import type { Plan } from '../plan.ts';

/** All that a measurement needs. */
export interface Stage {
  readonly bed: Bed;
  readonly plan: Plan;
  /** Those that are on this machine. */
  readonly contenders: readonly Contender[];
  /** Tells how far it is. */
  readonly say: (progress: string) => void;
}
