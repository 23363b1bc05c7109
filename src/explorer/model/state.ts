import type { Policy, Protocol } from '../../../graph/vocabulary.ts';
import { DEFAULTS, shownUnder, type Scenario } from '../../diagram/scenario.ts';

/** All that the page shows is computed from this. */
export interface State {
  /** The file in diagrams/ that it began with, without `.yaml`; `undefined`: a file that was dropped. */
  readonly diagram: string | undefined;
  /** Its given rows and settings are what is played; what it expects says which rows are shown. */
  readonly scenario: Scenario;
  readonly protocol: Protocol;
  /** The policy to compare with. */
  readonly versus: Policy | undefined;
  /** Also the rows of demand, of reading, and of the start. */
  readonly all: boolean;
  /** The step of the tour, from 0. */
  readonly step: number | undefined;
}

/** A scenario as it was written down. */
export const stateOf = (scenario: Scenario, diagram: string | undefined): State => ({
  diagram,
  scenario,
  protocol: shownUnder(scenario),
  versus: undefined,
  all: false,
  step: undefined,
});

/** A scenario in which nothing happens. */
export const EMPTY: Scenario = {
  title: 'A scenario of your own',
  clause: 'none',
  policy: 's',
  protocols: ['TLSv1.3'],
  ...DEFAULTS,
  given: [],
  expected: [],
  verdict: 'none',
  exit: 0,
};
