import { serveLauncher } from '../src/prog/serve-launcher.ts';

// Started by the engine while it still has the privileges that prog is to get: see src/prog/launcher.ts. Not for people.
serveLauncher({
  argv: process.argv.slice(2),
  environment: { ...process.env } as Record<string, string>,
  exit: (code) => process.exit(code),
});
