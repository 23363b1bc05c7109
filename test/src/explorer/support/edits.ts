import * as fc from 'fast-check';
import { POLICIES, PROTOCOLS, type Given, type Scenario } from '../../../../src/diagram/scenario.ts';
import {
  addMark,
  addRow,
  boundsFor,
  changeKind,
  LAST_FRAME,
  moveMark,
  removeMark,
  removeRow,
} from '../../../../src/explorer/model/edit.ts';
import { GIVEN_ROWS, KINDS } from '../../../../src/explorer/model/kinds.ts';
import { TOUR } from '../../../../src/explorer/model/tour.ts';
import { stateOf, type State } from '../../../../src/explorer/model/state.ts';
import { DIAGRAMS } from './diagrams.ts';

/** Something that somebody does on the page; what it is done to is looked for in the scenario. */
export type Edit = (scenario: Scenario) => Scenario;

const number = fc.nat(1000);
const frame = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -2, max: 40 }) },
  fc.integer({ min: -LAST_FRAME, max: 2 * LAST_FRAME }),
  fc.double({ min: 0, max: 30, noNaN: true }),
);

/** The mark whose number it is, when those of all rows are counted over and over; `undefined` when there is none. */
export function markAt(
  scenario: Scenario,
  which: number,
): { readonly label: Given; readonly index: number } | undefined {
  const places = scenario.given.flatMap(({ label, marks }) => marks.map((_, index) => ({ label, index })));
  return places[which % Math.max(places.length, 1)];
}

const onMark = (
  which: number,
  edit: (place: { label: Given; index: number }) => Scenario,
  scenario: Scenario,
): Scenario => {
  const place = markAt(scenario, which);
  return place === undefined ? scenario : edit(place);
};

const oneOf = <T>(all: readonly T[], which: number): T => {
  const found = all[which % all.length];
  if (found === undefined) throw new Error('nothing to choose from');
  return found;
};

const edits: fc.Arbitrary<Edit> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(number, frame).map(
      ([which, to]): Edit =>
        (scenario) =>
          onMark(which, (place) => moveMark(scenario, place, to).scenario, scenario),
    ),
  },
  number.map(
    (which): Edit =>
      (scenario) =>
        onMark(
          which,
          (place) => moveMark(scenario, place, boundsFor(scenario, place)[which % 2] ?? 0).scenario,
          scenario,
        ),
  ),
  number.map(
    (which): Edit =>
      (scenario) =>
        onMark(which, (place) => removeMark(scenario, place).scenario, scenario),
  ),
  fc.tuple(number, number).map(([row, kind]): Edit => (scenario) => {
    const { label } = scenario.given.length === 0 ? { label: undefined } : oneOf(scenario.given, row);
    return label === undefined ? scenario : addMark(scenario, label, oneOf(KINDS[label], kind)).scenario;
  }),
  fc.tuple(number, number).map(
    ([which, kind]): Edit =>
      (scenario) =>
        onMark(which, (place) => changeKind(scenario, place, oneOf(KINDS[place.label], kind)).scenario, scenario),
  ),
  number.map(
    (row): Edit =>
      (scenario) =>
        addRow(scenario, oneOf(GIVEN_ROWS, row)),
  ),
  number.map(
    (row): Edit =>
      (scenario) =>
        removeRow(scenario, oneOf(GIVEN_ROWS, row)),
  ),
  fc.constantFrom(...POLICIES).map((policy): Edit => (scenario) => ({ ...scenario, policy })),
  fc.boolean().map((requireCloseNotify): Edit => (scenario) => ({ ...scenario, requireCloseNotify })),
  fc.constantFrom(0, 1, 7, 5000, LAST_FRAME).map((idleTimeout): Edit => (scenario) => ({ ...scenario, idleTimeout })),
);

/** A diagram's name, and what was done to it. */
export const editings = fc.record({
  name: fc.constantFrom(...DIAGRAMS.keys()),
  done: fc.array(edits, { maxLength: 12 }),
});

/** A scenario after edits. */
export const edited = (scenario: Scenario, done: readonly Edit[]): Scenario =>
  done.reduce((before, edit) => edit(before), scenario);

/** Any state that the page can be in. */
export const states: fc.Arbitrary<State> = fc
  .record({
    editing: editings,
    dropped: fc.boolean(),
    protocol: fc.constantFrom(...PROTOCOLS),
    versus: fc.constantFrom(undefined, ...POLICIES),
    all: fc.boolean(),
    touring: fc.boolean(),
  })
  .map(({ editing: { name, done }, dropped, protocol, versus, all, touring }) => {
    const begun = DIAGRAMS.get(name);
    if (begun === undefined) throw new Error(`there is no diagram ${name}`);
    const scenario = edited(begun, done);
    const step = touring && !dropped ? TOUR.findIndex(({ diagram }) => diagram === name) : -1;
    const state = stateOf(scenario, dropped ? undefined : name);
    return { ...state, protocol, versus, all, step: step === -1 ? undefined : step };
  });
