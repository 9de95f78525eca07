// Random meshes: small, and full of objects that meet, hide and contradict each other.
import fc from 'fast-check';
import { controlPlane, under } from './control-plane.mjs';
import { crowded, crowding } from './crowding.mjs';
import { proxyConfigs } from './custom-proxies.mjs';
import { envoyFilters } from './envoy-filters.mjs';
import { backendPolicies, gatewayApiRoutes } from './gateway-api.mjs';
import { meshConfig } from './mesh-config.mjs';
import { namespaces } from './namespaces.mjs';
import { networking, onNetworks } from './networks.mjs';
import { policies } from './policies.mjs';
import { virtualServices } from './routes.mjs';
import { destinationRules } from './rules.mjs';
import { apart, serviceEntries, services, workloadEntries } from './services.mjs';
import { sidecars } from './sidecars.mjs';
import { maybe, NAMESPACES } from './words.mjs';
import { workloads } from './workloads.mjs';

/** What a mesh is made of; leave parts out to look at fewer rules at a time. */
export const PARTS = { meshConfig, namespaces, workloads, services, policies, destinationRules, sidecars, virtualServices, serviceEntries, workloadEntries, gatewayApiRoutes, backendPolicies, envoyFilters, proxyConfigs };

/** Meshes of the given parts: manifests, and what is told of the control plane. */
export function meshOf(parts = Object.keys(PARTS)) {
  const chosen = Object.fromEntries(parts.map((part) => [part, PARTS[part]]));
  return fc.tuple(fc.record(chosen), howMany, crowding, ages, networking, controlPlane)
    .map(([mesh, count, crowd, times, networks, said]) => under(said, aged(onNetworks(within(crowded(Object.values(mesh).flat(), crowd), NAMESPACES.slice(0, count)), networks), times)));
}

/** How many namespaces there are. */
const howMany = fc.oneof({ weight: 4, arbitrary: fc.constant(NAMESPACES.length) }, { weight: 3, arbitrary: fc.integer({ min: 1, max: NAMESPACES.length - 1 }) });

/** When objects were made, as manifests from a cluster say; most say nothing. */
const ages = maybe(fc.array(fc.constantFrom(undefined, '2026-02-01T00:00:00Z', '2026-03-01T00:00:00Z'), { minLength: 7, maxLength: 7 }), 3);

function aged(objects, times = []) {
  return objects.map((object, index) => {
    const creationTimestamp = times[index % times.length];
    return creationTimestamp === undefined ? object : { ...object, metadata: { ...object.metadata, creationTimestamp } };
  });
}

/** What lies in another namespace moves to the first: fewer namespaces are more crowded ones. */
function within(objects, namespaces) {
  const known = new Map();
  for (const object of objects) {
    const { kind, metadata: { namespace, name } } = object;
    if (kind === 'Namespace' && !namespaces.includes(name)) continue;
    const moved = kind !== 'Namespace' && kind !== 'ConfigMap' && !namespaces.includes(namespace);
    const there = moved ? { ...object, metadata: { ...object.metadata, namespace: namespaces[0] } } : object;
    const key = `${kind}/${there.metadata.namespace}/${name}`;
    if (!known.has(key)) known.set(key, there);
  }
  return aimed(apart([...known.values()]));
}

/** Two of three Services that would select nobody select a pod of their namespace instead, if there is any. */
function aimed(objects) {
  const pods = objects.map(podOf);
  return objects.map((object, index) => {
    const { kind, metadata: { namespace }, spec } = object;
    if (kind !== 'Service' || !spec.selector || index % 3 === 0) return object;
    const near = pods.filter((pod) => pod?.namespace === namespace);
    if (near.length === 0 || near.some(({ labels }) => Object.entries(spec.selector).every(([key, value]) => labels[key] === value))) return object;
    return { ...object, spec: { ...spec, selector: { app: near[index % near.length].labels.app } } };
  });
}

/** The namespace and labels of a workload's pods; undefined for what is no workload. */
function podOf({ kind, metadata, spec }) {
  const template = kind === 'Pod' ? { metadata } : kind === 'CronJob' ? spec.jobTemplate.spec.template : spec?.template;
  return template && { namespace: metadata.namespace, labels: template.metadata.labels };
}

/** `count` meshes that are the same for the same seed: half of them as fast-check prefers them, simple and with the first of choices, half as chance has it. */
export function sampleMeshes(seed, count, parts) {
  const half = Math.ceil(count / 2);
  const meshes = [[meshOf(parts), half], [fc.noBias(meshOf(parts)), count - half]].flatMap(([arbitrary, numRuns]) => (numRuns > 0 ? fc.sample(arbitrary, { seed, numRuns }) : []));
  return meshes.map((mesh, index) => ({ id: `${seed}/${index}`, ...mesh }));
}
