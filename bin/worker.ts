import { serveWorker } from '../src/resident/workers/worker.ts';

// Started by s6-tlsserver -w: see src/resident/workers/in-workers.ts. Not for people.
process.title = 's6-tlsserver: worker';
serveWorker(process, (code) => process.exit(code));
