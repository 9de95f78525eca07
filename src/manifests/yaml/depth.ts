import { UnreadableText } from './unreadable-text';

/** How deep values may lie in each other. */
const DEEPEST = 100;

/** Counts how deep a value lies in others. */
export class Depth {
  private depth = 0;

  public enter(at: number): void {
    if (++this.depth > DEEPEST) throw new UnreadableText('ADMIT154', `values nested more than ${DEEPEST} deep`, at);
  }

  public leave(): void {
    this.depth--;
  }
}
