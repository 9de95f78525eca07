import { admit } from '../../src/admission/admission';
import { ISTIO_KINDS } from '../../src/admission/istio-kinds';
import { fieldText } from '../../src/findings/field-path';
import { REFEREE_CASES } from '../support/referee-cases';

// What a kube-apiserver v1.36.1 with the vendored CRDs said, with strict field validation.
test.each(REFEREE_CASES)('$kind: $about', ({ kind, spec, more, refused }) => {
  const { group, versions } = ISTIO_KINDS.find((known) => known.kind === kind)!;
  const object = { apiVersion: `${group}/${versions[0]}`, kind, metadata: { name: 'x', namespace: 'a' }, spec, ...more };
  const objections = admit(JSON.parse(JSON.stringify(object)));
  expect(objections.map(({ field }) => fieldText(field))).toEqual(refused);
  expect(objections.every(({ severity }) => severity === 'error')).toBe(true);
});

test('a warning of the kind stays beside errors', () => {
  const objections = admit({ apiVersion: 'networking.istio.io/v1alpha3', kind: 'DestinationRule', metadata: { name: 'x' }, spec: { hots: 'a' } });
  expect(objections.map(({ code, severity }) => [code, severity])).toEqual([['ADMIT108', 'warning'], ['ADMIT201', 'error'], ['ADMIT203', 'error']]);
});

test.each([null, undefined, 5, 'x', [], [{}], {}, { kind: 5 }, { kind: 'PeerAuthentication' }, JSON.parse('{"__proto__": {"kind": "x"}}')])('%j is refused, not crashed on', (object) => {
  expect(admit(object).length).toBeGreaterThan(0);
});

test('keys of Object.prototype are fields like any other', () => {
  const object = JSON.parse('{"apiVersion":"security.istio.io/v1","kind":"PeerAuthentication","metadata":{},"spec":{"__proto__":{"mode":"STRICT"},"constructor":1,"mtls":{"toString":1}}}');
  expect(admit(object).map(({ field }) => fieldText(field))).toEqual(['spec.__proto__', 'spec.constructor', 'spec.mtls.toString']);
  expect(({} as any).mode).toBeUndefined();
});

test('what lies deeper than the schema is not walked', () => {
  const deep = JSON.parse('{"a":'.repeat(5000) + '1' + '}'.repeat(5000));
  expect(admit({ apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', spec: deep }).map(({ code }) => code)).toEqual(['ADMIT201']);
});
