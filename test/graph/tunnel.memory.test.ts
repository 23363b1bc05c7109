import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Subject, Subscription, VirtualTimeScheduler, type Observable } from 'rxjs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { tunnel } from '../../graph/tunnel.ts';
import { CLOSE_NOTIFY, Fault, type Bytes, type CloseNotify } from '../../graph/vocabulary.ts';
import type { Handshake, ProgStatus, Signal } from '../../graph/vocabulary.ts';
import type { Settings } from '../../graph/world.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What a process with many connections has once. */
class Host {
  readonly signal$ = new Subject<Signal>();
  readonly clock = new VirtualTimeScheduler();
}

type Ways = Readonly<Record<string, (world: ReturnType<typeof worldOf>, host: Host) => void>>;

const WAYS: Ways = {
  'prog has ended, then the peer': ({ fromProg$, takenByPeer$, progExit$, fromPeer$, hungUp$ }) => {
    fromProg$.complete();
    takenByPeer$.complete();
    progExit$.next({ code: 0 });
    fromPeer$.next(CLOSE_NOTIFY);
    fromPeer$.complete();
    hungUp$.next();
  },
  'the peer stays, and we leave': ({ fromProg$, takenByPeer$, progExit$, hungUp$ }, { clock }) => {
    fromProg$.complete();
    takenByPeer$.complete();
    progExit$.next({ code: 0 });
    clock.flush();
    hungUp$.next();
  },
  'a reset': ({ fromPeer$, progExit$, hungUp$ }) => {
    fromPeer$.error(new Fault('reset', 'ECONNRESET'));
    progExit$.next({ code: 0 });
    hungUp$.next();
  },
  'a signal that prog does not obey': ({ hungUp$ }, { signal$, clock }) => {
    signal$.next('SIGTERM');
    clock.flush();
    hungUp$.next();
  },
};

for (const [way, live] of Object.entries(WAYS)) {
  test(`after its verdict nothing holds a connection, which ended so: ${way}`, async () => {
    const host = new Host();
    const held: WeakRef<object>[] = [];
    let verdicts = 0;
    for (let i = 0; i < CONNECTIONS; i += 1) {
      const world = worldOf(host);
      held.push(new WeakRef(world));
      begin(world, host, () => (verdicts += 1));
      live(world, host);
      host.clock.flush();
    }
    assert.is(verdicts, CONNECTIONS);
    assert.is(host.signal$.observed, false, 'somebody still listens to signals');
    assert.is(host.clock.actions.length, 0, 'a timer is still running');
    await setImmediate();
    collectGarbage();
    const alive = held.filter((world) => world.deref() !== undefined).length;
    assert.ok(alive < STRAY, `${String(alive)} of ${String(CONNECTIONS)} are still held`);
  });
}

test('what is still open is held, or the tests above would prove nothing', async () => {
  const host = new Host();
  const held = new WeakRef(openOne(host));
  await setImmediate();
  collectGarbage();
  assert.ok(held.deref() !== undefined);
  assert.ok(host.signal$.observed);
});

function openOne(host: Host): object {
  const world = worldOf(host);
  begin(world, host, () => undefined);
  return world;
}

/** Opens a connection, on which a byte has gone each way. */
function begin(world: ReturnType<typeof worldOf>, { clock }: Host, judged: () => void): void {
  const settings: Settings = { ...SETTINGS, scheduler: clock };
  const sinks = tunnel(world, settings);
  // As the host does: the verdict is the end of it all.
  const connection = new Subscription();
  connection.add(sinks.verdict$.subscribe({ next: judged, complete: () => connection.unsubscribe() }));
  // What obeys is a driver, and has its sources at hand.
  const obey = { next: () => assert.ok(world), error: () => undefined };
  const { startProg$, toProg$, demandProg$, progSignal$, toPeer$, demandPeer$, hangUp$ } = sinks;
  for (const sink$ of [startProg$, toProg$, demandProg$, progSignal$, toPeer$, demandPeer$, hangUp$])
    connection.add((sink$ as Observable<unknown>).subscribe(obey));
  world.secured$.next({ protocol: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256' });
  world.fromPeer$.next(Uint8Array.of(1));
  world.takenByProg$.next(1);
  world.fromProg$.next(Uint8Array.of(2));
  world.takenByPeer$.next(1);
}

const worldOf = ({ signal$ }: Host) => ({
  secured$: new Subject<Handshake>(),
  fromPeer$: new Subject<Bytes | CloseNotify>(),
  fromProg$: new Subject<Bytes>(),
  takenByPeer$: new Subject<number>(),
  takenByProg$: new Subject<number>(),
  progStdinGone$: new Subject<void>(),
  progExit$: new Subject<ProgStatus>(),
  hungUp$: new Subject<void>(),
  signal$,
});

const SETTINGS = {
  policy: 'S',
  requireCloseNotify: false,
  idleTimeout: 60_000,
  patience: { silence: 5_000, total: 30_000 },
  highWaterMark: 1 << 18,
} as const;
const CONNECTIONS = 1_000;
// The last one or two may still be in a register.
const STRAY = 10;

test.run();
