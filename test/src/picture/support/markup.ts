/** An element: where it stands, as the names of those around it and its own, and the text directly in it. */
export interface Element {
  readonly path: string;
  readonly text: string;
}

/** Reads what our renderers write, strictly: throws when an element is not closed, or when a stray `<`, `>` or `&` is in a text. */
export function elementsOf(markup: string): readonly Element[] {
  const elements: { path: string; text: string }[] = [];
  const open: { path: string; text: string }[] = [];
  for (const [token] of markup.trim().matchAll(TOKEN)) {
    const [, slash, name = '', closed] = /^<(\/?)([\w!]+)[^>]*?(\/?)>$/.exec(token) ?? [];
    const around = open.at(-1);
    if (name === '') {
      if (/[<>]|&(?!#\d+;)/.test(token) && !around?.path.endsWith('style')) throw new Error(`stray markup: ${token}`);
      if (around !== undefined)
        around.text += token.replaceAll(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
    } else if (slash === '/') {
      if (!open.pop()?.path.endsWith(` ${name}`)) throw new Error(`${token} closes nothing`);
    } else if (name !== '!doctype') {
      const element = { path: `${around?.path ?? ''} ${name}`, text: '' };
      elements.push(element);
      if (closed !== '/' && name !== 'meta') open.push(element);
    }
  }
  if (open.length > 0) throw new Error(`not closed: ${String(open.at(-1)?.path)}`);
  return elements;
}

const TOKEN = /<[^>]*>|[^<]+/g;
