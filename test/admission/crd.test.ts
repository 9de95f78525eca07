import { crdObjections } from '../../src/admission/crd';
import { ISTIO_KINDS } from '../../src/admission/istio-kinds';
import { fieldText } from '../../src/findings/finding';
import { REFEREE_CASES } from '../support/referee-cases';

// What a kube-apiserver v1.36.1 with the vendored CRDs said, with strict field validation.
test.each(REFEREE_CASES)('$kind: $about', ({ kind, spec, more, refused }) => {
  const known = ISTIO_KINDS.find((candidate) => candidate.kind === kind)!;
  const object = { apiVersion: `${known.group}/${known.versions[0]}`, kind, metadata: { name: 'x', namespace: 'a' }, spec, ...more };
  const objections = crdObjections(known, JSON.parse(JSON.stringify(object)));
  expect(objections.map(({ field }) => fieldText(field))).toEqual(refused);
  expect(objections.every(({ severity }) => severity === 'error')).toBe(true);
});
