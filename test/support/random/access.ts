// AuthorizationPolicies in random meshes, and the callers that they refuse: computed connection by connection, independent of the model.
import { fc } from './fast-check';
import { Connection } from '../../../src/mesh/calls/connections';
import { KIND } from '../../../src/mesh/inventory/kinds';
import { ObjectName, objectText } from '../../../src/mesh/inventory/object';
import { Mesh } from '../../../src/mesh/mesh';
import { authorizationPolicy } from '../meshes/mesh';

const NAMESPACES = ['a', 'b', 'c', 'd', 'istio-system'];
const namespaces = fc.uniqueArray(fc.constantFrom(...NAMESPACES), { minLength: 1, maxLength: 2 });
const principal = fc.tuple(fc.constantFrom(...NAMESPACES), fc.constantFrom('default', 'one', 'two')).map(([of, account]) => `cluster.local/ns/${of}/sa/${account}`);
const principals = fc.uniqueArray(principal, { minLength: 1, maxLength: 3 });
const source = fc.oneof(
  fc.record({ namespaces }), fc.record({ notNamespaces: namespaces }), fc.record({ principals }), fc.record({ notPrincipals: principals }),
  fc.constant({ principals: ['*'] }), fc.constant({ notPrincipals: ['*'] }),
);
const to = fc.constantFrom(undefined, undefined, [{ operation: { ports: ['8080'] } }]);
const policy = fc.record({
  namespace: fc.constantFrom(...NAMESPACES),
  name: fc.constantFrom('one', 'two'),
  app: fc.constantFrom(undefined, 'web', 'api', 'db'),
  action: fc.constantFrom('ALLOW', 'DENY', 'DENY'),
  source,
  to,
}).map(({ namespace, name, app, action, source: from, to: operations }) => authorizationPolicy(`${namespace}/${name}`, {
  ...app && { selector: { matchLabels: { app } } }, action, rules: [{ from: [{ source: from }], ...operations && { to: operations } }],
}));
const policies = fc.uniqueArray(policy, { maxLength: 4, selector: ({ metadata: { namespace, name } }: any) => `${namespace}/${name}` });

/** Policies that refuse exactly the callers with a certificate. */
const OF_CERTIFICATES = [{ action: 'DENY', rules: [{ from: [{ source: { principals: ['*'] } }] }] }, { action: 'ALLOW', rules: [{ from: [{ source: { notPrincipals: ['*'] } }] }] }];

/** Some AuthorizationPolicies for each of many meshes; the same for the same seed. Two of three refuse certificates everywhere. */
export function randomAccess(seed: number, count: number): any[][] {
  return fc.sample(policies, { seed, numRuns: count })
    .map((some, index) => (index % 3 === 0 ? some : NAMESPACES.map((namespace) => authorizationPolicy(`${namespace}/all`, OF_CERTIFICATES[index % 3 - 1]))));
}

/** Whether AuthorizationPolicies refuse a connection that arrives. */
export class Access {
  private readonly workloads: ReadonlyMap<string, Mesh['workloads'][number]>;

  constructor(private readonly mesh: Mesh) {
    this.workloads = new Map(mesh.workloads.map((workload) => [objectText(workload), workload]));
  }

  refuses({ client, server, serverMode, outcome }: Connection): boolean {
    const workload = server && this.of(server);
    if (!workload || workload.proxy.kind === 'none' || serverMode === 'NO_PROXY') return false;
    const { rootNamespace } = this.mesh.planes.of(workload.proxy.revision).config;
    const identity = outcome === 'mtls' ? this.of(client)!.identity.replace('spiffe://', '') : '';
    const matching = this.mesh.objects.of(KIND.AuthorizationPolicy)
      .filter(({ namespace }) => namespace === workload.namespace || namespace === rootNamespace)
      .filter(({ spec }: any) => !spec.selector || spec.selector.matchLabels.app === workload.labels.app)
      .map(({ spec }: any) => ({ action: spec.action, matches: spec.rules.some((rule: any) => matches(rule, identity, server!.port)) }));
    const allowing = matching.filter(({ action }) => action === 'ALLOW');
    return matching.some(({ action, matches: hit }) => action === 'DENY' && hit) || (allowing.length > 0 && !allowing.some(({ matches: hit }) => hit));
  }

  private of(name: ObjectName) {
    return this.workloads.get(objectText(name));
  }
}

function matches({ from: [{ source: asked }], to: [{ operation }] = [{ operation: {} }] }: any, identity: string, port: number): boolean {
  const namespace = identity.split('/')[2];
  const isAmong = (list: string[], value?: string) => list.some((one) => (one === '*' ? identity !== '' : one === value));
  const ofSource = asked.namespaces ? isAmong(asked.namespaces, namespace)
    : asked.notNamespaces ? !isAmong(asked.notNamespaces, namespace)
      : asked.principals ? isAmong(asked.principals, identity) : !isAmong(asked.notPrincipals, identity);
  return ofSource && (!operation.ports || operation.ports.includes(String(port)));
}
