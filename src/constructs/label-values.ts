import { Refuse } from './refuse';

/**
 * A copy of the labels that a user gave to select pods by.
 *
 * Refuses a value that isn't text: an absent one is not written, and fewer labels match more pods; none at all
 * match every pod.
 */
export function labelValues(labels: { readonly [key: string]: string }, field: string, refuse: Refuse): Record<string, string> {
  const wrong = (at: string, actual: string, expected: string) => refuse({
    code: 'MTLS017',
    field: at,
    actual,
    expected,
    because: 'a label without a value is not written, and fewer labels select more pods',
    fix: "write labels as in { app: 'ratings' }, all values as text",
  });
  if (typeof labels !== 'object' || Array.isArray(labels)) throw wrong(field, 'no mapping', 'label values by label keys');
  for (const key of Object.keys(labels)) {
    const value: unknown = labels[key];
    if (typeof value === 'string') continue;
    throw wrong(`${field}['${key}']`, value === undefined || value === null ? 'missing' : `a ${typeof value}`, 'text');
  }
  return { ...labels };
}
