// Random meshes: small, and full of objects that meet, hide and contradict each other.
import fc, { type Arbitrary } from 'fast-check';
import type { JudgedMesh, Manifest } from '../manifest';
import { isA, type Labels } from '../specs';
import { addressed, addressing } from './addresses';
import { changed, meshChange, type ChangingKind } from './changes';
import { controlPlane, under, type ToldMesh } from './control-plane';
import { crowded, crowding } from './crowding';
import { proxyConfigs } from './custom-proxies';
import { declaredCalls, declaring } from './declared-calls';
import { envoyFilters, plugins } from './envoy-filters';
import { backendPolicies, gatewayApiRoutes } from './gateway-api';
import { meshConfig } from './mesh-config';
import { namespaces } from './namespaces';
import { installation, installed, networking, onNetworks } from './networks';
import { policies } from './policies';
import { inRareForms, rareForms } from './rare-forms';
import { virtualServices } from './routes';
import { destinationRules } from './rules';
import { apart, serviceEntries, services, workloadEntries } from './services';
import { sidecars } from './sidecars';
import { maybe, NAMESPACES } from './words';
import { workloads } from './workloads';

/** What a mesh is made of; leave parts out to look at fewer rules at a time. */
const PARTS: Readonly<Record<string, Arbitrary<Manifest[]>>> = {
  meshConfig, namespaces, workloads, services, policies, destinationRules, sidecars, virtualServices, serviceEntries, workloadEntries,
  gatewayApiRoutes, backendPolicies, envoyFilters, plugins, proxyConfigs,
};

/** Meshes of the given parts: manifests, and what is told of the control plane. */
function meshOf(parts: readonly string[] = Object.keys(PARTS)): Arbitrary<ToldMesh> {
  const all = fc.tuple(drawn(parts), installation, declaredCalls);
  return all.map(([[mesh, count, crowd, times, networks, said, addresses, forms], ofIstio, declared]) => {
    const near = inRareForms(addressed(within(crowded(Object.values(mesh).flat(), crowd), NAMESPACES.slice(0, count)), addresses), forms);
    const { unseen, objects } = installed(declaring(aged(onNetworks(near, networks), times), declared), ofIstio);
    return { ...under(said, objects), ...unseen && { unseen } };
  });
}

/** A mesh with the objects of another state, in which the same pods run. */
export type ChangedMesh = JudgedMesh & Required<Pick<JudgedMesh, 'servers'>>;

function changedMeshOf(parts: readonly string[] = Object.keys(PARTS), kinds?: ChangingKind[]): Arbitrary<Omit<ChangedMesh, 'id'>> {
  const all = fc.tuple(drawn(parts), meshChange(kinds), declaredCalls);
  return all.map(([[mesh, count, crowd, times, networks, said, addresses, forms], { steps, fresh }, declared]) => {
    const [near, other] = [Object.values(mesh).flat(), fresh].map((some) => within(crowded(some, crowd), NAMESPACES.slice(0, count)));
    const before = under(said, declaring(aged(onNetworks(inRareForms(addressed(near, addresses), forms), networks), times), declared));
    return { ...before, servers: changed(before.objects, { steps, fresh: under(said, other).objects }) };
  }).filter(({ objects, servers }) => servers.length !== objects.length || servers.some((object, index) => object !== objects[index]));
}

/** What a mesh is made of before its objects are brought together. */
function drawn(parts: readonly string[]) {
  const chosen = Object.fromEntries(parts.map((part) => [part, PARTS[part]]));
  return fc.tuple(fc.record(chosen), howMany, crowding, ages, networking, controlPlane, addressing, rareForms);
}

/** How many namespaces there are. */
const howMany = fc.oneof(
  { weight: 4, arbitrary: fc.constant(NAMESPACES.length) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: NAMESPACES.length - 1 }) },
);

/** When objects were made, as manifests from a cluster say; most say nothing. */
const ages = maybe(fc.array(fc.constantFrom(undefined, '2026-02-01T00:00:00Z', '2026-03-01T00:00:00Z'), { minLength: 7, maxLength: 7 }), 3);

function aged(objects: readonly Manifest[], times: readonly (string | undefined)[] = []): Manifest[] {
  return objects.map((object, index) => {
    const creationTimestamp = times[index % times.length];
    return creationTimestamp === undefined ? object : { ...object, metadata: { ...object.metadata, creationTimestamp } };
  });
}

/** What lies in another namespace moves to the first: fewer namespaces are more crowded ones. */
function within(objects: readonly Manifest[], among: readonly string[]): Manifest[] {
  const known = new Map<string, Manifest>();
  for (const object of objects) {
    const { kind, metadata: { namespace, name } } = object;
    if (kind === 'Namespace' && !among.includes(name)) continue;
    const moved = kind !== 'Namespace' && kind !== 'ConfigMap' && !(namespace !== undefined && among.includes(namespace));
    const there = moved ? { ...object, metadata: { ...object.metadata, namespace: among[0] } } : object;
    const key = `${kind}/${there.metadata.namespace}/${name}`;
    if (!known.has(key)) known.set(key, there);
  }
  return aimed(apart([...known.values()]));
}

/** Two of three Services that would select nobody select a pod of their namespace instead, if there is any. */
function aimed(objects: readonly Manifest[]): Manifest[] {
  const pods = objects.map(podOf);
  return objects.map((object, index) => {
    if (!isA('Service', object)) return object;
    const { metadata: { namespace }, spec } = object;
    const { selector } = spec;
    if (!selector || index % 3 === 0) return object;
    const near = pods.flatMap((pod) => (pod && pod.namespace === namespace ? [pod] : []));
    if (near.length === 0 || near.some(({ labels }) => Object.entries(selector).every(([key, value]) => labels[key] === value))) return object;
    return { ...object, spec: { ...spec, selector: { app: near[index % near.length].labels.app } } };
  });
}

/** The namespace and labels of a workload's pods; undefined for what is no workload. */
function podOf({ kind, metadata, spec }: Manifest): { readonly namespace?: string; readonly labels: Labels } | undefined {
  const template = kind === 'Pod' ? { metadata } : kind === 'CronJob' ? spec.jobTemplate.spec.template : spec?.template;
  return template && { namespace: metadata.namespace, labels: template.metadata.labels };
}

/** `count` meshes that are the same for the same seed: half of them as fast-check prefers them, simple and with the first of choices, half as chance has it. */
export function sampleMeshes(seed: number, count: number, parts?: readonly string[]): JudgedMesh[] {
  return sampled(meshOf(parts), seed, count);
}

/**
 * The same of meshes with the objects of another state.
 *
 * @param kinds of objects that change
 */
export function sampleChangedMeshes(seed: number, count: number, parts?: readonly string[], kinds?: ChangingKind[]): ChangedMesh[] {
  return sampled(changedMeshOf(parts, kinds), seed, count);
}

function sampled<Told extends Omit<JudgedMesh, 'id'>>(arbitrary: Arbitrary<Told>, seed: number, count: number): (Told & Pick<JudgedMesh, 'id'>)[] {
  const half = Math.ceil(count / 2);
  const halves: readonly [Arbitrary<Told>, number][] = [[arbitrary, half], [fc.noBias(arbitrary), count - half]];
  const meshes = halves.flatMap(([one, numRuns]) => (numRuns > 0 ? fc.sample(one, { seed, numRuns }) : []));
  return meshes.map((mesh, index) => ({ id: `${seed}/${index}`, ...mesh }));
}
