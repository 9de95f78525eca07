import { nearest } from '../findings/nearest';

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
