import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { firstValueFrom } from 'rxjs';
import { signal$ } from '../../src/signals.ts';
import { within } from './prog/support.ts';

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
const listeners = (): number[] => SIGNALS.map((signal) => process.listenerCount(signal));

for (const signal of SIGNALS) {
  test(`${signal} is a value while somebody listens`, async () => {
    const heard = firstValueFrom(signal$);
    process.kill(process.pid, signal);
    assert.is(await within(signal, heard), signal);
  });
}

test('no handler is left when nobody listens any more', () => {
  const before = listeners();
  const listening = [signal$.subscribe(), signal$.subscribe()];
  assert.equal(
    listeners(),
    before.map((count) => count + 2),
  );
  for (const subscription of listening) subscription.unsubscribe();
  assert.equal(listeners(), before);
});

test('listening does not keep the process alive, and afterwards a signal kills as ever', async () => {
  const source = JSON.stringify(fileURLToPath(new URL('../../src/signals.ts', import.meta.url)));
  const run = (script: string) =>
    spawn(
      process.execPath,
      [...process.execArgv, '--input-type=module', '-e', `import { signal$ } from ${source};${script}`],
      {
        stdio: ['ignore', 'ignore', 'inherit'],
        timeout: 20_000,
        killSignal: 'SIGKILL',
      },
    );
  assert.equal(await once(run('signal$.subscribe();'), 'exit'), [0, null]);
  const killed = run(
    `signal$.subscribe().unsubscribe(); process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000);`,
  );
  assert.equal(await once(killed, 'exit'), [null, 'SIGTERM']);
});

test.run();
