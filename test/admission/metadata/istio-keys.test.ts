import { IGNORED_ANNOTATION_VALUES, IGNORED_LABEL_VALUES, REFUSED_BY_INJECTOR } from '../../../src/admission/metadata/annotation-values';
import { isIstioKey, ISTIO_ANNOTATIONS, ISTIO_LABELS, UNDOCUMENTED_KEYS } from '../../../src/admission/metadata/istio-keys';

test('documented and undocumented keys are known with all objects that can have them', () => {
  expect(ISTIO_ANNOTATIONS.get('sidecar.istio.io/inject')).toEqual({ name: 'sidecar.istio.io/inject', status: 'Beta', deprecated: true, hidden: false, resources: ['Pod'] });
  expect(ISTIO_ANNOTATIONS.get('istio.io/connect-strategy')).toEqual({ name: 'istio.io/connect-strategy', deprecated: false, hidden: false, resources: ['Service', 'ServiceEntry'] });
  expect(ISTIO_LABELS.get('istio.io/rev')?.resources).toEqual(['Namespace', 'Gateway', 'Pod', 'Any']);
});

test('each key with a rule for its value is one of Istio\'s', () => {
  const unknown = [...REFUSED_BY_INJECTOR.keys(), ...IGNORED_ANNOTATION_VALUES.keys()].filter((key) => !ISTIO_ANNOTATIONS.has(key));

  expect([...unknown, ...[...IGNORED_LABEL_VALUES.keys()].filter((key) => !ISTIO_LABELS.has(key))]).toEqual([]);
});

test('each undocumented key is unique and names its source file', () => {
  const names = UNDOCUMENTED_KEYS.map(({ type, name }) => `${type} ${name}`);

  expect(new Set(names).size).toBe(names.length);
  expect(UNDOCUMENTED_KEYS.filter(({ name, readIn }) => !isIstioKey(name) || !/^[\w/.-]+\.(go|yaml)$/.test(readIn))).toEqual([]);
});

test.each([
  ['istio.io/rev', true],
  ['sidecar.istio.io/inject', true],
  ['istio-injection', true],
  ['notistio.io/rev', false],
  ['istio.io', false],
  ['example.com/istio.io', false],
  ['app', false],
])('isIstioKey of %s is %s', (key, expected) => {
  expect(isIstioKey(key)).toBe(expected);
});
