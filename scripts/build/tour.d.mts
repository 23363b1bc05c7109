import type { TourText } from '../../src/explorer/model/tour.ts';

/** See tour.mjs. */
export function tourTexts(markdown: string): readonly TourText[];
