import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { memoryOf } from '../processes.ts';
import type { BareNode } from '../results.ts';
import type { Stage } from './stage.ts';

/** The memory of a Node that does nothing but wait. */
export async function measureBareNode({ bed, plan, say }: Stage): Promise<readonly BareNode[]> {
  const results: BareNode[] = [];
  for (let round = 0; round < plan.rounds; round += 1) {
    say(`a Node that waits, round ${round + 1}`);
    const node = spawn(process.execPath, [bed.waitingFile], {
      env: bed.environment,
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: 10_000,
    });
    await once(node.stdout, 'data');
    results.push({ idleMiB: memoryOf(node.pid ?? 0).now });
    node.kill();
    await once(node, 'close');
  }
  return results;
}
