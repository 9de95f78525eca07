import { posix, sep } from 'node:path';
import { ReportedFinding } from './report';
import { SEVERITIES, Severity } from '../findings/finding';
import { numeral } from '../findings/numeral';
import { shown } from '../findings/safe-text';
import { addTo } from '../mesh/inventory/collections';

/** The rule about two manifests of one object. */
const OBJECT_TWICE = 'MTLS601';

/** A folder where manifests of one object part: in it, one is in this folder or file, and the other in that. */
interface Fork {
  readonly folder: string;
  readonly sides: readonly [string, string];
  /** Whether one of the sides is a file of the folder itself. */
  readonly hasFile: boolean;
}

/** Undefined: both manifests are in one file, or the finding is of another rule. */
function forkOf({ code, place, replacedIn }: ReportedFinding): Fork | undefined {
  if (code !== OBJECT_TWICE || place === undefined || replacedIn === undefined || place.file === replacedIn) return undefined;
  const [one, other] = [place.file, replacedIn].map((file) => posix.normalize(file.replaceAll(sep, '/')).split('/'));
  const apart = one.findIndex((step, index) => step !== other[index]);
  return {
    folder: one.slice(0, apart).join('/'),
    sides: [one.slice(0, apart + 1).join('/'), other.slice(0, apart + 1).join('/')],
    hasFile: one.length === apart + 1 || other.length === apart + 1,
  };
}

/** Two folders that hold one object are most likely environments or steps of which one is applied at a time. */
export function severityOfReplaced(finding: ReportedFinding): Severity {
  const fork = forkOf(finding);
  return fork && !fork.hasFile ? 'info' : finding.severity;
}

/** Findings with one in place of those about manifests of the same objects in the same folders. */
export function withAlternativesOnce(findings: readonly ReportedFinding[]): readonly ReportedFinding[] {
  const groups = new Map<string, Group[]>();
  for (const finding of findings) {
    const fork = forkOf(finding);
    if (fork) addToGroup(groups, finding, fork);
  }
  const hidden = new Set<ReportedFinding>();
  const told = new Map<ReportedFinding, ReportedFinding>();
  for (const group of [...groups.values()].flat().filter((one) => one.findings.length > 1)) {
    for (const finding of group.findings) hidden.add(finding);
    told.set(group.findings[0], onceFor(group));
  }
  return findings.flatMap((finding) => told.get(finding) ?? (hidden.has(finding) ? [] : [finding]));
}

/** Folders or files that hold the same objects, in one folder. */
interface Group {
  readonly folder: string;
  readonly sides: Set<string>;
  readonly findings: ReportedFinding[];
  hasFile: boolean;
}

/** A finding joins the groups that have one of its sides: three environments are one group. */
function addToGroup(groups: Map<string, Group[]>, finding: ReportedFinding, { folder, sides, hasFile }: Fork): void {
  const all = groups.get(folder) ?? [];
  const [first, ...rest] = all.filter((group) => sides.some((side) => group.sides.has(side)));
  if (!first) {
    addTo(groups, folder, { folder, sides: new Set(sides), findings: [finding], hasFile });
    return;
  }
  for (const group of [{ sides, findings: [finding], hasFile }, ...rest]) {
    for (const side of group.sides) first.sides.add(side);
    first.findings.push(...group.findings);
    first.hasFile ||= group.hasFile;
  }
  groups.set(folder, all.filter((group) => !rest.includes(group)));
}

/** How many folders or files are named. */
const NAMED = 3;

function onceFor({ folder, sides, findings, hasFile }: Group): ReportedFinding {
  const [first] = findings;
  const [names, last] = [[...sides].sort(), first.replacedIn!];
  const noun = hasFile ? 'files' : 'folders';
  const listed = names.length > NAMED ? `${numeral(names.length)} ${noun} of ${folder || '.'}` : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
  const side = names.find((name) => last === name || last.startsWith(`${name}/`)) ?? names[names.length - 1];
  return {
    ...first,
    severity: SEVERITIES.find((severity) => findings.some((finding) => finding.severity === severity))!,
    actual: `${shown(first.object.name)}, one of ${numeral(new Set(findings.map(keyOf)).size)} objects that ${listed} hold more than once`,
    because: `such ${noun} are most likely environments, versions or steps, of which one is applied at a time; here the last manifest of each object counts`,
    fix: `check one of them at a time, as with istio-mtls check ${side}; --all shows the objects`,
    alike: findings.length,
  };
}

function keyOf({ object: { apiVersion, kind, namespace, name } }: ReportedFinding): string {
  return JSON.stringify([apiVersion, kind, namespace, name]);
}
