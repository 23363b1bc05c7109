import { spawn } from 'node:child_process';
import { systemReason } from '../../messages.ts';

export interface OpenSettings {
  readonly environment: NodeJS.ProcessEnv;
  /** A message for people. */
  readonly warning: (message: string) => void;
  readonly platform?: NodeJS.Platform;
}

/**
 * Shows an address in the user's browser: by xdg-open(1), which looks at BROWSER itself, and on macOS by open(1). What it prints goes
 * nowhere, and it lives on when we end, or when ^C is typed in our terminal. When it cannot be started, or fails, that is told.
 */
export function openBrowser(
  address: string,
  { environment, warning, platform = process.platform }: OpenSettings,
): void {
  const opener = platform === 'darwin' ? 'open' : 'xdg-open';
  new Promise<unknown>((resolve, reject) => {
    const child = spawn(opener, [address], { env: environment, detached: true, stdio: 'ignore' });
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? signal));
  }).then(
    (outcome) => {
      if (outcome !== 0) warning(`unable to open a browser: ${opener} ended with ${String(outcome)}`);
    },
    (error: unknown) => warning(`unable to run ${opener}: ${systemReason(error)}`),
  );
}
