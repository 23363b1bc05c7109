import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { APPLICATION_DATA, record } from './support/records.ts';
import { eachProtocol, type Live, type Meeting } from './support/live.ts';

// Spec section 5, second table: the peer's end, as prog and the peer see it.

/** Reads to EOF, then says on fd 2 how much came, and only then answers. */
const READER = ['sh', '-c', 'n=$(wc -c); echo "read $n" >&2; echo "answer $n"; exit 3'];

const OURS = { '-s': 'fin', '-S': 'close_notify, fin', '-N': 'close_notify, fin' } as const;
const POLICIES = Object.entries(OURS);

/** RFC 5246 §7.2.1 asks for an answer at once; TLS 1.3, and `-s` in the manner of the reference, do not. */
const answersAtOnce = (live: Live, policy: string): boolean => live.protocol === 'TLSv1.2' && policy !== '-s';

for (const [policy, ours] of POLICIES) {
  for (const truncation of ['-j', '-J']) {
    eachProtocol(`${policy} ${truncation}: close_notify is EOF for prog after the last byte`, async (live) => {
      const { peer, tlsd } = await live.meet({ options: [policy, truncation], prog: READER });
      await peer.send('12345');
      await peer.closeNotify();
      await tlsd.says(/read 5\n/);
      assert.is(await peer.ended(), ours);
      assert.is(peer.text, answersAtOnce(live, policy) ? '' : 'answer 5\n');
      assert.is(peer.bytesAfterCloseNotify, 0);
      peer.fin();
      assert.is(await tlsd.exit(), 3);
      assert.is(tlsd.stderr, 'read 5\n');
    });
  }

  eachProtocol(`${policy}: close_notify and FIN in one write after data lose nothing`, async (live) => {
    const { peer, tlsd } = await live.meet({ options: [policy, '-J'], prog: READER });
    await tlsd.whileFrozen(() =>
      peer.together(async () => {
        await peer.send('1234');
        await peer.closeNotify();
      }, 'fin'),
    );
    assert.is(await peer.ended(), ours);
    assert.is(peer.text, answersAtOnce(live, policy) ? '' : 'answer 4\n');
    assert.is(await tlsd.exit(), 3);
    assert.is(tlsd.stderr, 'read 4\n');
  });

  eachProtocol(`${policy} -j: FIN without close_notify is EOF for prog, and its answer is sent`, async (live) => {
    const { peer, tlsd } = await live.meet({ options: [policy, '-j'], prog: READER });
    await peer.send('12345');
    peer.fin();
    assert.is(await peer.ended(), ours);
    assert.is(peer.text, 'answer 5\n');
    assert.is(await tlsd.exit(), 3);
    assert.is(tlsd.stderr, 'read 5\n');
  });

  eachProtocol(
    `${policy} -J: FIN without close_notify is a truncation, 98, and prog's answer is sent`,
    async (live) => {
      const { peer, tlsd } = await live.meet({ options: [policy, '-J'], prog: READER });
      await peer.send('12345');
      peer.fin();
      await peer.ended();
      assert.is(peer.text, 'answer 5\n');
      assert.is(await tlsd.exit(), 98);
      assert.match(tlsd.stderr, /read 5\n/);
      assert.match(tlsd.stderr, /s6-tlsd: fatal: .+\n$/);
    },
  );

  eachProtocol(`${policy}: FIN inside a record delivers the whole records and prog's answer, 98`, async (live) => {
    for (const missing of [1, 20]) {
      const { peer, tlsd } = await live.meet({ options: [policy, '-j'], prog: READER });
      await peer.send('12345');
      await peer.finInsideRecord('6789', missing);
      await peer.ended();
      assert.is(peer.text, 'answer 5\n', `${String(missing)} bytes missing`);
      assert.is(await tlsd.exit(), 98);
      assert.match(tlsd.stderr, /read 5\n/);
      assert.match(tlsd.stderr, /s6-tlsd: fatal: .+\n$/);
    }
  });

  eachProtocol(`${policy}: a reset ends both directions, 111`, async (live) => {
    // The peer has been answered once: a RST may legally destroy what is on its way.
    const { peer, tlsd } = await live.meet({ options: [policy], prog: WRITER });
    await peer.receives('tick');
    peer.reset();
    assert.is(await tlsd.exit(), 111);
    assert.match(tlsd.stderr, /stdin ended\n/);
    assert.match(tlsd.stderr, /s6-tlsd: fatal: .+\n/);
  });
}

for (const policy of ['-s', '-S', '-N']) {
  eachProtocol(`${policy}: a FIN inside the header of a record is no less a cut record`, async (live) => {
    const { peer, tlsd } = await live.meet({ options: [policy], prog: READER });
    await peer.send('12345');
    const bytes = await peer.sealed(() => peer.send('6789'));
    await peer.raw(bytes.subarray(0, 3));
    peer.fin();
    await peer.ended();
    assert.is(peer.text, 'answer 5\n');
    assert.is(await tlsd.exit(), 98);
  });
}

eachProtocol('what comes after close_notify is ignored, in the same segment too', async (live) => {
  for (const together of [true, false]) {
    const { peer, tlsd } = await live.meet({ options: ['-s'], prog: READER });
    const bytes = await peer.sealed(async () => {
      await peer.send('12345');
      await peer.closeNotify();
    });
    // No engine encrypts after its close_notify: what is late can only be a record that does not even decrypt.
    const late = record(APPLICATION_DATA, Buffer.alloc(64, 1));
    await tlsd.whileFrozen(() => peer.raw(together ? Buffer.concat([bytes, late]) : bytes));
    await tlsd.says(/read 5\n/);
    if (!together) await peer.raw(late);
    peer.fin();
    assert.is(await peer.ended(), 'fin');
    assert.is(peer.text, 'answer 5\n');
    assert.is(await tlsd.exit(), 3);
    assert.is(tlsd.stderr, 'read 5\n');
  }
});

eachProtocol(
  'RFC 5246: under TLS 1.2 with -S and -N what prog still writes is thrown away, and prog does not die of it',
  async (live) => {
    if (live.protocol !== 'TLSv1.2') return;
    for (const policy of ['-S', '-N']) {
      const { peer, tlsd } = await live.meet({
        options: [policy],
        prog: ['sh', '-c', 'cat >/dev/null; head -c 3000000 /dev/zero; echo "head $?" >&2; exit 4'],
      });
      await peer.closeNotify();
      assert.is(await peer.ended(), 'close_notify, fin');
      assert.is(peer.received, 0);
      peer.fin();
      assert.is(await tlsd.exit(), 4);
      assert.is(tlsd.stderr, 'head 0\n');
    }
  },
);

eachProtocol('a peer that sends FIN after close_notify has not truncated anything', async (live) => {
  const { peer, tlsd } = await live.meet({ options: ['-sJ'], prog: READER });
  await peer.send('12345');
  await peer.closeNotify();
  peer.fin();
  assert.is(await peer.ended(), 'fin');
  assert.is(await tlsd.exit(), 3);
});

eachProtocol('-J: a FIN without close_notify is 98 also when it comes after our ending', async (live) => {
  for (const policy of ['-s', '-S', '-N']) {
    const { peer, tlsd } = await live.meet({ options: [policy, '-J'], prog: ['echo', 'hello'] });
    await peer.ended();
    peer.fin();
    assert.is(await tlsd.exit(), 98, policy);
    assert.is(peer.text, 'hello\n');
  }
});

eachProtocol('-J: close_notify after our ending is a clean end', async (live) => {
  for (const policy of ['-s', '-S', '-N']) {
    const { peer, tlsd } = await live.meet({ options: [policy, '-J'], prog: ['echo', 'hello'] });
    await peer.ended();
    await peer.closeNotify();
    peer.fin();
    assert.is(await tlsd.exit(), 0, policy);
    assert.is(tlsd.stderr, '');
  }
});

eachProtocol('a FIN before any data is EOF at once', async (live) => {
  const { peer, tlsd } = await live.meet({ options: ['-S'], prog: READER });
  peer.fin();
  assert.is(await peer.ended(), 'close_notify, fin');
  assert.is(peer.text, 'answer 0\n');
  assert.is(await tlsd.exit(), 3);
});

/** Writes for ever, and says when its stdin ends or its stdout is gone. */
const WRITER = [
  'sh',
  '-c',
  'exec 3<&0; (cat <&3 >/dev/null; echo "stdin ended" >&2) & exec 3<&- </dev/null; while echo tick; do sleep 0.02; done; wait',
];

const afterFault = async ({ peer, tlsd }: Meeting, alert: RegExp): Promise<void> => {
  const ending = await peer.ended();
  assert.match(ending, alert);
  // TCP ends at once, not when the peer leaves: this peer never ends its side.
  assert.match(ending, /(fin|reset)$/);
  await tlsd.says(/stdin ended\n/);
  assert.is(await tlsd.exit(), 98);
  assert.match(tlsd.stderr, /s6-tlsd: fatal: [^\n]+\n/);
};

for (const [policy] of POLICIES) {
  eachProtocol(
    `${policy}: a record that cannot be decrypted gets bad_record_mac, and TCP ends at once, 98`,
    async (live) => {
      const meeting = await live.meet({ options: [policy], prog: WRITER });
      await meeting.peer.receives('tick');
      const bytes = await meeting.peer.sealed(() => meeting.peer.send('hello'));
      bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
      await meeting.peer.raw(bytes);
      await afterFault(meeting, /alert bad_record_mac/);
    },
  );

  eachProtocol(`${policy}: a fatal alert from the peer ends TCP at once, 98`, async (live) => {
    const meeting = await live.meet({ options: [policy], prog: WRITER });
    await meeting.peer.receives('tick');
    await meeting.peer.fatalAlert();
    await afterFault(meeting, /./);
  });
}

eachProtocol('a record of unknown type gets the fitting alert, 98', async (live) => {
  const meeting = await live.meet({ prog: WRITER });
  await meeting.peer.receives('tick');
  await meeting.peer.raw(record(99, Buffer.alloc(64, 1)));
  // TLS 1.2 protects the type like the data, and checks that first.
  await afterFault(meeting, live.protocol === 'TLSv1.2' ? /alert bad_record_mac/ : /alert unexpected_message/);
});

eachProtocol('a record longer than allowed gets record_overflow, 98', async (live) => {
  const meeting = await live.meet({ prog: WRITER });
  await meeting.peer.receives('tick');
  await meeting.peer.raw(record(APPLICATION_DATA, Buffer.alloc(0xffff, 1)));
  await afterFault(meeting, /alert record_overflow/);
});

eachProtocol('plain text in the middle of the connection is a bad record, 98', async (live) => {
  const meeting = await live.meet({ prog: WRITER });
  await meeting.peer.receives('tick');
  await meeting.peer.raw('GET / HTTP/1.0\r\n\r\n');
  await afterFault(meeting, /alert/);
});

eachProtocol('whole records before a bad one are delivered, in the same segment too', async (live) => {
  const { peer, tlsd } = await live.meet({ options: ['-S'], prog: READER });
  await tlsd.whileFrozen(async () => {
    const good = await peer.sealed(() => peer.send('12345'));
    const bad = await peer.sealed(() => peer.send('hello'));
    bad.writeUInt8(bad.readUInt8(bad.length - 1) ^ 1, bad.length - 1);
    await peer.raw(Buffer.concat([good, bad]));
  });
  await tlsd.says(/read 5\n/);
  assert.match(await peer.ended(), /alert bad_record_mac/);
  assert.is(await tlsd.exit(), 98);
  assert.is(peer.text, '');
});

test.run();
