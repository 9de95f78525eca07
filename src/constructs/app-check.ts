import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { apiObjectsOf, MeshManifests } from '../integration/app-manifests';
import { AppMesh, meshOfApp } from '../integration/app-mesh';
import { IstioAdmission } from '../integration/istio-admission';
import { MeshFacts } from '../integration/mesh-facts';
import { addJudge, Judge } from '../integration/once-per-synth';
import { addRepeater } from '../integration/repeated-findings';
import { addWarner } from '../integration/synth-warnings';
import { Mapping, mapping } from '../manifests/mapping';

/** A member that a construct has registered. */
interface Member<T> {
  readonly construct: IConstruct;
  readonly member: T;
}

/** Judges the members of a mesh; returns error messages. */
type MembersJudge<T> = (members: readonly T[], mesh: MeshManifests) => string[];

/** What the constructs of one kind in an app have registered, and a check of those of each mesh. */
class AppMembers<T> {
  private readonly apps = new WeakMap<IConstruct, Member<T>[]>();

  /** @param attach attaches a judge of the members, and admission, to the app */
  public constructor(private readonly judge: MembersJudge<T>, private readonly attach: (app: IConstruct, judgeOf: () => Judge) => void) {}

  /** Registers a construct's member; the first one attaches the check. */
  public add(construct: IConstruct, member: T): void {
    const { root } = construct.node;
    const known = this.apps.get(root);
    if (known) {
      known.push({ construct, member });
      return;
    }
    this.apps.set(root, [{ construct, member }]);
    this.attach(root, () => {
      const byMesh = this.byMesh(root);
      return (mesh) => {
        const members = byMesh.get(mesh.facts);
        return members ? this.judge(members, mesh) : [];
      };
    });
  }

  /** The members that a mesh has so far. */
  public membersOf(mesh: MeshFacts): readonly T[] {
    return this.byMesh(mesh.root).get(mesh) ?? [];
  }

  /** By the meshes that own them now: an IstioMesh may have been created after some of them. */
  private byMesh(root: IConstruct): ReadonlyMap<MeshFacts, T[]> {
    const owners = MeshFacts.owners(root);
    const byMesh = new Map<MeshFacts, T[]>();
    for (const { construct, member } of this.apps.get(root) ?? []) {
      const mesh = owners.of(construct);
      const known = byMesh.get(mesh);
      if (known) known.push(member);
      else byMesh.set(mesh, [member]);
    }
    return byMesh;
  }
}

/** A check over all constructs of one kind in a mesh, run once a synth. */
export class AppCheck<T> extends AppMembers<T> {
  /** @param check finds errors that only show across the members of a mesh; returns their messages */
  public constructor(check: MembersJudge<T>) {
    super(check, (app, judgeOf) => {
      addJudge(app, judgeOf);
      IstioAdmission.attach(app);
    });
  }
}

/** Finds errors of a mesh's members of one kind in the mesh; returns their messages. */
type MeshJudge<T> = (members: readonly T[], mesh: AppMesh, manifests: MeshManifests) => string[];

/** A check over all constructs of one kind in a mesh, against the connections of its objects, run once a synth. */
export class MeshCheck<T> extends AppMembers<T> {
  public constructor(judge: MeshJudge<T>) {
    super((members, manifests) => judge(members, meshOfApp(manifests), manifests), (app, judgeOf) => {
      IstioAdmission.attach(app);
      addJudge(app, judgeOf);
    });
  }
}

/** Warnings of all constructs of one kind in a mesh, from the connections of its objects, given once a synth. They don't fail it. */
export class MeshWarnings<T> extends AppMembers<T> {
  public constructor(judge: MeshJudge<T>) {
    super((members, manifests) => judge(members, meshOfApp(manifests), manifests), (app, judgeOf) => {
      IstioAdmission.attach(app);
      addWarner(app, judgeOf);
    });
  }
}

/** The keys of findings that only repeat what the constructs of one kind in a mesh refuse, so that synths leave them out. */
export class RepeatedFindings<T> extends AppMembers<T> {
  public constructor(judge: MeshJudge<T>) {
    super((members, manifests) => judge(members, meshOfApp(manifests), manifests), addRepeater);
  }
}

interface Own {
  readonly apiObject: ApiObject;
}

interface GroupKind {
  readonly group: string;
  readonly kind: string;
}

/** An object of a mesh that no construct of this library created. */
export interface ForeignObject {
  readonly apiObject: ApiObject;
  readonly namespace?: string;
  /** As its author wrote it: fields may have any type. */
  readonly spec: Mapping;
}

/** A mesh's objects of a kind that no construct of this library created. */
export function foreignObjects(mesh: MeshFacts, own: readonly Own[], { group, kind }: GroupKind): ForeignObject[] {
  const ours = new Set<IConstruct>(own.map(({ apiObject }) => apiObject));
  return apiObjectsOf(mesh)
    .filter((apiObject) => apiObject.kind === kind && apiObject.apiGroup === group && !ours.has(apiObject))
    .map((apiObject) => {
      const { metadata, spec } = apiObject.toJson();
      return { apiObject, namespace: metadata?.namespace, spec: mapping(spec) };
    });
}

/** The strings of a list; none if it isn't a list, which the API server rejects. */
export function textsIn(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((entry) => typeof entry === 'string') : [];
}
