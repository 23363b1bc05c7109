/** What is to be reached, and what was. */
export interface Target {
  readonly what: string;
  readonly wanted: 'at most' | 'at least';
  readonly bound: number;
  /** NaN: not measured. */
  readonly measured: number;
  /** A ratio when there is none. */
  readonly unit?: string;
}
