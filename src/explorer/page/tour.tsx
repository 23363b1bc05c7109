import { tour } from 'explorer:content';
import { useEffect, useRef } from 'preact/hooks';
import { TOUR } from '../model/tour.ts';
import type { Result } from '../model/result.ts';

interface Props {
  readonly step: number | undefined;
  /** What the page shows now. */
  readonly result: Result;
  /** `undefined`: leave the tour. */
  readonly onStep: (step: number | undefined) => void;
}

/** A step of the guided tour: what docs/closing.md tells, and a question that is answered on the board. */
export function Tour({ step, result, onStep }: Props) {
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
  const answered = TOUR[step]?.answered(result.scenario, result.actual) === true;
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
      <div class="tour-text">
        <Html html={text.body} />
        <div class={`question${answered ? ' answered' : ''}`}>
          <h3>Try it</h3>
          <Html html={text.question} />
          <p role="status">
            {answered
              ? 'That is it. The answer says why.'
              : 'Not yet: drag a marble below, or move it with the arrow keys.'}
          </p>
          {/* It does not open of itself: that would push the board away from under the pointer. */}
          <details key={step}>
            <summary>Show the answer</summary>
            <Html html={text.answer} />
          </details>
        </div>
      </div>
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

/** HTML that the build has made of our own documentation; nothing else may come here. */
const Html = ({ html }: { readonly html: string }) => <div class="prose" dangerouslySetInnerHTML={{ __html: html }} />;
