import { useEffect, useRef } from 'preact/hooks';
import { fragmentOf, stateFrom } from '../model/permalink.ts';
import { stateOf, type State } from '../model/state.ts';
import { DIAGRAMS } from './diagrams.ts';
import { reasonOf } from './reason-of.ts';
import type { Shown } from './shown.ts';

/** A state, and what is to be said about how it came about. */
export interface Linked {
  readonly state: State;
  readonly says: string;
}

/** The state that an address asks for; the first one when it asks for nothing, or for nothing that makes sense. */
export function linked(hash: string): Linked {
  try {
    if (hash.length > 1) return { state: stateFrom(hash.slice(1), DIAGRAMS), says: '' };
    return { state: firstState(), says: '' };
  } catch (error) {
    return {
      state: firstState(),
      says: `This link cannot be read: ${reasonOf(error)}`,
    };
  }
}

/** Keeps the address in step with what is shown, and the other way round. An address that was asked for stays as it is. */
export function useAddress({ state, way }: Pick<Shown, 'state' | 'way'>, onLinked: (linked: Linked) => void): void {
  const written = useRef(location.hash.slice(1));
  useEffect(() => {
    if (way === 'linked') return;
    const write = (into: 'pushState' | 'replaceState'): void => {
      written.current = fragmentOf(state, DIAGRAMS);
      history[into](null, '', `#${written.current}`);
    };
    if (way === 'begun') {
      write('pushState');
      return;
    }
    // Browsers let a page write its address only so often, and a drag changes it with every frame.
    const later = setTimeout(() => write('replaceState'), QUIET);
    return () => clearTimeout(later);
  }, [state]);
  useEffect(() => {
    const changed = (): void => {
      const asked = location.hash.slice(1);
      if (asked === written.current) return;
      written.current = asked;
      onLinked(linked(location.hash));
    };
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  });
}

export const firstState = (): State => {
  const scenario = DIAGRAMS.get(FIRST);
  if (scenario === undefined) throw new Error(`no diagram ${FIRST}`);
  return stateOf(scenario, FIRST);
};

const FIRST = 'prog-eof-becomes-fin';
/** Milliseconds. */
const QUIET = 250;
