/** Both are the names that OpenSSL gives to protocols. */
export type Protocol = 'TLSv1.2' | 'TLSv1.3';

/** A cipher, and what it is called: by OpenSSL as a cipher, and as part of a cipher suite of each protocol. */
export interface Cipher {
  readonly name: string;
  readonly evp: string;
  readonly suites: Readonly<Record<Protocol, string>>;
}

/** What client and server are to agree on. */
export interface Suite {
  readonly protocol: Protocol;
  readonly cipher: string;
  /** OpenSSL's name of the cipher suite. */
  readonly name: string;
}

export const CIPHERS: readonly Cipher[] = [
  {
    name: 'AES-128-GCM',
    evp: 'aes-128-gcm',
    suites: { 'TLSv1.3': 'TLS_AES_128_GCM_SHA256', 'TLSv1.2': 'ECDHE-ECDSA-AES128-GCM-SHA256' },
  },
  {
    name: 'AES-256-GCM',
    evp: 'aes-256-gcm',
    suites: { 'TLSv1.3': 'TLS_AES_256_GCM_SHA384', 'TLSv1.2': 'ECDHE-ECDSA-AES256-GCM-SHA384' },
  },
  {
    name: 'ChaCha20-Poly1305',
    evp: 'chacha20-poly1305',
    suites: { 'TLSv1.3': 'TLS_CHACHA20_POLY1305_SHA256', 'TLSv1.2': 'ECDHE-ECDSA-CHACHA20-POLY1305' },
  },
];

const PROTOCOLS: readonly Protocol[] = ['TLSv1.3', 'TLSv1.2'];

/** Every cipher under every protocol; the first is the one that latencies are measured with. */
export const SUITES: readonly Suite[] = PROTOCOLS.flatMap((protocol) =>
  CIPHERS.map(({ name, suites }) => ({ protocol, cipher: name, name: suites[protocol] })),
);

/** TLS 1.3 with AES-128-GCM: what every contender is asked for when nothing else is said. */
export const [USUAL] = SUITES as [Suite];

/**
 * A configuration of OpenSSL for the client, which cannot choose suites of TLS 1.3 otherwise. The group is P-256 because
 * socat 1.7.4 can do no other.
 */
export const opensslConfiguration = ({ protocol, name }: Suite): string =>
  [
    'openssl_conf = all',
    '[all]',
    'ssl_conf = tls',
    '[tls]',
    'system_default = client',
    '[client]',
    'Groups = P-256',
    ...(protocol === 'TLSv1.3' ? [`Ciphersuites = ${name}`] : []),
    '',
  ].join('\n');
