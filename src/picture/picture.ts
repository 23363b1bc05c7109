/** What is to be drawn, whether it was recorded, played or written down: named rows of marks on one time axis. */
export interface Picture {
  /** One line: the rule, or which connection this was. */
  readonly title: string;
  /** The text alternative: what the picture shows, for those who do not see it. */
  readonly description: string;
  readonly rows: readonly PictureRow[];
  /** Lines below the rows: verdict, exit status. */
  readonly caption: readonly string[];
}

export interface PictureRow {
  readonly label: string;
  /** `given`: what the world did. `told`: what we did about it. `wire`: TLS records and the ends of TCP. `law`: which laws decided. */
  readonly group: 'given' | 'told' | 'wire' | 'law';
  readonly marks: readonly PictureMark[];
}

export interface PictureMark {
  /** Milliseconds from the beginning, with fractions. */
  readonly time: number;
  /** The moment, counted from 0: marks of one step happened as one, whatever the clock says. Never decreases with time. */
  readonly step: number;
  /** One character of the alphabet of diagrams/. */
  readonly symbol: string;
  readonly kind: MarkKind;
  /** A few words: `close_notify`, `6 bytes`, `application_data record of 24 bytes`. */
  readonly meaning: string;
}

export type MarkKind = 'data' | 'close_notify' | 'end' | 'fault' | 'timer' | 'exit' | 'demand' | 'record' | 'other';
