import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { certificates } from '../fixtures/certificates.ts';
import { installed } from '../support/live-skips.ts';
import { eachProtocol, type Live, type Order, type Protocol } from './support/live.ts';
import type { Running } from './support/running.ts';
import type { Tlsd } from './support/tlsd.ts';

// Clients that other people wrote: OpenSSL's, GnuTLS's, curl, Python's ssl.

/** Answers one line, and ends. */
const ANSWER = ['sh', '-c', 'read -r line; echo "got $line"'];

const OPENSSL: Record<Protocol, string> = { 'TLSv1.2': '-tls1_2', 'TLSv1.3': '-tls1_3' };
const GNUTLS: Record<Protocol, string> = { 'TLSv1.2': '+VERS-TLS1.2', 'TLSv1.3': '+VERS-TLS1.3' };
const CURL: Record<Protocol, readonly string[]> = {
  'TLSv1.2': ['--tlsv1.2', '--tls-max', '1.2'],
  'TLSv1.3': ['--tlsv1.3'],
};

type Client = (live: Live, port: number) => readonly string[];

const meets = async (live: Live, client: Client, order: Order): Promise<{ client: Running; tlsd: Tlsd }> => {
  const server = await live.serve(order);
  const running = live.run(client(live, server.port));
  return { client: running, tlsd: await server.next() };
};

const sClient: Client = ({ protocol }, port) => [
  ...['openssl', 's_client', '-connect', `127.0.0.1:${String(port)}`, '-quiet', '-verify_quiet'],
  ...[OPENSSL[protocol], '-CAfile', certificates().root.certFile, '-verify_return_error', '-x509_strict'],
];

if (installed('openssl', 'openssl s_client')) {
  for (const policy of ['-S', '-N'])
    eachProtocol(`openssl s_client is content with ${policy}`, async (live) => {
      const { client, tlsd } = await meets(live, sClient, { options: [policy], prog: ANSWER });
      client.write('hello\n');
      assert.is(await client.exit(), 0, client.stderr);
      assert.is(client.stdout, 'got hello\n');
      assert.is(await tlsd.exit(), 0, tlsd.stderr);
      assert.is(tlsd.stderr, '');
    });

  eachProtocol('-s: the alert that OpenSSL 3 sends at our bare FIN is a normal end', async (live) => {
    const { client, tlsd } = await meets(live, sClient, { options: ['-s'], prog: ANSWER });
    client.write('hello\n');
    await client.exit();
    assert.is(client.stdout, 'got hello\n');
    assert.match(client.stderr, /unexpected eof/);
    assert.is(await tlsd.exit(), 0, tlsd.stderr);
    assert.is(tlsd.stderr, '');
  });

  eachProtocol('-s -J: the same alert counts as an end without close_notify, 98', async (live) => {
    const { client, tlsd } = await meets(live, sClient, { options: ['-s', '-J'], prog: ANSWER });
    client.write('hello\n');
    await client.exit();
    assert.is(client.stdout, 'got hello\n');
    assert.is(await tlsd.exit(), 98);
  });

  eachProtocol('TLS 1.3: both sides live through KeyUpdate', async (live) => {
    if (live.protocol !== 'TLSv1.3') return;
    const interactive: Client = (_, port) => [
      ...['openssl', 's_client', '-connect', `127.0.0.1:${String(port)}`, '-tls1_3', '-CAfile'],
      certificates().root.certFile,
    ];
    const { client, tlsd } = await meets(live, interactive, { options: ['-S'], prog: ['cat'] });
    await client.says(/Verify return code/);
    // `k` is a KeyUpdate, `K` one that asks for ours. Each is a command only when s_client reads it by itself.
    for (const [index, key, word] of [
      [1, 'k', 'first'],
      [2, 'K', 'second'],
      [3, 'K', 'third'],
    ] as const) {
      client.write(`${key}\n`);
      await client.says(new RegExp(`(KEYUPDATE[^]*){${String(index)}}`));
      client.write(`${word}\n`);
      await client.says(new RegExp(`^${word}$`, 'm'));
    }
    client.write('Q\n');
    await client.exit();
    assert.is(await tlsd.exit(), 0, tlsd.stderr);
  });

  eachProtocol('TLS 1.2: openssl s_client cannot renegotiate', async (live) => {
    if (live.protocol !== 'TLSv1.2') return;
    const interactive: Client = (_, port) => [
      ...['openssl', 's_client', '-connect', `127.0.0.1:${String(port)}`, '-tls1_2', '-CAfile'],
      certificates().root.certFile,
    ];
    const { client, tlsd } = await meets(live, interactive, { options: ['-S'], prog: ['cat'] });
    await client.says(/Verify return code/);
    client.write('R\n');
    await client.exit();
    assert.match(client.stderr, /no renegotiation/);
    await tlsd.exit();
  });
}

if (installed('gnutls-cli', 'gnutls-cli')) {
  const gnutls: Client = ({ protocol }, port) => [
    ...['gnutls-cli', '--logfile=/dev/null', `--priority=NORMAL:-VERS-ALL:${GNUTLS[protocol]}`],
    ...['--x509cafile', certificates().root.certFile, '--verify-hostname=localhost', '-p', String(port), '127.0.0.1'],
  ];

  for (const policy of ['-S', '-N'])
    eachProtocol(`gnutls-cli is content with ${policy}`, async (live) => {
      const { client, tlsd } = await meets(live, gnutls, { options: [policy], prog: ANSWER });
      client.write('hello\n');
      assert.is(await client.exit(), 0, client.stdout + client.stderr);
      assert.match(client.stdout, /got hello/);
      assert.is(await tlsd.exit(), 0, tlsd.stderr);
      assert.is(tlsd.stderr, '');
    });

  eachProtocol('gnutls-cli complains of -s, and we do not complain of gnutls-cli', async (live) => {
    const { client, tlsd } = await meets(live, gnutls, { options: ['-s'], prog: ANSWER });
    client.write('hello\n');
    assert.is.not(await client.exit(), 0);
    assert.match(client.stdout, /got hello/);
    assert.is(await tlsd.exit(), 0, tlsd.stderr);
    assert.is(tlsd.stderr, '');
  });
}

if (installed('curl', 'curl')) {
  const curl: Client = ({ protocol }, port) => [
    ...['curl', '--silent', '--show-error', '--cacert', certificates().root.certFile, ...CURL[protocol], '--http1.1'],
    `https://127.0.0.1:${String(port)}/`,
  ];
  const page = (header: string): string[] => [
    'sh',
    '-c',
    `while read -r line && test "$line" != "$(printf '\\r')"; do :; done; printf 'HTTP/1.0 200 OK\\r\\n${header}\\r\\nhello\\n'`,
  ];

  for (const policy of ['-S', '-N'])
    eachProtocol(`curl gets a page without a length with ${policy}`, async (live) => {
      const { client, tlsd } = await meets(live, curl, { options: [policy], prog: page('') });
      assert.is(await client.exit(), 0, client.stderr);
      assert.is(client.stdout, 'hello\n');
      assert.is(await tlsd.exit(), 0, tlsd.stderr);
    });

  eachProtocol('curl gets a page with a length with -s', async (live) => {
    const { client, tlsd } = await meets(live, curl, { options: ['-s'], prog: page('Content-Length: 6\\r\\n') });
    assert.is(await client.exit(), 0, client.stderr);
    assert.is(client.stdout, 'hello\n');
    assert.is(await tlsd.exit(), 0, tlsd.stderr);
  });
}

if (installed('python3', "Python's ssl")) {
  const python =
    (script: string): Client =>
    ({ protocol }, port) => [
      ...['python3', '-c', `${PYTHON}\n${script}`],
      ...[protocol, String(port), certificates().root.certFile],
    ];

  for (const policy of ['-S', '-N'])
    eachProtocol(`Python's ssl sees a clean end with ${policy}, and closes its own side with unwrap`, async (live) => {
      const script = 's.sendall(b"hello\\n"); print(everything(s)); s.unwrap(); print("unwrapped")';
      const { client, tlsd } = await meets(live, python(script), { options: [policy, '-J'], prog: ANSWER });
      assert.is(await client.exit(), 0, client.stderr);
      assert.is(client.stdout, "b'got hello\\n'\nunwrapped\n");
      assert.is(await tlsd.exit(), 0, tlsd.stderr);
    });

  eachProtocol("Python's ssl can end first, and get its answer", async (live) => {
    const script = 's.sendall(b"hello\\n"); print(s.recv(100)); s.unwrap(); print("unwrapped")';
    const { client, tlsd } = await meets(live, python(script), {
      options: ['-S', '-J'],
      prog: ['sh', '-c', 'read -r line; echo "got $line"; cat >/dev/null; exit 5'],
    });
    assert.is(await client.exit(), 0, client.stderr);
    assert.is(client.stdout, "b'got hello\\n'\nunwrapped\n");
    assert.is(await tlsd.exit(), 5, tlsd.stderr);
  });

  const PYTHON = [
    'import socket, ssl, sys',
    'protocol, port, ca = sys.argv[1:]',
    'context = ssl.create_default_context(cafile=ca)',
    'version = ssl.TLSVersion.TLSv1_2 if protocol == "TLSv1.2" else ssl.TLSVersion.TLSv1_3',
    'context.minimum_version = context.maximum_version = version',
    'raw = socket.create_connection(("127.0.0.1", int(port)))',
    's = context.wrap_socket(raw, server_hostname="localhost", suppress_ragged_eofs=False)',
    'def everything(s):',
    '    got = b""',
    '    while (more := s.recv(65536)): got += more',
    '    return got',
  ].join('\n');
}

test.run();
