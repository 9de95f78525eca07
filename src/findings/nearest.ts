/** The longest word that is compared: a longer one isn't a mistyped name. */
const LONGEST = 64;

/**
 * The candidate that a mistyped word most likely means, or undefined. Case, `-` and `_` don't count; apart from that, a third
 * of the letters may differ, and a swap of neighbours counts as one difference.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > LONGEST) return undefined;
  const plain = plainWord(word);
  let best: string | undefined;
  let limit = Math.max(1, Math.floor(plain.length / 3));
  for (const candidate of candidates) {
    const other = plainWord(candidate);
    if (Math.abs(other.length - plain.length) > limit) continue;
    const distance = editDistance(plain, other, limit);
    if (distance > limit || (distance === limit && best !== undefined)) continue;
    [best, limit] = [candidate, distance];
  }
  return best;
}

function plainWord(word: string): string {
  return word.toLowerCase().replace(/[-_ ]/g, '');
}

/**
 * The insertions, deletions, replacements and swaps of neighbours that turn one word into the other; if above `limit`, any number above it.
 */
export function editDistance(from: string, to: string, limit = Infinity): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  let current: number[] = [];
  for (let row = 1; row <= from.length; row++) {
    let least = current[0] = row;
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      let distance = Math.min(previous[column] + 1, current[column - 1] + 1, previous[column - 1] + (same ? 0 : 1));
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (swapped) distance = Math.min(distance, beforePrevious[column - 2] + 1);
      current[column] = distance;
      least = Math.min(least, distance);
    }
    // No later row has less, and a swap, which continues from the previous row, doesn't either.
    if (least > limit) return least;
    [beforePrevious, previous, current] = [previous, current, beforePrevious];
  }
  return previous[to.length];
}

/** How many candidates mistyped names are compared with in total. */
const MOST_COMPARED = 200_000;

/**
 * Finds what mistyped names mean. After many comparisons, it stops: somebody who mistyped thousands of names among thousands
 * doesn't need a suggestion for each.
 */
export class Suggestions {
  private compared = 0;

  for(word: string, candidates: readonly string[]): string | undefined {
    this.compared += candidates.length;
    return this.compared > MOST_COMPARED ? undefined : nearest(word, candidates);
  }
}
