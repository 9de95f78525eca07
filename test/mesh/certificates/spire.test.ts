import { readYaml } from '../../../src/manifests/yaml/read-yaml';
import { injectorTemplates, spireTrustDomains, templatesWithoutSocket } from '../../../src/mesh/certificates/spire';
import { Mesh } from '../../../src/mesh/mesh';

const meshOf = (...objects: object[]) => Mesh.of(objects, { parseYaml: readYaml });
const configMap = (name: string, data: object, namespace = 'istio-system') => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data });
const injector = (templates: unknown, namespace?: string) => configMap('istio-sidecar-injector', { config: JSON.stringify({ templates, aliases: { both: ['a', 'b'] } }) }, namespace);
const SOCKET = 'volumes: [{name: workload-socket, csi: {driver: csi.spiffe.io}}]';

test('injector templates come from the ConfigMaps in istiod\'s namespace', () => {
  const found = injectorTemplates(meshOf(injector({ sidecar: 'a', spire: 1 }), injector({ other: '' }, 'shop'), configMap('istio-sidecar-injector-old', {}), configMap('other', {})));
  expect([...found].map(([name, { texts, aliases }]) => [name, [...texts], [...aliases]])).toEqual([
    ['istio-sidecar-injector', [['sidecar', 'a'], ['spire', '']], ['both']],
  ]);
});

test.each<[object, string[]]>([
  [{ spire: '' }, ['spire']], [{ 'my-SPIRE': 'x', 'sidecar': 'y' }, ['my-SPIRE']], [{ spire: SOCKET }, []], [{ spire: 'x', sidecar: SOCKET }, []],
  [{ spire: 'workload-socket' }, []], [{ other: '' }, []],
])('of the templates %j, those without the workload socket are %j', (templates, expected) => {
  expect(templatesWithoutSocket(injectorTemplates(meshOf(injector(templates)))).map(({ name }) => name)).toEqual(expected);
});

describe('a SPIRE server', () => {
  const domains = (conf: string, template = SOCKET, key = 'server.conf') =>
    spireTrustDomains(meshOf(injector({ spire: template }), configMap('spire', { [key]: conf }, 'spire'))).map(({ trustDomain }) => trustDomain);

  test.each<[string, string[]]>([
    ['server {\n  trust_domain = "a.b"\n}', ['a.b']],
    ['server { trust_domain="a.b" }', ['a.b']],
    ['{"server": {"trust_domain": "a.b"}}', ['a.b']],
    ['{"server":{"trust_domain":"a.b"}}', ['a.b']],
    ['trust_domain = "a.b"\nfederates_with { trust_domain = "c.d" }', ['a.b']],
    ['my_trust_domain = "a.b"', []],
    ['trust_domain = ""', []],
    ['', []],
  ])('has the trust domain of its configuration %j', (conf, expected) => {
    expect(domains(conf)).toEqual(expected);
  });

  test('is read only if sidecars use its socket', () => {
    const conf = 'trust_domain = "a.b"';
    expect([domains(conf, 'workload-socket'), domains(conf, 'csi.spiffe.io'), domains(conf, SOCKET, 'other.conf'), domains(conf, SOCKET, 'agent.conf')])
      .toEqual([[], [], [], ['a.b']]);
  });
});
