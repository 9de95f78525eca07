import { explain } from '../../src/explain/explanation';
import { listConnections } from '../../src/mesh/calls/connections';
import { tracedConnectionOf } from '../../src/mesh/calls/traced-connection';
import { command } from '../support/command/command';
import { folderWith, removeFolders } from '../support/command/scratch';
import { only } from '../support/constructs/charts';
import { exampleTexts, objectsIn } from '../support/constructs/example-app';
import { runbookFaults, shapesIn } from '../support/documents/runbook-faults';
import { mesh } from '../support/meshes/mesh';

afterAll(removeFolders);

const texts = exampleTexts('bookinfo');
const files = objectsIn(texts);
const all = Object.values(files).flat();

test('has the six workloads of Bookinfo, each service one account and one Service', () => {
  const names = (kind: string) => files['bookinfo.k8s.yaml'].filter((object) => object.kind === kind).map(({ metadata }) => metadata.name);
  expect(names('Deployment')).toEqual(['productpage-v1', 'details-v1', 'reviews-v1', 'reviews-v2', 'reviews-v3', 'ratings-v1']);
  expect(names('Service')).toEqual(['productpage', 'details', 'reviews', 'ratings']);
  expect(names('ServiceAccount')).toEqual(['bookinfo-productpage', 'bookinfo-details', 'bookinfo-reviews', 'bookinfo-ratings']);
});

test('the mesh is STRICT and the namespace injected', () => {
  expect(only(files['platform.k8s.yaml'], 'PeerAuthentication')).toMatchObject({ metadata: { name: 'default', namespace: 'istio-system' }, spec: { mtls: { mode: 'STRICT' } } });
  expect(only(files['platform.k8s.yaml'], 'Namespace').metadata).toEqual({ name: 'bookinfo', labels: { 'istio-injection': 'enabled' } });
});

test('the namespace is PERMISSIVE, ratings STRICT but for its metrics', () => {
  const [namespace, ratings] = files['bookinfo-traffic.k8s.yaml'].filter(({ kind }) => kind === 'PeerAuthentication');
  expect(namespace).toMatchObject({ metadata: { name: 'default', namespace: 'bookinfo' }, spec: { mtls: { mode: 'PERMISSIVE' } } });
  expect(ratings.spec).toMatchObject({ mtls: { mode: 'STRICT' }, portLevelMtls: { 9090: { mode: 'PERMISSIVE' } } });
  const pods = only(all, 'Deployment', 'ratings-v1').spec.template;
  expect(ratings.spec.selector.matchLabels).toEqual(pods.metadata.labels);
  expect(pods.spec.containers[0].ports.map(({ containerPort }: any) => containerPort)).toContain(9090);
});

test('the route leads to subsets that exist, and their labels to pods that exist', () => {
  const { host, subsets } = only(all, 'DestinationRule').spec;
  expect(only(all, 'VirtualService').spec.http).toEqual([
    { match: [{ headers: { 'end-user': { exact: 'jason' } } }], route: [{ destination: { host, subset: 'v2' } }] },
    { route: [{ destination: { host, subset: 'v1' }, weight: 90 }, { destination: { host, subset: 'v3' }, weight: 10 }] },
  ]);
  const reviews = all.filter(({ kind, metadata }) => kind === 'Deployment' && metadata.labels.app === 'reviews');
  expect(subsets.map(({ labels }: any) => labels)).toEqual(reviews.map(({ spec }) => ({ version: spec.template.metadata.labels.version })));
});

test('only productpage may call details', () => {
  const { metadata, spec } = only(all, 'AuthorizationPolicy');
  expect(metadata.namespace).toBe('bookinfo');
  expect(spec).toMatchObject({ action: 'ALLOW', rules: [{ from: [{ source: { principals: ['cluster.local/ns/bookinfo/sa/bookinfo-productpage'] } }] }] });
  expect(spec.rules).toHaveLength(1);
  expect(spec.selector.matchLabels).toEqual(only(all, 'Deployment', 'details-v1').spec.template.metadata.labels);
});

test('every program run writes the same bytes', () => {
  expect(exampleTexts('bookinfo')).toEqual(texts);
});

describe('explained', () => {
  const one = mesh(all);
  const pairs = one.workloads.flatMap((client) => one.decisions.calls.map((call) => ({ client, call })));

  test('every call of every client, as its connections come to', () => {
    expect(pairs.length).toBeGreaterThanOrEqual(6 * 4);
    for (const { client, call } of pairs) {
      const told = [...listConnections(one.decisions, [client], { requested: (other) => other === call }, tracedConnectionOf)];
      const { connections } = explain(one, client, call, all);
      expect(connections.map(({ hops, transport }) => ({ hops, transport }))).toEqual(told.map(({ hops, transport }) => ({ hops, transport })));
      expect(connections.filter(({ outbound, server }) => outbound.length === 0 || server === undefined)).toEqual([]);
    }
  });

  test('by the command, as text and as JSON', async () => {
    const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: all });
    for (const { client, call } of pairs.filter((_, index) => index % 5 === 0)) {
      const args = ['explain', `${client.namespace}/${client.name}`, `${call.host}:${call.port}`, '-'];
      const [text, json] = [await command(args, { input }), await command([...args, '-o', 'json'], { input })];
      expect([text.exitCode, json.exitCode]).toEqual([0, 0]);
      const [{ connections }] = JSON.parse(json.out).explanations;
      const expected = explain(one, client, call).connections.map(({ transport }) => transport);
      expect(connections.map(({ transport }: any) => transport)).toEqual(expected);
      for (const { transport: { outcome } } of connections) expect(text.out).toContain(`  outcome    ${outcome}`);
    }
  });

  const subjects: readonly (readonly [name: string, args: readonly string[]])[] = [
    ['the mesh', []], ...one.workloads.map(({ namespace, name }) => [name, ['--workload', `${namespace}/${name}`]] as const),
  ];

  test.each(subjects)('in a runbook without a fault: %s', async (_, args) => {
    const cwd = folderWith({ 'mesh.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items: all }) });
    const { out, exitCode } = await command(['runbook', 'mesh.json', ...args], { cwd });
    expect([exitCode, runbookFaults(out)]).toEqual([0, []]);
    expect(shapesIn(out).length).toBeGreaterThan(20);
  });
});
