import type { Given, Scenario } from '../../diagram/scenario.ts';
import { tellTime } from '../../picture/printable.ts';
import { PITCH } from '../../picture/shapes.ts';
import type { Place } from '../model/edit.ts';
import type { Kind } from '../model/kinds.ts';
import type { Result, ToldRow as Row } from '../model/result.ts';
import { boardLayout, type BoardLayout } from './board-layout.ts';
import { GivenRow } from './given-row.tsx';
import { ToldRow } from './told-row.tsx';
import type { Look } from './why.tsx';

interface Props {
  readonly scenario: Scenario;
  /** One, or two to compare; what is given is the same in both. */
  readonly results: readonly Result[];
  readonly chosen: Place | undefined;
  readonly onChoose: (place: Place) => void;
  readonly onMove: (place: Place, frame: number) => void;
  readonly onRemove: (place: Place) => void;
  readonly onAdd: (label: Given, kind: Kind) => void;
  readonly onRemoveRow: (label: Given) => void;
  readonly looked: Look | undefined;
  readonly onLook: (look: Look) => void;
}

/** All rows on one axis of time. */
export function Board(props: Props) {
  const { results, looked, onLook } = props;
  const [first] = results;
  const given = first?.given ?? [];
  const layout = boardLayout([...given, ...results.flatMap(({ told }) => told)]);
  return (
    <div class="board" role="region" aria-label="Rows of marbles">
      <div class="canvas" style={{ '--width': `${layout.width}px` }}>
        <Guides layout={layout} />
        <Times layout={layout} />
        <section aria-labelledby="given-heading">
          <h3 id="given-heading">What happens</h3>
          {given.map((row) => (
            <GivenRow key={row.label} {...props} row={row} layout={layout} />
          ))}
        </section>
        {results.map(({ options, told }, i) => (
          <section key={i} aria-labelledby={`told-${i}`}>
            <h3 id={`told-${i}`}>
              {/* -s and -S sound the same. */}
              {i === 0 ? 'What s6-tlsd does' : 'Compared with'}: <code>{options}</code>
            </h3>
            {told.map((row) => (
              <ToldRow
                key={row.label}
                row={row}
                result={i}
                layout={layout}
                under={options}
                differs={i === 1 && differs(row, first)}
                looked={looked}
                onLook={onLook}
              />
            ))}
          </section>
        ))}
      </div>
    </div>
  );
}

/** Whether a row is not the same in the other result. */
function differs(row: Row, other: Result | undefined): boolean {
  const marks = other?.told.find(({ label }) => label === row.label)?.marks ?? [];
  const tell = (all: Row['marks']): string => all.map(({ time, symbol }) => `${time}${symbol}`).join();
  return tell(marks) !== tell(row.marks);
}

/** When it is, above the rows. */
function Times({ layout }: { readonly layout: BoardLayout }) {
  return (
    <div class="row times" aria-hidden="true">
      <div class="head">ms</div>
      <div class="track">
        {layout.moments.map(({ at, time }) => (
          <span key={at} class="time" style={{ left: `${at + PITCH / 2}px` }}>
            {time < 1000 ? time : `${time / 1000} s`}
          </span>
        ))}
      </div>
    </div>
  );
}

/** Behind the rows: a line for each moment, and where time was left out. */
function Guides({ layout }: { readonly layout: BoardLayout }) {
  return (
    <div class="guides" aria-hidden="true">
      {layout.moments.map(({ at }) => (
        <div key={`m${at}`} class="guide" style={{ left: `${at + PITCH / 2}px` }} />
      ))}
      {layout.silences.map(({ at, columns, milliseconds }) => (
        <div key={`s${at}`} class="hole" style={{ left: `${at + 4}px`, width: `${columns - 8}px` }}>
          {tellTime(Math.round(milliseconds))}
        </div>
      ))}
    </div>
  );
}
