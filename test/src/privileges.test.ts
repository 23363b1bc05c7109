import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { skip } from '../support/live-skips.ts';

/** Runs a script in a process of its own, from which there is no way back, and gives what it prints. */
const inChild = (script: string, { uid, gid }: { uid?: number; gid?: number } = {}): string => {
  const env = { ...process.env };
  delete env['NODE_EXTRA_CA_CERTS'];
  const source = fileURLToPath(new URL('../../src/privileges.ts', import.meta.url));
  const child = spawnSync(
    process.execPath,
    [
      ...process.execArgv,
      '--input-type=module',
      '-e',
      `import { dropPrivileges } from ${JSON.stringify(source)};${script}`,
    ],
    {
      env,
      encoding: 'utf8',
      timeout: 20_000,
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
    },
  );
  return child.stdout + child.stderr;
};

const isRoot = process.getuid?.() === 0;
const asRoot = (title: string, body: () => void): void => {
  if (isRoot) test(title, body);
  else skip(`${title}: only root can try`);
};

asRoot('all threads have the uid and the gid, real, effective and saved, no groups and no capabilities', () => {
  const report = inChild(`
    import { readdirSync, readFileSync } from 'node:fs';
    import { pbkdf2 } from 'node:crypto';
    process.setgroups([0, 4, 27]);
    pbkdf2('a', 'b', 1, 8, 'sha256', () => { // Now the threads of the pool are there too.
      dropPrivileges({ uid: 65534, gid: 65533 });
      const threads = readdirSync('/proc/self/task');
      const facts = threads.map((id) => readFileSync('/proc/self/task/' + id + '/status', 'utf8').match(/^(Uid|Gid|Groups|CapEff|CapPrm):.*$/gm).join(' ').replace(/\\s+/g, ' ').trim());
      console.log(threads.length > 4, [...new Set(facts)].join('\\n'));
    });
  `);
  assert.is(
    report,
    'true Uid: 65534 65534 65534 65534 Gid: 65533 65533 65533 65533 Groups: CapPrm: 0000000000000000 CapEff: 0000000000000000\n',
  );
});

asRoot('root cannot be regained, and key files can no longer be read', () => {
  const report = inChild(`
    import { readFileSync } from 'node:fs';
    dropPrivileges({ uid: 65534, gid: 65534 });
    const tries = [() => process.setuid(0), () => process.setgid(0), () => process.setgroups([0]), () => readFileSync('/etc/shadow')];
    for (const attempt of tries) try { attempt(); console.log('open'); } catch (error) { console.log(error.code); }
  `);
  assert.is(report, 'EPERM\nEPERM\nEPERM\nEACCES\n');
});

asRoot('what is not asked for is kept, supplementary groups excepted', () => {
  const facts = `console.log(process.getuid(), process.getgid(), process.getgroups().join());`;
  const groups = 'process.setgroups([0, 4]);';
  assert.is(inChild(`${groups} dropPrivileges({}); ${facts}`), '0 0 0,4\n');
  assert.is(inChild(`${groups} dropPrivileges({ gid: 65534 }); ${facts}`), '0 65534 65534\n');
  assert.is(inChild(`${groups} dropPrivileges({ uid: 65534 }); ${facts}`), '65534 0 0\n');
});

const attempt = (call: string): string =>
  `try { ${call}; console.log('done'); } catch (error) { console.log(error.name, error.exitCode, error.message); }`;

asRoot('who may not drop dies with 111', () => {
  const report = inChild(attempt('dropPrivileges({ uid: 65533 })'), { uid: 65534, gid: 65534 });
  assert.is(report, 'Death 111 unable to drop privileges: operation not permitted\n');
});

for (const [step, sabotage, reason] of [
  ['setuid', 'process.setuid = () => {}', 'the uid did not change'],
  ['setgid', 'process.setgid = () => {}', 'the gid did not change'],
  ['setgroups', 'process.setgroups([4]); process.setgroups = () => {}', 'supplementary groups are left'],
] as const) {
  asRoot(`a ${step} that says it worked and did not is found out`, () => {
    const report = inChild(`${sabotage}; ${attempt('dropPrivileges({ uid: 65534, gid: 65534 })')}`);
    assert.is(report, `Death 111 unable to drop privileges: ${reason}\n`);
  });
}

asRoot('a way back to root is found out', () => {
  // seteuid leaves the real and the saved uid at 0; the getters are told to see nothing of it.
  const sabotage = `
    const { seteuid } = process;
    process.setuid = (id) => seteuid.call(process, id);
    process.getuid = () => 65534;
  `;
  const report = inChild(`${sabotage} ${attempt('dropPrivileges({ uid: 65534, gid: 65534 })')}`);
  assert.is(report, 'Death 111 unable to drop privileges: they can be regained\n');
});

test.run();
