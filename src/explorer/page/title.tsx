import { rowsText } from '../model/permalink-fields.ts';
import { stateOf, type State } from '../model/state.ts';
import { DIAGRAMS } from './diagrams.ts';

/** What is played, and whether it still is what its title says. */
export function Title({ state, origin }: { readonly state: State; readonly origin: State }) {
  const { scenario, diagram } = state;
  return (
    <>
      <h2>{scenario.title}</h2>
      <p class="muted source">
        {isChanged(state, origin)
          ? 'Changed: what the title says need not hold any more.'
          : `${diagram === undefined ? 'Your own' : `diagrams/${diagram}.yaml`}. It rests on: ${scenario.clause}.`}
      </p>
    </>
  );
}

/** What a scenario was before anything was changed: an address can say that something was. */
export function originOf(state: State): State {
  const diagram = state.diagram === undefined ? undefined : DIAGRAMS.get(state.diagram);
  const { versus, all, step } = state;
  return diagram === undefined ? state : { ...stateOf(diagram, state.diagram), versus, all, step };
}

/** Whether the scenario is another one than it was written down as. */
export const isChanged = ({ scenario, protocol }: State, { scenario: before }: State): boolean =>
  rowsText(scenario) !== rowsText(before) ||
  scenario.policy !== before.policy ||
  scenario.requireCloseNotify !== before.requireCloseNotify ||
  scenario.idleTimeout !== before.idleTimeout ||
  !before.protocols.includes(protocol);
