import { nearest } from '../findings/nearest';
import { Mapping, mapping } from '../manifests/mapping';
import { InventoryChange } from '../mesh/inventory/inventory';
import { KIND } from '../mesh/inventory/kinds';
import { MeshObject, YOUNGEST } from '../mesh/inventory/object';
import { Mesh } from '../mesh/mesh';
import { PeerPolicy } from '../mesh/policies/peer-authentication';
import { Workload } from '../mesh/workloads/workload';

/** The mode that servers should have. */
const TARGET_MODES = ['STRICT', 'PERMISSIVE', 'DISABLE'] as const;
export type TargetMode = typeof TARGET_MODES[number];

/** A mode and its scope. */
export interface ModeTarget {
  readonly mode: TargetMode;
  /** `namespace` or `namespace/workload`. Missing: the whole mesh. */
  readonly scope?: string;
}

/** The mesh has no such scope. */
export class UnknownScopeError extends Error {}

/**
 * The changed policies with which every port in the scope has the mode; port exceptions are removed.
 *
 * @throws UnknownScopeError if the mesh has no such namespace or workload
 */
export function targetChanges(mesh: Mesh, { mode, scope }: ModeTarget): readonly InventoryChange[] {
  const { policies } = mesh.planes.default;
  const { rootNamespace } = mesh.planes.default.config;
  const workloads = workloadsIn(mesh, scope);
  const [namespace, workload] = scope?.split('/') ?? [];
  const ofWorkloads = [...new Set(workloads.flatMap((one) => policies.ofWorkload(one).winner ?? []))];
  if (workload !== undefined) return [...policyFor(workloads[0], mode, ofWorkloads[0], mesh)];
  const wide = scope === undefined
    ? [policies.mesh.winner, ...new Set(workloads.map((one) => policies.ofNamespace(one.namespace).winner))]
    : [policies.ofNamespace(namespace).winner];
  const known = wide.filter((policy) => policy !== undefined);
  const needed = scope ?? rootNamespace;
  const own = known.find(({ object }) => object.namespace === needed);
  return [...own ? [] : [newObject(policyOf(needed, 'default', { mtls: { mode } }))],
    ...[...known, ...ofWorkloads].flatMap((policy) => changed(policy, mode))];
}

/**
 * The workloads of a scope; all without a scope.
 *
 * @param option the option with the scope
 * @throws UnknownScopeError if the mesh has no such namespace or workload
 */
export function workloadsIn({ workloads, objects }: Mesh, scope: string | undefined, option = '--scope'): readonly Workload[] {
  if (scope === undefined) return workloads;
  const found = workloads.filter((one) => isInScope(one, scope));
  if (found.length > 0) return found;
  const names = [...new Set([...workloads.flatMap(({ namespace, name }) => [namespace, `${namespace}/${name}`]),
    ...objects.of(KIND.Namespace).map(({ name }) => name)])];
  const meant = nearest(scope, names);
  throw new UnknownScopeError(`${option} is '${scope}'; expected a namespace with workloads, or namespace/workload, in these manifests. `
    + `Fix: ${meant ? `write ${meant}` : 'list them with istio-mtls connections'}.`);
}

/** Whether a scope is an object's namespace or its `namespace/name`. */
export function isInScope({ namespace, name }: Pick<MeshObject, 'namespace' | 'name'>, scope: string): boolean {
  return scope === namespace || scope === `${namespace}/${name}`;
}

function changed({ object, mode: current, ports }: PeerPolicy, mode: TargetMode): readonly InventoryChange[] {
  if (current === mode && [...ports.values()].every((one) => one === mode || one === 'UNSET')) return [];
  const { portLevelMtls: _, ...others } = object.spec;
  return [{ apply: { ...object.source, spec: { ...others, mtls: { mode } } }, replaces: object, created: object.created }];
}

/** The workload's own policy, for the labels with which its kind selects its pods. */
function policyFor(workload: Workload, mode: TargetMode, own: PeerPolicy | undefined, { objects }: Mesh): readonly InventoryChange[] {
  if (own) return changed(own, mode);
  const name = freeName(workload, objects.of(KIND.PeerAuthentication));
  return [newObject(policyOf(workload.namespace, name, { selector: { matchLabels: selectorOf(workload) }, mtls: { mode } }))];
}

/** The labels that select a workload's pods: those of its own selector, or all labels of its template. */
export function selectorOf({ object, podSource }: Workload): Mapping {
  const { matchLabels } = mapping(object.spec.selector);
  const ofTemplate = podSource.field.reduce<unknown>((at, step) => mapping(at)[step], podSource.object.source);
  return matchLabels === undefined ? mapping(mapping(mapping(ofTemplate).metadata).labels) : mapping(matchLabels);
}

/** A name for a workload's policy that no other policy in the namespace has. */
export function freeName({ namespace, name }: Workload, policies: readonly MeshObject[]): string {
  const taken = new Set(policies.filter((policy) => policy.namespace === namespace).map((policy) => policy.name));
  return taken.has(name) ? `${name}-mtls` : name;
}

/** A PeerAuthentication. */
export function policyOf(namespace: string, name: string, spec: object): object {
  return { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { namespace, name }, spec };
}

/** An object that is new. */
export function newObject(object: object): InventoryChange {
  return { apply: object, created: YOUNGEST };
}
