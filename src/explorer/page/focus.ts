import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

/** Keeps the focus on the page when what has it is taken away, or can have it no longer: what then stands in its place gets it. */
export function useKeptFocus(): void {
  const place = useRef(NOWHERE);
  useEffect(() => {
    const came = ({ target }: FocusEvent): void =>
      void (place.current = reachable().findIndex((each) => each === target));
    // A click on nothing takes the focus away, too, and that is meant.
    const pressed = (): void => void (place.current = NOWHERE);
    addEventListener('pointerdown', pressed, true);
    addEventListener('focusin', came);
    return () => {
      removeEventListener('pointerdown', pressed, true);
      removeEventListener('focusin', came);
    };
  }, []);
  useLayoutEffect(() => {
    const { activeElement, body } = document;
    const all = reachable();
    // What is disabled loses the focus only with the next frame.
    if (activeElement !== null && activeElement !== body && !activeElement.matches(':disabled')) {
      place.current = all.findIndex((each) => each === activeElement);
    } else if (place.current !== NOWHERE) all[Math.min(place.current, all.length - 1)]?.focus();
  });
}

/** All that can have the focus, in the order of Tab. */
const reachable = (): readonly HTMLElement[] =>
  Array.from(document.querySelectorAll<HTMLElement>('button, select, input, summary, [tabindex="0"]')).filter(
    (element) => !element.matches(':disabled, [tabindex="-1"]'),
  );

const NOWHERE = -1;
