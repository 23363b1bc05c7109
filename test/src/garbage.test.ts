import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const source = fileURLToPath(new URL('../../src/garbage.ts', import.meta.url));

/** The most bytes of dead buffers that V8 lets pile up while 128 MiB come and go, 16 KiB at a time. */
const mostGarbage = (perBuffer: string): number => {
  const script = `
    import { discarded } from ${JSON.stringify(source)};
    let most = 0;
    for (let left = 8192; left > 0; left -= 1) {
      const buffer = new Uint8Array(16384);
      ${perBuffer}
      if (left % 64 === 0) most = Math.max(most, process.memoryUsage().arrayBuffers);
    }
    console.log(most, typeof gc);
  `;
  const argv = ['--import', 'tsx', '--input-type=module', '-e', script];
  const [most = '', gc] = execFileSync(process.execPath, argv, { encoding: 'utf8' }).trim().split(' ');
  assert.is(gc, 'undefined', 'the collector is shown to nobody else');
  return Number(most);
};

test('dead buffers are collected every 4 MiB', () => {
  const most = mostGarbage('discarded(buffer.length);');
  assert.ok(most > 2_000_000 && most < 8_000_000, String(most));
});

test('Node: left to itself V8 lets them pile up', () => {
  const most = mostGarbage('');
  assert.ok(most > 24_000_000, String(most));
});

test.run();
