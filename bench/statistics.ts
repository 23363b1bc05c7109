/** The value below which the share `p` (0 to 1) of the numbers lies, interpolated between neighbours; NaN of none. */
export function quantile(numbers: readonly number[], p: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const place = p * (sorted.length - 1);
  const [below = NaN, above = below] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return below + (above - below) * (place - Math.floor(place));
}

/** The middle of the numbers; NaN of none. */
export const median = (numbers: readonly number[]): number => quantile(numbers, 0.5);

/** The greatest of the numbers; NaN of none. */
export const most = (numbers: readonly number[]): number => quantile(numbers, 1);

/**
 * How much `y` grows for each 1 of `x`: the median of the slopes between any two points (Theil and Sen), which a few points that stand out do
 * not move. NaN of less than two.
 */
export const slope = (points: readonly { readonly x: number; readonly y: number }[]): number =>
  median(points.flatMap((one, place) => points.slice(place + 1).map((other) => (other.y - one.y) / (other.x - one.x))));
