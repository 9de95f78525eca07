import { Analysis, findingsIn } from './judgement';
import { MeshFinding } from './mesh-finding';
import { fieldText } from '../findings/field-path';
import { changed, changeText, ObjectChange } from '../findings/object-change';
import { isNoWorse } from '../mesh/change/no-worse';
import { Mesh } from '../mesh/mesh';
import { objectText } from '../mesh/objects/mesh-object';

/** How much may be tried for one analysis: to try a change takes about as long as to judge the mesh. */
const MOST_WORK = 1_000_000;

/**
 * Tries what may mend each finding, and tells the first change that does: the finding is gone, no other comes instead, and no
 * call fares worse. Where none does, or too much would have to be tried, the rule's words remain.
 */
export function withRemedies({ findings, acknowledged }: Analysis, mesh: Mesh): Analysis {
  const all = [...findings, ...acknowledged.map(({ finding }) => finding)];
  const trials = new Trials(mesh, all);
  return {
    findings: findings.map(({ remedies, ...finding }) => {
      const change = remedies?.find((one) => trials.mends(one, finding));
      return change ? { ...finding, fix: changeText(change, finding.object), change } : finding;
    }),
    acknowledged: acknowledged.map(({ finding: { remedies, ...finding }, ...rest }) => ({ finding, ...rest })),
  };
}

/** What is found in a mesh: how many errors and warnings of each code and object, and everything by its place. */
interface Found {
  readonly counts: ReadonlyMap<string, number>;
  readonly places: ReadonlySet<string>;
}

class Trials {
  private readonly before: Found;
  private readonly tried = new Map<string, Found | undefined>();
  private readonly cost: number;
  private work = 0;

  constructor(private readonly mesh: Mesh, findings: readonly MeshFinding[]) {
    this.before = foundIn(findings);
    const { calls, classes } = mesh.decisions;
    this.cost = 100 * [...mesh.objects.all()].length + calls.length * classes;
  }

  mends(change: ObjectChange, finding: MeshFinding): boolean {
    const key = JSON.stringify(change);
    if (!this.tried.has(key)) this.tried.set(key, this.try(change));
    const after = this.tried.get(key);
    return after !== undefined && !after.places.has(placeOf(finding));
  }

  /** What is found after a change; undefined if it makes anything worse. */
  private try({ object, fields, manifest }: ObjectChange): Found | undefined {
    if (this.work + this.cost > MOST_WORK) return undefined;
    this.work += this.cost;
    const former = this.mesh.objects.of(object.kind).find((one) => objectText(one) === objectText(object));
    if (manifest && former) return undefined; // The name is taken.
    const after = this.mesh.with(manifest ?? changed(former!.source, fields!), former);
    if (!isNoWorse(after, this.mesh)) return undefined;
    const found = foundIn(findingsIn(after));
    return [...found.counts].every(([key, count]) => count <= (this.before.counts.get(key) ?? 0)) ? found : undefined;
  }
}

function foundIn(findings: readonly MeshFinding[]): Found {
  const counts = new Map<string, number>();
  for (const { severity, code, object } of findings) {
    const key = `${code} ${objectText(object)}`;
    if (severity !== 'info') counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return { counts, places: new Set(findings.map(placeOf)) };
}

function placeOf({ code, object, field }: MeshFinding): string {
  return `${code} ${objectText(object)} ${fieldText(field)}`;
}
