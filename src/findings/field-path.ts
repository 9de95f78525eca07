/** Where in an object: `['spec', 'subsets', 0, 'name']`. */
export type FieldPath = readonly (string | number)[];

/** The path as Kubernetes writes it: `spec.subsets[0].name`, `metadata.labels[istio.io/rev]`. */
export function fieldText(path: FieldPath): string {
  return path.map((step, index) => {
    if (typeof step === 'number' || !/^[A-Za-z_$][\w$-]*$/.test(step)) return `[${step}]`;
    return index === 0 ? step : `.${step}`;
  }).join('');
}
