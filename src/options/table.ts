interface Names {
  /** What is rarely typed has none. */
  readonly letter?: string;
  readonly long: string;
  readonly meaning: string;
}

/** A word that stands alone. Those with one `field` are opposed: the last of them wins. */
interface Switch<Field = string, Value = unknown> extends Names {
  readonly field: Field;
  readonly value: Value;
}

/** A word with a whole number after it, from `least` (0 when left out) to `most`. */
export interface Numeric<Field = string> extends Names {
  readonly field: Field;
  readonly argument: string;
  readonly least?: number;
  readonly most: number;
}

/** A word with the name of a file after it; never an empty one. */
export interface Named<Field = string> extends Names {
  readonly field: Field;
  readonly argument: string;
}

/** An option of any program, as the walk over argv and the help text see it. */
export type Option = Switch | Numeric | Named;

/** An option of the program whose command line means an `O`: its field is there, and its value fits. */
export type OptionOf<O> =
  { [F in SwitchField<O>]: Switch<F, O[F]> }[SwitchField<O>] | Numeric<NumberField<O>> | Named<NameField<O>>;

/** What makes a program out of a table. */
export interface Program<O> {
  readonly name: string;
  /** What the words after the program's name are. */
  readonly usage: string;
  readonly description: string;
  readonly options: readonly Option[];
  readonly defaults: O;
  /** The variables that it reads, each with its meaning. */
  readonly environment: readonly (readonly [string, string])[];
}

type NumberField<O> = { [F in keyof O]: NonNullable<O[F]> extends number ? F : never }[keyof O];
type NameField<O> = { [F in keyof O]: string extends NonNullable<O[F]> ? F : never }[keyof O];
type SwitchField<O> = Exclude<keyof O, NumberField<O> | NameField<O>>;
