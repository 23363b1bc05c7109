import { useEffect, useState } from 'preact/hooks';
import type { Protocol } from '../../../graph/vocabulary.ts';
import { scenarioPicture } from '../../diagram/picture.ts';
import { svg } from '../../picture/svg.ts';
import type { Result } from '../model/result.ts';

/** What is printed instead of the board: the pictures as the documentation has them, which fit on paper. */
export function Paper({ results, protocol }: { readonly results: readonly Result[]; readonly protocol: Protocol }) {
  const printing = usePrinting();
  if (!printing) return null;
  return (
    <div class="paper">
      {results.map(({ scenario, actual, options }, i) => {
        const picture = { ...scenarioPicture(scenario, protocol, actual), title: `Under ${options}` };
        const html = svg(picture, { time: 'event', id: `paper-${i}` }, { styled: true });
        // Markup of our own, in which all text is escaped (src/picture/markup.ts).
        return <div key={i} dangerouslySetInnerHTML={{ __html: html }} />;
      })}
    </div>
  );
}

/** Whether the page is on its way to paper. */
function usePrinting(): boolean {
  const [printing, setPrinting] = useState(() => matchMedia('print').matches);
  useEffect(() => {
    const media = matchMedia('print');
    const changed = ({ matches }: { readonly matches: boolean }): void => setPrinting(matches);
    media.addEventListener('change', changed);
    return () => media.removeEventListener('change', changed);
  }, []);
  return printing;
}
