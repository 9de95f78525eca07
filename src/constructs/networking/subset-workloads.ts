import { ApiObject } from 'cdk8s';
import { CalledService, isServiceEntry } from './destination-host';
import { WorkloadKinds } from '../../manifests/kinds';
import { labelsOf, mapping } from '../../manifests/mapping';
import { podLabels } from '../pod-template';
import { IWorkload } from '../pods';
import { Refuse } from '../refuse';
import { workloadObject } from '../workload-selection';

type Labels = Readonly<Record<string, string>>;

/** A subset that is given by its workload. */
interface WorkloadSubset {
  readonly name: string;
  readonly workload: ApiObject;
}

/** The workloads that are subsets of one host, and the labels that tell their pods apart. */
export class SubsetWorkloads {
  private readonly subsets: WorkloadSubset[] = [];

  /** @param service that of the host, if it was given */
  public constructor(private readonly service: CalledService | undefined, private readonly refuse: Refuse) {}

  public add(name: string, workload: IWorkload): void {
    const object = workloadObject(workload, 'subsets.workload', this.refuse, {
      lacks: 'isn\'t a workload',
      because: 'the labels of a workload are compared with those of others',
      fix: "pass the labels as 'labels'",
    });
    this.subsets.push({ name, workload: object });
  }

  /** What is wrong with the subsets, as they are now. */
  public get errors(): string[] {
    return this.subsets.flatMap(({ name }) => {
      try {
        this.labelsOf(name);
        return [];
      } catch (error) {
        return [(error as Error).message];
      }
    });
  }

  /** Labels that only the pods of a subset's workload have all of, as they are now: `version` alone if it is enough. */
  public labelsOf(name: string): Labels {
    const subset = this.subsets.find((one) => one.name === name)!;
    const labels = podLabels(subset.workload);
    this.checkSelected(subset, labels);
    const others = this.othersThan(subset).map((workload) => ({ workload, labels: podLabels(workload) }));
    const differing = Object.entries(labels)
      .filter(([key, value]) => others.length === 0 || others.some((other) => other.labels[key] !== value));
    const candidates = [
      differing.filter(([key]) => key === 'version'),
      differing.filter(([key]) => !key.startsWith('cdk8s.io/')), // an address, which changes with the construct's path
      differing,
    ].map((entries) => Object.fromEntries(entries)).filter((entries) => Object.keys(entries).length > 0);
    const found = candidates.find((candidate) => !others.some((other) => hasAll(other.labels, candidate)));
    if (found) return found;
    const alike = others.find((other) => hasAll(other.labels, labels));
    throw this.refused(subset, alike
      ? `whose pods have no label that those of ${alike.workload.kind} ${alike.workload.name} lack`
      : 'whose pods have no labels', 'a workload with a label of its own', 'the subset would have pods of the other workload too',
    "add a label such as 'version' to its pods");
  }

  private checkSelected(subset: WorkloadSubset, labels: Labels): void {
    const { object, namespace } = this.service ?? {};
    if (!object) return;
    const selector = selectorOf(object);
    if (selector && subset.workload.metadata.namespace === namespace && hasAll(labels, selector)) return;
    const shown = Object.entries(selector ?? {}).map(([key, value]) => `${key}=${value}`).join(', ');
    throw this.refused(subset, `which ${object.kind} ${object.name} doesn't select`,
      selector ? `a workload in its namespace with ${shown}` : `a ${object.kind} with a selector`,
      'the subset would have no endpoints', `correct the selector of the ${object.kind} or the labels of the pods`);
  }

  /** The workloads of the other subsets, and those of the app that the Service selects. */
  private othersThan({ workload }: WorkloadSubset): readonly ApiObject[] {
    const others = this.subsets.map((subset) => subset.workload);
    const { object: service, namespace } = this.service ?? {};
    const selector = service && selectorOf(service);
    if (selector) {
      const selected = workloadsIn(workload).filter((one) => one.metadata.namespace === namespace && hasAll(podLabels(one), selector));
      others.push(...selected.filter((one) => !others.includes(one)));
    }
    const own = others.indexOf(workload);
    return others.filter((_, index) => index !== own);
  }

  private refused({ name, workload }: WorkloadSubset, what: string, expected: string, because: string, fix: string): Error {
    const actual = `${workload.kind} ${workload.name} for subset '${name}', ${what}`;
    return this.refuse({ code: 'API840', field: 'subsets.workload', actual, expected, because, fix });
  }
}

/** The labels by which a Service or ServiceEntry selects pods, as they are now; undefined if it selects none. */
function selectorOf(service: ApiObject): Labels | undefined {
  const { selector, workloadSelector } = mapping(service.toJson().spec);
  const labels = labelsOf(isServiceEntry(service) ? mapping(workloadSelector).labels : selector);
  return Object.keys(labels).length > 0 ? labels : undefined;
}

/** All workloads of the app. */
function workloadsIn({ node }: ApiObject): ApiObject[] {
  return node.root.node.findAll()
    .filter((one): one is ApiObject => ApiObject.isApiObject(one) && WorkloadKinds.BUILT_IN.of(one) !== undefined);
}

function hasAll(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}
