/** The longest word that is compared: what is longer is no typing error of a name. */
const LONGEST = 64;

/**
 * The candidate that a mistyped word most likely means, or undefined. Upper and lower case, `-` and `_` don't
 * count; else a third of the letters may differ, a swap of neighbours being one difference.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > LONGEST) return undefined;
  const plain = plainWord(word);
  let best: string | undefined;
  let limit = Math.max(1, Math.floor(plain.length / 3));
  for (const candidate of candidates) {
    const other = plainWord(candidate);
    if (Math.abs(other.length - plain.length) > limit) continue;
    const distance = editDistance(plain, other);
    if (distance > limit || (distance === limit && best !== undefined)) continue;
    [best, limit] = [candidate, distance];
  }
  return best;
}

function plainWord(word: string): string {
  return word.toLowerCase().replace(/[-_ ]/g, '');
}

/** Insertions, deletions, replacements and swaps of neighbours that make one word the other. */
export function editDistance(from: string, to: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      current[column] = Math.min(previous[column] + 1, current[column - 1] + 1, previous[column - 1] + (same ? 0 : 1));
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (swapped) current[column] = Math.min(current[column], beforePrevious[column - 2] + 1);
    }
    [beforePrevious, previous] = [previous, current];
  }
  return previous[to.length];
}

/** With how many candidates mistyped names are compared, all of them together. */
const MOST_COMPARED = 200_000;

/**
 * Finds what mistyped names mean. After many comparisons it finds nothing any more: whoever has mistyped thousands of names
 * among thousands doesn't need a suggestion for each.
 */
export class Suggestions {
  private compared = 0;

  for(word: string, candidates: readonly string[]): string | undefined {
    this.compared += candidates.length;
    return this.compared > MOST_COMPARED ? undefined : nearest(word, candidates);
  }
}
