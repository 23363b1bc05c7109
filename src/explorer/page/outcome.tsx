import type { Result } from '../model/result.ts';

/** The verdict of each result, and what its policy means. */
export function Outcome({ results }: { readonly results: readonly Result[] }) {
  return (
    <div class="outcomes">
      {results.map(({ options, rule, verdict, actual: { broken } }, i) => (
        <section
          key={i}
          class="outcome"
          aria-label={`${i === 0 ? 'Verdict' : 'Compared with: verdict'} under ${options}`}
        >
          <p>
            <code>{options}</code> {rule.says} <cite>{rule.clause}</cite>
          </p>
          <output class="verdict" aria-live={i === 0 ? 'polite' : 'off'}>
            {verdict === undefined ? OPEN : `${verdict.line}; exit ${verdict.exit}`}
          </output>
          {verdict !== undefined && broken.length > 0 && (
            <p class="fault">
              What is given cannot happen on a real connection; or else this is a bug: {broken.join('; ')}
            </p>
          )}
        </section>
      ))}
    </div>
  );
}

const OPEN = 'There is no verdict yet: it comes when prog has exited, both sides have ended, and TCP is gone.';
