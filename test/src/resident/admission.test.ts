import { Socket } from 'node:net';
import { finalize, NEVER, Subject, throwError, timer, type Observable } from 'rxjs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Fault } from '../../../graph/vocabulary.ts';
import type { Accepted } from '../../../src/resident/accept.ts';
import { admit, type Limits, type Reception } from '../../../src/resident/admission.ts';
import { marbles } from '../../support/marbles.ts';

// Letters are connections; those in upper case come from another client than those in lower case.

const LETTERS = Array.from('abcdABCD');

const connection = (letter: string): Accepted => ({
  socket: new Socket(),
  ends: {
    kind: 'tcp',
    remote: { ip: /[a-z]/.test(letter) ? '192.0.2.1' : '192.0.2.2', port: letter.charCodeAt(0) },
    local: { ip: '192.0.2.3', port: 443 },
  },
});

const letterOf = ({ ends }: Accepted): string =>
  ends.kind === 'tcp' ? String.fromCharCode(ends.remote.port) : 'none of ours';

const names = Object.fromEntries(LETTERS.map((letter) => [letter, letter]));

const UNLIMITED: Limits = { maxConnections: 100, maxPerClient: Infinity, backlog: 100 };

interface Rows {
  readonly accepted: string;
  /** When each begins. */
  readonly served: string;
  readonly refused?: string;
  /** What comes of all. */
  readonly result: string;
}

/** For how many frames each is served; for ever, unless it is told. */
type Durations = Readonly<Record<string, number>>;

const law = (title: string, limits: Partial<Limits>, durations: Durations, rows: Rows): void => {
  test(
    title,
    marbles((m) => {
      const connections = Object.fromEntries(LETTERS.map((letter) => [letter, connection(letter)]));
      const [served$, refused$] = [new Subject<string>(), new Subject<string>()];
      m.expect(served$).toBe(rows.served, names);
      m.expect(refused$).toBe(rows.refused ?? '-', names);
      const reception: Reception = {
        serve(admitted) {
          served$.next(letterOf(admitted));
          const frames = durations[letterOf(admitted)];
          return frames === undefined ? NEVER : timer(frames, m.scheduler);
        },
        refused: (refused) => {
          refused$.next(letterOf(refused));
        },
      };
      m.expect(m.hot<Accepted>(rows.accepted, connections).pipe(admit({ ...UNLIMITED, ...limits }, reception))).toBe(
        rows.result,
      );
    }),
  );
};

law(
  'the picture of the comment',
  { maxConnections: 2, backlog: 1 },
  { a: 8, b: 12, c: 6 },
  {
    accepted: 'a-b-c-d-----|',
    served: 'a-b-----c----',
    refused: '------d------',
    result: '--------------|',
  },
);

law(
  'as many as may are served at once, and each place is taken at once',
  { maxConnections: 1 },
  { a: 3, b: 2, c: 1 },
  {
    accepted: '(abc)-----',
    served: 'a--b-c----',
    result: '----------',
  },
);

law(
  'a connection that is over at once leaves its place in the same frame',
  { maxConnections: 1 },
  { a: 0, b: 0, c: 1 },
  {
    accepted: '--(abc)|',
    served: '--(abc)--',
    result: '-------|',
  },
);

law(
  'those that wait are served in the order in which they came',
  { maxConnections: 1 },
  { a: 4, b: 1, A: 1, c: 1 },
  {
    accepted: 'abAc------',
    served: 'a---bAc---',
    result: '----------',
  },
);

law(
  'one that may not wait is refused, and the next may when there is room',
  { maxConnections: 1, backlog: 1 },
  { a: 4, b: 4, d: 1 },
  {
    accepted: 'abc--d----',
    served: 'a---b---d-',
    refused: '--c-------',
    result: '----------',
  },
);

law(
  'with -C a client has its share, and others theirs',
  { maxPerClient: 1 },
  { a: 3, A: 3, c: 1 },
  {
    accepted: 'aAb-c-B-',
    served: 'aA--c-B-',
    refused: '--b-----',
    result: '--------',
  },
);

law(
  'those of a client that wait count, too',
  { maxConnections: 1, maxPerClient: 2 },
  { A: 4, a: 2, b: 2, d: 2 },
  {
    accepted: 'Aabc---d--',
    served: 'A---a-b-d-',
    refused: '---c------',
    result: '----------',
  },
);

law(
  'a client that has its share is refused before the queue is looked at',
  { maxConnections: 1, maxPerClient: 1, backlog: 1 },
  {},
  {
    accepted: 'abA-',
    served: 'a---',
    refused: '-b--',
    result: '----',
  },
);

law(
  'when no more are accepted, those that wait are refused, and those that are served go on',
  { maxConnections: 1 },
  { a: 6 },
  {
    accepted: 'abc-|----',
    served: 'a--------',
    refused: '----(bc)-',
    result: '------|',
  },
);

law(
  'when no more are accepted and nobody is there, that is all',
  {},
  { a: 1 },
  {
    accepted: 'a--|',
    served: 'a---',
    result: '---|',
  },
);

law('nobody has ever come', {}, {}, { accepted: '---|', served: '----', result: '---|' });

law('an error of those who accept is one of all', {}, {}, { accepted: 'a-#', served: 'a--', result: '--#' });

/** What admission says of connections, and what becomes of their sockets. */
const admitted = (limits: Partial<Limits>, letters: string, serve$: Observable<unknown> = NEVER) => {
  const accepted$ = new Subject<Accepted>();
  const told: string[] = [];
  const sockets: Socket[] = [];
  const subscription = accepted$
    .pipe(
      admit(
        { ...UNLIMITED, ...limits },
        {
          serve: (each) => {
            told.push(`${letterOf(each)} is ${each.number}, ${each.ofClient} of its client`);
            return serve$;
          },
          refused: (each, reason) => void told.push(`${letterOf(each)}: ${reason}`),
        },
      ),
    )
    .subscribe({
      error: (error: unknown) => void told.push(String(error)),
      complete: () => void told.push('complete'),
    });
  for (const letter of letters) {
    const each = connection(letter);
    sockets.push(each.socket);
    accepted$.next(each);
  }
  return { accepted$, told, destroyed: () => sockets.map(({ destroyed }) => destroyed), subscription };
};

test('each has its number, and is told how many of its client are there', () => {
  assert.equal(admitted({}, 'aAbB').told, [
    'a is 1, 1 of its client',
    'A is 2, 1 of its client',
    'b is 3, 2 of its client',
    'B is 4, 2 of its client',
  ]);
});

test('numbers are of those that are served, and not of those that were refused', () => {
  assert.equal(admitted({ maxPerClient: 1 }, 'abA').told, [
    'a is 1, 1 of its client',
    'b: its client has 1 already',
    'A is 2, 1 of its client',
  ]);
});

test('a connection is refused with the reason, and its socket is destroyed; no other is', () => {
  const { accepted$, told, destroyed } = admitted({ maxConnections: 1, backlog: 1 }, 'aAb');
  assert.equal(told.slice(1), ['b: 1 are served and 1 wait already']);
  assert.equal(destroyed(), [false, false, true]);
  accepted$.complete();
  assert.equal(told.slice(2), ['A: the server stops']);
  assert.equal(destroyed(), [false, true, true]);
});

test('whoever is served when admission is unsubscribed is left', () => {
  let left = 0;
  const serve$ = NEVER.pipe(finalize(() => (left += 1)));
  const { subscription, told } = admitted({ maxConnections: 2 }, 'abc', serve$);
  subscription.unsubscribe();
  assert.is(left, 2);
  assert.is(told.length, 2);
});

test('an error of one that is served is one of all', () => {
  const fault = new Fault('reset', 'what nobody expects');
  const { told } = admitted(
    {},
    'ab',
    throwError(() => fault),
  );
  assert.equal(told, ['a is 1, 1 of its client', String(fault)]);
});

test.run();
