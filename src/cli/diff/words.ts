import { DiffReport } from './diff';
import { OutcomeCounts, ReportedAcceptance, ReportedGroup } from '../../changes/diff-report';
import { GateWords } from '../../changes/gates';
import { ReportedField, ReportedObject } from '../../changes/object-changes';
import { numeral } from '../../findings/numeral';
import { connectionText } from '../../mesh/calls/connection-text';
import { Outcome, OUTCOMES } from '../../mesh/calls/outcome';

/** How bad a change is for a run: it fails, is of a gate that doesn't count, is no worse, or is only told. */
export type Weight = 'fails' | 'warns' | 'told';

export function weightOf({ gate }: Pick<ReportedGroup, 'gate'>, failOn: GateWords): Weight {
  if (gate === undefined) return 'told';
  return failOn.includes(gate) ? 'fails' : 'warns';
}

/** `mtls → broken`; `new → mtls` and `mtls → gone` of connections that are in one state only. */
export function outcomesText({ from, to }: Pick<ReportedGroup, 'from' | 'to'>): string {
  return `${from ?? 'new'} → ${to ?? 'gone'}`;
}

/** Whether both ends and the call were there before and are there still. */
export function isOfBothStates({ kind }: Pick<ReportedGroup, 'kind'>): boolean {
  return kind !== 'added' && kind !== 'removed';
}

/** `dist/shop.yaml:65`; empty if it is in no file. */
export function placeText({ place }: ReportedObject): string {
  return place ? `${place.file}:${place.position.line}` : '';
}

/** `spec.mtls.mode STRICT → PERMISSIVE`. */
export function fieldsText({ fields, more }: ReportedObject): string {
  return [...fields.map(fieldText), ...more > 0 ? [`and ${numeral(more)} more`] : []].join(', ');
}

function fieldText({ field, from, to }: ReportedField): string {
  if (from === undefined) return `${field} ${to}`;
  return `${field} ${from} → ${to ?? 'removed'}`;
}

/** `shop/web → shop/ratings:9080, server shop/ratings:9080`. */
export function witnessText({ witness: { calls, before, after } }: ReportedGroup): string {
  return connectionText((after?.server ? after : before ?? after)!, calls);
}

/** `ports 80, 9080`. */
export function portsText({ ports }: ReportedAcceptance): string {
  if (ports.length === 0) return 'unnamed ports';
  return `port${ports.length === 1 ? '' : 's'} ${ports.join(', ')}`;
}

/** `STRICT → PERMISSIVE`. */
export function modesText({ from, to }: ReportedAcceptance): string {
  return `${from} → ${to}`;
}

/** `5 mtls, 1 plaintext`. */
export function countsText(counts: OutcomeCounts): string {
  return OUTCOMES.filter((outcome) => counts[outcome]).map((outcome: Outcome) => `${numeral(counts[outcome]!)} ${outcome}`).join(', ');
}

/** `1 added, 2 changed`. */
export function objectsText({ objects }: DiffReport): string {
  const parts = (['added', 'changed', 'removed'] as const).filter((change) => objects[change] > 0).map((change) => `${numeral(objects[change])} ${change}`);
  return parts.length === 0 ? 'no object in the mesh differs' : `objects: ${parts.join(', ')}`;
}

/** Of the connections that nothing happens to, and of those of clients, calls and servers that are new or gone. */
export function restTexts({ added, removed, unchanged }: DiffReport): string[] {
  return [
    ...Object.keys(added).length > 0 ? [`Added by new clients, calls or servers: ${countsText(added)}.`] : [],
    ...Object.keys(removed).length > 0 ? [`Removed with old ones: ${countsText(removed)}.`] : [],
    `${numeral(unchanged)} connection${unchanged === 1 ? '' : 's'} unchanged.`,
  ];
}

/** The objects without effect that somebody may have meant to have one: of Istio's kinds. */
export function policiesAmong(objects: readonly ReportedObject[]): { readonly policies: readonly ReportedObject[]; readonly others: number } {
  const policies = objects.filter(({ object: { apiVersion = '' } }) => /(?:\.istio\.io|^gateway\.networking\.k8s\.io)\//.test(apiVersion));
  return { policies, others: objects.length - policies.length };
}

/** How many changed objects that aren't Istio's have no effect; empty: none. */
export function othersText(others: number): string {
  return others === 0 ? '' : `${numeral(others)} other changed object${others === 1 ? '' : 's'} without effect on connections.`;
}
