import { tour } from 'explorer:content';
import { useEffect, useRef } from 'preact/hooks';
import { TOUR } from '../model/tour.ts';
import type { Result } from '../model/result.ts';

interface Props {
  readonly step: number | undefined;
  /** `undefined`: leave the tour. */
  readonly onStep: (step: number | undefined) => void;
}

/** A step of the guided tour: what docs/closing.md tells, and a question that is answered on the board. */
export function Tour({ step, onStep }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  const before = useRef(step);
  // A step begins at its heading, also for those who came from a button far below it.
  useEffect(() => {
    if (before.current !== step) heading.current?.focus();
    before.current = step;
  }, [step]);
  const text = step === undefined ? undefined : tour[step];
  if (step === undefined || text === undefined) {
    return (
      <p class="tour-invitation">
        New to this?{' '}
        <button type="button" onClick={() => onStep(0)}>
          Take the tour
        </button>{' '}
        Eight steps, from the end of a pipe to lingering, each with a question that you answer by dragging a marble.
      </p>
    );
  }
  return (
    <section class="tour" aria-labelledby="tour-heading">
      <nav aria-label="Steps of the tour">
        <ol>
          {tour.map(({ heading }, i) => (
            <li key={heading}>
              <button
                type="button"
                aria-current={i === step ? 'step' : undefined}
                aria-label={`${i + 1}: ${heading}`}
                onClick={() => onStep(i)}
              >
                {i + 1}
              </button>
            </li>
          ))}
        </ol>
        <button type="button" onClick={() => onStep(undefined)}>
          Leave the tour
        </button>
      </nav>
      <h2 id="tour-heading" ref={heading} tabIndex={-1}>
        {text.heading}
      </h2>
      <Html html={text.body} />
      <p class="steps">
        {step > 0 && (
          <button type="button" onClick={() => onStep(step - 1)}>
            Back
          </button>
        )}
        {step < tour.length - 1 && (
          <button type="button" onClick={() => onStep(step + 1)}>
            Next: {tour[step + 1]?.heading}
          </button>
        )}
      </p>
    </section>
  );
}

/** The question of a step, beside the board on which it is answered. */
export function Question({ step, result }: { readonly step: number; readonly result: Result }) {
  const text = tour[step];
  const answered = TOUR[step]?.answered(result.scenario, result.actual) === true;
  const exit = result.verdict === undefined ? 'no verdict yet' : `exit ${result.verdict.exit}`;
  if (text === undefined) return null;
  return (
    <section class={`question${answered ? ' answered' : ''}`} aria-label="The question of this step">
      <Html html={text.question} />
      <p role="status">
        <strong>{answered ? 'That is it.' : 'Not yet.'}</strong> Now: {exit}.
      </p>
      {/* It does not open of itself: that would push the board away from under the pointer. */}
      <details key={step}>
        <summary>Show the answer</summary>
        <Html html={text.answer} />
      </details>
    </section>
  );
}

/** HTML that the build has made of our own documentation; nothing else may come here. */
const Html = ({ html }: { readonly html: string }) => <div class="prose" dangerouslySetInnerHTML={{ __html: html }} />;
