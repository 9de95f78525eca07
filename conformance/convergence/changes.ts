// Changes of meshes that are dangerous at once, and for which there is a plan: written by hand, and random.
import type { Versions } from '../../src/mesh/plan/stage-states';
import type { ChangePlan } from '../../src/mesh/plan/stages';
import { modelIn, modelled } from '../connections/comparing';
import { RUNNABLE_PARTS } from '../data-plane/data-plane';
import type { ChangingKind } from '../generators/changes';
import { sampleChangedMeshes, type ChangedMesh } from '../generators/mesh';
import { libraryModule } from '../library';
import type { Manifest } from '../manifest';

/** A change with its plan. */
export interface DangerousChange {
  readonly change: ChangedMesh;
  readonly plan: ChangePlan & Required<Pick<ChangePlan, 'stages'>>;
}

/** What changes: objects that leave pods, names and addresses as they are. */
const KINDS: ChangingKind[] = ['PeerAuthentication', 'DestinationRule', 'VirtualService', 'Sidecar'];

/** How many changes are drawn at a time. */
const DRAWN = 200;

/** Those written by hand first; then random ones without an end. */
export function* dangerousChanges(seed: number): Generator<DangerousChange> {
  for (const change of WRITTEN) yield planned(change)!;
  for (let batch = 0; ; batch += 1) {
    for (const drawn of sampleChangedMeshes(seed + batch, DRAWN, RUNNABLE_PARTS, KINDS)) {
      const found = planned(admitted(drawn));
      if (found && isDangerous(found)) yield found;
    }
  }
}

/** A change with its plan; undefined: none was found that is proven. */
export function planned(change: ChangedMesh): DangerousChange | undefined {
  const { servers, id: _, ...before } = change;
  const plan = libraryModule('mesh/plan/plan').planOf(modelled(modelIn(), before), servers);
  const { stages } = plan;
  return stages?.every(({ verdict }) => verdict === 'safe') ? { change, plan: { ...plan, stages } } : undefined;
}

/** Whether some call breaks if all is changed at once, between sidecars that run here. */
function isDangerous({ plan: { atOnce, units, stages } }: DangerousChange): boolean {
  const { verdict, witness } = atOnce;
  return verdict === 'unsafe' && stages.length > 1 && witness.kind === 'call' && witness.path.server !== undefined
    && units.every(({ versions }) => versions.every(({ pods }) => pods === undefined));
}

/** A change without the objects that istiod's webhook would refuse. */
function admitted({ objects, servers, ...facts }: ChangedMesh): ChangedMesh {
  const { admit } = libraryModule('admission/admission');
  const isAdmitted = (object: Manifest) => admit(object).every(({ severity }) => severity !== 'error');
  return { ...facts, objects: objects.filter(isAdmitted), servers: servers.filter(isAdmitted) };
}

/** The objects of a mesh with its units in some versions. */
export function objectsIn({ change: { objects }, plan: { units } }: DangerousChange, versions: Versions): Manifest[] {
  const all = new Map(objects.map((object) => [keyOf(object), object]));
  for (const [index, { versions: known }] of units.entries()) {
    const { change } = known[versions[index]];
    if (!change) continue;
    if ('apply' in change) all.set(keyOf(change.apply as Manifest), change.apply as Manifest);
    else all.delete(keyOf(change.delete));
  }
  return [...all.values()];
}

function keyOf(object: Manifest | { readonly kind: string; readonly namespace: string; readonly name: string }): string {
  const { namespace = 'default', name } = 'metadata' in object ? object.metadata : object;
  return `${object.kind}/${namespace}/${name}`;
}

function workload(namespace: string, name: string, labels: { readonly app: string; readonly version?: string } = { app: name }): Manifest {
  const containers = [{ name: 'app', image: 'app:1', ports: [{ containerPort: 8080 }, { containerPort: 9000 }] }];
  return {
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace }, spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
  };
}

const service = (name: string): Manifest => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop' },
  spec: { selector: { app: name }, ports: [{ name: 'http', port: 8080 }, { name: 'tcp', port: 9000 }] },
});

/** Payments are STRICT all along, and a client without a sidecar is refused there. */
const SHOP: readonly Manifest[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { 'istio-injection': 'enabled' } } },
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'legacy' } },
  workload('shop', 'web'), workload('shop', 'payments'), service('payments'), workload('legacy', 'report'),
  workload('shop', 'ratings-v1', { app: 'ratings', version: 'v1' }), workload('shop', 'ratings-v2', { app: 'ratings', version: 'v2' }), service('ratings'),
  {
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: { name: 'payments', namespace: 'shop' },
    spec: { selector: { matchLabels: { app: 'payments' } }, mtls: { mode: 'STRICT' } },
  },
];

const policy = (mode: string): Manifest => ({
  apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name: 'default', namespace: 'shop' }, spec: { mtls: { mode } },
});

const rule = (spec: object): Manifest => ({
  apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { name: 'ratings', namespace: 'shop' }, spec: { host: 'ratings', ...spec },
});

const route = (subset: string): Manifest => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'ratings', namespace: 'shop' },
  spec: {
    hosts: ['ratings'],
    http: [{ route: [{ destination: { host: 'ratings', subset } }] }],
    tcp: [{ route: [{ destination: { host: 'ratings', subset } }] }],
  },
});

const toVersion = (version: string) => rule({ subsets: [{ name: version, labels: { version } }] });

const plaintext = rule({ trafficPolicy: { tls: { mode: 'DISABLE' } } });

/** What users do to their meshes, each in the smallest that shows it. */
export const WRITTEN: readonly ChangedMesh[] = [
  { id: 'PERMISSIVE to STRICT, and a rule with DISABLE goes', objects: [...SHOP, policy('PERMISSIVE'), plaintext], servers: [...SHOP, policy('STRICT')] },
  { id: 'DISABLE to STRICT', objects: [...SHOP, policy('DISABLE')], servers: [...SHOP, policy('STRICT')] },
  { id: 'a route goes to another subset, and its rule forgets the first', objects: [...SHOP, toVersion('v1'), route('v1')], servers: [...SHOP, toVersion('v2'), route('v2')] },
];
