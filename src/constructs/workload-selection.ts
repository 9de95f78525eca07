import { ApiObject, Lazy } from 'cdk8s';
import { IConstruct } from 'constructs';
import { apiObjectOf, shownConstruct } from './api-object';
import { checkedNamespace, namespaceOf } from './namespace';
import { isPodSelector, SelectedPods, selectedPods } from './pod-selector';
import { podLabels, podTemplateOf } from './pod-template';
import { IWorkload, Pods } from './pods';
import { labelValues, Refuse, refusing } from './refuse';
import { checkOwnValue } from '../integration/one-copy';
import { WorkloadKinds } from '../manifests/kinds';
import { mapping } from '../manifests/mapping';

/** Which pods to select, and in which namespace. */
export interface WorkloadSelectionProps {
  readonly workload: IWorkload;
  readonly namespace?: string;
}

/** What the errors call the object and fields that select the pods. */
export interface SelectionWords {
  /** Kind of the object with the selector. */
  readonly kind: string;
  /** The prop that takes a workload. */
  readonly workload: string;
  /** The selector's field, as in YAML. */
  readonly field: string;
  /** What to use instead to select all pods in the namespace. */
  readonly everyPod: string;
}

/** The pods that an object selects: their namespace, and their labels at synth. */
export class WorkloadSelection {
  public readonly namespace: string;
  private readonly object?: ApiObject;
  private readonly given?: Record<string, string>;
  private readonly refuse: Refuse;

  public constructor(scope: IConstruct, path: string, props: WorkloadSelectionProps, private readonly words: SelectionWords) {
    const { workload, namespace } = props;
    this.refuse = refusing(words.kind, path);
    const pods = podsByLabels(workload, words, this.refuse);
    if (pods) {
      this.given = this.notEmpty(pods.labels);
      this.namespace = namespaceOf({ scope, path, kind: words.kind, asked: this.selectorNamespace(pods, namespace) });
    } else {
      this.object = workloadObject(workload, words.workload, this.refuse);
      this.namespace = this.workloadNamespace(this.object, namespace);
    }
  }

  /** The namespace in the pods' manifests; undefined if they name none. */
  public get manifestNamespace(): string | undefined {
    return this.object ? this.object.metadata.namespace : this.namespace;
  }

  /** Whether the pods are selected by given labels, without a workload. */
  public get byLabels(): boolean {
    return this.given !== undefined;
  }

  /** The labels to match, as they are now. */
  public labels(): Record<string, string> {
    return this.given ?? this.notEmpty(podLabels(this.object!));
  }

  /** The selector that will match them at synth. */
  public selector(): unknown {
    return this.given ? { matchLabels: this.given } : Lazy.any({ produce: () => ({ matchLabels: this.labels() }) });
  }

  /** The current service account of the workload's pods; undefined if pods are selected by labels. */
  public serviceAccount(): string | undefined {
    if (!this.object) return undefined;
    const { serviceAccountName } = mapping(mapping(podTemplateOf(this.object)).spec);
    return typeof serviceAccountName === 'string' ? serviceAccountName : 'default';
  }

  /** An empty selector would select the whole namespace. */
  private notEmpty(labels: Record<string, string>): Record<string, string> {
    if (Object.keys(labels).length === 0) {
      throw this.refuse({
        code: 'API003',
        field: this.words.field,
        actual: this.object ? `empty (the pod template of ${this.object.kind} ${this.object.name} has no labels)` : 'empty',
        expected: 'at least one label',
        because: 'an empty selector selects the whole namespace',
        fix: this.object
          ? 'add a label to the pod template'
          : `pass a label of the pods, or ${this.words.everyPod} to select the whole namespace`,
      });
    }
    return labels;
  }

  private workloadNamespace({ kind, name, metadata }: ApiObject, asked?: string): string {
    const found = metadata.namespace ?? asked;
    const subject = `${kind} ${name}`;
    if (!found) {
      throw this.refuse({
        code: 'API004',
        field: 'metadata.namespace',
        actual: `missing, and ${subject} has none`,
        expected: "the workload's namespace",
        because: 'a selector applies only to pods in its own namespace',
        fix: "set the namespace of the workload's chart, or pass 'namespace'",
      });
    }
    if (asked && asked !== found) throw this.elsewhere(asked, `'${found}', the namespace of ${subject}`);
    return checkedNamespace(found, this.refuse);
  }

  /** The namespace that a selector or the user names; undefined if neither does. */
  private selectorNamespace({ namespace }: SelectedPods, asked?: string): string | undefined {
    if (namespace && asked && asked !== namespace) throw this.elsewhere(asked, `'${namespace}', the selector's namespace`);
    return namespace ?? asked;
  }

  private elsewhere(asked: string, expected: string): Error {
    return this.refuse({
      code: 'API012',
      field: 'metadata.namespace',
      actual: `'${asked}'`,
      expected,
      because: 'a selector applies only to pods in its own namespace',
      fix: "remove 'namespace'",
    });
  }
}

/** The pods selected without a workload; undefined if there is one. */
function podsByLabels(workload: IWorkload, words: SelectionWords, refuse: Refuse): SelectedPods | undefined {
  if (!(workload instanceof Pods)) return undefined;
  const { _labels, _selector, _workload } = workload;
  if (_workload) return undefined;
  return _selector ? selectedPods(_selector, words, refuse) : { labels: labelValues(_labels!, words.field, refuse) };
}

/** A use of a workload for which labels of pods aren't enough. */
interface WorkloadUse {
  /** What labels of pods lack for it. */
  readonly lacks: string;
  readonly because: string;
  readonly fix: string;
}

/**
 * The workload behind a construct: the construct itself, or its default child, from any library.
 *
 * @param field the prop that it was passed to
 */
export function workloadObject(workload: IWorkload, field: string, refuse: Refuse, use?: WorkloadUse): ApiObject {
  if (workload === undefined || workload === null) {
    throw refuse({
      code: 'API009',
      field,
      actual: 'missing',
      expected: 'a workload',
      because: 'nothing else says which pods to select',
      fix: "pass the workload's construct, or Pods.withLabels({ … })",
    });
  }
  const named = workload instanceof Pods ? workload._workload : workload as unknown as IConstruct;
  const object = named && apiObjectOf(named);
  if (object && WorkloadKinds.BUILT_IN.of(object)) return object;
  checkOwnValue(field, workload, refuse);
  throw refuse({
    code: 'API008',
    field,
    actual: named
      ? shownConstruct(named)
      : `Pods.${(workload as Pods)._selector ? 'selectedBy' : 'withLabels'}, which ${use?.lacks ?? 'isn\'t a workload'}`,
    expected: `one of ${WorkloadKinds.BUILT_IN.all.map(({ kind }) => kind).join(', ')}`,
    because: use?.because,
    fix: use?.fix ?? (isPodSelector(named) && !object
      ? 'wrap it in Pods.selectedBy(…)'
      : 'pass the workload itself, or Pods.withLabels({ … }) with the labels of its pods'),
  });
}
