import { IConstruct } from 'constructs';
import { refusal, refusalMessage } from '../findings/refusal';
import type { ControlPlaneFacts, DeclaredMeshConfig } from '../mesh/config/control-plane-facts';

/** Facts about the mesh that all its constructs share. IstioMesh implements it. */
export interface IIstioMesh extends IConstruct {
  /** istiod's namespace, which holds its mesh config and its CA. */
  readonly namespace: string;

  /** The revision of istiod; undefined for the istiod without a revision. */
  readonly revision?: string;

  /** The namespace whose policies apply to the whole mesh. */
  readonly rootNamespace: string;

  /** The trust domain: the first part of every identity, `spiffe://<trust domain>/ns/…`. */
  readonly trustDomain: string;

  /** The DNS suffix of the cluster's Services. */
  readonly clusterDomain: string;
}

/** The facts without the construct. */
type Facts = Omit<IIstioMesh, keyof IConstruct>;

type Fact = keyof Facts;

/** Facts that all istiods of a mesh share. */
const SHARED = ['rootNamespace', 'trustDomain', 'clusterDomain'] as const;

/** The defaults of Istio and Kubernetes. */
export const DEFAULT_MESH: Facts = {
  namespace: 'istio-system', rootNamespace: 'istio-system', trustDomain: 'cluster.local', clusterDomain: 'cluster.local',
};

/** The analysis option of each fact. */
const TOLD = {
  namespace: 'istiodNamespace', rootNamespace: 'rootNamespace', trustDomain: 'trustDomain', clusterDomain: 'clusterDomain',
} as const;

/** The construct that reads a fact of its mesh. */
export interface MeshReader {
  /** Kind of the object that needs a fact. */
  readonly kind: string;
  /** The construct's path. */
  readonly path: string;
  /** The mesh that the user named. */
  readonly mesh?: IIstioMesh;
}

/** A default that a construct used before its app had an IstioMesh. */
interface TakenDefault {
  readonly value: string | undefined;
  readonly path: string;
}

/**
 * The facts of an app's mesh: those of its IstioMesh, and mesh configs without an object.
 * Constructs, admission, analyses and plans all read them here, so that they can't differ.
 */
export class MeshFacts {
  /** The facts of a construct's app. */
  public static of({ node: { root } }: IConstruct): MeshFacts {
    let found = MeshFacts.apps.get(root);
    if (!found) MeshFacts.apps.set(root, found = new MeshFacts());
    return found;
  }

  private static readonly apps = new WeakMap<IConstruct, MeshFacts>();

  private readonly meshes: IIstioMesh[] = [];
  private readonly meshConfigs: DeclaredMeshConfig[] = [];
  private readonly defaults = new Map<Fact, TakenDefault>();
  private istiodNamespace?: string;

  private constructor() {}

  /** @throws if another IstioMesh of the app, or a default that a construct already used, contradicts it */
  public add(mesh: IIstioMesh): void {
    for (const other of this.meshes) this.checkBeside(other, mesh);
    for (const [fact, { value, path }] of this.meshes.length === 0 ? this.defaults : []) {
      if (mesh[fact] !== value) throw tooLate(fact, mesh, path);
    }
    this.meshes.push(mesh);
  }

  /** Adds a mesh config that istiod reads and no object of the app holds. */
  public addMeshConfig(config: DeclaredMeshConfig): void {
    this.meshConfigs.push(config);
  }

  /** Sets istiod's namespace for admission, unless an IstioMesh sets it. */
  public tellIstiodNamespace(namespace: string): void {
    this.istiodNamespace = namespace;
  }

  /**
   * The value of a fact for a construct: from the mesh that it names, or else from the app's mesh, or else Istio's default.
   *
   * @throws if the app's meshes differ in it and the construct names none
   */
  public read<F extends Fact>(fact: F, reader: MeshReader): Facts[F] {
    if (reader.mesh !== undefined) return checkedMesh(reader.mesh, reader)[fact];
    const [first, ...others] = this.meshes;
    const other = others.find((mesh) => mesh[fact] !== first[fact]);
    if (other) throw whichMesh(fact, first, other, reader);
    if (first) return first[fact];
    if (!this.defaults.has(fact)) this.defaults.set(fact, { value: DEFAULT_MESH[fact], path: reader.path });
    return DEFAULT_MESH[fact];
  }

  /** A fact that all istiods share, for checks of a whole app. */
  public shared(fact: typeof SHARED[number]): string {
    return this.meshes[0]?.[fact] ?? DEFAULT_MESH[fact];
  }

  /** The facts that an analysis can't read from objects. Without `istiodNamespace` if istiods have different namespaces. */
  public get facts(): ControlPlaneFacts {
    const { meshConfigs, meshes: [first, ...others] } = this;
    if (!first) return { istiodNamespace: this.istiodNamespace, meshConfigs };
    const istiodNamespace = others.every(({ namespace }) => namespace === first.namespace) ? first.namespace : undefined;
    const defaults = { ...DEFAULT_MESH, rootNamespace: first.namespace };
    const said = SHARED.filter((fact) => first[fact] !== defaults[fact]).map((fact) => [fact, first[fact]]);
    return { istiodNamespace, ...Object.fromEntries(said), meshConfigs };
  }

  /** Contradictions between an analysis' options and the facts that the app's constructs use, one sentence each. */
  public contradictions(told: ControlPlaneFacts): string[] {
    return (Object.keys(TOLD) as (keyof typeof TOLD)[]).flatMap((fact) => {
      const value = told[TOLD[fact]];
      const [mesh] = this.meshes;
      const known = mesh ? { value: mesh[fact], path: mesh.node.path } : this.defaults.get(fact);
      if (value === undefined || !known || this.meshes.some((one) => one[fact] === value) || known.value === value) return [];
      return [refusalMessage({
        code: 'MTLS099',
        kind: 'MtlsAnalysis',
        field: TOLD[fact],
        actual: `'${value}', but that of ${known.path} is '${known.value}'`,
        expected: 'one value for the whole app',
        because: 'an app is analyzed as one mesh in one cluster',
        fix: mesh ? 'set it only in IstioMesh' : `create an IstioMesh with ${fact} '${value}' before all other constructs`,
      })];
    });
  }

  private checkBeside(other: IIstioMesh, mesh: IIstioMesh): void {
    const refused = { code: 'MTLS049', kind: 'IstioMesh', path: mesh.node.path } as const;
    if (mesh.revision === other.revision && mesh.namespace === other.namespace) {
      throw refusal({
        ...refused,
        field: 'revision',
        actual: `also that of IstioMesh (${other.node.path})`,
        expected: 'one IstioMesh for each istiod',
        because: 'each fact of the mesh is set only once',
        fix: 'use the other one, or create an app for each mesh',
      });
    }
    const differing = SHARED.find((fact) => mesh[fact] !== other[fact]);
    if (differing === undefined) return;
    throw refusal({
      ...refused,
      field: differing,
      actual: `'${mesh[differing]}'`,
      expected: `'${other[differing]}', as of IstioMesh (${other.node.path})`,
      because: 'the istiods of an app are revisions of one mesh in one cluster',
      fix: 'give both the same value, or create an app for each mesh',
    });
  }
}

function tooLate(fact: Fact, mesh: IIstioMesh, path: string): Error {
  return refusal({
    code: 'MTLS048',
    kind: 'IstioMesh',
    path: mesh.node.path,
    field: fact,
    actual: shown(mesh[fact]),
    expected: `${shown(DEFAULT_MESH[fact])}, which ${path} uses`,
    because: 'it was created before the IstioMesh, and uses the default',
    fix: 'create the IstioMesh first',
  });
}

function whichMesh(fact: Fact, first: IIstioMesh, other: IIstioMesh, { kind, path }: MeshReader): Error {
  return refusal({
    code: 'MTLS049',
    kind,
    path,
    field: 'mesh',
    actual: 'not given',
    expected: `one IstioMesh of the app, such as ${first.node.path} or ${other.node.path}`,
    because: `they differ in ${fact}: ${shown(first[fact])} and ${shown(other[fact])}`,
    fix: "pass 'mesh', or use the methods of the right IstioMesh",
  });
}

function shown(value: string | undefined): string {
  return value === undefined ? 'none' : `'${value}'`;
}

/** Checks the type at run time, since JavaScript, casts and `any` bypass TypeScript. */
function checkedMesh(mesh: IIstioMesh, { kind, path }: MeshReader): IIstioMesh {
  if (typeof Object(mesh).rootNamespace === 'string') return mesh;
  throw refusal({
    code: 'MTLS019',
    kind,
    path,
    field: 'mesh',
    actual: `a value of type ${typeof mesh}`,
    expected: 'an IstioMesh',
    because: "other objects aren't validated",
    fix: 'use IstioMesh',
  });
}
