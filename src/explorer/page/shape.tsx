import { Component, createElement } from 'preact';
import type { PictureMark } from '../../picture/picture.ts';
import { BASELINE, MARK_RADIUS, PITCH, shapeOf } from '../../picture/shapes.ts';

type Props = Pick<PictureMark, 'kind' | 'symbol'>;

/** A mark, as the pictures draw it. What it means is told by the element around it. */
export class MarkShape extends Component<Props> {
  // While somebody drags, a hundred marbles are drawn with every frame, and few of them become another one.
  override shouldComponentUpdate({ kind, symbol }: Props): boolean {
    return kind !== this.props.kind || symbol !== this.props.symbol;
  }

  override render({ kind, symbol }: Props) {
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
}

const HALF = MARK_RADIUS + 3;
