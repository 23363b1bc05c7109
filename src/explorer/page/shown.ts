import { resultsOf, type Result } from '../model/result.ts';
import { firstState, linked, type Linked } from './address.ts';
import { reasonOf } from './reason-of.ts';

/** A state, and what the graph makes of it. */
export interface Shown extends Linked {
  readonly results: readonly Result[];
}

/** What the address of the page asks for. */
export const firstShown = (): Shown => {
  const state = firstState();
  return computed(linked(location.hash), { state, says: '', results: resultsOf(state) });
};

/** What cannot be computed, such as what needs more memory than there is, leaves the page as it was. */
export function computed(asked: Linked, before: Shown): Shown {
  try {
    return { ...asked, results: resultsOf(asked.state) };
  } catch (error) {
    return { ...before, says: `This cannot be played: ${reasonOf(error)}` };
  }
}
