import { CallExpression, FieldExpressions, Name, options } from './expression';
import { ProgramLine } from './program';
import { AdoptedMesh } from './proposals/proposal';
import { constructId, variableName } from './typescript';
import { DEFAULT_MESH } from '../integration/mesh-facts';
import { Mapping } from '../manifests/mapping';
import { readYaml } from '../manifests/yaml/read-yaml';
import { ControlPlaneFacts, DEFAULT_REVISION } from '../mesh/config/control-plane-facts';
import { MeshConfigs } from '../mesh/config/revisions';
import { Inventory } from '../mesh/inventory/inventory';
import { compareTexts } from '../mesh/inventory/object';

/** The mesh that objects are of, by their mesh configs and what is told besides. */
export function meshOf(objects: readonly Mapping[], facts: ControlPlaneFacts): AdoptedMesh {
  const configs = MeshConfigs.of(Inventory.of(objects, { clusterDomain: facts.clusterDomain }), readYaml, facts);
  const { object, rootNamespace, trustDomain } = configs.of([...configs.revisions].sort(byName)[0] ?? DEFAULT_REVISION);
  return {
    namespace: facts.istiodNamespace ?? object?.namespace ?? DEFAULT_MESH.namespace,
    rootNamespace,
    trustDomain,
    clusterDomain: facts.clusterDomain ?? DEFAULT_MESH.clusterDomain,
  };
}

/** The default revision first. */
function byName(one: string, other: string): number {
  return Number(other === DEFAULT_REVISION) - Number(one === DEFAULT_REVISION) || compareTexts(one, other);
}

/** An app's IstioMesh for each revision that has a mesh config; none where all is as Istio has it. */
export class Meshes {
  private readonly revisions: readonly string[];

  /** @param revisions those of the mesh configs that constructs write */
  public constructor(private readonly mesh: AdoptedMesh, revisions: Iterable<string>) {
    const known = [...new Set(revisions)].sort(byName);
    this.revisions = known.length === 0 ? [DEFAULT_REVISION] : known;
  }

  /** The variable of a revision's mesh, where constructs must be told which one is meant. */
  public named(revision: string): Name | undefined {
    return this.revisions.length > 1 ? new Name(this.variable(revision)) : undefined;
  }

  /** @param chart the variable of the chart of istiod's namespace */
  public lines(chart: string): readonly ProgramLine[] {
    if (!this.isNeeded) return [];
    const { namespace, rootNamespace, trustDomain, clusterDomain } = this.mesh;
    return this.revisions.map((revision): ProgramLine => {
      const props: FieldExpressions = {
        namespace: namespace === DEFAULT_MESH.namespace ? undefined : namespace,
        revision: revision === DEFAULT_REVISION ? undefined : revision,
        rootNamespace: rootNamespace === namespace ? undefined : rootNamespace,
        trustDomain: trustDomain === DEFAULT_MESH.trustDomain ? undefined : trustDomain,
        clusterDomain: clusterDomain === DEFAULT_MESH.clusterDomain ? undefined : clusterDomain,
      };
      return {
        declares: this.variable(revision), call: CallExpression.create('IstioMesh', new Name(chart), this.id(revision), options(props)),
      };
    });
  }

  /** What nothing else of the app may be called. */
  public get names(): { readonly variables: readonly string[]; readonly ids: readonly string[] } {
    return {
      variables: this.revisions.map((revision) => this.variable(revision)), ids: this.revisions.map((revision) => this.id(revision)),
    };
  }

  public get isNeeded(): boolean {
    const isUsual = (Object.keys(this.mesh) as (keyof AdoptedMesh)[]).every((fact) => this.mesh[fact] === DEFAULT_MESH[fact]);
    return !isUsual || this.revisions.length > 1 || this.revisions[0] !== DEFAULT_REVISION;
  }

  private id(revision: string): string {
    return this.revisions.length > 1 ? constructId('mesh', revision) : 'mesh';
  }

  private variable(revision: string): string {
    return this.revisions.length > 1 ? variableName(['mesh', revision], 'Mesh') : 'mesh';
  }
}
