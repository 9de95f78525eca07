import { meshConfigObjections } from '../../../src/admission/mesh-config/mesh-config';
import { fieldText } from '../../../src/findings/field-path';

const configMap = (mesh: unknown, metadata: object = { name: 'istio', namespace: 'istio-system' }) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { mesh } });
const judge = (object: unknown) => meshConfigObjections(object, 'istio-system').map(({ code, field, fix }) => [code, fieldText(field), fix]);

test('an unknown key is told with its place and what was meant', () => {
  expect(judge(configMap('meshMTLS:\n  minProtocolVersions: TLSV1_3\n'))).toEqual([
    ['ADMIT602', 'data.mesh.meshMTLS.minProtocolVersions', expect.stringContaining("'meshMTLS.minProtocolVersion'")],
  ]);
});

test.each([
  ['enableAutoMtls: "yes"', 'data.mesh.enableAutoMtls'],
  ['meshMTLS: {minProtocolVersion: TLS1_3}', 'data.mesh.meshMTLS.minProtocolVersion'],
  ['connectTimeout: 10', 'data.mesh.connectTimeout'],
  ['trustDomainAliases: [1]', 'data.mesh.trustDomainAliases[0]'],
])('a value that istiod rejects: %s', (mesh, field) => {
  expect(judge(configMap(mesh))).toEqual([['ADMIT603', field, expect.any(String)]]);
});

test('text that is no YAML', () => {
  expect(judge(configMap('a: 1\nb: [\n'))).toEqual([['ADMIT601', 'data.mesh', 'mend that line']]);
});

test('what the parser repeats of the text is not shown', () => {
  const [{ actual }] = meshConfigObjections(configMap('pem: *hunter22\n'), 'istio-system');
  expect(actual).toBe('no YAML in its line 1 (unidentified alias …)');
});

test('the ConfigMap of a revision, and one without a namespace, are judged too', () => {
  expect(judge(configMap('x: 1', { name: 'istio-1-31', namespace: 'istio-system' }))).toHaveLength(1);
  expect(judge(configMap('x: 1', { name: 'istio' }))).toHaveLength(1);
});

test.each([
  ['another name', configMap('x: 1', { name: 'istiod', namespace: 'istio-system' })],
  ['another namespace', configMap('x: 1', { name: 'istio', namespace: 'shop' })],
  ['no mesh text', configMap(undefined)],
  ['another kind', { ...configMap('x: 1'), kind: 'Secret' }],
  ['a good config', configMap('accessLogFile: /dev/stdout')],
  ['an empty config', configMap('')],
  ['nothing at all', undefined],
])('nothing to say of %s', (_, object) => {
  expect(judge(object)).toEqual([]);
});
