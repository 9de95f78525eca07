import { analyze, UNKNOWN_DATE } from '../../src/analysis/analysis';
import { judge } from '../../src/analysis/judgement';
import { changedBy } from '../../src/analysis/trials';
import { adviceFor } from '../../src/explain/advice';
import { explain, explainedWays } from '../../src/explain/explanation';
import { listConnections } from '../../src/mesh/calls/connections';
import { tracedConnectionOf } from '../../src/mesh/calls/traced-connection';
import { Mesh } from '../../src/mesh/mesh';
import { Call } from '../../src/mesh/model/call';
import { transportOf } from '../../src/mesh/model/path';
import { workloadsNamed } from '../../src/mesh/queries/selection';
import { portOf } from '../../src/mesh/services/service';
import { Workload } from '../../src/mesh/workloads/workload';
import { brokenCalls, soundCalls } from '../support/meshes/call-outcomes';
import { deployment, destinationRule, injected, mesh, mode, peerAuthentication, service as serviceOf, tls } from '../support/meshes/mesh';
import { casesOf } from '../support/random/cases';
import { partialMeshes, randomMeshes } from '../support/random/random-meshes';

const { seed, count } = casesOf('explanations');

const allPairs = (one: Mesh) => one.workloads.flatMap((client) => one.decisions.calls.map((call) => ({ client, call })));

/** Whether a call uses an address that istiod allocates, or services that istiod may ignore. */
function hasUnknownListener({ planes, registry }: Mesh, { dnsCapture, proxy }: Workload, { services, port }: Call): boolean {
  const isAllocated = dnsCapture && services.some((service) => service.registry === 'ServiceEntry' && service.addresses.length === 0);
  return isAllocated || registry.services.some((service) => portOf(service, port) && planes.of(proxy.revision).isUnclearAbout(service));
}

describe('over random meshes', () => {
  const meshes = [...randomMeshes(seed, count(25)), ...partialMeshes(seed + 1, count(10))];

  test('each explanation agrees with connections', () => {
    for (const { objects } of meshes) {
      const one = mesh(objects);
      for (const { client, call } of allPairs(one)) {
        const told = [...listConnections(one.decisions, [client], { requested: (other) => other === call }, tracedConnectionOf)];
        expect(explainedWays(one, client, call).map(({ connection }) => connection)).toEqual(told);
      }
    }
  });

  test('sidecars with a known listener have names, and calls that aren\'t broken have a filter chain', () => {
    for (const { objects } of meshes) {
      const one = mesh(objects);
      for (const { client, call } of allPairs(one)) {
        for (const { path, steps: { outbound, server, transport: { outcome } } } of explainedWays(one, client, call)) {
          if (outcome === 'undecided') continue;
          const isProxied = path.hops[0].travel !== 'direct';
          if (isProxied && outbound.length === 0) expect(hasUnknownListener(one, client, call)).toBe(true);
          else expect(outbound.length > 0).toBe(isProxied);
          if (outcome !== 'broken' && server?.level !== undefined) expect(server.inbound.length).toBeGreaterThan(0);
        }
      }
    }
  });

  const STRICT = [
    ...injected('a', 'b'), deployment('a/web'), deployment('b/srv', { ports: [{ containerPort: 80 }] }), serviceOf('b/srv', ['http:80']), peerAuthentication('b/default', mode('STRICT')),
    destinationRule('a/srv', { host: 'srv.b.svc.cluster.local', ...tls('DISABLE') }),
  ];

  test('a suggested change fixes the call, and breaks no other', () => {
    let mended = 0;
    // A call of the first mesh is broken, and has a remedy.
    for (const { objects } of [{ objects: STRICT }, ...meshes]) {
      const one = mesh(objects);
      const broken = allPairs(one).flatMap(({ client, call }) => explainedWays(one, client, call).map(({ path }) => ({ client, call, path })))
        .filter(({ path }) => ['broken', 'plaintext'].includes(transportOf(path).outcome));
      for (const { client, call, path } of broken.slice(0, 4)) {
        const { mending } = adviceFor(one, client, call, path);
        if (!mending) continue;
        mended += 1;
        const after = changedBy(mending.change, one)!.mesh;
        const [latter] = workloadsNamed(after, `${client.kind}/${client.namespace}/${client.name}`);
        const outcomes = explain(after, latter, after.decisions.calls.find(({ host, port }) => host === call.host && port === call.port)!)
          .connections.map(({ transport }) => transport.outcome);
        expect(outcomes).toContain(mending.outcome);
        expect(brokenCalls(after).filter((key) => soundCalls(one).has(key))).toEqual([]);
      }
    }
    expect(mended).toBeGreaterThan(0);
  });

  test('a remedy that check rejects isn\'t suggested, and that of check comes first', () => {
    let [printed, same] = [0, 0];
    for (const { objects } of [{ objects: STRICT }, ...meshes]) {
      const one = mesh(objects);
      const untried = judge(one, [], UNKNOWN_DATE).findings.flatMap(({ remedies = [] }) => remedies.map((change) => JSON.stringify(change)));
      const passed = new Set(analyze(one).findings.flatMap(({ change }) => (change ? [JSON.stringify(change)] : [])));
      const rejected = new Set(untried.filter((change) => !passed.has(change)));
      for (const { client, call } of allPairs(one).slice(0, 20)) {
        for (const { advice } of explain(one, client, call).connections) {
          if (!advice?.mending) continue;
          const change = JSON.stringify(advice.mending.change);
          printed += 1;
          same += Number(passed.has(change));
          expect(advice.isOfCheck()).toBe(passed.has(change) && advice.rule !== undefined);
          expect(rejected).not.toContain(change);
        }
      }
    }
    expect(printed).toBeGreaterThan(0);
    expect(same).toBeGreaterThan(0);
  });
});
