import { playedText } from '../model/permalink.ts';
import { stateOf, type State } from '../model/state.ts';
import { DIAGRAMS } from './diagrams.ts';

/** What a scenario was before anything was changed, as far as that is known. */
export interface Origin {
  readonly state: State;
  /** `false`: it came in an address, with whatever had been changed. */
  readonly known: boolean;
}

/** The origin of what an address asks for; a diagram of ours is known. */
export function originOf(state: State): Origin {
  const diagram = state.diagram === undefined ? undefined : DIAGRAMS.get(state.diagram);
  if (diagram === undefined) return { state, known: false };
  const { versus, all, step } = state;
  return { state: { ...stateOf(diagram, state.diagram), versus, all, step }, known: true };
}

/** Whether the scenario is, or may be, another one than it was written down as. */
export const isChanged = ({ scenario, protocol }: State, { state: before, known }: Origin): boolean =>
  !known || playedText(scenario) !== playedText(before.scenario) || !before.scenario.protocols.includes(protocol);

/** What is played, and whether it still is what its title says. */
export function Title({ state, origin }: { readonly state: State; readonly origin: Origin }) {
  return (
    <>
      <h2>{state.scenario.title}</h2>
      <p class="muted source">{source(state, origin)}</p>
    </>
  );
}

function source(state: State, origin: Origin): string {
  if (!origin.known) return 'From a link: what the title says need not hold any more.';
  if (isChanged(state, origin)) return 'Changed: what the title says need not hold any more.';
  const { diagram, scenario } = state;
  return `${diagram === undefined ? 'Your own' : `diagrams/${diagram}.yaml`}. It rests on: ${scenario.clause}.`;
}
