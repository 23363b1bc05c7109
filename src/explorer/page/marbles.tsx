import { useLayoutEffect, useRef } from 'preact/hooks';
import type { PictureMark } from '../../picture/picture.ts';
import { PITCH } from '../../picture/shapes.ts';
import { useDrag } from './drag.ts';
import { MarkShape } from './shape.tsx';
import { WHY } from './why.tsx';

interface Marble {
  readonly mark: PictureMark;
  /** The row, for those who do not see it. */
  readonly label: string;
  /** Pixels from the left of its row to its middle. */
  readonly x: number;
  readonly chosen: boolean;
  /** It is pointed at, or has the focus. */
  readonly onLook: () => void;
}

/** A marble of a given row: it can be dragged, and moved by keys. For assistive technology it is a slider. */
export function GivenMarble({
  mark,
  label,
  x,
  chosen,
  onLook,
  onChoose,
  bounds,
  onStart,
  onDrag,
  onKey,
}: Marble & Movable) {
  const element = useRef<HTMLDivElement>(null);
  const held = useRef(false);
  useLayoutEffect(() => {
    if (held.current && chosen) element.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  });
  useDrag(element, {
    start: () => {
      held.current = true;
      element.current?.focus();
      onStart();
    },
    move: onDrag,
  });
  return (
    <div
      ref={element}
      class={`marble given${chosen ? ' chosen' : ''}`}
      style={{ left: `${x - PITCH / 2}px` }}
      role="slider"
      tabIndex={0}
      aria-label={`${label}: ${mark.meaning}`}
      aria-valuemin={bounds[0]}
      aria-valuemax={bounds[1]}
      aria-valuenow={mark.time}
      aria-valuetext={`at ${mark.time} ms`}
      onFocus={() => {
        onChoose();
        onLook();
      }}
      onPointerEnter={onLook}
      onBlur={({ relatedTarget }) => {
        if (relatedTarget !== null) held.current = false;
      }}
      onKeyDown={(event) => {
        if (event.altKey || event.ctrlKey || event.metaKey) return;
        held.current = true;
        if (onKey(event.key, event.shiftKey)) event.preventDefault();
      }}
    >
      <MarkShape {...mark} />
    </div>
  );
}

interface Movable {
  /** It has the focus. */
  readonly onChoose: () => void;
  readonly bounds: readonly [least: number, most: number];
  readonly onStart: () => void;
  /** `distance`: pixels since the start. */
  readonly onDrag: (distance: number) => void;
  /** Whether the key meant something. */
  readonly onKey: (key: string, shift: boolean) => boolean;
}

/** A marble that the graph has said: it says why it is there. */
export function ToldMarble({ mark, label, x, chosen, onLook, tabbable, onArrow, element }: Marble & Walked) {
  return (
    <button
      ref={element}
      type="button"
      class={`marble told${chosen ? ' chosen' : ''}`}
      style={{ left: `${x - PITCH / 2}px` }}
      tabIndex={tabbable ? 0 : -1}
      aria-label={`${label}: ${mark.meaning}, at ${mark.time} ms`}
      aria-describedby={WHY}
      onFocus={onLook}
      onClick={onLook}
      onPointerEnter={onLook}
      onKeyDown={(event) => {
        const by = ARROWS[event.key];
        if (by === undefined) return;
        event.preventDefault();
        onArrow(by);
      }}
    >
      <MarkShape {...mark} />
    </button>
  );
}

interface Walked {
  /** Tab comes to one marble of a row only; arrows go on from there. */
  readonly tabbable: boolean;
  readonly onArrow: (by: 1 | -1) => void;
  readonly element: (element: HTMLButtonElement | null) => void;
}

const ARROWS: Readonly<Record<string, 1 | -1>> = { ArrowRight: 1, ArrowLeft: -1 };
