import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { apiObjectOf, shownConstruct } from './api-object-of';
import { Refuse } from './refuse';
import { manifestOf } from '../integration/manifests-of-app';

/** Where each workload kind keeps the metadata of its pods. */
const POD_METADATA: Record<string, (manifest: any) => any> = {
  Deployment: ({ spec }) => spec?.template?.metadata,
  StatefulSet: ({ spec }) => spec?.template?.metadata,
  DaemonSet: ({ spec }) => spec?.template?.metadata,
  ReplicaSet: ({ spec }) => spec?.template?.metadata,
  ReplicationController: ({ spec }) => spec?.template?.metadata,
  Job: ({ spec }) => spec?.template?.metadata,
  CronJob: ({ spec }) => spec?.jobTemplate?.spec?.template?.metadata,
  Pod: ({ metadata }) => metadata,
};

/** The workload behind a construct: the construct itself, or its default child, of whatever library. */
export function workloadObject(workload: IConstruct, props: { readonly workload: string; readonly labels: string }, refuse: Refuse): ApiObject {
  const object = apiObjectOf(workload);
  if (object && object.kind in POD_METADATA) return object;
  throw refuse({
    code: 'MTLS008',
    field: props.workload,
    actual: shownConstruct(workload),
    expected: `one of ${Object.keys(POD_METADATA).join(', ')}`,
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
    : POD_METADATA[object.kind](manifestOf(object));
  return metadata?.labels ?? {};
}

/** cdk8s has no public word for it. */
function isPatched(object: ApiObject): boolean {
  const { patches } = object as unknown as { readonly patches?: readonly unknown[] };
  return patches !== undefined && patches.length > 0;
}
