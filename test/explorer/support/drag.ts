import type { Locator, Page } from 'playwright-core';

/** A way to take something on the page, to move it, and to let go of it. */
export interface Pointer {
  readonly down: (x: number, y: number) => Promise<void>;
  readonly move: (x: number, y: number) => Promise<void>;
  readonly up: () => Promise<void>;
}

export const mouse = ({ mouse }: Page): Pointer => ({
  down: async (x, y) => {
    await mouse.move(x, y);
    await mouse.down();
  },
  move: (x, y) => mouse.move(x, y),
  up: () => mouse.up(),
});

/** A finger; the window must have been opened with `hasTouch`. */
export async function finger(page: Page): Promise<Pointer> {
  const session = await page.context().newCDPSession(page);
  const touch = async (type: 'touchStart' | 'touchMove' | 'touchEnd', touchPoints: { x: number; y: number }[]) => {
    await session.send('Input.dispatchTouchEvent', { type, touchPoints });
  };
  return {
    down: (x, y) => touch('touchStart', [{ x, y }]),
    move: (x, y) => touch('touchMove', [{ x, y }]),
    up: () => touch('touchEnd', []),
  };
}

/** Drags something by so many pixels, in as many steps as a hand makes, and lets go of it. */
export async function dragBy(pointer: Pointer, what: Locator, pixels: number): Promise<void> {
  await what.scrollIntoViewIfNeeded();
  const { x, y } = await middleOf(what);
  await pointer.down(x, y);
  for (let step = 1; step <= STEPS; step += 1) await pointer.move(x + (pixels * step) / STEPS, y + step / 2);
  await pointer.up();
}

/** Drags something along its row until it stands under something else. */
export async function dragTo(pointer: Pointer, what: Locator, target: Locator): Promise<void> {
  await dragBy(pointer, what, (await middleOf(target)).x - (await middleOf(what)).x);
}

/** In pixels, in the window. */
export async function middleOf(what: Locator): Promise<{ x: number; y: number }> {
  const box = await what.boundingBox();
  if (box === null) throw new Error(`not to be seen: ${String(what)}`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

const STEPS = 5;
