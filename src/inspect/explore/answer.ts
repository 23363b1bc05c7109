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
  if (hosts.length !== 1 || !hosts.every((host) => ourNames(port).includes(host.toLowerCase()))) {
    return refusal(421, `this server is http://127.0.0.1:${port}/`);
  }
  if (target.split('?', 1)[0] !== '/') return refusal(404, 'there is one page here: /');
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

const METHODS: readonly string[] = ['GET', 'HEAD'];

const ALWAYS: Answer['headers'] = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  // A build makes another page of the same name.
  'Cache-Control': 'no-cache',
  'Cross-Origin-Opener-Policy': 'same-origin',
};

const HTTP = 80;
