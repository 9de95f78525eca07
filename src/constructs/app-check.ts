import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { AppMesh, meshOfApp } from '../integration/app-mesh';
import { IstioAdmission } from '../integration/istio-admission';
import { addJudge, OncePerSynth } from '../integration/once-per-synth';
import { Mapping, mapping } from '../manifests/mapping';

/** What an app's members of one kind say together that no single one can know; gives error messages. */
export type Check<T> = (members: readonly T[], root: IConstruct) => string[];

/** A check over all constructs of one kind that an app holds, run once a synth. */
export class AppCheck<T> {
  private readonly apps = new WeakMap<IConstruct, { readonly members: T[]; readonly validation: OncePerSynth }>();

  public constructor(private readonly check: Check<T>) {}

  /** Registers what a construct says; the first of an app attaches the check to it, and admission too. */
  public add(construct: IConstruct, member: T): void {
    const { root } = construct.node;
    let app = this.apps.get(root);
    if (!app) {
      const members: T[] = [];
      app = { members, validation: new OncePerSynth(() => this.check(members, root)) };
      this.apps.set(root, app);
      root.node.addValidation(app.validation);
      IstioAdmission.attach(root);
    }
    app.members.push(member);
  }

  /** What the constructs of an app have said so far. */
  public membersOf({ node: { root } }: IConstruct): readonly T[] {
    return this.apps.get(root)?.members ?? [];
  }
}

/** What an app's members of one kind get wrong in the mesh that the whole app makes; gives error messages. */
export type MeshJudge<T> = (members: readonly T[], mesh: AppMesh) => string[];

/** A check over all constructs of one kind that an app holds, against the mesh of its objects, run once a synth. */
export class MeshCheck<T> {
  private readonly apps = new WeakMap<IConstruct, T[]>();

  public constructor(private readonly judge: MeshJudge<T>) {}

  /** Registers what a construct says; the first of an app attaches the check to it, and admission before it. */
  public add(construct: IConstruct, member: T): void {
    const { root } = construct.node;
    const known = this.apps.get(root);
    if (known) {
      known.push(member);
      return;
    }
    const members = [member];
    this.apps.set(root, members);
    IstioAdmission.attach(root);
    addJudge(root, (manifests) => this.judge(members, meshOfApp(root, manifests)));
  }
}

interface Own {
  readonly apiObject: ApiObject;
}

interface GroupKind {
  readonly group: string;
  readonly kind: string;
}

/** An object of the app that no construct of ours made. */
export interface ForeignObject {
  readonly apiObject: ApiObject;
  readonly namespace?: string;
  /** As its author wrote it: fields of any type. */
  readonly spec: Mapping;
}

/** The app's objects of a kind beside our own. */
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

/** The texts of a list; none if it is no list, which is for the API server to refuse. */
export function textsIn(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((entry) => typeof entry === 'string') : [];
}
