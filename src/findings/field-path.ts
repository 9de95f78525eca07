/** Where in an object: `['spec', 'subsets', 0, 'name']`. */
export type FieldPath = readonly (string | number)[];

/** The path as Kubernetes writes it: `spec.subsets[0].name`, `metadata.labels[istio.io/rev]`. */
export function fieldText(path: FieldPath): string {
  return path.map((step, index) => {
    if (typeof step === 'number' || !/^[A-Za-z_$][\w$-]*$/.test(step)) return `[${step}]`;
    return index === 0 ? step : `.${step}`;
  }).join('');
}

/** The value at a field of an object; undefined if it has none. */
export function valueAt(object: unknown, path: FieldPath): unknown {
  return path.reduce<unknown>((value, step) => (value as Record<string | number, unknown> | null | undefined)?.[step], object);
}
