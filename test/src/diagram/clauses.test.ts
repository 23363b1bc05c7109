import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { clauseUnder } from '../../../src/diagram/clauses.ts';

const BOTH = 'RFC 8446 §6.1; RFC 5246 §7.2.1; s6-tlsd, -S and -N';

test('a clause is told without the parts of the other version of TLS', () => {
  assert.is(clauseUnder(BOTH, 'TLSv1.3'), 'RFC 8446 §6.1; s6-tlsd, -S and -N');
  assert.is(clauseUnder(BOTH, 'TLSv1.2'), 'RFC 5246 §7.2.1; s6-tlsd, -S and -N');
});

test('a clause that is of the other version alone stays as it is', () => {
  assert.is(clauseUnder('RFC 8446 §6.1', 'TLSv1.2'), 'RFC 8446 §6.1');
  assert.is(clauseUnder('RFC 5246 §7.2.1; RFC 5246 §7.2.2', 'TLSv1.3'), 'RFC 5246 §7.2.1; RFC 5246 §7.2.2');
});

test('a clause that is of no version is told under each', () => {
  for (const protocol of ['TLSv1.2', 'TLSv1.3'] as const) {
    assert.is(clauseUnder('RFC 9293 §3.6; s6-tlsd, -j', protocol), 'RFC 9293 §3.6; s6-tlsd, -j');
    // Another document whose number begins alike.
    assert.is(clauseUnder('RFC 84460 §1; RFC 52460 §1', protocol), 'RFC 84460 §1; RFC 52460 §1');
  }
});

test.run();
