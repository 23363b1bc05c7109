import { oneLine } from '../one-line.ts';

/** Text that has become part of XML or HTML; only {@link tag} and {@link text} make it. */
export type Markup = string & { readonly markup: unique symbol };

/** Text as it stands in an element or an attribute: what markup is made of is escaped, and what XML 1.0 forbids (§2.2). */
export const text = (raw: string): Markup =>
  oneLine(raw).replaceAll(/[&<>"']/g, (c) => `&#${String(c.charCodeAt(0))};`) as Markup;

/** An element. Values are escaped, numbers rounded to a tenth of a pixel. */
export function tag(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  ...children: readonly Markup[]
): Markup {
  const pairs = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${text(typeof value === 'number' ? String(Number(value.toFixed(1))) : value)}"`,
  );
  const opening = `<${name}${pairs.join('')}`;
  if (VOID.has(name)) return `${opening}>` as Markup;
  return (children.length === 0 ? `${opening}/>` : `${opening}>${children.join('')}</${name}>`) as Markup;
}

/** Rules of CSS; they must not come from outside. */
export const css = (rules: string): Markup => rules as Markup;

/** Elements of HTML that have no end (HTML Living Standard §13.1.2), as far as they are used. */
const VOID = new Set(['meta']);
