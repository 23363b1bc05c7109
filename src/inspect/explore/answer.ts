import type { Page } from './page.ts';

/** What is looked at of a request. */
export interface Asked {
  readonly method: string;
  /** The request target, as it stands in the request line. */
  readonly target: string;
  /** Every Host header of the request. */
  readonly hosts: readonly string[];
  /** The port on which the request came. */
  readonly port: number;
}

export interface Answer {
  readonly status: 200 | 404 | 405 | 421;
  readonly headers: Readonly<Record<string, string | number>>;
  /** Not to be sent to HEAD. */
  readonly body: Buffer;
}

/**
 * Answers GET and HEAD of `/` with the page, and everything else with one line of text.
 *
 * A request must call us by a name that only this machine has. Otherwise a foreign page whose name in the DNS was made to lead to
 * 127.0.0.1 would count as one of ours ("DNS rebinding"): 421, RFC 9110 §15.5.20.
 */
export function answerTo({ method, target, hosts, port }: Asked, page: Page): Answer {
  const { names, path } = called(target, hosts);
  if (names.length !== 1 || !names.every((name) => ourNames(port).includes(name.toLowerCase()))) {
    return refusal(421, `this server is http://127.0.0.1:${port}/`);
  }
  if (path.split('?', 1)[0] !== '/') return refusal(404, 'there is one page here: /');
  if (!METHODS.includes(method)) {
    return refusal(405, `the page can only be read: ${METHODS.join(', ')}`, { Allow: METHODS.join(', ') });
  }
  return {
    status: 200,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Length': page.html.byteLength,
      // A <meta> cannot forbid frames: CSP Level 3 §3.3.
      'Content-Security-Policy': `${page.policy}; frame-ancestors 'none'`,
      ...ALWAYS,
    },
    body: page.html,
  };
}

/**
 * By what names a request calls us, and for what it asks. A target in absolute form, as it is sent to proxies, must be understood, and
 * its authority counts instead of every Host header (RFC 9112 §3.2.2). An empty path is `/` (RFC 9110 §4.2.3). Another scheme than
 * http has no name for us.
 */
function called(target: string, hosts: readonly string[]): { names: readonly string[]; path: string } {
  const [, scheme, authority = '', rest = ''] = ABSOLUTE.exec(target) ?? [];
  if (scheme === undefined) return { names: hosts, path: target };
  return { names: scheme.toLowerCase() === 'http' ? [authority] : [], path: rest.startsWith('/') ? rest : `/${rest}` };
}

function refusal(status: Answer['status'], line: string, headers: Answer['headers'] = {}): Answer {
  const body = Buffer.from(`${line}\n`);
  return {
    status,
    headers: {
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Length': body.byteLength,
      'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
      ...ALWAYS,
      ...headers,
    },
    body,
  };
}

/** As browsers write them: without the port when it is that of http. */
const ourNames = (port: number): readonly string[] =>
  ['127.0.0.1', 'localhost', '[::1]'].flatMap((name) => [`${name}:${port}`, ...(port === HTTP ? [name] : [])]);

/** Scheme, authority, and the rest. */
const ABSOLUTE = /^([a-z][a-z\d+.-]*):\/\/([^/?]*)(.*)$/i;

const METHODS: readonly string[] = ['GET', 'HEAD'];

const ALWAYS: Answer['headers'] = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  // A build makes another page of the same name.
  'Cache-Control': 'no-cache',
  'Cross-Origin-Opener-Policy': 'same-origin',
};

const HTTP = 80;
