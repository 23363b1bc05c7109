import { createElement } from 'preact';
import type { PictureMark } from '../../picture/picture.ts';
import { BASELINE, MARK_RADIUS, PITCH, shapeOf } from '../../picture/shapes.ts';

/** A mark, as the pictures draw it. What it means is told by the element around it. */
export function MarkShape({ kind, symbol }: Pick<PictureMark, 'kind' | 'symbol'>) {
  const { name, attributes } = shapeOf(kind, 0, 0);
  return (
    <svg
      class="mt"
      viewBox={`${-PITCH / 2} ${-HALF} ${PITCH} ${2 * HALF}`}
      width={PITCH}
      height={2 * HALF}
      aria-hidden="true"
    >
      {createElement(name, { class: kind, ...attributes })}
      {kind !== 'end' && (
        <text class={`mono symbol ${kind}-text`} x="0" y={BASELINE}>
          {symbol}
        </text>
      )}
    </svg>
  );
}

const HALF = MARK_RADIUS + 3;
