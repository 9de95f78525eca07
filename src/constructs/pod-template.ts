import { ApiObject, ApiObjectMetadataDefinition } from 'cdk8s';
import { IConstruct } from 'constructs';
import { apiObjectOf } from './api-object';
import { manifestOf } from '../integration/app-manifests';
import { WorkloadKinds } from '../manifests/kinds';
import { isMapping, Mapping } from '../manifests/mapping';

/** What a construct keeps for its pods' metadata, as workloads of every version of cdk8s-plus do; undefined if it keeps none. */
export function ownPodMetadata(object: ApiObject): ApiObjectMetadataDefinition | undefined {
  const owner = object.node.scope as { podMetadata?: ApiObjectMetadataDefinition } & IConstruct;
  const podMetadata = owner && apiObjectOf(owner) === object ? owner.podMetadata : undefined;
  return typeof podMetadata?.toJson === 'function' ? podMetadata : undefined;
}

/**
 * The current labels of the workload's pods.
 *
 * Read from `podMetadata` if possible, because serializing a workload is slow. It lacks JSON patches, so the manifest is
 * read if there are any. `matchLabels` would be only an address label, and empty for a Job or CronJob.
 */
export function podLabels(object: ApiObject): Record<string, string> {
  const podMetadata = isPatched(object) ? undefined : ownPodMetadata(object);
  const metadata = podMetadata ? podMetadata.toJson() as PodMetadata | undefined : podMetadataOf(object);
  return metadata?.labels ?? {};
}

interface PodMetadata {
  readonly labels?: Record<string, string>;
}

/** The metadata in the pod template, as it would be emitted now. */
function podMetadataOf(object: ApiObject): PodMetadata | undefined {
  return podTemplateOf(object)?.metadata as PodMetadata | undefined;
}

/** The pod template of a workload as it would be emitted now; undefined if there is none, as with a Rollout's `workloadRef`. */
export function podTemplateOf(object: ApiObject): Mapping | undefined {
  const kind = WorkloadKinds.BUILT_IN.of(object);
  const template = kind?.podTemplate.reduce<unknown>((value, step) => (value as Mapping | undefined)?.[step], manifestOf(object));
  return isMapping(template) ? template : undefined;
}

/** cdk8s has no public method for it. */
function isPatched(object: ApiObject): boolean {
  const { patches } = object as unknown as { readonly patches?: readonly unknown[] };
  return patches !== undefined && patches.length > 0;
}
