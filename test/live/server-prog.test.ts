import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { eachProtocol, once, type Live } from './support/live.ts';

// How s6-tlsserver starts a prog, and with what.

/** Runs prog to its end with a peer that ends at once; gives what prog wrote, and what came on fd 2. */
const output = async (live: Live, script: string, others = 0): Promise<{ text: string; stderr: string }> => {
  const server = await live.resident({ prog: ['sh', '-c', script] });
  const open = await Promise.all(Array.from({ length: others }, () => live.join(server.port, { handshake: 'none' })));
  const peer = await live.join(server.port);
  peer.fin();
  await peer.ended();
  for (const other of open) other.reset();
  await server.stop();
  return { text: peer.text, stderr: server.stderr };
};

eachProtocol(
  'stdin and stdout are pipes, /dev/stdin and /dev/stdout can be opened, stderr is the server’s',
  async (live) => {
    const looked = 'test -p /dev/stdin && echo in; test -p /dev/stdout && echo out; echo x >/dev/stdout; echo told >&2';
    const { text, stderr } = await output(live, `${looked}; cat /dev/stdin`);
    assert.is(text, 'in\nout\nx\n');
    assert.is(stderr, 'told\n');
  },
);

once('prog inherits no descriptor of the server but 0, 1 and 2, whoever else is connected', async (live) => {
  // What this test itself has inherited reaches every child, that of a control too.
  const control = live.run(['ls', '/proc/self/fd']);
  await control.exit();
  const { text } = await output(live, 'exec ls /proc/self/fd', 3);
  assert.is(text, control.stdout);
});

/** Blocks one signal and ignores another, for the program that follows. */
const BLOCKING = [
  'perl',
  '-MPOSIX',
  '-e',
  '$SIG{USR1} = "IGNORE"; sigprocmask(SIG_BLOCK, POSIX::SigSet->new(SIGUSR2)); exec @ARGV',
];

for (const under of [[], BLOCKING])
  once(
    `prog's signals have their default actions, and none is blocked${under.length > 0 ? ', although some were for the server' : ''}`,
    async (live) => {
      const server = await live.resident({ under, prog: ['cat', '/proc/self/status'] });
      const peer = await live.join(server.port);
      peer.fin();
      await peer.ended();
      for (const set of ['SigBlk', 'SigIgn', 'SigCgt']) assert.match(peer.text, new RegExp(`^${set}:\\s*0{16}$`, 'm'));
    },
  );

once('prog gets its words as they are, and options end at the first word that is none', async (live) => {
  const server = await live.resident({ prog: ['sh', '-c', 'printf "%s|" "$0" "$@"', '-S', '--', '', 'a b', '--help'] });
  const peer = await live.join(server.port);
  await peer.ended();
  peer.fin();
  assert.is(peer.text, '-S|--||a b|--help|');
});

once('prog is in the working directory of the server, and gets SIGPIPE when nobody hears it any more', async (live) => {
  const server = await live.resident({ prog: ['sh', '-c', 'pwd; yes; kill -l $? >&2'] });
  const peer = await live.join(server.port);
  await peer.receives(`${process.cwd()}\n`);
  peer.reset();
  await server.says(/^PIPE$/m);
});

test.run();
