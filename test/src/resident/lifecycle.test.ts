import { test } from 'uvu';
import { mergeMap, timer, type Observable } from 'rxjs';
import { lifecycleOf, type Lifecycle } from '../../../src/resident/lifecycle.ts';
import type { ServerSignal } from '../../../src/resident/signals.ts';
import { marbles, type Marbles } from '../../support/marbles.ts';

/** H SIGHUP, t SIGTERM, i SIGINT, q SIGQUIT. */
const SIGNALS = { H: 'SIGHUP', t: 'SIGTERM', i: 'SIGINT', q: 'SIGQUIT' } as const;

type Rows = Readonly<Record<keyof Lifecycle, string>>;

/** Connections have 6 frames to finish. */
const law = (title: string, signals: string, rows: Rows): void => {
  test(
    title,
    marbles((m) => {
      const lifecycle = lifecycleOf(m.hot<ServerSignal>(signals, SIGNALS), { finish: 6, scheduler: m.scheduler });
      for (const [name, row] of Object.entries(rows) as [keyof Lifecycle, string][])
        m.expect(lifecycle[name]).toBe(row, SIGNALS);
    }),
  );
};

law('before any signal nothing happens', '---------------', {
  reload$: '---------------',
  stop$: '---------------',
  end$: '---------------',
  quit$: '---------------',
});

law('the picture of the comment', '-H---t--------------t', {
  reload$: '-H-------------------',
  stop$: '-----(t|)',
  end$: '-----------(t|)',
  quit$: '--------------------(t|)',
});

for (const [symbol, name] of [
  ['t', 'SIGTERM'],
  ['i', 'SIGINT'],
] as const)
  law(`${name} stops, and ends after the time to finish`, `--${symbol}------------`, {
    reload$: '---------------',
    stop$: `--(${symbol}|)`,
    end$: `--------(${symbol}|)`,
    quit$: '---------------',
  });

law('a second one ends and quits at once', '--t--i---------', {
  reload$: '---------------',
  stop$: '--(t|)',
  end$: '-----(i|)',
  quit$: '-----(i|)',
});

law('both in the same frame quit', '--(ti)---------', {
  reload$: '---------------',
  stop$: '--(t|)',
  end$: '--(i|)',
  quit$: '--(i|)',
});

law('a third one changes nothing', '--t--t--t------', {
  reload$: '---------------',
  stop$: '--(t|)',
  end$: '-----(t|)',
  quit$: '-----(t|)',
});

law('SIGQUIT ends and quits at once, and does not stop first', '--q------------', {
  reload$: '---------------',
  stop$: '---------------',
  end$: '--(q|)',
  quit$: '--(q|)',
});

law('SIGQUIT within the time to finish does not wait for its end', '--t--q---------', {
  reload$: '---------------',
  stop$: '--(t|)',
  end$: '-----(q|)',
  quit$: '-----(q|)',
});

law('SIGTERM after the time to finish quits', '--t--------t---', {
  reload$: '---------------',
  stop$: '--(t|)',
  end$: '--------(t|)',
  quit$: '-----------(t|)',
});

law('SIGHUP reloads, every time, also while connections finish', '-H-(HH)-t-H----', {
  reload$: '-H-(HH)---H----',
  stop$: '--------(t|)',
  end$: '--------------(t|)',
  quit$: '---------------',
});

/** Somebody listens from the start, and somebody else later: a connection for example. */
const lateLaw = (title: string, signals: string, at: number, rows: Omit<Rows, 'reload$'>): void => {
  test(
    title,
    marbles((m) => {
      const lifecycle = lifecycleOf(m.hot<ServerSignal>(signals, SIGNALS), { finish: 6, scheduler: m.scheduler });
      for (const [name, row] of Object.entries(rows) as [keyof typeof rows, string][]) {
        lifecycle[name].subscribe();
        m.expect(late(m, lifecycle[name], at)).toBe(row, SIGNALS);
      }
    }),
  );
};

function late({ scheduler }: Marbles, source$: Observable<unknown>, at: number): Observable<unknown> {
  return timer(at, scheduler).pipe(mergeMap(() => source$));
}

lateLaw('who listens later hears that it has stopped, and when it ends', '--t------------', 5, {
  stop$: '-----(t|)',
  end$: '--------(t|)',
  quit$: '---------------',
});

lateLaw('who listens when all is over hears of all', '--t--t---------', 12, {
  stop$: '------------(t|)',
  end$: '------------(t|)',
  quit$: '------------(t|)',
});

test.run();
