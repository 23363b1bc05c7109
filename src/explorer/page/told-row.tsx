import { useRef, useState } from 'preact/hooks';
import type { ToldRow as Row } from '../model/result.ts';
import type { BoardLayout } from './board-layout.ts';
import { Line } from './line.tsx';
import { ToldMarble } from './marbles.tsx';
import type { Look } from './why.tsx';

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
    <div class="row" role="group" aria-label={`${where}${differs ? ', differs' : ''}`}>
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
