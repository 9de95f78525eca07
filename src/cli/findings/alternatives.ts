import { posix, sep } from 'node:path';
import { ReportedFinding } from './report';
import { SEVERITIES, Severity } from '../../findings/finding';
import { numeral } from '../../findings/numeral';
import { shown } from '../../findings/safe-text';
import { shellWord } from '../../findings/shell-words';
import { addTo } from '../../mesh/collections';

/** The rule that reports two manifests of one object. */
const OBJECT_TWICE = 'MTLS601';

/** The innermost folder that has both manifests of an object, and its two children that lead to them. */
interface Fork {
  readonly folder: string;
  readonly sides: readonly [string, string];
  /** Whether one of the sides is a file directly in the folder. */
  readonly hasFile: boolean;
}

/** Undefined if both manifests are in one file, or if the finding is of another rule. */
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

/** If two folders hold the same object, they are most likely environments or steps, of which only one is applied at a time. */
export function severityOfReplaced(finding: ReportedFinding): Severity {
  const fork = forkOf(finding);
  return fork && !fork.hasFile ? 'info' : finding.severity;
}

/** Merges the findings about objects that have manifests in the same folders into one finding. */
export function withAlternativesOnce(findings: readonly ReportedFinding[]): readonly ReportedFinding[] {
  const groups = new Map<string, Group[]>();
  for (const finding of findings) {
    const fork = forkOf(finding);
    if (fork) addToGroup(groups, finding, fork);
  }
  const told = new Map<ReportedFinding, ReportedFinding | undefined>();
  const kept = outermost([...groups.values()].flat());
  const single = kept.filter((group) => group.findings.length === 1 && !group.hasFile).flatMap((group) => group.findings);
  const wordings = [
    ...kept.filter((group) => group.findings.length > 1).map((group) => [group.findings, onceFor(group)] as const),
    ...single.length > 1 ? [[single, onceForSingle(single)] as const] : [],
  ];
  for (const [some, once] of wordings) {
    for (const finding of some) told.set(finding, undefined);
    told.set(some[0], once);
  }
  return findings.flatMap((finding) => (told.has(finding) ? told.get(finding) ?? [] : [finding]));
}

/** Folders or files with the same objects, all in one folder. */
interface Group {
  readonly folder: string;
  readonly sides: Set<string>;
  readonly findings: ReportedFinding[];
  hasFile: boolean;
}

/** Adds the finding to each group that has one of its sides: three environments make one group, and so do all files of a folder. */
function addToGroup(groups: Map<string, Group[]>, finding: ReportedFinding, { folder, sides, hasFile }: Fork): void {
  const all = groups.get(folder) ?? [];
  const [first, ...rest] = all.filter((group) => (hasFile && group.hasFile) || sides.some((side) => group.sides.has(side)));
  if (!first) {
    addTo(groups, folder, { folder, sides: new Set(sides), findings: [finding], hasFile });
    return;
  }
  for (const group of [{ sides, findings: [finding], hasFile }, ...rest]) join(first, group);
  groups.set(folder, all.filter((group) => !rest.includes(group)));
}

function join(
  group: Group, { sides, findings, hasFile }: Pick<Group, 'findings' | 'hasFile'> & { readonly sides: Iterable<string> },
): void {
  for (const side of sides) group.sides.add(side);
  group.findings.push(...findings);
  group.hasFile ||= hasFile;
}

/** Drops groups if a folder above also holds their objects more than once: each of its versions repeats the same cases. */
function outermost(groups: readonly Group[]): readonly Group[] {
  const kept: (Group & { readonly objects: Set<string> })[] = [];
  for (const group of [...groups].sort((left, right) => left.folder.length - right.folder.length)) {
    const objects = new Set(group.findings.map(keyOf));
    const above = kept.find((one) => group.folder.startsWith(`${one.folder}/`) && [...objects].every((object) => one.objects.has(object)));
    if (above) above.findings.push(...group.findings);
    else kept.push({ ...group, objects });
  }
  return kept;
}

/** How many folders or files are named. */
const NAMED = 3;

function onceFor({ folder, sides, findings, hasFile }: Group): ReportedFinding {
  const [first] = findings;
  const names = [...sides].map((side) => posix.basename(side)).sort();
  const noun = hasFile ? 'files' : 'folders';
  const holders = names.length > NAMED
    ? `${numeral(names.length)} ${noun}`
    : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
  const others = new Set(findings.map(keyOf)).size - 1;
  const side = [...sides].find((one) => first.replacedIn!.replaceAll(sep, '/').startsWith(one)) ?? [...sides][0];
  const also = others === 0 ? '' : `, as of ${others === 1 ? 'another object' : `${numeral(others)} other objects`}`;
  return {
    ...first,
    severity: SEVERITIES.find((severity) => findings.some((finding) => finding.severity === severity))!,
    actual: `${shown(first.object.name)}${also} in ${holders}${folder === '' ? '' : ` of ${folder}`}`,
    expected: 'one manifest per object',
    because: `${noun} that hold the same objects are most likely environments, versions or steps, and one is applied at a time: `
      + 'here the last manifest of each object counts',
    fix: `check one at a time: istio-mtls check ${shellWord(side.startsWith('-') ? `./${side}` : side)} (--all shows the objects)`,
    alike: findings.length,
  };
}

/** One finding for objects with two manifests whose folders share no other object. */
function onceForSingle(findings: readonly ReportedFinding[]): ReportedFinding {
  const [first] = findings;
  const others = findings.length === 2 ? 'another object' : `${numeral(findings.length - 1)} other objects`;
  return {
    ...first,
    actual: `${shown(first.object.name)}, as of ${others} in two folders each`,
    because: 'folders that hold the same object are most likely environments, versions or steps, and one is applied at a time: '
      + 'here the last manifest of each object counts',
    fix: 'check one folder at a time (--all shows the objects)',
    alike: findings.length,
  };
}

function keyOf({ object: { apiVersion, kind, namespace, name } }: ReportedFinding): string {
  return JSON.stringify([apiVersion, kind, namespace, name]);
}
