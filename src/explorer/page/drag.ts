import { drag, type D3DragEvent } from 'd3-drag';
import { select } from 'd3-selection';
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

export interface Dragging {
  readonly start: () => void;
  /** How far the pointer has come since the start, in pixels. */
  readonly move: (distance: number) => void;
}

/** Lets an element be dragged along its row, by mouse, pen or finger; d3-drag knows how they differ. */
export function useDrag(element: RefObject<HTMLElement | null>, dragging: Dragging): void {
  // The element lives on while it is dragged and everything around it is computed anew: d3 is told once whom to ask.
  const latest = useRef(dragging);
  latest.current = dragging;
  useEffect(() => {
    const { current } = element;
    if (current === null) return;
    let from = 0;
    const behaviour = drag<HTMLElement, unknown>()
      .container(() => current.parentElement ?? current)
      .on('start', ({ x }: Drag) => {
        from = x;
        latest.current.start();
      })
      .on('drag', ({ x }: Drag) => latest.current.move(x - from));
    const selected = select<HTMLElement, unknown>(current).call(behaviour);
    return () => void selected.on('.drag', null);
  }, []);
}

type Drag = D3DragEvent<HTMLElement, unknown, unknown>;
