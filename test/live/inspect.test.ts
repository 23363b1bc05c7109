import { spawn, spawnSync } from 'node:child_process';
import { once as event } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { differences } from '../../src/diagram/compare.ts';
import { playScenario } from '../../src/diagram/play.ts';
import { readScenario } from '../../src/diagram/scenario.ts';
import { called } from '../src/inspect/support/called.ts';
import { eachProtocol, once, type Live, type Meeting } from './support/live.ts';

const COMMAND = new URL('../../dist/marble-tls.cjs', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'marble-tls-live-inspect-'));
test.after(() => rmSync(folder, { recursive: true }));

/** Runs the command as it is installed. */
const inspect = (...argv: readonly string[]) =>
  spawnSync(COMMAND, argv, { encoding: 'utf8', env: { PATH: process.env['PATH'] } });

let traces = 0;

/** Traces one connection, turns it into a diagram and plays that; also draws, explains and compares it. */
async function reproduced(
  live: Live,
  {
    options,
    prog,
    act,
  }: { options: readonly string[]; prog: readonly string[]; act: (meeting: Meeting) => Promise<void> },
): Promise<void> {
  const trace = join(folder, `${String((traces += 1))}.trace`);
  const meeting = await live.meet({ options: [...options, `--trace=${trace}`], prog });
  await act(meeting);
  const exitStatus = await meeting.tlsd.exit();

  const { status, stdout: text, stderr } = inspect('spec', trace);
  assert.equal({ status, stderr }, { status: 0, stderr: '' }, `${text}\n${readFileSync(trace, 'utf8')}`);
  const scenario = readScenario(text);
  assert.is(scenario.exit, exitStatus);
  assert.equal(scenario.protocols, [live.protocol]);
  const difference = differences(scenario, playScenario(scenario, live.protocol));
  if (difference !== undefined) assert.unreachable(difference);

  const compared = await called(['diff', trace, '-'], { stdin: text });
  assert.is(compared.exitStatus, 0, compared.stdout);
  const drawn = await called(['render', trace]);
  assert.is(drawn.exitStatus, 0, drawn.stderr);
  assert.match(drawn.stdout, /^wire out {2}/m);
  const told = await called(['explain', trace, '--json']);
  assert.is(told.exitStatus, 0, told.stderr);
  const [story] = JSON.parse(told.stdout) as readonly { end: { verdict: string; exitStatus: number } }[];
  assert.is(story?.end.exitStatus, exitStatus);
}

/** Greets, closes its stdout, and reads on to the end of its stdin. */
const GREETER = ['sh', '-c', 'read -r name; echo "hello $name"; exec >&-; cat >/dev/null'];
/** Greets, reads to the end of its stdin, and says one thing more. */
const ANSWERER = ['sh', '-c', 'read -r name; echo "hello $name"; cat >/dev/null; echo "good bye"'];
const greeted = async ({ peer }: Meeting): Promise<void> => {
  await peer.send('world\n');
  await peer.receives('hello world\n');
};

for (const policy of ['-s', '-S', '-N']) {
  eachProtocol(`${policy}: a connection that prog ends first becomes a diagram that is green`, async (live) =>
    reproduced(live, {
      options: [policy],
      prog: GREETER,
      act: async (meeting) => {
        await greeted(meeting);
        await meeting.peer.ended();
        await meeting.peer.closeNotify();
        meeting.peer.fin();
      },
    }),
  );

  eachProtocol(`${policy}: a connection that the peer ends first becomes a diagram that is green`, async (live) =>
    reproduced(live, {
      options: [policy],
      prog: ANSWERER,
      act: async (meeting) => {
        await greeted(meeting);
        await meeting.peer.closeNotify();
        await meeting.peer.ended();
        meeting.peer.fin();
      },
    }),
  );

  eachProtocol(`${policy} -J: a truncation becomes a diagram that is green`, async (live) =>
    reproduced(live, {
      options: [policy, '-J'],
      prog: ANSWERER,
      act: async (meeting) => {
        await greeted(meeting);
        meeting.peer.fin();
        await meeting.peer.ended();
      },
    }),
  );
}

for (const [what, act] of [
  ['a reset', async ({ peer }: Meeting) => peer.reset()],
  ['a fatal alert', async ({ peer }: Meeting) => peer.fatalAlert()],
  ['a FIN inside a record', async ({ peer }: Meeting) => peer.finInsideRecord('cut', 3)],
  [
    'a record that cannot be decrypted',
    async ({ peer }: Meeting) => peer.raw(Buffer.from('1703030014'.padEnd(50, '7'), 'hex')),
  ],
] as const) {
  eachProtocol(`${what} becomes a diagram that is green`, async (live) =>
    reproduced(live, {
      options: ['-S'],
      prog: ANSWERER,
      act: async (meeting) => {
        await greeted(meeting);
        await act(meeting);
      },
    }),
  );
}

eachProtocol('-K: a timeout becomes a diagram that is green', async (live) =>
  reproduced(live, { options: ['-S', '-K', '250'], prog: ANSWERER, act: greeted }),
);

eachProtocol('a signal becomes a diagram that is green', async (live) =>
  reproduced(live, {
    options: ['-S'],
    prog: ['sh', '-c', 'trap "exit 3" TERM; read -r name; echo "hello $name"; while :; do read -r _ || :; done'],
    act: async (meeting) => {
      await greeted(meeting);
      meeting.tlsd.signal('SIGTERM');
      await meeting.peer.ended();
      meeting.peer.fin();
    },
  }),
);

eachProtocol('a long answer becomes a diagram that is green, with chunks that share letters', async (live) =>
  reproduced(live, {
    options: ['-S'],
    prog: ['sh', '-c', 'read -r name; i=0; while [ $i -lt 40 ]; do head -c 16000 /dev/zero; i=$((i + 1)); done'],
    act: async ({ peer }) => {
      await peer.send('world\n');
      await peer.ended();
      peer.fin();
    },
  }),
);

eachProtocol(
  'a connection whose peer stopped reading, so that prog had to wait, becomes a diagram that is green',
  async (live) =>
    reproduced(live, {
      options: ['-S', '-v3'],
      prog: ['sh', '-c', 'read -r name; exec head -c 9000000 /dev/zero'],
      act: async ({ peer, tlsd }) => {
        peer.stopReading();
        await peer.send('world\n');
        await tlsd.says(/demandProg: false/);
        peer.resumeReading();
        await peer.ended();
        peer.fin();
      },
    }),
);

once('several connections share a file, and each can be chosen', async (live) => {
  const trace = join(folder, 'shared.trace');
  for (const policy of ['-s', '-S']) {
    const meeting = await live.meet({ options: [policy, `--trace=${trace}`], prog: ANSWERER });
    await greeted(meeting);
    await meeting.peer.closeNotify();
    await meeting.peer.ended();
    meeting.peer.fin();
    await meeting.tlsd.exit();
  }
  assert.match(inspect('spec', trace, '--connection', '1').stdout, /^policy: s$/m);
  assert.match(inspect('spec', trace, '--connection', '2').stdout, /^policy: S$/m);
  assert.is(inspect('spec', trace).status, 2);
  assert.is(inspect('explain', trace).stdout.match(/^Connection /gm)?.length, 2);
});

const example = (name: string): string => new URL(`../../docs/examples/${name}.trace`, import.meta.url).pathname;

test('a reader that has seen enough is no trouble, and does not change the exit status', async () => {
  for (const [argv, status] of [
    [['explain', '--json', ...Array.from({ length: 200 }, () => example('greet'))], 0],
    [['diff', example('greet'), example('cut')], 1],
  ] as const) {
    const command = spawn(COMMAND, argv, { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    command.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    command.stdout.destroy();
    const [code] = (await event(command, 'close')) as [number | null];
    assert.equal({ code, said }, { code: status, said: '' });
  }
});

test('a full disk is told', () => {
  const { status, stderr } = spawnSync('sh', ['-c', '"$0" render "$1" >/dev/full', COMMAND, example('greet')], {
    encoding: 'utf8',
  });
  assert.equal(
    { status, stderr },
    { status: 2, stderr: 'marble-tls: fatal: unable to write to stdout: no space left on device\n' },
  );
});

test.run();
