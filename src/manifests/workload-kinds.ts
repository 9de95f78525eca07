import { FieldPath } from '../findings/finding';

/** A kind whose objects run pods. */
export interface WorkloadKind {
  readonly group: string;
  readonly kind: string;
  /** The field that holds the template of its pods; a Pod is its own. */
  readonly podTemplate: FieldPath;
}

const TEMPLATE: FieldPath = ['spec', 'template'];

/** The kinds of Kubernetes that run pods, and Argo's Rollout, which takes a Deployment's place. */
const BUILT_IN: readonly WorkloadKind[] = [
  { group: 'apps', kind: 'Deployment', podTemplate: TEMPLATE },
  { group: 'apps', kind: 'StatefulSet', podTemplate: TEMPLATE },
  { group: 'apps', kind: 'DaemonSet', podTemplate: TEMPLATE },
  { group: 'apps', kind: 'ReplicaSet', podTemplate: TEMPLATE },
  { group: '', kind: 'ReplicationController', podTemplate: TEMPLATE },
  { group: 'batch', kind: 'Job', podTemplate: TEMPLATE },
  { group: 'batch', kind: 'CronJob', podTemplate: ['spec', 'jobTemplate', 'spec', 'template'] },
  { group: 'argoproj.io', kind: 'Rollout', podTemplate: TEMPLATE },
  { group: '', kind: 'Pod', podTemplate: [] },
];

/** The kinds that run pods: those that everybody knows, and those that a user tells of. */
export class WorkloadKinds {
  static readonly BUILT_IN = new WorkloadKinds();

  /** @param told kinds that aren't built in */
  static with(told: readonly WorkloadKind[] = []): WorkloadKinds {
    return told.length === 0 ? WorkloadKinds.BUILT_IN : new WorkloadKinds(told);
  }

  readonly all: readonly WorkloadKind[];
  private readonly byName: ReadonlyMap<string, WorkloadKind>;

  private constructor(readonly told: readonly WorkloadKind[] = []) {
    this.all = [...BUILT_IN, ...told];
    this.byName = new Map(this.all.map((one) => [groupKind(one), one]));
  }

  /** The kind of an object that runs pods; undefined: it runs none, as far as is known. */
  of({ apiVersion, kind }: { readonly apiVersion?: unknown; readonly kind?: unknown }): WorkloadKind | undefined {
    return typeof apiVersion === 'string' && typeof kind === 'string' ? this.byName.get(groupKind({ group: groupOf(apiVersion), kind })) : undefined;
  }
}

/** `apps` of `apps/v1`; nothing of `v1`. */
export function groupOf(apiVersion: string): string {
  return apiVersion.slice(0, Math.max(apiVersion.indexOf('/'), 0));
}

/** As Kubernetes writes a kind of any group: `CloneSet.apps.kruise.io`. */
export function groupKind({ group, kind }: Pick<WorkloadKind, 'group' | 'kind'>): string {
  return group === '' ? kind : `${kind}.${group}`;
}
