// `connections`, `explain`, `check` and `diff` name the same object for a connection.
import { Cause, causeOf, CODE_OF_CAUSE } from '../../src/analysis/causes';
import { Evidence } from '../../src/analysis/evidence';
import { RULES } from '../../src/analysis/rules';
import { decidedAlone } from '../../src/explain/advice';
import { ExplainedConnection, explainedWays } from '../../src/explain/explanation';
import { sentText } from '../../src/explain/text/words';
import { changed, valueAt } from '../../src/findings/finding';
import { diffOf } from '../../src/mesh/compare/diff';
import { objectOf } from '../../src/mesh/compare/object-changes';
import { FieldRef } from '../../src/mesh/inventory/field-ref';
import { idKey, objectText, ObjectId } from '../../src/mesh/inventory/object';
import { Mesh } from '../../src/mesh/mesh';
import { Call } from '../../src/mesh/model/call';
import { Hop } from '../../src/mesh/model/hop';
import { Path } from '../../src/mesh/model/path';
import { endpointOwner } from '../../src/mesh/services/endpoint';
import { Workload } from '../../src/mesh/workloads/workload';
import { deployment, destinationRule, injected, mesh, mode, peerAuthentication, service, toHost, virtualService } from '../support/meshes/mesh';
import { casesOf } from '../support/random/cases';
import { randomMeshes } from '../support/random/random-meshes';

const { seed, count } = casesOf('explanations');

interface Connected {
  readonly client: Workload;
  readonly call: Call;
  readonly path: Path;
  readonly steps: ExplainedConnection;
}

function connectionsOf(one: Mesh): readonly Connected[] {
  const ofCall = (client: Workload, call: Call) => explainedWays(one, client, call).map((way) => ({ client, call, ...way }));
  return one.workloads.flatMap((client) => one.decisions.calls.flatMap((call) => ofCall(client, call)));
}

/** Causes by TLS mode. Other causes concern names, routes and missing sidecars, for which `check` names the object to change. */
const BY_TLS: ReadonlySet<Cause> = new Set<Cause>([
  'plaintext-rule', 'empty-tls', 'rule-without-effect', 'disable-policy', 'unasked-plaintext', 'mtls-disabled-port', 'unseen-disable', 'foreign-tls-strict-server', 'proxy-protocol',
]);

/** Whether two objects are the same, or a workload and the owner of its pods. */
function isSame(one: ObjectId, other: ObjectId, { received: { endpoint } }: Hop): boolean {
  const pods = endpoint?.workload;
  const keys = pods && [pods.object, pods.podSource.object].map(idKey);
  return idKey(one) === idKey(other) || Boolean(keys?.includes(idKey(one)) && keys.includes(idKey(other)));
}

/** The objects that `check` reports for a broken connection with a TLS cause. */
function foundFor(one: Mesh, { client, call, path }: Connected): readonly ObjectId[] {
  const decided = decidedAlone(one, client, call, path);
  if (decided.hop.outcome !== 'broken') return [];
  const cause = causeOf(decided);
  if (!BY_TLS.has(cause)) return [];
  const rule = RULES.find(({ code }) => code === CODE_OF_CAUSE[cause])!;
  const found = [...rule.find(new Evidence(one, undefined, [decided.decision]))];
  return found.filter(({ connections }) => connections !== undefined).map(({ object }) => object);
}

/** Wrong objects named for a connection. */
function* faultsOf(one: Mesh, connected: Connected): Generator<string> {
  const { steps, path } = connected;
  for (const [index, hop] of path.hops.entries()) {
    const { sent: { by, headerBy, reason: tlsReason }, received: { by: serverBy, receiver } } = hop;
    const { transport: { because } } = steps.hops[index];
    const named = because.map(({ object }) => idKey({ cluster: 'Kubernetes', ...object }));
    const names = (ref: FieldRef | undefined) => !ref || named.includes(idKey(ref.object));
    if (hop.outcome !== 'undecided' && tlsReason !== 'auto-mtls' && !names(by)) yield `connections doesn't name ${objectText(by!.object)} as the client's`;
    if (hop.outcome !== 'undecided' && endpointOwner(hop.received.endpoint ?? {} as never) && !names(serverBy)) yield `connections doesn't name ${objectText(serverBy!.object)} as the server's`;
    const pods = hop.received.endpoint?.workload;
    if (pods && receiver?.mode === 'NO_PROXY' && !isSame(serverBy!.object, pods.object, hop)) yield `${objectText(serverBy!.object)} leaves the server without a proxy`;
    const found = foundFor(one, connected);
    const isDecider = (object: ObjectId) => [by, serverBy, headerBy?.at].some((ref) => ref && isSame(ref.object, object, hop));
    for (const object of found) if (!isDecider(object)) yield `check names ${objectText(object as never)}`;
    if (tlsReason === 'rule' && !sentText(steps).includes(objectText(by!.object))) yield `explain says ${sentText(steps)}`;
    const deciding = steps.server?.policies.filter(({ verdict }) => verdict === 'decides').map(({ object }) => objectText(object)) ?? [];
    const expected = receiver?.enforced?.by ? [objectText(receiver.enforced.by.object)] : [];
    if (JSON.stringify(deciding) !== JSON.stringify(expected)) yield `explain says that ${deciding} decide, not ${expected}`;
  }
}

const RULE_WITHOUT_TLS = destinationRule('shop/a', { host: 'db', trafficPolicy: { loadBalancer: { simple: 'ROUND_ROBIN' } } });
const RULE_WITH_SUBSET = destinationRule('shop/b', {
  host: 'db', subsets: [{ name: 'v1', trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, tls: { mode: 'DISABLE' } }] } }],
});
const TWO_RULES = [
  ...injected('shop'), deployment('shop/client'), deployment('shop/db'), service('shop/db', ['http:80']), peerAuthentication('shop/strict', mode('STRICT')),
  virtualService('shop/route', { hosts: ['db'], http: [toHost('db', { subset: 'v1' })] }), RULE_WITHOUT_TLS, RULE_WITH_SUBSET,
];

/** A STRICT workload in a DISABLE namespace. */
const STRICT_WORKLOAD = [
  ...injected('shop'), deployment('shop/client'), deployment('shop/db'), service('shop/db', ['http:80']),
  peerAuthentication('shop/default', mode('DISABLE')), peerAuthentication('shop/strict', { selector: { matchLabels: { app: 'db' } }, ...mode('STRICT') }),
];

const written = (objects: readonly unknown[]): { readonly objects: any[] } => ({ objects: JSON.parse(JSON.stringify(objects)) });
const meshes = [written(TWO_RULES), written(STRICT_WORKLOAD), ...randomMeshes(seed + 2, count(200))];

test('in random meshes, connections, explain and check name the object that decides', () => {
  let found = 0;
  for (const { objects } of meshes) {
    const one = mesh(objects);
    for (const connected of connectionsOf(one)) {
      found += foundFor(one, connected).length;
      expect([[...faultsOf(one, connected)], objects]).toEqual([[], objects]);
    }
  }
  expect(found).toBeGreaterThan(0);
});

/** A rule or policy changed without effect on connections. */
function disguised(source: any): unknown {
  if (source.kind === 'DestinationRule' && source.spec.trafficPolicy) {
    return changed(source, [{ op: 'set', path: ['spec', 'trafficPolicy', 'outlierDetection'], value: { minHealthPercent: 7 } }]);
  }
  return source.kind === 'PeerAuthentication' ? changed(source, [{ op: 'set', path: ['metadata', 'annotations'], value: { changed: 'too' } }]) : source;
}

const DECIDING = ['DestinationRule', 'PeerAuthentication'];

/** The causes in a diff that removes a field, while all rules and policies change without effect. */
function causesWithout(objects: readonly any[], { object: { source }, field }: FieldRef, { client, call }: Connected): readonly string[] {
  const after = objects.map((one) => (one === source ? changed(one, [{ op: 'remove', path: field }]) : disguised(one)));
  const { groups } = diffOf(mesh([...objects]), after);
  const ofCall = groups.filter(({ changes }) => changes.some(({ host, port, clients }) =>
    host === call.host && port === call.port && clients.some(({ before }) => before && idKey(before) === idKey(client))));
  return ofCall.flatMap(({ causes }) => causes.map((change) => objectText(objectOf(change))));
}

test('diff names the deciding object as the cause among unrelated changes', () => {
  let named = 0;
  for (const { objects } of meshes) {
    const seen = new Set<string>();
    for (const connected of connectionsOf(mesh(objects))) {
      const { sent: { by }, outcome } = connected.path.hops[0];
      if (!by || outcome === 'undecided' || !DECIDING.includes(by.object.kind) || valueAt(by.object.source, by.field) === undefined) continue;
      const key = `${objectText(by.object)} ${by.field.join()}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const causes = causesWithout(objects, by, connected);
      if (causes.length === 0) continue; // Another field takes its place, with the same outcome.
      named += 1;
      expect([new Set(causes), objects]).toEqual([new Set([objectText(by.object)]), objects]);
    }
  }
  expect(named).toBeGreaterThan(0);
});
