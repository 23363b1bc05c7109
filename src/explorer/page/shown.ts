import { resultsOf, type Result } from '../model/result.ts';
import type { State } from '../model/state.ts';
import { firstState, linked } from './address.ts';
import { reasonOf } from './reason-of.ts';

/** A state, what the graph makes of it, and how the page came to show it. */
export interface Shown {
  readonly state: State;
  readonly results: readonly Result[];
  /** What is to be said about how it came about. */
  readonly says: string;
  /** `linked`: the address asked for it. `begun`: something else was chosen, and Back leads back. `changed`: it was changed a little. */
  readonly way: 'linked' | 'begun' | 'changed';
}

/** What the address of the page asks for; the first state when that cannot be computed. */
export function firstShown(): Shown {
  try {
    return played({ ...linked(location.hash), way: 'linked' });
  } catch (error) {
    return played({ state: firstState(), says: unplayable(error), way: 'linked' });
  }
}

/** What cannot be computed, such as what needs more memory than there is, leaves the page as it was. */
export function computed(asked: Omit<Shown, 'results'>, before: Shown): Shown {
  try {
    return played(asked);
  } catch (error) {
    return { ...before, says: unplayable(error) };
  }
}

const played = (asked: Omit<Shown, 'results'>): Shown => ({ ...asked, results: resultsOf(asked.state) });

const unplayable = (error: unknown): string => `This cannot be played: ${reasonOf(error)}`;
