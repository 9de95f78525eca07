import { analyze, analyzeChange } from '../../src/analysis/analysis';
import { MeshFinding } from '../../src/analysis/mesh-finding';
import { readYaml } from '../../src/manifests/yaml/read-yaml';
import { MeshChange } from '../../src/mesh/change/mesh-change';
import { sentenceOf, subjectOf } from '../support/meshes/analysis';
import { deployment, destinationRule, injected, mesh, mode, peerAuthentication, service, tls } from '../support/meshes/mesh';

const changed = (manifests: unknown[], existing: unknown[]) =>
  analyzeChange(MeshChange.of(manifests.flat(3) as object[], existing.flat(3) as object[], { parseYaml: readYaml }));
const lineOf = (finding: MeshFinding) => `${finding.code} ${subjectOf(finding)}${finding.connections === undefined ? '' : ` ${finding.connections}`}`;
const found = (manifests: unknown[], existing: unknown[]) => changed(manifests, existing).findings.map(lineOf);

const server = [deployment('shop/server', { ports: [{ containerPort: 80 }] }), service('shop/server', ['http:80'])];
const CLUSTER = [injected('shop', 'web'), server, deployment('web/client')];
const PLAINTEXT = destinationRule('web/server', { host: 'server.shop.svc.cluster.local', ...tls('DISABLE') });
const STRICT = peerAuthentication('shop/default', mode('STRICT'));

test('a policy that breaks what a rule that is there sends is told of that rule', () => {
  expect(found([STRICT], [CLUSTER, PLAINTEXT])).toEqual(['MTLS101 DestinationRule web/server spec.trafficPolicy.tls.mode 1']);
});

test('what was found before is not told again', () => {
  expect(found([peerAuthentication('other/default', mode('STRICT'))], [CLUSTER, PLAINTEXT, STRICT])).toEqual([]);
  expect(found([STRICT], [CLUSTER, PLAINTEXT, STRICT])).toEqual([]);
});

test('it is told if it concerns more than before, not if it concerns less', () => {
  const second = deployment('web/second');
  expect(found([second], [CLUSTER, PLAINTEXT, STRICT])).toEqual(['MTLS101 DestinationRule web/server spec.trafficPolicy.tls.mode 2']);
  const apart = deployment('web/second', { annotations: { 'sidecar.istio.io/inject': 'false' }, labels: { 'app': 'second', 'sidecar.istio.io/inject': 'false' } });
  expect(found([apart], [CLUSTER, second, PLAINTEXT, STRICT]).filter((line) => line.startsWith('MTLS101'))).toEqual([]);
});

test('it is told if it has another reason than before', () => {
  const policy = (name: string) => peerAuthentication(`shop/${name}`, mode('STRICT'));
  const there = [CLUSTER, policy('b'), policy('c')];
  expect(found([peerAuthentication('other/default', mode('STRICT'))], there)).toEqual([]);
  expect(found([policy('a')], there)).toEqual(['b', 'c'].map((name) => expect.stringContaining(`PeerAuthentication shop/${name}`)));
});

test('what is wrong with the manifests is told, whatever is there', () => {
  expect(found([PLAINTEXT], [CLUSTER, STRICT])).toEqual(['MTLS101 DestinationRule web/server spec.trafficPolicy.tls.mode 1']);
  expect(found([PLAINTEXT], [CLUSTER, STRICT, PLAINTEXT])).toEqual(['MTLS101 DestinationRule web/server spec.trafficPolicy.tls.mode 1']);
});

test('an object that is in both is no object twice', () => {
  const differing = peerAuthentication('shop/default', mode('PERMISSIVE'));
  expect(found([differing], [CLUSTER, STRICT])).toEqual([]);
  expect(found([], [CLUSTER, STRICT, differing])).toEqual([]);
  expect(found([differing, STRICT], CLUSTER)).toEqual(['MTLS601 PeerAuthentication shop/default metadata.name']);
});

test('what somebody acknowledged in what is there is told as acknowledged only if it is new', () => {
  const known = { ...PLAINTEXT, metadata: { ...PLAINTEXT.metadata, annotations: { 'acknowledge.istio-mtls/MTLS101': 'until March' } } };
  const acknowledged = (manifests: unknown[], existing: unknown[]) => changed(manifests, existing).acknowledged.map(({ finding, reason }) => `${finding.code} ${reason}`);
  expect(acknowledged([STRICT], [CLUSTER, known])).toEqual(['MTLS101 until March']);
  expect(acknowledged([peerAuthentication('other/default', mode('STRICT'))], [CLUSTER, known, STRICT])).toEqual([]);
});

test('which of two policies is older is known of one that is there and one that is new, not of two that are new', () => {
  const policy = (name: string, value: string, creationTimestamp?: string) => peerAuthentication(`shop/${name}`, mode(value), { creationTimestamp });
  const there = policy('a', 'STRICT', '2024-01-01T00:00:00Z');
  const codes = (manifests: unknown[]) => changed(manifests, [CLUSTER, there]).findings.map(({ code }) => code);
  expect(codes([policy('b', 'PERMISSIVE')])).not.toContain('MTLS209');
  const elsewhere = (name: string, value: string) => peerAuthentication(`web/${name}`, mode(value));
  expect(codes([elsewhere('a', 'STRICT'), elsewhere('b', 'PERMISSIVE')])).toContain('MTLS209');
});

test('with nothing there, all is found that is found in the manifests', () => {
  const all = [CLUSTER, PLAINTEXT, STRICT].flat(3) as object[];
  expect(changed(all, []).findings.map(sentenceOf)).toEqual(analyze(mesh(all)).findings.map(sentenceOf));
});
