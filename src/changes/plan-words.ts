import { ReportedObject, changedText, firstTexts } from './object-changes';
import { ReportedStage, ReportedWitness } from './plan-report';
import { workloadText } from '../mesh/calls/connection-text';

/** How many objects a sentence names. */
const NAMED = 3;

/** `unsafe: shop/web → ratings.shop.svc.cluster.local:9080 is broken while …`. */
export function witnessText(witness: ReportedWitness): string {
  const { kind, client, calls, server, outcome, mode } = witness;
  if (kind === 'too-many') return `too many changes touch the same calls: ${objectsText(witness.serverLacks)}`;
  if (kind === 'port') {
    const port = server!.port === undefined ? 'an unnamed port' : `port ${server!.port}`;
    return `${port} of ${workloadText(server!)} is ${mode}${whileText('it', witness.serverHas, witness.serverLacks)}`;
  }
  const to = server ? ` at ${workloadText(server)}` : '';
  const states = [sideText('its client', witness.clientHas, witness.clientLacks), ...server ? [sideText('its server', witness.serverHas, witness.serverLacks)] : []];
  const during = states.filter((state) => state !== '').join(', and ');
  return `${workloadText(client!)} → ${calls}${to} is ${outcome}${during === '' ? '' : ` while ${during}`}`;
}

function whileText(who: string, has: readonly ReportedObject[], lacks: readonly ReportedObject[]): string {
  const side = sideText(who, has, lacks);
  return side === '' ? '' : ` while ${side}`;
}

function sideText(who: string, has: readonly ReportedObject[], lacks: readonly ReportedObject[]): string {
  const parts = [...has.length > 0 ? [`already has ${objectsText(has)}`] : [], ...lacks.length > 0 ? [`doesn't have ${objectsText(lacks)} yet`] : []];
  return parts.length === 0 ? '' : `${who} ${parts.join(' and ')}`;
}

function objectsText(objects: readonly ReportedObject[]): string {
  return firstTexts(objects.map(changedText), NAMED);
}

/** Whether pods were there before, and are after. */
export function isReplaced({ change }: ReportedObject): boolean {
  return change === 'changed';
}

/** What to wait for before the next stage. */
export function waitsOf({ steps }: ReportedStage): readonly string[] {
  const rolling = steps.filter(({ isRollout, action }) => isRollout && action !== 'delete').map(({ object }) => object);
  const names = rolling.map(({ object: { kind = '', namespace = '', name = '' } }) => workloadText({ kind, namespace, name }));
  return [
    ...rolling.length > 0 ? [`the rollout of ${firstTexts(names, NAMED)} is done${rolling.some(isReplaced) ? ' and no old pods are left' : ''}`] : [],
    'istioctl proxy-status shows every proxy, none of them STALE',
  ];
}
