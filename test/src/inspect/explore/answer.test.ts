import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { answerTo, type Asked } from '../../../../src/inspect/explore/answer.ts';

const page = { html: Buffer.from('<!doctype html>ü'), policy: "default-src 'none'; script-src 'sha256-a+b='" };
const ask = (change: Partial<Asked> = {}) =>
  answerTo({ method: 'GET', target: '/', hosts: ['127.0.0.1:4000'], port: 4000, ...change }, page);
const ALWAYS = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-cache',
  'Cross-Origin-Opener-Policy': 'same-origin',
};
const refused = (change: Partial<Asked>, status: number, line: string, headers = {}): void => {
  const { body, ...rest } = ask(change);
  assert.is(body.toString(), line);
  assert.equal(rest, {
    status,
    headers: {
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Length': body.byteLength,
      'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
      ...ALWAYS,
      ...headers,
    },
  });
};

for (const method of ['GET', 'HEAD']) {
  test(`${method} of / gives the page, under its own policy, which also forbids frames`, () => {
    assert.equal(ask({ method }), {
      status: 200,
      headers: {
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Length': 17,
        'Content-Security-Policy': `${page.policy}; frame-ancestors 'none'`,
        ...ALWAYS,
      },
      body: page.html,
    });
  });
}

test('a query does not make another page', () => {
  assert.is(ask({ target: '/?' }).status, 200);
  assert.is(ask({ target: '/?a=/b' }).status, 200);
});

for (const target of ['/favicon.ico', '/index.html', '//', '/.', '/%2e', '/../etc/passwd', '*', '127.0.0.1:4000', '']) {
  test(`there is no page ${target === '' ? 'without a path' : target}`, () => {
    refused({ target }, 404, 'there is one page here: /\n');
    refused({ target, method: 'POST' }, 404, 'there is one page here: /\n');
  });
}

for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'get']) {
  test(`${method} is not allowed`, () => {
    refused({ method }, 405, 'the page can only be read: GET, HEAD\n', { Allow: 'GET, HEAD' });
  });
}

for (const host of ['127.0.0.1:4000', 'localhost:4000', 'LocalHost:4000', '[::1]:4000']) {
  test(`${host} is a name of ours`, () => {
    assert.is(ask({ hosts: [host] }).status, 200);
  });
}

for (const [what, ...hosts] of [
  ['no name at all'],
  ['an empty name', ''],
  ['a foreign name', 'evil.example:4000'],
  ['a name that begins like ours', 'localhost.evil.example:4000'],
  ['a name that ends like ours', 'evil.localhost:4000'],
  ['another port', '127.0.0.1:4001'],
  ['no port', '127.0.0.1'],
  ['another address of this machine', '127.0.0.2:4000'],
  ['two names, though both are ours', '127.0.0.1:4000', 'localhost:4000'],
] as const) {
  test(`${what} is answered with 421, whatever is asked for`, () => {
    for (const change of [{}, { target: '/x' }, { method: 'POST' }]) {
      refused({ ...change, hosts }, 421, 'this server is http://127.0.0.1:4000/\n');
    }
  });
}

for (const target of [
  'http://127.0.0.1:4000/',
  'HTTP://LOCALHOST:4000/',
  'http://[::1]:4000/?a=http://evil.example/',
  'http://127.0.0.1:4000',
  'http://127.0.0.1:4000?a',
]) {
  test(`${target} is the page, whatever the Host header says`, () => {
    for (const hosts of [['127.0.0.1:4000'], ['evil.example'], []]) {
      assert.is(ask({ target, hosts }).status, 200);
      refused({ target, hosts, method: 'POST' }, 405, 'the page can only be read: GET, HEAD\n', { Allow: 'GET, HEAD' });
    }
  });
}

for (const target of [
  'http://evil.example/',
  'http://evil.example:4000/',
  'http://evil.example?@127.0.0.1:4000/',
  'http://127.0.0.1:4001/',
  'http://127.0.0.1/',
  'http://127.0.0.1:4000@evil.example/',
  'http://evil.example@127.0.0.1:4000/',
  'http:///',
  'https://127.0.0.1:4000/',
]) {
  test(`${target} is answered with 421, though the Host header is ours`, () => {
    refused({ target }, 421, 'this server is http://127.0.0.1:4000/\n');
  });
}

test('a name of ours in the target makes no other page', () => {
  for (const path of ['/index.html', '//', '/.', '/http://127.0.0.1:4000/']) {
    refused({ target: `http://127.0.0.1:4000${path}` }, 404, 'there is one page here: /\n');
  }
});

test('on the port of http a name needs no port', () => {
  assert.is(ask({ port: 80, hosts: ['localhost'] }).status, 200);
  assert.is(ask({ port: 80, hosts: ['localhost:80'] }).status, 200);
  assert.is(ask({ port: 80, hosts: ['evil.example'] }).status, 421);
  assert.is(ask({ port: 80, hosts: [], target: 'http://localhost/' }).status, 200);
});

test.run();
