import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { GIVEN } from '../../../src/diagram/alphabet.ts';
import { isFault, isProgStatus } from '../../../src/diagram/values.ts';
import { changeKind } from '../../../src/explorer/model/edit.ts';
import { freeLetter, GIVEN_ROWS, kindOf, KINDS } from '../../../src/explorer/model/kinds.ts';
import { diagram, DIAGRAMS } from './support/diagrams.ts';

const begun = diagram('prog-eof-becomes-close-notify');

test('every row that can be given can be added', () => {
  assert.equal([...GIVEN_ROWS].sort(), Object.keys(GIVEN).sort());
});

test('every kind is a symbol of its row, and says what the symbol stands for', () => {
  for (const label of GIVEN_ROWS) {
    for (const { name, symbol, fault, writeFault, progStatus } of KINDS[label]) {
      if (symbol !== undefined) assert.match(symbol, GIVEN[label], `${label}: ${name}`);
      if (fault !== undefined) assert.ok(isFault(fault), name);
      if (writeFault !== undefined) assert.ok(isFault(writeFault), name);
      if (progStatus !== undefined) assert.ok(isProgStatus(progStatus), name);
    }
  }
});

test('what a mark was made is what it is', () => {
  for (const label of GIVEN_ROWS) {
    const given = [{ label, marks: [{ frame: 1, symbol: 'a' }] }];
    for (const kind of KINDS[label]) {
      const { scenario } = changeKind({ ...begun, given }, { label, index: 0 }, kind);
      const symbol = scenario.given[0]?.marks[0]?.symbol ?? '';
      assert.is(kindOf(label, symbol, scenario), kind);
    }
  }
});

test('every mark of every diagram has a name', () => {
  const unknown: string[] = [];
  for (const [name, scenario] of DIAGRAMS) {
    for (const { label, marks } of scenario.given) {
      for (const { symbol } of marks) {
        const kind = kindOf(label, symbol, scenario);
        if (!/^\S.*\S$/.test(kind.name)) unknown.push(`${name}: ${label} ${symbol}`);
        if (kind.symbol !== undefined && kind.symbol !== symbol) unknown.push(`${name}: ${label} ${symbol}`);
      }
    }
  }
  assert.equal(unknown, []);
});

test('what only a file says is told as the file says it', () => {
  const scenario = { ...begun, fault: 'alert access_denied', writeFault: 'reset ECONNRESET', progStatus: 'signal 15' };
  assert.equal(kindOf('from peer', '#', scenario), { name: 'alert access_denied', symbol: '#' });
  assert.equal(kindOf('taken by peer', '#', scenario), { name: 'reset ECONNRESET', symbol: '#' });
  assert.equal(kindOf('prog exit', 'x', scenario), { name: 'signal 15', symbol: 'x' });
  assert.equal(kindOf('prog exit', '7', scenario), { name: 'exit 7', symbol: '7' });
  assert.equal(kindOf('taken by prog', 'x', scenario), { name: 'x taken', symbol: 'x' });
});

test('new data gets a letter that is free, as long as there is one', () => {
  assert.is(freeLetter({ given: [] }, 'from peer'), 'x');
  assert.is(freeLetter({ given: [] }, 'from prog'), 'a');
  const marks = Array.from('abcdefghijklmnopqrstuvwxy', (symbol, frame) => ({ frame, symbol }));
  assert.is(freeLetter({ given: [{ label: 'from prog', marks }] }, 'from peer'), 'z');
  const all = [...marks, { frame: 30, symbol: 'z' }];
  assert.is(freeLetter({ given: [{ label: 'from prog', marks: all }] }, 'from prog'), 'z');
});

test.run();
