// Judges many things, several at a time.

/** Gives each item with what `judge` answers to it, in order; at most `inFlight` are judged at a time. */
export async function* inOrder<Item, Verdict>(
  items: Iterable<Item> | AsyncIterable<Item>, judge: (item: Item) => Promise<Verdict>, inFlight: number,
): AsyncGenerator<[Item, Verdict]> {
  const pending: [Item, Promise<Verdict>][] = [];
  for await (const item of items) {
    const answer = judge(item);
    answer.catch(() => {}); // It is awaited below; until then a failure isn't unhandled.
    pending.push([item, answer]);
    if (pending.length >= inFlight) {
      const [first, verdict] = pending.shift()!;
      yield [first, await verdict];
    }
  }
  for (const [item, verdict] of pending) yield [item, await verdict];
}
