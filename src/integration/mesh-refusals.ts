import { IConstruct } from 'constructs';
import { RefusalDetails, refusal } from '../findings/refusal';

/** The fix for what is allowed once in a mesh: environments are meshes of their own. */
export const MESH_FOR_EACH = "give each environment an IstioMesh with 'owns'";

const OTHER_SUBTREE = "use the other one, or pass 'owns' with the chart or construct that holds only this mesh";

/** The value of a fact. */
type FactValue = string | boolean | undefined;

/** A fact and where it is read. */
interface FactAtPath {
  readonly fact: string;
  readonly value: FactValue;
  readonly path: string;
}

/** How a mesh comes to own constructs. */
interface Takeover {
  /** The IstioMesh that owned them before. */
  readonly former?: IConstruct;
  readonly isIncluded: boolean;
}

/** A construct that reads a fact. */
interface Reader {
  readonly kind: string;
  readonly path: string;
}

function ofIstioMesh(mesh: IConstruct, details: Omit<RefusalDetails, 'kind' | 'path'>): Error {
  return refusal({ kind: 'IstioMesh', path: mesh.node.path, ...details });
}

/** The error for a second IstioMesh of one istiod. */
export function sameIstiod(mesh: IConstruct, other: IConstruct): Error {
  return ofIstioMesh(mesh, {
    code: 'API049',
    field: 'revision',
    actual: `also that of IstioMesh (${other.node.path}), which owns the same constructs`,
    expected: 'one IstioMesh for each istiod',
    because: 'each fact of the mesh is set only once',
    fix: OTHER_SUBTREE,
  });
}

/** The error for an IstioMesh that owns what another owns, with other facts. */
export function otherFacts(
  fact: string, values: { readonly actual: FactValue; readonly expected: FactValue }, mesh: IConstruct, other: IConstruct,
): Error {
  return ofIstioMesh(mesh, {
    code: 'API049',
    field: fact,
    actual: shown(values.actual),
    expected: `${shown(values.expected)}, as of IstioMesh (${other.node.path}), which owns the same constructs`,
    because: 'the istiods of a mesh are its revisions in one cluster',
    fix: OTHER_SUBTREE,
  });
}

/** The error for a subtree that another mesh owns. */
export function ownedTwice(subtree: IConstruct, mesh: IConstruct, other: IConstruct): Error {
  return ofIstioMesh(mesh, {
    code: 'API049',
    field: 'include',
    actual: `${pathOf(subtree)}, which IstioMesh (${other.node.path}) owns`,
    expected: 'a construct that no other mesh owns',
    because: 'an object is in one mesh',
    fix: OTHER_SUBTREE,
  });
}

/** The error for what an IstioMesh can't own. */
export function notOfApp(field: string, mesh: IConstruct, actual: string): Error {
  return ofIstioMesh(mesh, {
    code: 'API892',
    field,
    actual,
    expected: 'a construct of the same app',
    because: 'a mesh owns a part of its app',
    fix: 'pass a chart, or the construct that holds the charts of the mesh',
  });
}

/** The error for constructs that were created before their mesh, and have used other facts. */
export function tooLate(
  { fact, value, path }: FactAtPath, actual: FactValue, mesh: IConstruct, { former, isIncluded }: Takeover,
): Error {
  const when = isIncluded ? 'it was included' : former ? 'the IstioMesh owned it' : 'the IstioMesh';
  return ofIstioMesh(mesh, {
    code: 'API048',
    field: fact,
    actual: shown(actual),
    expected: `${shown(value)}, which ${path} uses`,
    because: `it was created before ${when}, and uses ${former ? `that of IstioMesh (${former.node.path})` : 'the default'}`,
    fix: isIncluded ? "call 'include' first" : 'create the IstioMesh first',
  });
}

/** The error for a construct that doesn't name one of several IstioMeshes. */
export function whichMesh(fact: string, meshes: readonly IConstruct[], values: readonly FactValue[], reader: Reader): Error {
  return refusal({
    ...reader,
    code: 'API049',
    field: 'mesh',
    actual: 'not given',
    expected: `one IstioMesh of the mesh, such as ${meshes.map(({ node }) => node.path).join(' or ')}`,
    because: `they differ in ${fact}: ${values.map(shown).join(' and ')}`,
    fix: "pass 'mesh', or use the methods of the right IstioMesh",
  });
}

/** The error for a construct that names the IstioMesh of another part of the app. */
export function otherMesh(named: IConstruct, own: IConstruct, reader: Reader): Error {
  return refusal({
    ...reader,
    code: 'API892',
    field: 'mesh',
    actual: `IstioMesh (${named.node.path})`,
    expected: `IstioMesh (${own.node.path}), which owns the construct`,
    because: 'its object would be analyzed in one mesh, and have the facts of the other',
    fix: "create it in a chart of that mesh, or remove 'mesh'",
  });
}

/** How errors name a construct. */
export function pathOf({ node: { path } }: IConstruct): string {
  return path === '' ? 'the app' : `'${path}'`;
}

function shown(value: FactValue): string {
  if (value === undefined) return 'none';
  return typeof value === 'boolean' ? String(value) : `'${value}'`;
}
