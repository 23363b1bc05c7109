import type { Reason } from '../../diagram/reasons.ts';

/** What is told of the marble that somebody looks at. */
export interface Look {
  /** The row, and under which options, if there are two. */
  readonly where: string;
  readonly meaning: string;
  readonly time: number;
  /** None for what is given. */
  readonly reasons: readonly Reason[];
}

/** Says why a marble is there. Its place and its size stay, whatever it says. */
export function Why({ look }: { readonly look: Look | undefined }) {
  return (
    <aside class="why" aria-labelledby="why-heading" tabIndex={0}>
      <h2 id="why-heading">Why?</h2>
      <div id={WHY} class="why-text">
        {look === undefined ? <p class="muted">{NOTHING}</p> : <Told {...look} />}
      </div>
    </aside>
  );
}

function Told({ where, meaning, time, reasons }: Look) {
  return (
    <>
      <p>
        <strong>{meaning}</strong>, {where}, at {time} ms
      </p>
      {reasons.length === 0 && (
        <p>
          This is given: drag it, or move it with the arrow keys (with Shift by 10 ms, with Page Up and Page Down by
          100). Delete takes it away.
        </p>
      )}
      {reasons.map(({ operator, says, clause }) => (
        <p key={says}>
          <code>{operator}</code> {says} <cite>{clause}</cite>
        </p>
      ))}
    </>
  );
}

/** The id of the text, for the marbles that it describes. */
export const WHY = 'why-text';

const NOTHING =
  'Point at a marble, or go to it with the keyboard: here stands which operator of the graph has put it there, and which rule it follows.';
