import type { Given, Scenario } from '../../diagram/scenario.ts';
import { boundsFor, markAt, type Place } from '../model/edit.ts';
import { GIVEN_ROWS, kindOf, KINDS, type Kind } from '../model/kinds.ts';
import { NumberField } from './number-field.tsx';

interface Props {
  readonly scenario: Scenario;
  readonly chosen: Place | undefined;
  readonly onMove: (place: Place, frame: number) => void;
  readonly onKind: (place: Place, kind: Kind) => void;
  readonly onRemove: (place: Place) => void;
  readonly onAddRow: (label: Given) => void;
}

/** Changes the chosen marble by form, and adds rows. */
export function Editor({ scenario, chosen, onMove, onKind, onRemove, onAddRow }: Props) {
  const mark = chosen && markAt(scenario, chosen);
  const missing = GIVEN_ROWS.filter((label) => !scenario.given.some((row) => row.label === label));
  return (
    <form class="editor" aria-label="Change what happens" onSubmit={(event) => event.preventDefault()}>
      <fieldset disabled={mark === undefined}>
        <legend>
          {chosen === undefined || mark === undefined ? 'No marble is chosen' : `The marble in ${chosen.label}`}
        </legend>
        <Chosen {...{ scenario, chosen, mark, onMove, onKind, onRemove }} />
      </fieldset>
      <select
        aria-label="Add a row"
        value=""
        disabled={missing.length === 0}
        onChange={({ currentTarget }) => {
          const label = missing.find((each) => each === currentTarget.value);
          currentTarget.value = '';
          if (label !== undefined) onAddRow(label);
        }}
      >
        <option value="">+ add a row</option>
        {missing.map((label) => (
          <option key={label}>{label}</option>
        ))}
      </select>
    </form>
  );
}

type ChosenProps = Pick<Props, 'scenario' | 'chosen' | 'onMove' | 'onKind' | 'onRemove'> & {
  readonly mark: { readonly frame: number; readonly symbol: string } | undefined;
};

function Chosen({ scenario, chosen, mark, onMove, onKind, onRemove }: ChosenProps) {
  const kinds = chosen === undefined ? [] : KINDS[chosen.label];
  const kind = chosen !== undefined && mark !== undefined ? kindOf(chosen.label, mark.symbol, scenario) : undefined;
  const [least, most] = chosen === undefined ? [0, 0] : boundsFor(scenario, chosen);
  return (
    <>
      <label>
        is
        <select
          id={KIND_MENU}
          value={kind?.name ?? ''}
          onChange={({ currentTarget }) => {
            const wanted = kinds.find(({ name }) => name === currentTarget.value);
            if (chosen !== undefined && wanted !== undefined) onKind(chosen, wanted);
          }}
        >
          {kind !== undefined && !kinds.includes(kind) && <option>{kind.name}</option>}
          {kinds.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <label>
        at
        <NumberField
          value={mark?.frame}
          least={least}
          most={most}
          onValue={(frame) => chosen !== undefined && onMove(chosen, frame)}
        />
        ms
      </label>
      <button type="button" onClick={() => chosen !== undefined && onRemove(chosen)}>
        Remove
      </button>
    </>
  );
}

/** The id of the menu that says what the chosen marble is: on the way to it by Tab another marble would be chosen. */
export const KIND_MENU = 'kind-menu';
