// Listens where its words say, and tells in lines of JSON what happens. Stops at the end of its stdin.
import { spawnSync } from 'node:child_process';
import { Death } from '../../../../src/messages.ts';
import { listen } from '../../../../src/resident/listen.ts';
import { parseWords } from '../../../../src/resident/words.ts';

const tell = (what: object): void => void process.stdout.write(`${JSON.stringify(what)}\n`);

try {
  const { where } = parseWords([...process.argv.slice(2), 'prog']);
  const { bound, accepted$, warning$, close } = await listen(where, { backlog: 511, environment: process.env });
  accepted$.subscribe({
    next: ({ socket, ends }) => {
      tell({ ends });
      // Until the client has ended as well, it keeps its descriptor.
      socket.on('error', () => undefined).resume().end(`${process.pid}`); // prettier-ignore
    },
    complete: () => tell({ complete: true }),
  });
  warning$.subscribe((warning) => tell({ warning }));
  // What a prog would inherit besides its stdin, stdout and stderr; 3 to 9 is where systemd puts sockets.
  const { stdout } = spawnSync('sh', ['-c', 'for fd in 3 4 5 6 7 8 9; do readlink /proc/$$/fd/$fd; done'], {
    encoding: 'utf8',
  });
  tell({ bound, sockets: stdout.match(/socket/g)?.length ?? 0 });
  process.stdin.on('end', close).resume();
} catch (error) {
  if (!(error instanceof Death)) throw error;
  tell({ death: `${error.exitCode} ${error.message}` });
}
