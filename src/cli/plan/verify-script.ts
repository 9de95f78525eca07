import { PlanVerdict } from './plan';
import { MeshObject } from '../../mesh/inventory/object';
import { Move } from '../../mesh/plan/passage';
import { isRollout, Unit } from '../../mesh/plan/unit';

/** What is to be waited for in a stage. */
export interface VerifiedStage {
  readonly verdict: PlanVerdict;
  /** Objects whose pods restart since they are applied. */
  readonly rolled: readonly MeshObject[];
  /** Those whose pods somebody has to restart. */
  readonly restarted: readonly MeshObject[];
}

/** Pods that were made before their namespace had its labels restart once more. */
export function verifiedStage(units: readonly Unit[], moves: readonly Move[], verdict: PlanVerdict): VerifiedStage {
  const moved = moves.map(({ unit }) => units[unit]);
  const labelled = new Set(moved.filter(({ object }) => object.kind === 'Namespace').map(({ object }) => object.name));
  const rolling = moved.filter((unit) => isRollout(unit) && unit.versions.every(({ pods }) => pods !== undefined));
  const restarts = ({ change, object }: Unit): boolean => change === undefined || labelled.has(object.namespace);
  return {
    verdict,
    rolled: rolling.filter((unit) => !restarts(unit)).map(({ object }) => object),
    restarted: rolling.filter(restarts).map(({ object }) => object),
  };
}

/** Waits until a stage is everywhere. Names come from manifests, so none of them stands outside of quotes. */
export function verifyScript({ verdict, rolled, restarted }: VerifiedStage): string {
  const isRolling = ({ kind }: MeshObject): boolean => ROLLING.has(kind);
  return [
    '#!/bin/sh',
    `# Waits until this stage is everywhere. Needs kubectl and istioctl.${verdict === 'safe' ? '' : ' The stage isn\'t proven: see plan.json.'}`,
    'set -eu',
    ...restarted.filter(isRolling).map((object) => `kubectl rollout restart ${words(object)}`),
    ...[...rolled, ...restarted].filter(isRolling).map((object) => `kubectl rollout status --timeout=15m ${words(object)}`),
    ...[...rolled, ...restarted].filter((object) => !isRolling(object)).map((object) => `echo ${quoted(`Replace its pods, which kubectl rollout can't: ${object.kind} ${object.namespace}/${object.name}`)}`),
    '# istiod waits up to 10 s for more changes before it tells proxies.',
    'sleep 15',
    'for attempt in $(seq 60); do',
    '  status=$(istioctl proxy-status -o json)',
    '  if ! printf \'%s\' "$status" | grep -q \'"configStatus"\'; then echo "istiod knows no proxy: istioctl proxy-status" >&2; exit 1; fi',
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

function words({ kind, namespace, name }: MeshObject): string {
  return `-n ${quoted(namespace)} ${quoted(`${kind.toLowerCase()}/${name}`)}`;
}

function quoted(word: string): string {
  return `'${word.replaceAll('\'', '\'\\\'\'')}'`;
}
