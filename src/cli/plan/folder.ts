import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { planJson } from './json';
import { PlanReport } from './report';
import { verifyScript } from './verify-script';
import { leftOutOfPlanText, verdictText, worsenedText } from './words';
import { ReportedStage } from '../../changes/plan-report';
import { manifestText, mayHoldKey } from '../../explain/manifest-text';
import { yamlDocument } from '../../manifests/yaml-text';
import { ComparedObject, objectOf, plain } from '../../mesh/compare/object-changes';
import { isOf, KIND, kindOf } from '../../mesh/inventory/kinds';
import { idKey, MeshObject, objectText } from '../../mesh/inventory/object';
import { Mesh } from '../../mesh/mesh';
import { objectIn, ChangeUnit } from '../../mesh/plan/change-unit';
import { Move } from '../../mesh/plan/stage-states';
import { Stage } from '../../mesh/plan/stages';
import { narrowedTexts, refusedText } from '../comparison/words';
import { code } from '../output/markdown';
import { folderNumber, WrittenFile } from '../output/numbered-folders';

const WAVE = 'argocd.argoproj.io/sync-wave';

/** What to do after all stages, with files for it. */
export interface Afterwards {
  readonly text: string;
  readonly files: readonly WrittenFile[];
}

/** An object before and after a stage; undefined where it doesn't exist. */
export interface Replacement {
  readonly object: MeshObject;
  readonly from?: MeshObject;
  readonly to?: MeshObject;
  /** The change that the object belongs to, which names the version of an object that isn't written. */
  readonly change?: ComparedObject;
}

/** A folder of the plan, or of the way back. */
export interface Part {
  readonly replacements: readonly Replacement[];
  /** Stage that all proxies need before the next folder; undefined: it doesn't concern proxies. */
  readonly stage?: Stage;
  /** The units that the stage moves. */
  readonly units: readonly ChangeUnit[];
  /** Shell lines to run before pods restart. */
  readonly first?: readonly string[];
}

/** All files of a plan: a folder for each stage, `rollback/` with the way back, and the plan itself. */
export function planFiles(report: PlanReport, afterwards?: Afterwards): readonly WrittenFile[] {
  const parts = partsOf(report);
  const calls = [leftOutOfPlanText(report), ...narrowedTexts(report)].filter(Boolean).map(code);
  const policies = report.unjudged.some(({ object }) => isOf(kindOf(object), KIND.AuthorizationPolicy))
    ? [`Folder ${folderNumber(parts.length - 1)} has AuthorizationPolicies: authorization of requests isn't checked.`]
    : [];
  const remarks = [...worseTexts(report).map(code), ...conditionsOf(report.stages ?? [], report), ...calls, ...policies];
  return [
    ...foldersOf(parts),
    jsonFile(planJson(report), report.plan.before),
    { path: 'README.md', text: readme(parts, remarks, afterwards?.text) },
    ...afterwards?.files ?? [],
  ];
}

/** What the change itself makes worse, and which of its objects the folders leave out. */
function worseTexts(report: PlanReport): readonly string[] {
  const refused = refusedText(report);
  const without = refused === '' ? '' : `${refused}: the folders leave ${report.refused.after === 1 ? 'it' : 'them'} out.`;
  return [worsenedText(report), without].filter((text) => text !== '');
}

/**
 * In which cases the stage of each folder is proven, if not in every case.
 *
 * @param stages one for each folder; undefined for one that concerns no proxies
 */
export function conditionsOf(
  stages: readonly (ReportedStage | undefined)[], report: Pick<PlanReport, 'leftOut'> = {},
): readonly string[] {
  return stages.flatMap((stage, index) => (
    stage?.if ?? stage?.witness?.if ? [`Folder \`${folderNumber(index)}\`: ${code(`${verdictText(stage!, report)}.`)}`] : []));
}

/** The folders of a plan, and those of the way back. */
export function foldersOf(parts: readonly Part[]): readonly WrittenFile[] {
  const back = [...parts].reverse().map(reversed);
  return [
    ...parts.flatMap((part, index) => filesOf(part, folderNumber(index), index)),
    ...back.flatMap((part, index) => filesOf(part, join('rollback', folderNumber(index)), index)),
  ];
}

/** A plan as JSON, with a hash of the objects that it starts from. */
export function jsonFile(json: string, before: Mesh): WrittenFile {
  return { path: 'plan.json', text: json.replace(/^\{\n/, `{\n  "before": "sha256:${hashOf(before.objects.all())}",\n`) };
}

/** Objects that don't affect connections are in the first stage's folder; AuthorizationPolicies, which the plan doesn't prove, are last. */
function partsOf({ plan }: PlanReport): readonly Part[] {
  if (!plan.stages) return [];
  const isPolicy = (change: ComparedObject): boolean => isOf(objectOf(change), KIND.AuthorizationPolicy);
  const policies = plan.others.filter(isPolicy).map(replacementOf);
  const others = plan.others.filter((change) => !isPolicy(change)).map(replacementOf);
  const { units } = plan;
  const ofStages = plan.stages.map((stage): Part => ({ replacements: replacementsOf(plan, stage.moves), stage, units }));
  const [first = { replacements: [], units }, ...later] = ofStages;
  const parts: readonly Part[] = [{ ...first, replacements: [...first.replacements, ...others] },
    ...later, { replacements: policies, units }];
  return parts.filter(({ replacements, stage }) => stage ?? replacements.length > 0);
}

/** A changed object, from before the change to after it. */
export function replacementOf(change: ComparedObject): Replacement {
  return { object: objectOf(change), from: change.before, to: change.after, change };
}

/** The replaced objects of moves, without moves that only restart pods, which leave the object as it is. */
export function replacementsOf({ units }: Pick<PlanReport['plan'], 'units'>, moves: readonly Move[]): readonly Replacement[] {
  const isOfObject = ({ unit }: Move): boolean => units[unit].change !== undefined || units[unit].goal === 0;
  return moves.filter(isOfObject).map(({ unit, from, to }) => {
    const { object, change } = units[unit];
    return { object, from: objectIn(units[unit], from), to: objectIn(units[unit], to), change };
  });
}

function reversed({ replacements, stage, ...part }: Part): Part {
  return { ...part, replacements: replacements.map(swapped), stage: stage && { ...stage, moves: stage.moves.map(swapped) } };
}

function swapped<T extends { readonly from?: unknown; readonly to?: unknown }>(change: T): T {
  return { ...change, from: change.to, to: change.from };
}

/** The files of a part. Manifests that may hold a key are left to whoever holds the key. */
function filesOf({ replacements, stage, units, first }: Part, folder: string, index: number): readonly WrittenFile[] {
  const applied = replacements.flatMap(({ to }) => to ?? []).filter((object) => !mayHoldKey(object));
  const deleted = replacements.flatMap(({ object, to }) => (to ? [] : [object]));
  const secret = replacements.filter(({ to }) => to && mayHoldKey(to));
  return [
    ...applied.length > 0 ? [{
      path: join(folder, 'apply.yaml'), text: applied.map((object) => manifestText(object, { [WAVE]: String(index + 1) })).join('---\n'),
    }] : [],
    ...deleted.length > 0
      ? [{ path: join(folder, 'delete.yaml'), text: deleted.map((object) => yamlDocument(nameOnly(object))).join('---\n') }]
      : [],
    ...secret.length > 0 ? [{
      path: join(folder, 'APPLY-YOURSELF.txt'), text: secret.map((one) => `${objectText(one.object)}: ${versionText(one)}\n`).join(''),
    }] : [],
    ...stage ? [{ path: join(folder, 'verify.sh'), text: verifyScript(stage, units, first), isProgram: true }] : [],
  ];
}

function versionText({ to, change }: Replacement): string {
  if (to!.source === change?.after?.source) return 'as it is after the change';
  return to!.source === change?.before?.source
    ? 'as it was before the change'
    : 'neither as before nor as after the change; plan.json lists the differing fields';
}

function nameOnly({ source, namespace, name }: MeshObject): object {
  const { apiVersion, kind } = source as { apiVersion?: string; kind?: string };
  return { apiVersion, kind, metadata: { ...namespace !== '' && { namespace }, name } };
}

/** A limit of the proof of the way back. */
const YOUNGER = 'Recreated objects are newer than before, which matters where Istio prefers the older of two objects.';

/** Instructions for the folders. */
export function readme(parts: readonly Part[], remarks: readonly string[], afterwards?: string): string {
  const count = parts.length;
  const deletes = parts.some(({ replacements }) => replacements.some(({ change, to }) => change?.before && !to));
  const starts = Array.from({ length: count },
    (_, index) => `\`rollback/${folderNumber(count - 1 - index)}\` after \`${folderNumber(index)}\` or a part of it`).join(', ');
  return [
    '# A plan of istio-mtls\n',
    `${count} folder${count === 1 ? '' : 's'}, to be applied in order. In each: \`kubectl apply -f apply.yaml\` and \`kubectl delete -f `
      + 'delete.yaml`, in any order, as far as they are there; apply yourself what `APPLY-YOURSELF.txt` names, '
      + 'since it holds what may be a key; then `./verify.sh`, before the next. It restarts pods where that is part of the stage.\n',
    ...remarks.map((remark) => `${remark}\n`),
    ...count > 0
      ? [`\`rollback/\` rolls back, from the last folder to the first. Start with ${starts}.${deletes ? ` ${YOUNGER}` : ''}\n`]
      : [],
    ...afterwards === undefined ? [] : [`${afterwards}\n`],
    `The annotation \`${WAVE}\` makes each folder a wave of Argo CD. Waves don't wait for proxies and delete last, `
      + 'so sync a stage separately if it deletes something.\n',
    'A proxy that lost its istiod isn\'t in `istioctl proxy-status` and keeps its old configuration: '
      + 'compare the number of proxies with the number of pods.\n',
    '`plan.json` contains the plan; its `before` is a hash of the initial objects. If they have changed since, plan again.\n',
  ].join('\n');
}

/** A hash of objects that doesn't depend on their order. */
function hashOf(objects: Iterable<MeshObject>): string {
  const texts = Array.from(objects, (object) => `${idKey(object)} ${JSON.stringify(inOrder(plain(object.source)))}`).sort();
  return createHash('sha256').update(texts.join('\n')).digest('hex');
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, inOrder((value as Record<string, unknown>)[key])]));
}
