import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseRequest } from '../../../src/keeper/protocol.ts';
import { connectionVariables, untrustedVariables } from '../../../src/keeper/variables.ts';

const TCP = {
  PROTO: 'TCP',
  TCPREMOTEIP: '2001:db8::1',
  TCPREMOTEPORT: '65535',
  TCPLOCALIP: '127.0.0.1',
  TCPLOCALPORT: '1',
  TCPCONNNUM: '40',
};
const IPC = {
  PROTO: 'IPC',
  IPCREMOTEEUID: '4294967294',
  IPCREMOTEEGID: '0',
  IPCCONNNUM: '1',
  IPCLOCALPATH: '/run/a b/ü.sock',
};
const TLS = { SSL_PROTOCOL: 'TLSv1.3', SSL_CIPHER: 'a "b"', SSL_PEER_CERT_SUBJECT: 'CN=\\xc3\\xa9' };

const present = (variables: object | undefined): object | undefined =>
  variables && Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined));

for (const variables of [{}, TCP, IPC, TLS, { ...TCP, ...TLS }, { ...IPC, ...TLS }]) {
  test(`variables of a connection pass as they are: ${Object.keys(variables).join(' ')}`, () => {
    const passed = untrustedVariables(variables);
    assert.equal(present(passed), variables);
    // All the others are named, so that none is inherited.
    assert.equal(Object.keys(passed ?? {}).sort(), Object.keys(connectionVariables({})).sort());
    assert.equal(present(connectionVariables({ ...variables, PATH: '/tmp', TCPREMOTEHOST: 'x' })), variables);
  });
}

const REFUSED: Readonly<Record<string, unknown>> = {
  nothing: undefined,
  null: null,
  'a list': [],
  'a name of no connection': { PATH: '/tmp' },
  'a name that prog may get from others only': { ...TCP, TCPREMOTEHOST: 'a.example' },
  'a prototype': JSON.parse('{"__proto__":{"PROTO":"TCP"}}') as unknown,
  'another protocol': { PROTO: 'UDP' },
  'TCP without saying so': { TCPREMOTEIP: '127.0.0.1' },
  'the variables of the other protocol': { ...IPC, TCPREMOTEIP: '127.0.0.1' },
  'a name for an address': { ...TCP, TCPREMOTEIP: 'localhost' },
  'an address and more': { ...TCP, TCPREMOTEIP: '127.0.0.1 ' },
  'a port that is none': { ...TCP, TCPREMOTEPORT: '65536' },
  'a number with a sign': { ...TCP, TCPLOCALPORT: '+1' },
  'a number with a zero before it': { ...TCP, TCPLOCALPORT: '01' },
  'a number and a newline': { ...TCP, TCPCONNNUM: '1\n' },
  'no connection at all': { ...TCP, TCPCONNNUM: '0' },
  'no number': { ...TCP, TCPCONNNUM: '' },
  'a number that is not text': { ...TCP, TCPCONNNUM: 1 },
  'a uid that is none': { ...IPC, IPCREMOTEEUID: '4294967296' },
  'a path with a newline': { ...IPC, IPCLOCALPATH: '/run/a\nb' },
  'a path with a NUL': { ...IPC, IPCLOCALPATH: '/run/a\0b' },
  'a path that is too long': { ...IPC, IPCLOCALPATH: `/${'a'.repeat(107)}` },
  'a value with a NUL': { SSL_CIPHER: 'a\0PATH=/tmp' },
  'a value that is too long': { SSL_CIPHER: 'a'.repeat(8193) },
  'a value that is no text': { SSL_CIPHER: ['a'] },
};

for (const [what, received] of Object.entries(REFUSED)) {
  test(`${what}, from an engine that was taken over, is refused`, () => {
    assert.is(untrustedVariables(received), undefined);
    assert.is(parseRequest({ id: '1', ask: 'start', variables: received }), undefined);
  });
}

test('each request is taken as it is, and with anything besides it is none', () => {
  for (const request of [
    { id: '1', ask: 'stdout' },
    { id: 'w3.17', ask: 'handed' },
    { id: '1', ask: 'credentials' },
    { id: '1', ask: 'signal', signal: 'SIGHUP' },
  ]) {
    assert.equal(parseRequest(request), request);
    assert.is(parseRequest({ ...request, more: 1 }), undefined);
  }
  assert.equal(
    present((parseRequest({ id: '1', ask: 'start', variables: TCP }) as { variables: object }).variables),
    TCP,
  );
});

test.run();
