/** What the build brings into the page: scripts/build/explorer.mjs. */
declare module 'explorer:content' {
  /** The files in diagrams/, by their names without `.yaml`. */
  export const diagrams: Readonly<Record<string, DiagramText>>;

  /** The tour, from docs/closing.md. */
  export const tour: readonly import('../model/tour.ts').TourText[];

  export interface DiagramText {
    readonly title: string;
    readonly policy: string;
    readonly text: string;
  }
}
