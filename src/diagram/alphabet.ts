/**
 * The rows that can be given, and their symbols: `h` the handshake is done, a–z cleartext, `N` close_notify, `|` end, `#` fault,
 * digits an exit code or a number of bytes, letters in a `taken` row the size of that chunk, `x` in `prog exit` the `progStatus`,
 * `g` gone, `t i h` SIGTERM SIGINT SIGHUP, `T` TCP is gone.
 */
export const GIVEN = {
  handshake: /[h#]/,
  'from peer': /[a-zN|#]/,
  'from prog': /[a-z|]/,
  'prog exit': /[0-9x]/,
  'prog stdin gone': /g/,
  signal: /[tih]/,
  'taken by peer': /[0-9a-z|#]/,
  'taken by prog': /[0-9a-z]/,
  'hung up': /T/,
} as const;

/** The rows that can be expected; `h` and `l` in the demand rows are high and low, `^` and `!` begin and end of reading. */
export const EXPECTED = {
  'start prog': /h/,
  'to peer': /[a-zN|#]/,
  'to prog': /[a-z|]/,
  'hang up': /T/,
  'demand peer': /[hl]/,
  'demand prog': /[hl]/,
  'reading peer': /[\^!]/,
  'reading prog': /[\^!]/,
  'signal to prog': /[tih]/,
} as const;
