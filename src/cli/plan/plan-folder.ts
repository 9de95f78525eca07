import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PlanReport, ReportedStage } from './plan';
import { planJson } from './plan-json';
import { yamlDocument } from './yaml-text';
import { redacted } from '../../findings/safe-text';
import { ObjectChange, objectOf, plain } from '../../mesh/compare/object-changes';
import { mapping } from '../../mesh/inventory/mapping';
import { idKey, MeshObject, objectText } from '../../mesh/inventory/object';
import { Move } from '../../mesh/plan/passage';
import { Stage } from '../../mesh/plan/stages';
import { objectIn } from '../../mesh/plan/unit';

/** The folder to write into isn't empty, or no folder. */
export class FolderError extends Error {}

const WAVE = 'argocd.argoproj.io/sync-wave';

/** A file of the plan, by its path in the folder. */
export interface PlanFile {
  readonly path: string;
  readonly text: string;
  readonly isProgram?: boolean;
}

/**
 * Writes a plan as numbered folders.
 *
 * @throws FolderError if the folder holds something already
 */
export function writePlan(report: PlanReport, folder: string): void {
  mkdirSync(folder, { recursive: true });
  if (readdirSync(folder).length > 0) throw new FolderError(`${folder} isn't empty; expected a folder that --out makes, or an empty one. Fix: remove what it holds, or name another one.`);
  for (const { path, text, isProgram } of planFiles(report)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text, { mode: isProgram ? 0o755 : 0o644 });
  }
}

/** All files of a plan: a folder a stage, `rollback/` with the way back, and the plan itself. */
export function planFiles(report: PlanReport): readonly PlanFile[] {
  const { stages = [], plan } = report;
  const found = plan.stages ?? [];
  const any = plan.others.filter((change) => objectOf(change).kind !== 'AuthorizationPolicy');
  const last = plan.others.filter((change) => objectOf(change).kind === 'AuthorizationPolicy');
  const forward = stages.flatMap((stage, index) => stageFiles(report, found[index], stage, index, index === 0 ? any : []));
  const policies = last.length > 0 ? filesOf(number(stages.length), stages.length, last.map(objectAfter), last.filter(({ after }) => !after).map(objectOf)) : [];
  const back = stages.flatMap((stage, index) => {
    const position = stages.length - 1 - index;
    return stageFiles(report, reversed(found[index]), stage, position, []).map((file) => ({ ...file, path: join('rollback', file.path) }));
  });
  return [
    ...forward, ...policies, ...stages.length > 1 ? back : [],
    { path: 'plan.json', text: planJson(report).replace(/^\{\n/, `{\n  "before": "sha256:${hashOf(plan.before.objects.all())}",\n`) },
    { path: 'README.md', text: readme(report, last.length > 0) },
  ];
}

function stageFiles({ plan }: PlanReport, { moves }: Stage, stage: ReportedStage, index: number, others: readonly ObjectChange[]): readonly PlanFile[] {
  const changed = moves.filter(({ unit }) => plan.units[unit].change ?? plan.units[unit].goal === 0);
  const applied = [...changed.map(({ unit, to }) => objectIn(plan.units[unit], to)), ...others.map(objectAfter)];
  const deleted = [...changed.filter(({ unit, to }) => !objectIn(plan.units[unit], to)).map(({ unit }) => plan.units[unit].object), ...others.filter(({ after }) => !after).map(objectOf)];
  const path = join(number(index), 'verify.sh');
  return [...filesOf(number(index), index, applied, deleted), { path, text: verifyScript(rolloutsOf(plan, moves), stage, index), isProgram: true }];
}

/** What a stage's pods are: those that restart by themselves, and those to restart by hand. */
interface Rollouts {
  readonly rolled: readonly MeshObject[];
  readonly restarted: readonly MeshObject[];
}

function rolloutsOf({ units }: PlanReport['plan'], moves: readonly Move[]): Rollouts {
  const rolling = moves.map(({ unit }) => units[unit]).filter(({ versions }) => versions.every(({ pods }) => pods !== undefined));
  return { rolled: rolling.filter(({ change }) => change).map(({ object }) => object), restarted: rolling.filter(({ change }) => !change).map(({ object }) => object) };
}

function reversed(stage: Stage): Stage {
  return { ...stage, moves: stage.moves.map(({ unit, from, to }) => ({ unit, from: to, to: from })) };
}

function objectAfter({ after }: ObjectChange): MeshObject | undefined {
  return after;
}

/** `01`: folders in the order of their stages. */
function number(index: number): string {
  return String(index + 1).padStart(2, '0');
}

/** Manifests that hold what may be a key are left to whoever has them. */
function filesOf(folder: string, wave: number, applied: readonly (MeshObject | undefined)[], deleted: readonly MeshObject[]): readonly PlanFile[] {
  const manifests = applied.filter((object) => object !== undefined);
  const [secret, plainOnes] = [manifests.filter(mayBeSecret), manifests.filter((object) => !mayBeSecret(object))];
  return [
    ...plainOnes.length > 0 ? [{ path: join(folder, 'apply.yaml'), text: plainOnes.map((object) => yamlDocument(withWave(object, wave))).join('---\n') }] : [],
    ...deleted.length > 0 ? [{ path: join(folder, 'delete.yaml'), text: deleted.map((object) => yamlDocument(nameOnly(object))).join('---\n') }] : [],
    ...secret.length > 0 ? [{ path: join(folder, 'APPLY-YOURSELF.txt'), text: secret.map((object) => `${objectText(object)}\n`).join('') }] : [],
  ];
}

function mayBeSecret({ source }: MeshObject): boolean {
  const text = JSON.stringify(source);
  return redacted(text) !== text;
}

function withWave({ source, namespace }: MeshObject, wave: number): object {
  const manifest = plain(source);
  const metadata = mapping(manifest.metadata);
  const { annotations, ...others } = metadata;
  const named = namespace === '' ? others : { namespace, ...others };
  const { apiVersion, kind, metadata: _, ...rest } = manifest;
  return { apiVersion, kind, metadata: { ...named, annotations: { ...mapping(annotations), [WAVE]: String(wave + 1) } }, ...rest };
}

function nameOnly({ source, namespace, name }: MeshObject): object {
  const { apiVersion, kind } = source as { apiVersion?: string; kind?: string };
  return { apiVersion, kind, metadata: { ...namespace !== '' && { namespace }, name } };
}

/** Names come from manifests that an API server took, so nothing of them is a shell's. */
function verifyScript({ rolled, restarted }: Rollouts, { verdict }: ReportedStage, index: number): string {
  const words = ({ kind, namespace, name }: MeshObject): string => `-n ${quoted(namespace)} ${quoted(`${kind.toLowerCase()}/${name}`)}`;
  return [
    '#!/bin/sh',
    `# Waits until stage ${index + 1} is everywhere. Needs kubectl and istioctl.${verdict === 'safe' ? '' : ' This stage isn\'t proven: see plan.json.'}`,
    'set -eu',
    ...restarted.map((object) => `kubectl rollout restart ${words(object)}`),
    ...[...rolled, ...restarted].filter(({ kind }) => ROLLING.has(kind)).map((object) => `kubectl rollout status --timeout=15m ${words(object)}`),
    '# istiod waits up to 10 s for more changes before it tells proxies.',
    'sleep 15',
    'for attempt in $(seq 60); do',
    '  status=$(istioctl proxy-status -o json)',
    '  if ! printf \'%s\' "$status" | grep -Eq \'"configStatus": *"(STALE|ERROR)"\'; then echo "Every connected proxy has it."; exit 0; fi',
    '  sleep 5',
    'done',
    'echo "Some proxies don\'t have it: istioctl proxy-status" >&2',
    'exit 1',
    '',
  ].join('\n');
}

/** The kinds that kubectl rollout knows. */
const ROLLING = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);

function quoted(word: string): string {
  return `'${word.replaceAll('\'', '\'\\\'\'')}'`;
}

function readme({ stages = [] }: PlanReport, hasPolicies: boolean): string {
  const count = stages.length + Number(hasPolicies);
  return [
    '# A plan of istio-mtls\n',
    `${count} folder${count === 1 ? '' : 's'}, one after the other. In each: \`kubectl apply -f apply.yaml\` and \`kubectl delete -f delete.yaml\`, in any order, as far as they are there; then \`./verify.sh\`, before the next.\n`,
    ...hasPolicies ? [`Folder ${number(stages.length)} has AuthorizationPolicies: whether requests are let in isn't judged.\n`] : [],
    ...stages.length > 1 ? ['`rollback/` has the way back: to undo stage N, apply `rollback/` from the folder that undoes it. Its folders go from the last stage to the first.\n'] : [],
    `The annotation \`${WAVE}\` makes each folder a wave of Argo CD. Waves know nothing of proxies and delete last, so let a stage be a sync of its own where something is deleted.\n`,
    'A proxy that lost its istiod isn\'t in `istioctl proxy-status`, and keeps what it had: compare the number of proxies with that of pods.\n',
    '`plan.json` has the plan; its `before` is a hash of the objects that it begins with. If they have changed since, plan again.\n',
  ].join('\n');
}

/** A hash of objects, in whatever order they are read. */
function hashOf(objects: Iterable<MeshObject>): string {
  const texts = Array.from(objects, (object) => `${idKey(object)} ${JSON.stringify(inOrder(plain(object.source)))}`).sort();
  return createHash('sha256').update(texts.join('\n')).digest('hex');
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, inOrder((value as Record<string, unknown>)[key])]));
}
