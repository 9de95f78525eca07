/** What the value of an annotation or label must be. */
export interface ValueRule {
  readonly accepts: (text: string) => boolean;
  readonly expected: string;
  /** What comes of another value. */
  readonly because?: string;
}
