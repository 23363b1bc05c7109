import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { explore, type Stay } from '../../../../src/inspect/explore/explore.ts';
import { stateFrom } from '../../../../src/explorer/model/permalink.ts';
import { playScenario } from '../../../../src/diagram/play.ts';
import { readScenario } from '../../../../src/diagram/scenario.ts';
import { inputFrom, type Input } from '../../../../src/inspect/input-from.ts';
import { Trouble } from '../../../../src/inspect/trouble.ts';
import { traceOf } from '../support/recorded.ts';
import { within } from '../../../live/support/watch.ts';

const folder = mkdtempSync(join(tmpdir(), 'marble-tls-explore-'));
test.after(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'explorer.html');
const html = `<!doctype html><meta http-equiv="Content-Security-Policy" content="default-src 'none'">`;
writeFileSync(file, html);

/** Runs the command, which is stopped at once and may warn of nothing, unless something else is said; gives what it printed. */
const explored = async (
  flags: Readonly<Record<string, string | true>>,
  stay: Partial<Stay> = {},
  input?: Input,
): Promise<string> => {
  let printed = '';
  const all: Stay = {
    environment: { PATH: folder },
    print: async (text) => void (printed += text),
    warning: assert.unreachable,
    untilStopped: async () => undefined,
    ...stay,
  };
  await within('the end of the command', explore(input, new Map(Object.entries(flags)), all, file));
  return printed;
};

test('the address is printed when clients can connect, and nobody can once the command has ended', async () => {
  let address = '';
  let page = '';
  await explored(
    {},
    {
      print: async (text) => {
        address = text;
        page = await (await fetch(text)).text();
      },
    },
  );
  assert.match(address, /^http:\/\/127\.0\.0\.1:[1-9]\d*\/\n$/);
  assert.is(page, html);
  let reached = true;
  await fetch(address).catch(() => (reached = false));
  assert.not.ok(reached);
});

test('the command lasts until it is stopped', async () => {
  let stopped = false;
  const stop = new Promise<void>((resolve) =>
    setImmediate(() => {
      stopped = true;
      resolve();
    }),
  );
  await explored({}, { untilStopped: () => stop });
  assert.ok(stopped);
});

test('it can be stopped as soon as its address is printed', async () => {
  const order: string[] = [];
  await explored(
    {},
    {
      print: async () => void order.push('print'),
      untilStopped: async () => void order.push('untilStopped'),
    },
  );
  assert.equal(order, ['untilStopped', 'print']);
});

test('--open: when there is no browser to open, that is told, and the server goes on', async () => {
  const warnings: string[] = [];
  let warned: () => void = assert.unreachable;
  const stop = new Promise<void>((resolve) => (warned = resolve));
  const warning = (message: string): void => {
    warnings.push(message);
    warned();
  };
  await explored({ open: true }, { warning, untilStopped: () => stop });
  assert.equal(warnings, ['unable to run xdg-open: no such file or directory']);
});

for (const [title, flags, opened] of [
  ['with --open the browser gets the environment', { open: true }, true],
  ['without --open nothing is started', {}, false],
] as const) {
  test(title, async () => {
    let handedOn = false;
    const environment = new Proxy(
      {},
      {
        ownKeys: () => {
          handedOn = true;
          return [];
        },
      },
    );
    await explored(flags, { environment, warning: () => undefined });
    assert.is(handedOn, opened);
  });
}

/** What the page begins with, when it is asked for at the address that was printed. */
const begunWith = (printed: string) =>
  stateFrom(new URL(printed.trimEnd()).hash.slice(1), { get: () => undefined }).scenario;

const diagram = readFileSync(new URL('../../../../diagrams/reset-during-the-answer.yaml', import.meta.url), 'utf8');

test('a diagram is in the address, and so does the same on the page', async () => {
  const scenario = readScenario(diagram);
  const begun = begunWith(await explored({}, {}, inputFrom('a.yaml', diagram)));
  assert.equal(playScenario(begun, 'TLSv1.3'), playScenario(scenario, 'TLSv1.3'));
  assert.is(begun.title, scenario.title);
});

test('a trace is in the address as what spec makes of it; of several connections one must be chosen', async () => {
  const scenario = readScenario(diagram);
  const two = traceOf(scenario, 'TLSv1.3', 1) + traceOf(scenario, 'TLSv1.3', 2);
  const input = inputFrom('greet.trace', two);
  const begun = begunWith(await explored({ connection: '2' }, {}, input));
  assert.equal(playScenario(begun, 'TLSv1.3').verdicts, playScenario(scenario, 'TLSv1.3').verdicts);
  let reason: unknown;
  await explored({}, {}, input).catch((error: unknown) => (reason = error));
  assert.is((reason as Trouble).message, 'greet.trace has 2 connections: choose one with --connection N');
});

test('what there is to say about a file is a warning, and the page is served', async () => {
  const warnings: string[] = [];
  const torn = inputFrom('torn.trace', `${traceOf(readScenario(diagram), 'TLSv1.3')}{"connec`);
  const printed = await explored({}, { warning: (message) => void warnings.push(message) }, torn);
  assert.match(warnings.join('\n'), /^torn\.trace:\d+: the last line is torn: left out$/);
  assert.ok(begunWith(printed).given.length > 0);
});

const refuses = async (flags: Readonly<Record<string, string>>, message: string): Promise<void> => {
  let reason: unknown;
  const print = assert.unreachable as Stay['print'];
  await explored(flags, { print }).catch((error: unknown) => (reason = error));
  assert.instance(reason, Trouble);
  assert.is((reason as Trouble).message, message);
};

for (const port of ['65536', '-1', '1e3', '0x50', '80 ', 'http', '8.0', '٣', '1'.repeat(400)]) {
  test(`--port ${port.slice(0, 20)} is refused`, () =>
    refuses({ port }, `--port ${port}: a port is a number from 0 to 65535`));
}

test('--port 0 is any port that is free, as without it', async () => {
  assert.match(await explored({ port: '0' }), /:[1-9]\d*\/\n$/);
});

test('the port is that of --port', async () => {
  const print = async (address: string): Promise<void> => {
    const { port } = new URL(address);
    await refuses({ port }, `unable to listen on 127.0.0.1 port ${port}: address already in use`);
  };
  await explored({}, { print });
});

test.run();
