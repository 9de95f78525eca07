/** What the value of an annotation or label must be. */
export interface ValueRule {
  readonly accepts: (text: string) => boolean;
  readonly expected: string;
  /** What comes of another value. */
  readonly because?: string;
}

/**
 * A Kubernetes quantity: `100m`, `1.5`, `128Mi`, `1e3`. Kubernetes even reads a suffix or a sign alone, as zero,
 * though not the largest two.
 */
export function isQuantity(text: string): boolean {
  return text !== '' && !/^[^\d]*[PE]i$/.test(text) && /^[+-]?\d*(\.\d*)?([numkMGTPE]|[KMGTPE]i|[eE][+-]?\d{1,18})?$/.test(text);
}

/** JSON of any kind that `accepts` takes. */
export function isJson(text: string, accepts: (value: unknown) => boolean): boolean {
  try {
    return accepts(JSON.parse(text));
  } catch { // not JSON
    return false;
  }
}
