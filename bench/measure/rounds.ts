/**
 * Does the work with each of the items in each round, one after the other; each is the first as often as the others.
 *
 * @returns what came of it, round by round.
 */
export async function inTurn<Item, Outcome>(
  items: readonly Item[],
  rounds: number,
  work: (item: Item, round: number) => Promise<Outcome>,
): Promise<ReadonlyMap<Item, readonly Outcome[]>> {
  const outcomes = new Map(items.map((item) => [item, [] as Outcome[]]));
  for (let round = 0; round < rounds; round += 1) {
    const first = round % Math.max(items.length, 1);
    for (const item of [...items.slice(first), ...items.slice(0, first)])
      outcomes.get(item)?.push(await work(item, round));
  }
  return outcomes;
}
