import { analyze } from '../../src/analysis/analysis';
import { MeshFinding } from '../../src/analysis/mesh-finding';
import { readYaml } from '../../src/manifests/yaml/read-yaml';
import { MeshChange } from '../../src/mesh/change/mesh-change';
import { sentenceOf, subjectOf } from '../support/meshes/analysis';
import { deployment, destinationRule, injected, mesh, mode, peerAuthentication, service, tls } from '../support/meshes/mesh';

const changed = (manifests: unknown[], existing: unknown[]) =>
  analyze(MeshChange.of(manifests.flat(3) as object[], existing.flat(3) as object[], { parseYaml: readYaml }));
const lineOf = (finding: MeshFinding) => `${finding.code} ${subjectOf(finding)}${finding.connections === undefined ? '' : ` ${finding.connections}`}`;
const found = (manifests: unknown[], existing: unknown[]) => changed(manifests, existing).findings.map(lineOf);

const server = [deployment('shop/server', { ports: [{ containerPort: 80 }] }), service('shop/server', ['http:80'])];
const CLUSTER = [injected('shop', 'web'), server, deployment('web/client')];
const PLAINTEXT = destinationRule('web/server', { host: 'server.shop.svc.cluster.local', ...tls('DISABLE') });
const STRICT = peerAuthentication('shop/default', mode('STRICT'));

test('reports an existing rule if a new policy breaks its calls', () => {
  expect(found([STRICT], [CLUSTER, PLAINTEXT])).toEqual(['MTLS101 DestinationRule web/server spec.trafficPolicy.tls.mode 1']);
});

test('doesn\'t report existing findings again', () => {
  expect(found([peerAuthentication('other/default', mode('STRICT'))], [CLUSTER, PLAINTEXT, STRICT])).toEqual([]);
  expect(found([STRICT], [CLUSTER, PLAINTEXT, STRICT])).toEqual([]);
});

test('reports an existing finding with more connections, not with fewer', () => {
  const second = deployment('web/second');
  expect(found([second], [CLUSTER, PLAINTEXT, STRICT])).toEqual(['MTLS101 DestinationRule web/server spec.trafficPolicy.tls.mode 2']);
  const apart = deployment('web/second', { annotations: { 'sidecar.istio.io/inject': 'false' }, labels: { 'app': 'second', 'sidecar.istio.io/inject': 'false' } });
  expect(found([apart], [CLUSTER, second, PLAINTEXT, STRICT]).filter((line) => line.startsWith('MTLS101'))).toEqual([]);
});

test('reports an existing finding with a new reason', () => {
  const policy = (name: string) => peerAuthentication(`shop/${name}`, mode('STRICT'));
  const there = [CLUSTER, policy('b'), policy('c')];
  expect(found([peerAuthentication('other/default', mode('STRICT'))], there)).toEqual([]);
  expect(found([policy('a')], there)).toEqual(['b', 'c'].map((name) => expect.stringContaining(`PeerAuthentication shop/${name}`)));
});

test('reports findings of manifests even if the cluster has them', () => {
  expect(found([PLAINTEXT], [CLUSTER, STRICT])).toEqual(['MTLS101 DestinationRule web/server spec.trafficPolicy.tls.mode 1']);
  expect(found([PLAINTEXT], [CLUSTER, STRICT, PLAINTEXT])).toEqual(['MTLS101 DestinationRule web/server spec.trafficPolicy.tls.mode 1']);
});

test('an object in both manifests and cluster isn\'t a duplicate', () => {
  const differing = peerAuthentication('shop/default', mode('PERMISSIVE'));
  expect(found([differing], [CLUSTER, STRICT])).toEqual([]);
  expect(found([], [CLUSTER, STRICT, differing])).toEqual([]);
  expect(found([differing, STRICT], CLUSTER)).toEqual(['MTLS601 PeerAuthentication shop/default metadata.name']);
});

test('lists an acknowledgement in the cluster only for new findings', () => {
  const known = { ...PLAINTEXT, metadata: { ...PLAINTEXT.metadata, annotations: { 'acknowledge.istio-mtls/MTLS101': 'until March' } } };
  const acknowledged = (manifests: unknown[], existing: unknown[]) => changed(manifests, existing).acknowledged.map(({ finding, reason }) => `${finding.code} ${reason}`);
  expect(acknowledged([STRICT], [CLUSTER, known])).toEqual(['MTLS101 until March']);
  expect(acknowledged([peerAuthentication('other/default', mode('STRICT'))], [CLUSTER, known, STRICT])).toEqual([]);
});

test('a policy in the cluster is older than a new one, and the order of two new ones is unknown', () => {
  const policy = (name: string, value: string, creationTimestamp?: string) => peerAuthentication(`shop/${name}`, mode(value), { creationTimestamp });
  const there = policy('a', 'STRICT', '2024-01-01T00:00:00Z');
  const codes = (manifests: unknown[]) => changed(manifests, [CLUSTER, there]).findings.map(({ code }) => code);
  expect(codes([policy('b', 'PERMISSIVE')])).not.toContain('MTLS209');
  const elsewhere = (name: string, value: string) => peerAuthentication(`web/${name}`, mode(value));
  expect(codes([elsewhere('a', 'STRICT'), elsewhere('b', 'PERMISSIVE')])).toContain('MTLS209');
});

test('without a cluster, a change has all findings of its manifests', () => {
  const all = [CLUSTER, PLAINTEXT, STRICT].flat(3) as object[];
  expect(changed(all, []).findings.map(sentenceOf)).toEqual(analyze(mesh(all)).findings.map(sentenceOf));
});
