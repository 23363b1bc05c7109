import { POLICIES, PROTOCOLS, type Scenario } from '../../diagram/scenario.ts';
import { isFault, isProgStatus, MOST_BYTES, oneOf } from '../../diagram/values.ts';
import { shortLine } from '../../inspect/short-line.ts';
import { LAST_FRAME } from './edit.ts';
import {
  checked,
  checkRows,
  number,
  quoted,
  readBytes,
  readRow,
  readTold,
  rowsText,
  rowText,
  shortened,
  toldText,
} from './permalink-fields.ts';
import { TOUR } from './tour.ts';
import { EMPTY, stateOf, type State } from './state.ts';

/**
 * The whole state as the fragment of an address, without `#`: the diagram it began with, and all that differs from it. It is for people,
 * too: `diagram=prog-eof-becomes-fin&policy=N&given=from+peer.1x.4N`.
 */
export function fragmentOf(state: State, diagrams: Diagrams): string {
  const { diagram, scenario, protocol, versus, all, step } = state;
  const base = stateOf(scenarioIn(diagrams, diagram) ?? EMPTY, diagram);
  const fields = new URLSearchParams();
  const put = (name: string, value: string, usual: string): void => {
    if (value !== usual) fields.set(name, value);
  };
  put('diagram', diagram ?? '', '');
  put('title', shortened(scenario.title), shortened(base.scenario.title));
  put('clause', shortened(scenario.clause), shortened(base.scenario.clause));
  put('step', step === undefined ? '' : String(step + 1), '');
  for (const [name, write] of Object.entries(SETTINGS)) put(name, write(scenario), write(base.scenario));
  put('protocols', scenario.protocols.join(' '), base.scenario.protocols.join(' '));
  put('told', toldText(scenario), toldText(base.scenario));
  put('protocol', protocol, base.protocol);
  put('versus', versus ?? '', '');
  put('rows', all ? 'all' : '', '');
  if (rowsText(scenario) !== rowsText(base.scenario)) {
    for (const row of scenario.given) fields.append('given', rowText(row));
    if (scenario.given.length === 0) fields.append('given', '');
  }
  // A link that was cut on its way would else be another one that can be read.
  if ([...fields].length > 1) fields.set(END, '');
  return fields.toString();
}

/**
 * Reads what {@link fragmentOf} has written. An address can come from anybody: nothing in it is believed.
 *
 * @throws Error with a sentence for people.
 */
export function stateFrom(fragment: string, diagrams: Diagrams): State {
  const fields = new URLSearchParams(fragment);
  const stranger = [...fields.keys()].find((name) => !NAMES.has(name));
  if (stranger !== undefined) throw new Error(`unknown: ${quoted(stranger)}`);
  if ([...fields].length > 1 && fields.get(END) !== '') throw new Error('its end is missing');
  const diagram = fields.get('diagram') ?? undefined;
  const base = scenarioIn(diagrams, diagram);
  if (diagram !== undefined && base === undefined) throw new Error(`there is no diagram ${quoted(diagram)}`);
  const usual = stateOf(base ?? EMPTY, diagram);
  const read = <T>(name: string, otherwise: T, check: (text: string) => T): T => {
    const text = fields.get(name);
    return text === null ? otherwise : check(shortLine(text, LONGEST_FIELD));
  };
  const { scenario } = usual;
  const rows = fields.getAll('given');
  const given = rows.length === 1 && rows[0] === '' ? [] : rows.map(readRow);
  checkRows(given);
  const step = read('step', undefined, (text) => number('step', text, 1, TOUR.length) - 1);
  if (step !== undefined && TOUR[step]?.diagram !== diagram) throw new Error(`step ${step + 1} has another diagram`);
  return {
    ...usual,
    scenario: {
      ...scenario,
      title: read('title', scenario.title, shortened),
      clause: read('clause', scenario.clause, shortened),
      policy: read('policy', scenario.policy, (text) => oneOf(POLICIES, text, 1)),
      requireCloseNotify: read('J', scenario.requireCloseNotify, (text) => oneOf(['0', '1'], text, 1) === '1'),
      idleTimeout: read('K', scenario.idleTimeout, (text) => number('K', text, 0, LAST_FRAME)),
      highWaterMark: read('high', scenario.highWaterMark, (text) => number('high', text, 0, MOST_BYTES)),
      bytes: read('bytes', scenario.bytes, readBytes),
      fault: read('fault', scenario.fault, (text) => checked(isFault, 'fault', shortened(text))),
      writeFault: read('writeFault', scenario.writeFault, (text) => checked(isFault, 'writeFault', shortened(text))),
      progStatus: read('progStatus', scenario.progStatus, (text) => checked(isProgStatus, 'progStatus', text)),
      given: rows.length > 0 ? given : scenario.given,
      protocols: read('protocols', scenario.protocols, (text) =>
        text.split(' ').map((name) => oneOf(PROTOCOLS, name, 1)),
      ),
      expected: read('told', scenario.expected, readTold),
    },
    protocol: read('protocol', usual.protocol, (text) => oneOf(PROTOCOLS, text, 1)),
    versus: read('versus', undefined, (text) => oneOf(POLICIES, text, 1)),
    all: read('rows', false, (text) => oneOf(['all', 'usual'], text, 1) === 'all'),
    step,
  };
}

/** All of a scenario that decides what happens: the same for the same. */
export const playedText = (scenario: Scenario): string =>
  [...Object.values(SETTINGS).map((write) => write(scenario)), rowsText(scenario)].join();

/** The scenarios one can begin with, by their names. */
export interface Diagrams {
  readonly get: (name: string) => Scenario | undefined;
}

const scenarioIn = (diagrams: Diagrams, diagram: string | undefined): Scenario | undefined =>
  diagram === undefined ? undefined : diagrams.get(diagram);

/** The settings of a scenario, by their names in the address. */
const SETTINGS: Readonly<Record<string, (scenario: Scenario) => string>> = {
  policy: ({ policy }) => policy,
  J: ({ requireCloseNotify }) => (requireCloseNotify ? '1' : '0'),
  K: ({ idleTimeout }) => String(idleTimeout),
  high: ({ highWaterMark }) => String(highWaterMark),
  bytes: ({ bytes }) => Object.entries(bytes).flat().join('.'),
  fault: ({ fault }) => fault,
  writeFault: ({ writeFault }) => writeFault,
  progStatus: ({ progStatus }) => progStatus,
};

/** The last field. */
const END = 'end';

const NAMES = new Set([
  ...Object.keys(SETTINGS),
  'diagram',
  'title',
  'clause',
  'step',
  'protocol',
  'versus',
  'rows',
  'given',
  'protocols',
  'told',
  END,
]);
/** Characters: the sizes of all letters are fewer. */
const LONGEST_FIELD = 400;
