import { printable } from '../../findings/safe-text';
import { quoted } from '../../findings/shell-words';
import { isOf, KIND, Kinds } from '../../mesh/inventory/kinds';
import { MeshObject, objectText } from '../../mesh/inventory/object';
import { ChangeUnit } from '../../mesh/plan/change-unit';
import { Move } from '../../mesh/plan/stage-states';
import { Stage } from '../../mesh/plan/stages';

/**
 * A script that waits until all proxies have a stage. Names come from manifests, so all of them are quoted.
 *
 * @param first commands to run before pods restart
 */
export function verifyScript({ moves, verdict }: Stage, units: readonly ChangeUnit[], first: readonly string[] = []): string {
  const { rolled, restarted } = rolloutsOf(moves, units);
  const isRolling = (object: MeshObject): boolean => ROLLING.has(object);
  return [
    '#!/bin/sh',
    '# Waits until this stage has reached every proxy. Needs kubectl and '
      + `istioctl.${verdict === 'safe' ? '' : ' The stage isn\'t proven: see plan.json.'}`,
    'set -eu',
    ...first,
    ...restarted.filter(isRolling).map((object) => `kubectl rollout restart ${words(object)}`),
    ...[...rolled, ...restarted].filter(isRolling).map((object) => `kubectl rollout status --timeout=15m ${words(object)}`),
    ...[...rolled, ...restarted].filter((object) => !isRolling(object))
      .map((object) => `echo ${quoted(printable(`Replace its pods, which kubectl rollout can't: ${objectText(object)}`))}`),
    '# istiod batches changes for up to 10 s before it updates proxies.',
    'sleep 15',
    'for attempt in $(seq 60); do',
    '  status=$(istioctl proxy-status -o json)',
    '  if ! printf \'%s\' "$status" | grep -q \'"configStatus"\'; then echo "istiod has no connected proxy: '
      + 'istioctl proxy-status" >&2; exit 1; fi',
    '  if ! printf \'%s\' "$status" | grep -Eq \'"configStatus": *"(STALE|ERROR)"\'; then echo "Every connected '
      + 'proxy is up to date."; exit 0; fi',
    '  sleep 5',
    'done',
    'echo "Some proxies aren\'t up to date: istioctl proxy-status" >&2',
    'exit 1',
    '',
  ].join('\n');
}

interface Rollouts {
  /** Objects whose pods are created or replaced by the apply itself. */
  readonly rolled: readonly MeshObject[];
  /** Objects whose pods must be restarted by hand: changed labels of a namespace count only for new pods. */
  readonly restarted: readonly MeshObject[];
}

function rolloutsOf(moves: readonly Move[], units: readonly ChangeUnit[]): Rollouts {
  const running = moves.filter(({ unit, to }) => units[unit].versions[to].pods !== undefined);
  const labelled =
    new Set(moves.map(({ unit }) => units[unit].object).filter((object) => isOf(object, KIND.Namespace)).map(({ name }) => name));
  const isRestarted = ({ unit, from }: Move): boolean => {
    const { object, change, versions } = units[unit];
    return change === undefined || (versions[from].pods !== undefined && labelled.has(object.namespace));
  };
  return {
    rolled: running.filter((move) => !isRestarted(move)).map(({ unit }) => units[unit].object),
    restarted: running.filter(isRestarted).map(({ unit }) => units[unit].object),
  };
}

/** The kinds that kubectl rollout supports. */
const ROLLING = Kinds.of('Deployment', 'StatefulSet', 'DaemonSet');

function words({ kind, namespace, name }: MeshObject): string {
  return `-n ${quoted(namespace)} ${quoted(`${kind.toLowerCase()}/${name}`)}`;
}
