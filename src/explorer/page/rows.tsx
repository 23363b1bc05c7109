import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Given } from '../../diagram/scenario.ts';
import { endsRow } from '../../picture/layout.ts';
import type { PictureRow } from '../../picture/picture.ts';
import { boundsFor, type Place } from '../model/edit.ts';
import { KINDS, type Kind } from '../model/kinds.ts';
import type { ToldRow as Row } from '../model/result.ts';
import { frameAt, type BoardLayout } from './board-layout.ts';
import { GivenMarble, ToldMarble } from './marbles.tsx';
import type { Scenario } from '../../diagram/scenario.ts';
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
              key={keyOf(row, index)}
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

/** The same for a marble wherever it is moved, so that it stays the same element: its symbol, and which one with that symbol it is. */
const keyOf = ({ marks }: PictureRow, index: number): string => {
  const symbol = marks[index]?.symbol;
  return `${symbol} ${marks.slice(0, index).filter((mark) => mark.symbol === symbol).length}`;
};

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

interface ToldProps {
  readonly row: Row;
  /** Of which result. */
  readonly result: number;
  readonly layout: BoardLayout;
  /** Under which options, for those who do not see where it stands. */
  readonly under: string;
  /** It is not the same under the other policy. */
  readonly differs: boolean;
  readonly looked: Look | undefined;
  readonly onLook: (look: Look) => void;
}

/** A row of what the graph says about it. */
export function ToldRow({ row, result, layout, under, differs, looked, onLook }: ToldProps) {
  const [current, setCurrent] = useState(0);
  const elements = useRef<(HTMLButtonElement | null)[]>([]);
  const reachable = Math.min(current, Math.max(row.marks.length - 1, 0));
  const where = `${row.label}, ${under}`;
  return (
    <div class={`row${differs ? ' differs' : ''}`} role="group" aria-label={`${where}${differs ? ', differs' : ''}`}>
      <div class="head">
        <span class="label">{row.label}</span>
        {differs && <span class="badge">differs</span>}
      </div>
      <div class="track">
        <Line row={row} layout={layout} />
        {row.marks.map((mark, index) => (
          <ToldMarble
            key={index}
            element={(element) => (elements.current[index] = element)}
            mark={mark}
            label={where}
            x={layout.xOf(row, index)}
            chosen={looked?.result === result && looked.label === row.label && looked.index === index}
            tabbable={index === reachable}
            onLook={() => {
              setCurrent(index);
              onLook({ result, label: row.label, index });
            }}
            onArrow={(by) => elements.current[index + by]?.focus()}
          />
        ))}
      </div>
    </div>
  );
}

/** The line on which marbles sit: up to the end, if the row has one; and a frame around those of one moment. */
function Line({ row, layout }: { readonly row: PictureRow; readonly layout: BoardLayout }) {
  const last = row.marks.length - 1;
  const ended = row.marks[last] !== undefined && endsRow(row, row.marks[last]);
  return <div class="line" style={{ width: ended ? `${layout.xOf(row, last)}px` : '100%' }} />;
}

const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1, PageUp: 100, PageDown: -100 };
