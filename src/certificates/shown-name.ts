const NAME = /^[a-z0-9]([-a-z0-9._]{0,61}[a-z0-9])?$/;

/**
 * A text as an error may show it: what looks like a Kubernetes name, and nothing else.
 *
 * Whatever is handed in beside private keys may be one, pasted into the wrong place.
 */
export function shownName(text: unknown): string {
  if (typeof text !== 'string') return 'not a text';
  if (text === '') return 'empty';
  return NAME.test(text) ? `'${text}'` : `a text of ${text.length} characters that is no name`;
}
