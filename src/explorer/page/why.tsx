import type { Reason } from '../../diagram/reasons.ts';
import type { PictureMark } from '../../picture/picture.ts';
import type { Result } from '../model/result.ts';

/** The marble that somebody looks at: one that is given, or one that was said in one of the results. */
export interface Look {
  readonly result: number | 'given';
  readonly label: string;
  readonly index: number;
}

/** Says why a marble is there. Its place and its size stay, whatever it says. */
export function Why({ look, results }: { readonly look: Look | undefined; readonly results: readonly Result[] }) {
  const seen = look && seenIn(results, look);
  return (
    <aside class="why" aria-labelledby="why-heading" tabIndex={0}>
      <h2 id="why-heading">Why?</h2>
      <div id={WHY} class="why-text">
        {seen === undefined ? <p class="muted">{NOTHING}</p> : <Told {...seen} />}
      </div>
    </aside>
  );
}

interface Seen {
  readonly where: string;
  readonly mark: PictureMark;
  /** None for what is given. */
  readonly reasons: readonly Reason[];
}

/** What there is now: the marble may have changed, or have gone, since somebody began to look at it. */
function seenIn(results: readonly Result[], { result, label, index }: Look): Seen | undefined {
  if (result === 'given') {
    const mark = results[0]?.given.find((row) => row.label === label)?.marks[index];
    return mark && { where: label, mark, reasons: [] };
  }
  const { told = [], options = '' } = results[result] ?? {};
  const mark = told.find((row) => row.label === label)?.marks[index];
  return mark && { where: `${label}, ${options}`, mark, reasons: mark.reasons };
}

function Told({ where, mark: { meaning, time }, reasons }: Seen) {
  return (
    <>
      <p>
        <strong>{meaning}</strong>, {where}, at {time} ms
      </p>
      {reasons.length === 0 && (
        <p>
          This is given: drag it, or move it with the arrow keys (with Shift by 10 ms, with Page Up and Page Down by
          100). Enter goes to what it is, Delete takes it away.
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
