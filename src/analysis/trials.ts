import { Analysis, findingsIn } from './judgement';
import { findingKey, MeshFinding } from './mesh-finding';
import { changedObject } from './remedies';
import { applied, changeText, ObjectChange, SEVERITIES } from '../findings/finding';
import { isNoWorse } from '../mesh/change/no-worse';
import { InventoryChange } from '../mesh/inventory/inventory';
import { isOf, KIND, kindOf } from '../mesh/inventory/kinds';
import { MeshObject, YOUNGEST, objectText } from '../mesh/inventory/object';
import { Mesh } from '../mesh/mesh';

/** The total cost of trials in up to four meshes, about a second: a trial takes as long as judging the mesh. */
const MOST_WORK = 1_000_000;

/** How many meshes share that cost, at most: more of them are small, and each may cost as much as one of these. */
const MOST_SHARING = 4;

/** The most that a single trial may cost: in a large mesh, a few trials would take all the time and fix few findings. */
const MOST_OF_ONE = 150_000;

/** A mesh that changes are tried on, with its findings. */
export interface TriedMesh extends Analysis {
  readonly mesh: Mesh;
}

/**
 * Tries the remedies of each finding, and reports the first change that works in all meshes: the finding disappears, no new one
 * appears, and no call gets worse. Without one, or if there is too much to try, the rule's text remains.
 *
 * @param meshes with the findings that hold in each
 */
export function withRemedies<A extends Analysis>({ findings, acknowledged, ...rest }: A, meshes: readonly TriedMesh[]): A {
  const most = MOST_WORK / Math.min(meshes.length, MOST_SHARING);
  const changes = mendingChanges(findings, () => meshes.map((one) => new Trials(one, most)));
  return {
    ...rest as A,
    findings: findings.map((one) => {
      if (one.remedies === undefined) return one;
      const { remedies, ...finding } = one;
      const change = changes.get(one);
      return change ? { ...finding, fix: changeText(change, finding.object), change } : finding;
    }),
    acknowledged: acknowledged.map(({ finding: { remedies, ...finding }, ...said }) => ({ finding, ...said })),
  };
}

/** Tries the worst findings first, as long as there is time. */
function mendingChanges(findings: readonly MeshFinding[], makeTrials: () => readonly Trials[]): ReadonlyMap<MeshFinding, ObjectChange> {
  const open = SEVERITIES.flatMap((wanted) => findings.filter(({ severity, remedies = [] }) => severity === wanted && remedies.length > 0));
  const trials = open.length > 0 ? makeTrials() : [];
  return new Map(open.flatMap((finding) => {
    const change = finding.remedies!.find((one) => trials.every((trial) => trial.mends(one, finding)));
    return change ? [[finding, change]] : [];
  }));
}

/** The findings in a mesh: the number of errors and warnings by code and object, and everything by its field. */
interface Found {
  readonly counts: ReadonlyMap<string, number>;
  readonly places: ReadonlySet<string>;
}

class Trials {
  private readonly before: Found;
  private readonly tried = new Map<string, Found | undefined>();
  private readonly cost: number;
  private readonly mesh: Mesh;
  private work = 0;

  /** @param most the total cost */
  constructor({ mesh, findings, acknowledged }: TriedMesh, private readonly most: number) {
    this.mesh = mesh;
    this.before = foundIn([...findings, ...acknowledged.map(({ finding }) => finding)]);
    const { calls, senders } = mesh.decisions;
    const paths = [...mesh.decisions.all()].reduce((sum, decision) => sum + decision.paths.length, 0);
    this.cost = 100 * [...mesh.objects.all()].length + calls.length * senders + 10 * paths;
  }

  mends(change: ObjectChange, finding: MeshFinding): boolean {
    const key = JSON.stringify(change);
    if (!this.tried.has(key)) this.tried.set(key, this.try(change));
    const after = this.tried.get(key);
    return after !== undefined && !after.places.has(findingKey(finding));
  }

  /** The findings after a change; undefined if it makes anything worse. */
  private try(change: ObjectChange): Found | undefined {
    if (this.cost > MOST_OF_ONE || this.work + this.cost > this.most) return undefined;
    this.work += this.cost;
    const after = changedBy(change, this.mesh)?.mesh;
    if (!after || !isNoWorse(after, this.mesh, portsSetBy(change))) return undefined;
    const found = foundIn(findingsIn(after));
    return [...found.counts].every(([key, count]) => count <= (this.before.counts.get(key) ?? 0)) ? found : undefined;
  }
}

/** A mesh after a change of one object, and that object; undefined if a new object's name is taken. */
export function changedBy(change: ObjectChange, mesh: Mesh): { readonly mesh: Mesh; readonly source?: object } | undefined {
  const { object, manifest } = change;
  const isMeant = (one: MeshObject): boolean => (
    objectText(one) === objectText(object) && changedObject(one).apiVersion === object.apiVersion);
  const former = [...mesh.objects.all()].find(isMeant);
  if (manifest && former) return undefined;
  return { mesh: mesh.with(...changesOf(change, former)), source: applied(change, former?.source) };
}

/** A change of an object as a change of the mesh. A new object is the youngest. */
function changesOf(change: ObjectChange, former: MeshObject | undefined): readonly InventoryChange[] {
  const source = applied(change, former?.source);
  if (source) return [former ? { apply: source, replaces: former } : { apply: source, created: YOUNGEST }];
  return former ? [{ delete: former }] : [];
}

/** The ports whose mode a change sets explicitly: opening these is intended. */
export function portsSetBy({ object, fields = [] }: ObjectChange): ReadonlySet<number> {
  const modes = fields.filter(({ op, path }) => (
    op === 'set' && isOf(kindOf(object), KIND.PeerAuthentication) && path[1] === 'portLevelMtls'));
  return new Set(modes.map(({ path }) => Number(path[2])));
}

function foundIn(findings: readonly MeshFinding[]): Found {
  const counts = new Map<string, number>();
  for (const { severity, code, object } of findings) {
    const key = `${code} ${objectText(object)}`;
    if (severity !== 'info') counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return { counts, places: new Set(findings.map(findingKey)) };
}
