import { Acknowledged, sorted } from './acknowledgements';
import { Evidence } from './evidence';
import { inOrder, MeshFinding } from './mesh-finding';
import { ReadKind, Rule } from './rule';
import { RULES } from './rules';
import { StatedAcknowledgement, CalendarDate } from '../findings/acknowledgement';
import { hasPods } from '../mesh/inventory/kinds';
import { nameOf } from '../mesh/inventory/object';
import { Mesh } from '../mesh/mesh';

/** The rules' findings in a mesh. */
export interface Analysis {
  /** By object, code and field; without acknowledged ones. */
  readonly findings: readonly MeshFinding[];
  readonly acknowledged: readonly Acknowledged[];
}

/** The rules' findings, with untried remedies. */
export function judge(
  mesh: Mesh, acknowledgements: readonly StatedAcknowledgement[], today: CalendarDate, caHorizonDays?: number,
): Analysis {
  const all = inOrder(findingsIn(mesh, today, caHorizonDays));
  const { open, acknowledged } = sorted(all, mesh.objects, acknowledgements, today);
  const hasFaults = open.length + acknowledged.length > all.length;
  return { findings: hasFaults ? inOrder(open) : open, acknowledged };
}

/** Runs all rules, except those for kinds of which the mesh has no object: most small meshes have few kinds. */
export function findingsIn(mesh: Mesh, today?: CalendarDate, caHorizonDays?: number): readonly MeshFinding[] {
  const evidence = new Evidence(mesh, today, mesh.decisions.all(), caHorizonDays);
  const presentKinds = kindsOf(mesh);
  return RULES.filter(({ reads }) => reads.some((kind) => presentKinds.has(kind))).flatMap((rule) => findingsOf(rule, evidence));
}

/** The kinds that rules may report on. A mesh config may be given without an object. */
function kindsOf({ objects }: Mesh): ReadonlySet<ReadKind> {
  const read = objects.kinds.map((kind): ReadKind => (hasPods(kind) ? 'workload' : kind.kind as ReadKind));
  return new Set(['any', 'ConfigMap', ...read, ...objects.caObjects.kinds.map(({ kind }) => kind as ReadKind)]);
}

function findingsOf(rule: Rule, evidence: Evidence): MeshFinding[] {
  // Not spread: a large object may have tens of thousands of findings, which all share one object.
  return Array.from(rule.find(evidence), ({ object, severity = rule.severity, ...found }) => ({
    code: rule.code, severity, object: nameOf(object), source: object.source, ...found,
  }));
}

/** Admission's warnings that a finding of the analysis repeats together with the consequences. */
const TOLD_IN_FULL: Readonly<Record<string, string>> = { MTLS206: 'ADMIT451', MTLS707: 'ADMIT708', MTLS713: 'ADMIT708' };

/** Whether a finding repeats an objection of admission, by the object's source and admission's code. */
export function duplicatesOf({ findings, acknowledged }: Analysis): (source: object, code: string) => boolean {
  const told = new Map<object | undefined, Set<string>>();
  for (const { code, source } of [...findings, ...acknowledged.map(({ finding }) => finding)]) {
    if (code in TOLD_IN_FULL) told.set(source, (told.get(source) ?? new Set()).add(TOLD_IN_FULL[code]));
  }
  return (source, code) => told.get(source)?.has(code) ?? false;
}
