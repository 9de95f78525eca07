import { judgeMeshConfig } from '../../../src/admission/mesh-config/mesh-config';
import { fieldText } from '../../../src/findings/finding';
import { objectionsOf } from '../../support/admission/objections';
import { processorSeconds } from '../../support/command/processor-time';

const meshConfigObjections = (object: unknown, istiodNamespace: string) => objectionsOf((at) => judgeMeshConfig(at, object, istiodNamespace));

const configMap = (mesh: unknown, metadata: object = { name: 'istio', namespace: 'istio-system' }) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { mesh } });
const judge = (object: unknown) => meshConfigObjections(object, 'istio-system').map(({ code, field, fix }) => [code, fieldText(field), fix]);

test('an unknown key is reported with its path and the intended key', () => {
  expect(judge(configMap('meshMTLS:\n  minProtocolVersions: TLSV1_3\n'))).toEqual([
    ['ADMIT602', 'data.mesh.meshMTLS.minProtocolVersions', expect.stringContaining("'meshMTLS.minProtocolVersion'")],
  ]);
});

test.each([
  ['enableAutoMtls: "yes"', 'data.mesh.enableAutoMtls'],
  ['meshMTLS: {minProtocolVersion: TLS1_3}', 'data.mesh.meshMTLS.minProtocolVersion'],
  ['connectTimeout: 10', 'data.mesh.connectTimeout'],
  ['trustDomainAliases: [1]', 'data.mesh.trustDomainAliases[0]'],
])('a value that istiod rejects is reported: %s', (mesh, field) => {
  expect(judge(configMap(mesh))).toEqual([['ADMIT603', field, expect.any(String)]]);
});

test('text that isn\'t YAML is reported', () => {
  expect(judge(configMap('a: 1\nb: [\n'))).toEqual([['ADMIT601', 'data.mesh', 'fix that line']]);
});

test('an objection to invalid YAML doesn\'t repeat the text', () => {
  const [{ actual }] = meshConfigObjections(configMap('pem: *hunter22\n'), 'istio-system');
  expect(actual).toBe('invalid YAML in line 1 (an alias without a preceding anchor of that name)');
});

test('YAML 1.1 words are booleans, as istiod reads them', () => {
  expect(judge(configMap('enableAutoMtls: no\nrootNamespace: x\n'))).toEqual([]);
  expect(judge(configMap('rootNamespace: no\n'))).toEqual([['ADMIT603', 'data.mesh.rootNamespace', expect.any(String)]]);
});

test.each([
  ['a second document', 'a: 1\n---\nenableAutoMtls: false\n', /text after the end of the document/],
  ['aliases that expand exponentially', bomb(), /aliases that expand to \d+ values/],
  ['an alias inside its own anchor', 'a: &a {b: *a}\n', /an alias that contains itself/],
  ['deep nesting', '['.repeat(100_000), /nested more than 100 deep/],
])('rejects quickly: %s', (_, mesh, said) => {
  const seconds = processorSeconds(() => {
    const [{ code, actual }] = meshConfigObjections(configMap(mesh), 'istio-system');
    expect([code, actual]).toEqual(['ADMIT601', expect.stringMatching(said)]);
  });
  expect(seconds).toBeLessThan(2); // the bomb written out would take half a minute
});

test('checks the ConfigMap of a revision too, and one without a namespace', () => {
  expect(judge(configMap('x: 1', { name: 'istio-1-31', namespace: 'istio-system' }))).toHaveLength(1);
  expect(judge(configMap('x: 1', { name: 'istio' }))).toHaveLength(1);
});

test.each([
  ['a ConfigMap of another name', configMap('x: 1', { name: 'istiod', namespace: 'istio-system' })],
  ['a ConfigMap in another namespace', configMap('x: 1', { name: 'istio', namespace: 'shop' })],
  ['a ConfigMap without the key mesh', configMap(undefined)],
  ['an object of another kind', { ...configMap('x: 1'), kind: 'Secret' }],
  ['a valid mesh config', configMap('accessLogFile: /dev/stdout')],
  ['an empty mesh config', configMap('')],
  ['a ConfigMap without data', undefined],
])('reports nothing for %s', (_, object) => {
  expect(judge(object)).toEqual([]);
});

/** 577 bytes that stand for ten thousand million values. */
function bomb(): string {
  const levels = Array.from({ length: 10 }, (_, level) => `a${level}: &a${level} [${Array(10).fill(level === 0 ? 'x' : `*a${level - 1}`).join(',')}]\n`);
  return levels.join('');
}
