import { Subscription } from 'rxjs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Holding } from '../../../graph/lean/holding.ts';

/** Something to let go of, which says so. */
const thing = (told: string[], name: string) => (): void => void told.push(name);

test('lets go of all it holds once, in the order in which it came', () => {
  const [told, holding] = [[] as string[], new Holding()];
  for (const name of ['one', 'two', 'three']) holding.add(thing(told, name));
  holding.unsubscribe();
  holding.unsubscribe();
  assert.equal([told, holding.closed], [['one', 'two', 'three'], true]);
});

test('what comes when all is let go of is let go of at once', () => {
  const [told, holding] = [[] as string[], new Holding()];
  holding.unsubscribe();
  holding.add(thing(told, 'late'));
  holding.add(new Subscription(thing(told, 'later')));
  assert.equal(told, ['late', 'later']);
});

test('what was removed is not let go of, be it the only thing or one of several', () => {
  const [told, holding] = [[] as string[], new Holding()];
  const things = ['one', 'two', 'three', 'four'].map((name) => thing(told, name));
  const [one, two, three, four] = things as [() => void, () => void, () => void, () => void];
  holding.add(one);
  holding.remove(one);
  for (const own of [two, three, four]) holding.add(own);
  holding.remove(three);
  holding.unsubscribe();
  assert.equal(told, ['two', 'four']);
});

test('something that throws in being let go keeps nothing else', () => {
  const [told, holding] = [[] as string[], new Holding()];
  const bug = new Error('bug');
  holding.add(() => {
    throw bug;
  });
  holding.add(thing(told, 'two'));
  holding.add(thing(told, 'three'));
  assert.throws(
    () => holding.unsubscribe(),
    (error: unknown) => error === bug,
  );
  assert.equal(told, ['two', 'three']);
});

test('does not hold itself', () => {
  const holding = new Holding();
  holding.add(holding);
  holding.unsubscribe();
  assert.ok(holding.closed);
});

test.run();
