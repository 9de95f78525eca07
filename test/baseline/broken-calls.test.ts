import { analyze } from '../../src/analysis/analysis';
import { BrokenCalls } from '../../src/baseline/broken-calls';
import { readYaml } from '../../src/manifests/yaml/read-yaml';
import { Mesh } from '../../src/mesh/mesh';
import { TODAY } from '../support/meshes/analysis';
import { deployment, destinationRule, injected, mesh, mode, peerAuthentication, service, tls } from '../support/meshes/mesh';
import { casesOf } from '../support/random/cases';
import { partialMeshes, randomMeshes } from '../support/random/random-meshes';

const KEY = 'calls.istio-mtls/to';
const { seed, count } = casesOf('rules');

/** Each of the mesh's workloads declares every call to a host that an annotation can name. */
function declaringAll(objects: readonly any[]): Mesh {
  const { workloads, decisions } = Mesh.of(objects, { parseYaml: readYaml });
  const hosts = new Set(decisions.calls.map(({ host }) => host).filter((host) => /^[\w.-]+$/.test(host)));
  for (const { object: { source } } of workloads) {
    const { metadata } = source as any;
    metadata.annotations = { ...metadata.annotations, [KEY]: [...hosts].join(', ') };
  }
  return Mesh.of(objects, { parseYaml: readYaml, onlyDeclaredCalls: true });
}

function declaring(name: string, calls: string): any {
  const { metadata, ...object } = deployment(name) as any;
  return { ...object, metadata: { ...metadata, annotations: { [KEY]: calls } } };
}

test('are known by the objects that take part in them or decide about them', () => {
  const rule = destinationRule('shop/plain', { host: 'server', ...tls('DISABLE') });
  const strict = peerAuthentication('shop/strict', mode('STRICT'));
  const [space, server, other, called] = [injected('shop'), deployment('shop/server'), service('shop/other'), service('shop/server', ['http:80'])];
  const [web, job] = [declaring('shop/web', 'server'), declaring('shop/job', '')];
  const found = BrokenCalls.of(mesh([space, server, other, called, web, job, deployment('shop/any'), rule, strict].flat(), { onlyDeclaredCalls: true }));
  const call = 'Deployment/shop/web → server.shop.svc.cluster.local:80';
  for (const object of [rule, strict, server, called, web, space, undefined].flat()) expect(found.around(object)).toEqual([call]);
  for (const object of [other, job].flat()) expect(found.around(object)).toEqual([]);
});

test('each is one of a finding, and each error about declared calls has some, also where it isn\'t known who has a sidecar', () => {
  for (const { objects } of [...randomMeshes(seed, count(200)), ...partialMeshes(seed + 1, count(100))]) {
    const all = declaringAll(objects);
    const broken = BrokenCalls.of(all);
    const findings = analyze(all, { today: TODAY }).findings.filter(({ connections }) => connections !== undefined);
    const covered = new Set(findings.flatMap(({ source }) => broken.around(source)));
    // Where facts are missing, calls may be broken in a case that nothing expects, of which no finding tells.
    if (all.missingInjection().length === 0) expect(broken.around(undefined).filter((call) => !covered.has(call))).toEqual([]);
    const errors = findings.filter(({ severity, connections }) => severity === 'error' && connections! > 0);
    expect(errors.filter(({ source }) => broken.around(source).length === 0)).toEqual([]);
  }
});
