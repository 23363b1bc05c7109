/** What s6-tlsd passes on its way, in this order, and what it has done since the point before. */
export const POINTS = {
  booted: 'node itself: from exec until it looks for its program',
  started: 'finding dist/s6-tlsd.cjs',
  compiled: 'reading the bundle and its code cache',
  loaded: "node's own modules: crypto, net, tls",
  evaluated: 'our modules; options, environment; reading key and certificate',
  context: "OpenSSL's context",
  engine: 'descriptors, TLS engine',
  serverHello: 'reading the ClientHello, answering it',
  secured: 'the tunnel; the peer computes',
  pipes: 'starting prog: modules, pipes',
  spawned: 'starting prog: posix_spawn, exec',
  exit: 'the conversation, and its end',
} as const;

export type Point = keyof typeof POINTS;
