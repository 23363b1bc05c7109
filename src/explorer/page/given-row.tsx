import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Given, Scenario } from '../../diagram/scenario.ts';
import type { PictureRow } from '../../picture/picture.ts';
import { boundsFor, type Place } from '../model/edit.ts';
import { KINDS, type Kind } from '../model/kinds.ts';
import { frameAt, type BoardLayout } from './board-layout.ts';
import { idOf } from './identity.ts';
import { Line } from './line.tsx';
import { KIND_MENU } from './editor.tsx';
import { GivenMarble } from './marbles.tsx';
import type { Look } from './why.tsx';

interface GivenProps {
  readonly row: PictureRow;
  readonly scenario: Scenario;
  readonly layout: BoardLayout;
  readonly chosen: Place | undefined;
  readonly onChoose: (place: Place) => void;
  readonly onLook: (look: Look) => void;
  readonly onMove: (place: Place, frame: number) => void;
  readonly onRemove: (place: Place) => void;
  readonly onAdd: (label: Given, kind: Kind) => void;
  readonly onRemoveRow: (label: Given) => void;
}

/** A row of what happens. */
export function GivenRow(props: GivenProps) {
  const { row, scenario, layout, chosen, onChoose, onLook, onMove, onRemove, onAdd, onRemoveRow } = props;
  const label = row.label as Given;
  const marks = scenario.given.find((given) => given.label === label)?.marks ?? [];
  // While a marble is dragged the board is laid out anew: that of the start says where the pointer is.
  const held = useRef({ x: 0, layout });
  const element = useRef<HTMLDivElement>(null);
  const removed = useRef(false);
  // A marble that is taken away takes the focus with it: the next one gets it, or what adds another.
  useLayoutEffect(() => {
    if (!removed.current) return;
    removed.current = false;
    const row = element.current;
    (row?.querySelector<HTMLElement>('.chosen') ?? row?.querySelector('select'))?.focus();
  });
  return (
    <div ref={element} class="row" role="group" aria-label={label}>
      <div class="head">
        <span class="label">{label}</span>
        <Add label={label} onAdd={(kind) => onAdd(label, kind)} />
        <button
          type="button"
          class="small"
          aria-label={`Take the row ${label} away`}
          title="Take this row away"
          onClick={() => onRemoveRow(label)}
        >
          ×
        </button>
      </div>
      <div class="track">
        <Line row={row} layout={layout} />
        {row.marks.map((mark, index) => {
          const place = { label, index };
          const isChosen = chosen?.label === label && chosen.index === index;
          const move = (frame: number): void => onMove(place, frame);
          return (
            <GivenMarble
              key={marks[index] && idOf(marks[index])}
              mark={mark}
              label={label}
              x={layout.xOf(row, index)}
              chosen={isChosen}
              bounds={boundsFor(scenario, place)}
              onLook={() => onLook({ result: 'given', ...place })}
              onChoose={() => onChoose(place)}
              onStart={() => (held.current = { x: layout.xOf(row, index), layout })}
              onDrag={(distance) => move(frameAt(held.current.layout, held.current.x + distance))}
              onKey={(key, shift) => {
                if (key === 'Delete' || key === 'Backspace') {
                  removed.current = true;
                  onRemove(place);
                } else if (Object.hasOwn(STEPS, key)) move(mark.time + (STEPS[key] ?? 0) * (shift ? 10 : 1));
                else if (key === 'Home') move(0);
                else if (key === 'End') move(layout.moments.at(-1)?.time ?? mark.time);
                else if (key === 'Enter') document.getElementById(KIND_MENU)?.focus();
                else return false;
                return true;
              }}
            />
          );
        })}
      </div>
    </div>
  );
}

/** A menu of what can be added to a row. */
function Add({ label, onAdd }: { readonly label: Given; readonly onAdd: (kind: Kind) => void }) {
  return (
    <select
      class="small add"
      aria-label={`Add to ${label}`}
      value=""
      onChange={({ currentTarget }) => {
        const kind = KINDS[label].find(({ name }) => name === currentTarget.value);
        currentTarget.value = '';
        if (kind !== undefined) onAdd(kind);
      }}
    >
      <option value="">+ add</option>
      {KINDS[label].map(({ name }) => (
        <option key={name}>{name}</option>
      ))}
    </select>
  );
}

const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1, PageUp: 100, PageDown: -100 };
