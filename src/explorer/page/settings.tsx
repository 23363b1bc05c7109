import type { ComponentChildren } from 'preact';
import type { Policy, Protocol } from '../../../graph/vocabulary.ts';
import { POLICIES, PROTOCOLS } from '../../diagram/scenario.ts';
import { LAST_FRAME } from '../model/edit.ts';
import type { State } from '../model/state.ts';
import { diagramsFor } from './diagrams.ts';

interface Props {
  readonly state: State;
  readonly onDiagram: (name: string) => void;
  readonly onChange: (state: State) => void;
}

/** Which scenario, and under which options. */
export function Settings({ state, onDiagram, onChange }: Props) {
  const { diagram, scenario, protocol, versus } = state;
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
        options={POLICY_NAMES}
        onChange={(policy) => withScenario({ policy })}
      />
      <Choice
        legend="Compare with"
        name="versus"
        value={versus ?? ''}
        options={VERSUS_NAMES}
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
          <input
            type="number"
            inputMode="numeric"
            min={0}
            max={LAST_FRAME}
            step={1}
            value={scenario.idleTimeout}
            onInput={({ currentTarget: { validity, valueAsNumber } }) => {
              if (validity.valid && Number.isInteger(valueAsNumber)) withScenario({ idleTimeout: valueAsNumber });
            }}
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

const POLICY_TITLES: Readonly<Record<Policy, string>> = {
  s: "At prog's EOF half-close TCP, without close_notify",
  S: "At prog's EOF send close_notify and FIN, and stop listening",
  N: "At prog's EOF send close_notify and FIN, and go on listening",
};
const POLICY_NAMES = POLICIES.map(
  (policy) => [policy, <code key={policy}>-{policy}</code>, POLICY_TITLES[policy]] as const,
);
const VERSUS_NAMES = [['', 'none', 'Show one policy'] as const, ...POLICY_NAMES];
const PROTOCOL_NAMES = PROTOCOLS.map(
  (protocol: Protocol) => [protocol, protocol.slice(4), protocol.replace('v', ' ')] as const,
);
