/** What a field must be. */
export interface Form {
  readonly is: (value: unknown) => boolean;
  /** For people: `is not …`. */
  readonly told: string;
  /** The field may be missing. */
  readonly optional?: true;
}

/** Fields by name. */
export type Fields = Readonly<Record<string, Form>>;

/** What is wrong with the first field that is missing or is not what it must be, for people. */
export function fieldFault(line: Readonly<Record<string, unknown>>, fields: Fields): string | undefined {
  for (const [name, { is, told, optional }] of Object.entries(fields)) {
    if (!Object.hasOwn(line, name)) {
      if (optional === undefined) return `${name} is missing`;
    } else if (!is(line[name])) return `${name} is not ${told}`;
  }
  return undefined;
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value as it stands in the file, or its beginning. */
export const tell = (value: unknown): string =>
  value === undefined ? 'none' : JSON.stringify(value).slice(0, MOST_TOLD);

export const text: Form = { is: (value) => typeof value === 'string', told: 'a text' };
export const flag: Form = { is: (value) => typeof value === 'boolean', told: 'true or false' };

/** A whole number within bounds. */
export const whole = (least: number, most = Number.MAX_SAFE_INTEGER): Form => ({
  is: (value) => Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most,
  told: `a whole number from ${least}${most === Number.MAX_SAFE_INTEGER ? '' : ` to ${most}`}`,
});

/** What must not be there besides something else. */
export const nothing: Form = { is: () => false, told: 'possible here', optional: true };

/** One of a few words. */
export const one = (...words: readonly unknown[]): Form => ({
  is: (value) => words.includes(value),
  told: words.length === 1 ? tell(words[0]) : `one of ${words.map(tell).join(', ')}`,
});

export const matches = (pattern: RegExp, told: string): Form => ({
  is: (value) => typeof value === 'string' && pattern.test(value),
  told,
});

export const optional = (form: Form): Form => ({ ...form, optional: true });

/** An object of one of several forms. */
export const record = (...alternatives: readonly Fields[]): Form => ({
  is: (value) => isRecord(value) && alternatives.some((fields) => fieldFault(value, fields) === undefined),
  told: `an object with ${alternatives.map(needed).join(', or with ')}`,
});

const needed = (fields: Fields): string =>
  Object.keys(fields)
    .filter((name) => fields[name]?.optional === undefined)
    .join(' and ');

export const orNull = (form: Form): Form => ({
  is: (value) => value === null || form.is(value),
  told: `null or ${form.told}`,
});

/** Characters. */
const MOST_TOLD = 60;
