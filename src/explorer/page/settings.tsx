import type { ComponentChildren } from 'preact';
import { CLOSING_TEXTS } from '../../../graph/closing-rules.ts';
import type { Protocol } from '../../../graph/vocabulary.ts';
import { tellProtocol } from '../../diagram/picture.ts';
import { POLICIES, PROTOCOLS } from '../../diagram/scenario.ts';
import { LAST_FRAME } from '../model/edit.ts';
import type { State } from '../model/state.ts';
import { diagramsFor } from './diagrams.ts';
import { NumberField } from './number-field.tsx';

interface Props {
  readonly state: State;
  readonly onDiagram: (name: string) => void;
  readonly onChange: (state: State) => void;
}

/** Which scenario, and under which options. */
export function Settings({ state, onDiagram, onChange }: Props) {
  const { diagram, scenario, protocol, versus } = state;
  const policies = policyNames(protocol);
  const withScenario = (change: Partial<State['scenario']>): void =>
    onChange({ ...state, scenario: { ...scenario, ...change } });
  return (
    <form class="settings" aria-label="Scenario and options" onSubmit={(event) => event.preventDefault()}>
      <label class="wide">
        Scenario
        <select value={diagram ?? ''} onChange={({ currentTarget }) => onDiagram(currentTarget.value)}>
          {diagram === undefined && <option value="">{scenario.title}</option>}
          {POLICIES.map((policy) => (
            <optgroup key={policy} label={`written for -${policy}`}>
              {diagramsFor(policy).map(({ name, title }) => (
                <option key={name} value={name}>
                  {title}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      </label>
      <Choice
        legend="Policy"
        name="policy"
        value={scenario.policy}
        options={policies}
        onChange={(policy) => withScenario({ policy })}
      />
      <Choice
        legend="Compare with"
        name="versus"
        value={versus ?? ''}
        options={[NO_POLICY, ...policies]}
        onChange={(chosen) => onChange({ ...state, versus: chosen === '' ? undefined : chosen })}
      />
      <Choice
        legend="Protocol"
        name="protocol"
        value={protocol}
        options={PROTOCOL_NAMES}
        onChange={(chosen) => onChange({ ...state, protocol: chosen })}
      />
      <fieldset>
        <legend>Other options</legend>
        <label title="An end without close_notify is an error">
          <input
            type="checkbox"
            checked={scenario.requireCloseNotify}
            onChange={({ currentTarget }) => withScenario({ requireCloseNotify: currentTarget.checked })}
          />
          <code>-J</code> insist on close_notify
        </label>
        <label title="End when nothing has moved for so many milliseconds; 0 is never">
          <code>-K</code>
          <NumberField
            value={scenario.idleTimeout}
            least={0}
            most={LAST_FRAME}
            onValue={(idleTimeout) => withScenario({ idleTimeout })}
          />
          ms without a byte
        </label>
      </fieldset>
    </form>
  );
}

interface ChoiceProps<T extends string> {
  readonly legend: string;
  readonly name: string;
  readonly value: T;
  readonly options: readonly (readonly [value: T, label: ComponentChildren, title: string])[];
  readonly onChange: (value: T) => void;
}

function Choice<T extends string>({ legend, name, value, options, onChange }: ChoiceProps<T>) {
  return (
    <fieldset>
      <legend>{legend}</legend>
      {options.map(([option, label, title]) => (
        <label key={option} title={title}>
          <input type="radio" name={name} value={option} checked={option === value} onChange={() => onChange(option)} />
          {label}
        </label>
      ))}
    </fieldset>
  );
}

const policyNames = (protocol: Protocol) =>
  POLICIES.map(
    (policy) => [policy, <code key={policy}>-{policy}</code>, CLOSING_TEXTS[protocol][policy].says] as const,
  );
const NO_POLICY = ['', 'none', 'Show one policy'] as const;
const PROTOCOL_NAMES = PROTOCOLS.map(
  (protocol: Protocol) => [protocol, protocol.slice(4), tellProtocol(protocol)] as const,
);
