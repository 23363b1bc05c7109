import type { MarkKind } from '../../picture/picture.ts';
import { MarkShape } from './shape.tsx';

/** What the shapes stand for. */
export const Legend = () => (
  <details class="legend">
    <summary>What the marbles mean</summary>
    <ul>
      {MEANINGS.map(([kind, symbol, meaning]) => (
        <li key={meaning}>
          <MarkShape kind={kind} symbol={symbol} /> {meaning}
        </li>
      ))}
    </ul>
  </details>
);

const MEANINGS: readonly (readonly [kind: MarkKind, symbol: string, meaning: string])[] = [
  ['data', 'x', 'cleartext: a byte, unless a diagram says more'],
  ['close_notify', 'N', 'close_notify, the end that TLS vouches for'],
  ['end', '|', 'the end of a stream: EOF, and on the wire a FIN'],
  ['fault', '#', 'a fault: reset, alert, broken record'],
  ['exit', '0', 'prog exits with this code'],
  ['timer', 'T', 'TCP is let go of'],
  ['other', 't', 'something else, such as a signal'],
  ['demand', 'h', 'reading: on, or stop'],
];
