import { Construct, IConstruct } from 'constructs';
import { CallEnforcement } from './call-enforcement';
import { MeshOwners } from './mesh-owners';
import { notOfApp, otherFacts, otherMesh, ownedTwice, sameIstiod, tooLate, whichMesh } from './mesh-refusals';
import { checkOneCopy } from './one-copy';
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

  /** What declared calls emit for the Services that they call. */
  readonly calls: CallEnforcement;

  /** Whether each workload that declares its calls has a Sidecar for them. */
  readonly sidecars: boolean;
}

/** The facts without the construct. */
type Facts = Omit<IIstioMesh, keyof IConstruct>;

type Fact = keyof Facts;

/** Facts that an analysis can't read from objects, and that all istiods of a mesh share. */
const SHARED = ['rootNamespace', 'trustDomain', 'clusterDomain'] as const;

/** What a mesh has once, whichever its istiods are. */
const ONCE = [...SHARED, 'calls', 'sidecars'] as const;

/** The defaults of Istio and Kubernetes. */
export const DEFAULT_MESH: Facts = {
  namespace: 'istio-system',
  rootNamespace: 'istio-system',
  trustDomain: 'cluster.local',
  clusterDomain: 'cluster.local',
  calls: CallEnforcement.POLICIES,
  sidecars: false,
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

/** A fact that a construct has read. */
interface ReadFact {
  readonly fact: Fact;
  readonly value: Facts[Fact];
  readonly path: string;
}

/** A mesh config that istiod reads and no object of the app holds. */
interface DeclaredConfig {
  readonly config: DeclaredMeshConfig;
  /** The path of the construct that declares it. */
  readonly path: string;
}

/**
 * The facts of one mesh of an app: those of its IstioMeshes, one for each istiod, and mesh configs without an object.
 * Constructs, admission, analyses and plans all read them here, so that they can't differ.
 */
export class MeshFacts {
  /** The facts of the mesh that owns a construct. */
  public static of(construct: IConstruct): MeshFacts {
    return MeshFacts.owners(construct).of(construct);
  }

  /** Which mesh owns each construct of an app. */
  public static owners({ node: { root } }: IConstruct): MeshOwners<MeshFacts> {
    let found = MeshFacts.apps.get(root);
    if (found) return found;
    checkOneCopy(root);
    MeshFacts.apps.set(root, found = new MeshOwners(root, new MeshFacts(root)));
    return found;
  }

  /**
   * Makes an IstioMesh own a subtree, and itself, wherever it is.
   *
   * @throws if another mesh owns the subtree, or if its constructs have used other facts
   */
  public static add(mesh: IIstioMesh, subtree: IConstruct): void {
    checkIsOfApp('owns', subtree, mesh);
    const known = MeshFacts.owners(mesh).claimedAt(subtree);
    const facts = known ?? new MeshFacts(mesh.node.root);
    for (const other of facts.meshes) checkBeside(other, mesh);
    facts.meshes.push(mesh);
    if (!known) facts.own(subtree, mesh, false);
    if (mesh !== subtree) facts.own(mesh, mesh, false);
  }

  private static readonly apps = new WeakMap<IConstruct, MeshOwners<MeshFacts>>();

  private readonly meshes: IIstioMesh[] = [];
  private meshConfigs: DeclaredConfig[] = [];
  private reads: ReadFact[] = [];
  private istiodNamespace?: string;

  private constructor(
    /** The app. */
    public readonly root: IConstruct,
  ) {}

  /** The mesh's IstioMeshes; empty for what no mesh owns. */
  public get istioMeshes(): readonly IIstioMesh[] {
    return this.meshes;
  }

  /** The path of a construct that names only this mesh among those of the app. */
  public get name(): string {
    const owners = MeshFacts.owners(this.root);
    const alone = owners.subtreesOf(this).find((subtree) => owners.namedBy(subtree).length === 1);
    return (alone ?? this.root).node.path;
  }

  /** Its name, if the app has other meshes. */
  public get nameAmongOthers(): string | undefined {
    return MeshFacts.owners(this.root).areSeveral ? this.name : undefined;
  }

  /**
   * Adds another subtree of the app to an IstioMesh's mesh.
   *
   * @throws if another mesh owns the subtree, or if its constructs have used other facts
   */
  public include(subtree: IConstruct, mesh: IIstioMesh): void {
    checkIsOfApp('include', subtree, mesh);
    const owner = MeshFacts.owners(subtree).claimedAt(subtree);
    if (owner === this) return;
    if (owner) throw ownedTwice(subtree, mesh, owner.meshes[0]);
    this.own(subtree, mesh, true);
  }

  /** Adds a mesh config that istiod reads and no object of the app holds. */
  public addMeshConfig(config: DeclaredMeshConfig, path: string): void {
    this.meshConfigs.push({ config, path });
  }

  /** Sets istiod's namespace for admission, unless an IstioMesh sets it. */
  public tellIstiodNamespace(namespace: string): void {
    this.istiodNamespace = namespace;
  }

  /**
   * The value of a fact for a construct: from the mesh that it names, or else from the mesh that owns it, or else Istio's default.
   *
   * @throws if the IstioMeshes differ in it and the construct names none; if it names one of another mesh
   */
  public read<F extends Fact>(fact: F, reader: MeshReader): Facts[F] {
    const value = this.factFor(fact, reader);
    this.reads.push({ fact, value, path: reader.path });
    return value;
  }

  /** A fact that all istiods share, for checks of a whole mesh. */
  public shared(fact: typeof SHARED[number]): string {
    return this.meshes[0]?.[fact] ?? DEFAULT_MESH[fact];
  }

  /** The facts that an analysis can't read from objects. Without `istiodNamespace` if istiods have different namespaces. */
  public get facts(): ControlPlaneFacts {
    const { meshes: [first, ...others] } = this;
    const meshConfigs = this.meshConfigs.map(({ config }) => config);
    if (!first) return { istiodNamespace: this.istiodNamespace, meshConfigs };
    const istiodNamespace = others.every(({ namespace }) => namespace === first.namespace) ? first.namespace : undefined;
    const defaults = { ...DEFAULT_MESH, rootNamespace: first.namespace };
    const said = SHARED.filter((fact) => first[fact] !== defaults[fact]).map((fact) => [fact, first[fact]]);
    return { istiodNamespace, ...Object.fromEntries(said), meshConfigs };
  }

  /** Contradictions between an analysis' options and the facts that the mesh's constructs use, one sentence each. */
  public contradictions(told: ControlPlaneFacts): string[] {
    return (Object.keys(TOLD) as (keyof typeof TOLD)[]).flatMap((fact) => {
      const value = told[TOLD[fact]];
      const [mesh] = this.meshes;
      const known = mesh ? { value: mesh[fact], path: mesh.node.path } : this.reads.find((read) => read.fact === fact);
      if (value === undefined || !known || this.meshes.some((one) => one[fact] === value) || known.value === value) return [];
      return [refusalMessage({
        code: 'API099',
        kind: 'MtlsAnalysis',
        field: TOLD[fact],
        actual: `'${value}', but that of ${known.path} is '${known.value}'`,
        expected: 'one value for the whole mesh',
        because: 'its constructs and its analysis must mean the same mesh',
        fix: mesh ? 'set it only in IstioMesh' : `create an IstioMesh with ${fact} '${value}' before all other constructs`,
      })];
    });
  }

  private factFor<F extends Fact>(fact: F, reader: MeshReader): Facts[F] {
    if (reader.mesh !== undefined) return this.checkedMesh(reader.mesh, reader)[fact];
    const [first, ...others] = this.meshes;
    const other = others.find((mesh) => mesh[fact] !== first[fact]);
    if (other) throw whichMesh(fact, [first, other], [first[fact], other[fact]], reader);
    return first ? first[fact] : DEFAULT_MESH[fact];
  }

  /** Rejects an IstioMesh of another part of the app: an object's own mesh would judge it by other facts. */
  private checkedMesh(mesh: IIstioMesh, reader: MeshReader): IIstioMesh {
    checkIsMesh(mesh, reader);
    const [own] = this.meshes;
    if (own && !this.meshes.includes(mesh) && mesh.node.root === this.root) throw otherMesh(mesh, own, reader);
    return mesh;
  }

  /** Takes a subtree, with what its constructs have declared and read, from the mesh that has owned it. */
  private own(subtree: IConstruct, mesh: IIstioMesh, isIncluded: boolean): void {
    const owners = MeshFacts.owners(subtree);
    const former = owners.of(subtree);
    if (former !== this) {
      const { path } = subtree.node;
      const isWithin = (one: { readonly path: string }): boolean => path === '' || one.path === path || one.path.startsWith(`${path}/`);
      const [reads, otherReads] = parted(former.reads, isWithin);
      const [configs, otherConfigs] = parted(former.meshConfigs, isWithin);
      for (const read of reads) {
        const other = this.meshes.find((one) => one[read.fact] !== read.value);
        if (other) throw tooLate(read, other[read.fact], mesh, { former: former.meshes[0], isIncluded });
      }
      this.reads.push(...reads);
      this.meshConfigs.push(...configs);
      former.reads = otherReads;
      former.meshConfigs = otherConfigs;
    }
    owners.claim(subtree, this);
  }
}

function parted<T>(all: readonly T[], isFirst: (one: T) => boolean): [T[], T[]] {
  return [all.filter(isFirst), all.filter((one) => !isFirst(one))];
}

/** Rejects a second IstioMesh of one istiod, and one with facts of another mesh. */
function checkBeside(other: IIstioMesh, mesh: IIstioMesh): void {
  if (mesh.revision === other.revision && mesh.namespace === other.namespace) throw sameIstiod(mesh, other);
  const differing = ONCE.find((fact) => mesh[fact] !== other[fact]);
  if (differing) throw otherFacts(differing, { actual: mesh[differing], expected: other[differing] }, mesh, other);
}

/** Checks at run time, since JavaScript, casts and `any` bypass TypeScript. */
function checkIsOfApp(field: string, subtree: unknown, mesh: IIstioMesh): void {
  if (!Construct.isConstruct(subtree)) throw notOfApp(field, mesh, `a value of type ${typeof subtree}`);
  if (subtree.node.root !== mesh.node.root) throw notOfApp(field, mesh, `'${subtree.node.path}' of another app`);
}

/** Checks the type at run time, since JavaScript, casts and `any` bypass TypeScript. */
function checkIsMesh(mesh: IIstioMesh, { kind, path }: MeshReader): void {
  if (typeof Object(mesh).rootNamespace === 'string') return;
  throw refusal({
    code: 'API019',
    kind,
    path,
    field: 'mesh',
    actual: `a value of type ${typeof mesh}`,
    expected: 'an IstioMesh',
    because: "other objects aren't validated",
    fix: 'use IstioMesh',
  });
}
