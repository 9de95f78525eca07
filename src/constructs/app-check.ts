import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { AppMesh, meshOfApp } from '../integration/app-mesh';
import { IstioAdmission } from '../integration/istio-admission';
import { addJudge } from '../integration/once-per-synth';
import { Mapping, mapping } from '../manifests/mapping';

/** Finds errors that only show across an app's members of one kind; returns their messages. */
export type Check<T> = (members: readonly T[], root: IConstruct) => string[];

/** What the constructs of one kind in an app have registered. */
class AppMembers<T> {
  private readonly apps = new WeakMap<IConstruct, T[]>();

  /** @param attach attaches a check of an app's members, and admission, to the app */
  public constructor(private readonly attach: (root: IConstruct, members: readonly T[]) => void) {}

  /** Registers a construct's member; the first one attaches the check. */
  public add(construct: IConstruct, member: T): void {
    const { root } = construct.node;
    const known = this.apps.get(root);
    if (known) {
      known.push(member);
      return;
    }
    const members = [member];
    this.apps.set(root, members);
    this.attach(root, members);
  }

  /** The members registered in an app so far. */
  public membersOf({ node: { root } }: IConstruct): readonly T[] {
    return this.apps.get(root) ?? [];
  }
}

/** A check over all constructs of one kind in an app, run once a synth. */
export class AppCheck<T> extends AppMembers<T> {
  public constructor(check: Check<T>) {
    super((root, members) => {
      addJudge(root, () => check(members, root));
      IstioAdmission.attach(root);
    });
  }
}

/** Finds errors of an app's members of one kind in the mesh of the whole app; returns their messages. */
export type MeshJudge<T> = (members: readonly T[], mesh: AppMesh) => string[];

/** A check over all constructs of one kind in an app, against the mesh of its objects, run once a synth. */
export class MeshCheck<T> extends AppMembers<T> {
  public constructor(judge: MeshJudge<T>) {
    super((root, members) => {
      IstioAdmission.attach(root);
      addJudge(root, (manifests) => judge(members, meshOfApp(root, manifests)));
    });
  }
}

interface Own {
  readonly apiObject: ApiObject;
}

interface GroupKind {
  readonly group: string;
  readonly kind: string;
}

/** An object of the app that no construct of this library created. */
export interface ForeignObject {
  readonly apiObject: ApiObject;
  readonly namespace?: string;
  /** As its author wrote it: fields may have any type. */
  readonly spec: Mapping;
}

/** The app's objects of a kind that no construct of this library created. */
export function foreignObjects(root: IConstruct, own: readonly Own[], { group, kind }: GroupKind): ForeignObject[] {
  const ours = new Set<IConstruct>(own.map(({ apiObject }) => apiObject));
  return root.node.findAll()
    .filter((construct): construct is ApiObject => ApiObject.isApiObject(construct) && !ours.has(construct))
    .filter((apiObject) => apiObject.kind === kind && apiObject.apiGroup === group)
    .map((apiObject) => {
      const { metadata, spec } = apiObject.toJson();
      return { apiObject, namespace: metadata?.namespace, spec: mapping(spec) };
    });
}

/** The strings of a list; none if it isn't a list, which the API server rejects. */
export function textsIn(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((entry) => typeof entry === 'string') : [];
}
