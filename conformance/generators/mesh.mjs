// Random meshes: small, and crowded with objects that meet, hide and contradict each other.
import fc from 'fast-check';
import { meshConfig } from './mesh-config.mjs';
import { namespaces } from './namespaces.mjs';
import { policies } from './policies.mjs';
import { virtualServices } from './routes.mjs';
import { destinationRules } from './rules.mjs';
import { serviceEntries, services, workloadEntries } from './services.mjs';
import { sidecars } from './sidecars.mjs';
import { workloads } from './workloads.mjs';

/** What a mesh is made of; leave parts out to look at fewer rules at a time. */
export const PARTS = { meshConfig, namespaces, workloads, services, policies, destinationRules, sidecars, virtualServices, serviceEntries, workloadEntries };

/** Meshes of the given parts, as lists of manifests. */
export function meshOf(parts = Object.keys(PARTS)) {
  const chosen = Object.fromEntries(parts.map((part) => [part, PARTS[part]]));
  return fc.record(chosen).map((mesh) => Object.values(mesh).flat());
}

/** `count` meshes that are the same for the same seed. */
export function sampleMeshes(seed, count, parts) {
  return fc.sample(meshOf(parts), { seed, numRuns: count }).map((objects, index) => ({ id: `${seed}/${index}`, objects }));
}
