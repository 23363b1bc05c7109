/** Round times from `from` to `until`, about `count` of them and never more: 1, 2 or 5 times a power of ten apart. */
export function ticks(from: number, until: number, count: number): readonly number[] {
  const least = (until - from) / Math.max(count, 1);
  if (!(least > 0)) return [from];
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((width) => width >= least) ?? 10 * power;
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.max(Math.floor(until / step) - first + 1, 0) }, (_, i) => (first + i) * step);
}
