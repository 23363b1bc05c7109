import { readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { systemReason } from '../../messages.ts';
import { here } from '../../prog/here.ts';
import { Trouble } from '../trouble.ts';

/** The page of the explorer: all of it is in one file. */
export interface Page {
  readonly html: Buffer;
  /** The Content-Security-Policy that its `<meta>` sets: it names the page's own script and style by their hashes. */
  readonly policy: string;
}

/** Where the page is: next to the bundle, or in dist/ as seen from the sources. */
export const pageFile = (): string => {
  const file = here();
  return join(dirname(file), extname(file) === '.ts' ? '../../dist/explorer.html' : 'explorer.html');
};

/**
 * Reads the page.
 *
 * @throws Trouble when it cannot be read, and when it sets no policy: then it is not the page that we made.
 */
export function readPage(file: string): Page {
  let html: Buffer;
  try {
    html = readFileSync(file);
  } catch (error) {
    throw new Trouble(`unable to read ${file}: ${systemReason(error)}; make the page: ${MAKE}`);
  }
  const policy = policyIn(html.toString('utf8'));
  if (policy === undefined) throw new Trouble(`${file}: sets no Content-Security-Policy; make the page anew: ${MAKE}`);
  return { html, policy };
}

/** The first one counts: what stands further down in the page is its content. */
function policyIn(html: string): string | undefined {
  const policy = META.exec(html)?.[1]?.replaceAll(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
  return policy !== undefined && IN_A_HEADER.test(policy) ? policy : undefined;
}

const META = /<meta http-equiv="Content-Security-Policy" content="([^"]*)"/;

/** Printable ASCII. `&` begins nothing that a policy needs, so that an entity we do not know is not taken for its name. */
const IN_A_HEADER = /^[ -%'-~]+$/;

const MAKE = 'npm run build';
