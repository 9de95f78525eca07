import { DiffReport } from './report';
import { optionsText } from '../../analysis/would-decide';
import { OutcomeCounts, ReportedAcceptance, ReportedGroup } from '../../changes/diff-report';
import { fails, Gated, GateWords } from '../../changes/gates';
import { changedText, FieldDifference, ObjectDifference } from '../../changes/object-changes';
import { awaitedText, DecidingFacts, ReportedUnknownEffect } from '../../changes/unknown-effect-report';
import { numeral } from '../../findings/numeral';
import { titleOf } from '../../findings/object-identity';
import { printable } from '../../findings/safe-text';
import { Outcome, OUTCOMES } from '../../mesh/model/transport';
import { tracedText } from '../../mesh/queries/traced-text';
import { code } from '../output/markdown';

/** The weight of a change: it fails the run, meets a condition that doesn't fail it, or is only shown. */
export type Weight = 'fails' | 'warns' | 'told';

export function weightOf(gated: Gated, failOn: GateWords): Weight {
  const isFailing = fails(gated, failOn);
  if (isFailing === undefined || gated.gates[0] === 'rerouted') return isFailing ? 'fails' : 'told';
  return isFailing ? 'fails' : 'warns';
}

/** `mtls → broken`; for a connection that only one state has: `new → mtls`, `mtls → gone` or `mtls → elsewhere`. */
export function outcomesText({ kind, from, to }: Pick<ReportedGroup, 'kind' | 'from' | 'to'>): string {
  return `${from ?? 'new'} → ${to ?? endText(kind)}`;
}

/** The end of a connection that only the state before has. */
export function endText(kind: ReportedGroup['kind']): string {
  return kind === 'rerouted' ? 'elsewhere' : 'gone';
}

/** `taken over by VirtualService other/route, of another namespace`; empty if no other object takes the calls over. */
export function takenText({ takenBy }: Pick<ReportedGroup, 'takenBy'>): string {
  return takenBy ? `taken over by ${titleOf(takenBy)}, of another namespace` : '';
}

/** Whether client, server and call exist in both states. */
export function isOfBothStates({ kind }: Pick<ReportedGroup, 'kind'>): boolean {
  return kind !== 'added' && kind !== 'removed';
}

/** `dist/shop.yaml:65`; empty if it is in no file. */
export function placeText({ file, line }: Pick<ObjectDifference, 'file' | 'line'>): string {
  return file === undefined ? '' : `${file}:${line}`;
}

/** `spec.mtls.mode STRICT → PERMISSIVE`. */
export function fieldsText({ fields, moreFields }: ObjectDifference): string {
  return [...fields.map(fieldText), ...moreFields > 0 ? [`and ${numeral(moreFields)} more`] : []].join(', ');
}

function fieldText({ field, from, to }: FieldDifference): string {
  if (from === undefined) return `${field} ${to}`;
  return `${field} ${from} → ${to ?? 'removed'}`;
}

/** A changed object in a comment of a pull request. */
export function objectCode(object: ObjectDifference): string {
  return [changedText(object), placeText(object), fieldsText(object)].filter(Boolean).map(code).join(' ');
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
function countsText(counts: OutcomeCounts): string {
  return OUTCOMES.filter((outcome) => counts[outcome]).map((outcome: Outcome) => `${numeral(counts[outcome]!)} ${outcome}`).join(', ');
}

/** `1 added, 2 changed`. */
export function objectsText({ summary: { objects } }: DiffReport): string {
  const parts = (['added', 'changed', 'removed'] as const).filter((change) => objects[change] > 0)
    .map((change) => `${numeral(objects[change])} ${change}`);
  return parts.length === 0 ? 'no object in the mesh differs' : `objects: ${parts.join(', ')}`;
}

/** The numbers of unchanged connections, and of those whose client, call or server is new or gone. */
export function restTexts({ connections: { added, removed, unchanged } }: DiffReport): string[] {
  return [
    ...Object.keys(added).length > 0 ? [`Added by new clients, calls or servers: ${countsText(added)}.`] : [],
    ...Object.keys(removed).length > 0 ? [`Removed with old ones: ${countsText(removed)}.`] : [],
    `${numeral(unchanged)} connection${unchanged === 1 ? '' : 's'} unchanged.`,
  ];
}

/** Changed objects of Istio's kinds without effect, which were probably meant to have one. */
export function policiesAmong(objects: readonly ObjectDifference[]): {
  readonly policies: readonly ObjectDifference[];
  readonly others: number;
} {
  const policies = objects.filter(({ object: { apiVersion = '' } }) => /(?:\.istio\.io|^gateway\.networking\.k8s\.io)\//.test(apiVersion));
  return { policies, others: objects.length - policies.length };
}

/** The facts that would decide an unknown effect, with the options that supply them; empty if none is known. */
export function waitsText(effect: ReportedUnknownEffect): string {
  return effect.facts.length === 0 ? '' : awaitedText(effect, decidingText);
}

/** `--injected-namespace shop decides 30`. */
function decidingText(facts: DecidingFacts): string {
  return `${optionsText(facts)} decides ${facts.decides > 0 ? numeral(facts.decides) : 'it'}`;
}

/** `shop/web → shop/ratings:9080`; empty: no connection is known. */
export function effectWitnessText({ witness }: ReportedUnknownEffect): string {
  return witness ? tracedText(witness.connection, witness.calls) : '';
}

/** The number of changed objects of unread kinds; empty if there are none. */
export function unreadText({ unread }: { readonly unread: Readonly<Record<string, number>> }): string {
  const kinds = Object.entries(unread).map(([kind, count]) => `${numeral(count)} ${kind}`);
  return kinds.length === 0 ? '' : `Not compared, since they decide nothing about connections: ${printable(kinds.join(', '))}.`;
}

/** `effect of 1 object not known`; empty if all effects are known. */
export function unknownCountText({ unknownEffects: { length } }: Pick<DiffReport, 'unknownEffects'>): string {
  return length === 0 ? '' : `effect of ${numeral(length)} changed object${length === 1 ? '' : 's'} not known`;
}

/** The number of changed objects without effect that aren't Istio's; empty if there are none. */
export function othersText(others: number): string {
  return others === 0 ? '' : `${numeral(others)} other changed object${others === 1 ? '' : 's'} without effect on connections.`;
}
