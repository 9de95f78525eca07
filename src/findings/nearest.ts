/** The name that someone who wrote `name` most likely meant, or undefined if none is near. */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  const plain = normal(name);
  const limit = Math.max(1, Math.floor(plain.length / 3));
  const [best] = candidates
    .map((candidate) => ({ candidate, distance: editDistance(plain, normal(candidate)) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1));
  return best?.candidate;
}

/** Without what people get wrong first: case and separators. */
function normal(name: string): string {
  return name.toLowerCase().replace(/[-_.\s]/g, '');
}

/** Levenshtein: the fewest letters to add, drop or change. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const change = from[row - 1] === to[column - 1] ? 0 : 1;
      current.push(Math.min(previous[column] + 1, current[column - 1] + 1, previous[column - 1] + change));
    }
    previous = current;
  }
  return previous[to.length];
}
