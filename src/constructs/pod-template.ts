import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { apiObjectOf, shownConstruct } from './api-object-of';
import { Refuse } from './refuse';
import { manifestOf } from '../integration/manifests-of-app';
import { WorkloadKinds } from '../manifests/kinds';

/** The workload behind a construct: the construct itself, or its default child, of whatever library. */
export function workloadObject(workload: IConstruct, props: { readonly workload: string; readonly labels: string }, refuse: Refuse): ApiObject {
  const object = apiObjectOf(workload);
  if (object && WorkloadKinds.BUILT_IN.of(object)) return object;
  throw refuse({
    code: 'MTLS008',
    field: props.workload,
    actual: shownConstruct(workload),
    expected: `one of ${WorkloadKinds.BUILT_IN.all.map(({ kind }) => kind).join(', ')}`,
    fix: `pass the workload itself, or '${props.labels}' of its pods`,
  });
}

/**
 * The labels of the workload's pods, as they are now.
 *
 * cdk8s-plus workloads of every version tell them by `podMetadata`, which is asked first, because serializing a
 * workload is slow. It doesn't know of JSON patches, though: with some, the manifest is asked. Their `matchLabels` is
 * only an address label, and empty for a Job or CronJob.
 */
export function podLabels(object: ApiObject): Record<string, string> {
  const owner = object.node.scope as { podMetadata?: { toJson?(): any } } & IConstruct;
  const podMetadata = owner && apiObjectOf(owner) === object ? owner.podMetadata : undefined;
  const metadata = typeof podMetadata?.toJson === 'function' && !isPatched(object)
    ? podMetadata.toJson()
    : podMetadataOf(object);
  return metadata?.labels ?? {};
}

function podMetadataOf(object: ApiObject): any {
  const { podTemplate } = WorkloadKinds.BUILT_IN.of(object)!;
  return podTemplate.reduce((value: any, step) => value?.[step], manifestOf(object))?.metadata;
}

/** cdk8s has no public word for it. */
function isPatched(object: ApiObject): boolean {
  const { patches } = object as unknown as { readonly patches?: readonly unknown[] };
  return patches !== undefined && patches.length > 0;
}
