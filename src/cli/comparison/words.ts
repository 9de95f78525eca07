import { conditionOf, DiffReport, plainly } from './report';
import { expectingText, statingText } from '../../analysis/conditional';
import { optionsText } from '../../analysis/would-decide';
import { OutcomeCounts, ReportedAcceptance, ReportedGroup } from '../../changes/diff-report';
import { fails, Gated, GateWords } from '../../changes/gates';
import { leftOutChangesText, narrowingText } from '../../changes/left-out-report';
import { ReportedNotJudged } from '../../changes/not-judged';
import { changedText, FieldDifference, ObjectDifference } from '../../changes/object-changes';
import { awaitedText, DecidingFacts, ReportedUnknownEffect } from '../../changes/unknown-effect-report';
import { conditionsText, whetherText } from '../../findings/condition';
import { numeral } from '../../findings/numeral';
import { titleOf } from '../../findings/object-identity';
import { printable } from '../../findings/safe-text';
import { Outcome, OUTCOMES } from '../../mesh/model/transport';
import { tracedText } from '../../mesh/queries/traced-text';
import { ExpectedFact } from '../../mesh/worlds/both-ways';
import { code } from '../output/markdown';

/** How many workloads are named that declare fewer calls than before. */
const NAMED = 5;

/** The weight of a change: it fails the run, meets a condition that doesn't fail it, or is only shown. */
export type Weight = 'fails' | 'warns' | 'told';

export function weightOf(gated: Gated, failOn: GateWords): Weight {
  const isFailing = fails(gated, failOn);
  if (isFailing === undefined || gated.gates[0] === 'rerouted') return isFailing ? 'fails' : 'told';
  return isFailing ? 'fails' : 'warns';
}

/**
 * `mtls → broken`; for a connection that only one state has: `new → mtls`, `mtls → gone` or `mtls → elsewhere`. With its condition: `if
 * shop has sidecars`.
 */
export function outcomesText(group: Pick<ReportedGroup, 'kind' | 'from' | 'to' | 'if'>, quoted = plainly): string {
  const { kind, from, to } = group;
  return withCondition(`${from ?? 'new'} → ${to ?? endText(kind)}`, group, quoted);
}

/** @param quoted makes names of manifests harmless in the format */
function withCondition(text: string, group: Pick<ReportedGroup, 'if'>, quoted: (condition: string) => string): string {
  return group.if ? `${text} ${quoted(conditionOf(group))}` : text;
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
  if (file === undefined) return '';
  return line === undefined ? file : `${file}:${line}`;
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
export function modesText(acceptance: ReportedAcceptance, quoted = plainly): string {
  return withCondition(`${acceptance.from} → ${acceptance.to}`, acceptance, quoted);
}

/** `5 mtls, 1 plaintext`. */
function countsText(counts: OutcomeCounts): string {
  return OUTCOMES.filter((outcome) => counts[outcome]).map((outcome: Outcome) => `${numeral(counts[outcome]!)} ${outcome}`).join(', ');
}

/** `1 added, 2 changed`. */
export function objectsText({ summary: { objects }, unjudgedKinds }: DiffReport): string {
  const parts = (['added', 'changed', 'removed'] as const).filter((change) => objects[change] > 0)
    .map((change) => `${numeral(objects[change])} ${change}`);
  if (parts.length > 0) return `objects: ${parts.join(', ')}`;
  return Object.keys(unjudgedKinds).length > 0 ? 'no object that is read differs' : 'no object in the mesh differs';
}

/** The numbers of unchanged connections, and of those whose client, call or server is new or gone. */
export function restTexts({ connections: { added, removed, unchanged }, missing }: DiffReport): string[] {
  const where = missing ? ', with sidecars where neither state shows whether there are any' : '';
  return [
    ...Object.keys(added).length > 0 ? [`Added with new clients, calls or servers${where}: ${countsText(added)}.`] : [],
    ...Object.keys(removed).length > 0 ? [`Removed with clients, calls or servers that are gone${where}: ${countsText(removed)}.`] : [],
    `${missing ? 'At least ' : ''}${numeral(unchanged)} connection${unchanged === 1 ? '' : 's'} unchanged.`,
  ];
}

/** What isn't compared, because nobody declares it, and who declares fewer calls than before; with names of manifests. */
export function declarationTexts({ leftOut, narrowed }: DiffReport, all = false): string[] {
  const text = leftOut ? leftOutChangesText(leftOut, '--all-calls compares them', all) : '';
  return [...text === '' ? [] : [`${text}.`], ...narrowedTexts({ narrowed }, all)];
}

/** Who declares fewer calls than before; with names of manifests. */
export function narrowedTexts({ narrowed = [] }: Pick<DiffReport, 'narrowed'>, all = false): string[] {
  return [
    ...narrowed.slice(0, all ? undefined : NAMED).map((one) => `${narrowingText(one)}.`),
    ...!all && narrowed.length > NAMED ? [`${numeral(narrowed.length - NAMED)} more workloads declare fewer calls than before.`] : [],
  ];
}

/** `1 object of NEW would be rejected`; empty if none would. */
export function refusedText({ refused: { after } }: Pick<DiffReport, 'refused'>): string {
  return after === 0 ? '' : `${numeral(after)} object${after === 1 ? '' : 's'} of NEW would be rejected`;
}

/** `3 undeclared connections get worse`; empty if none does. */
export function worseLeftOutText({ leftOut }: Pick<DiffReport, 'leftOut'>): string {
  const { worse = 0 } = leftOut ?? {};
  return worse === 0 ? '' : `${numeral(worse)} undeclared connection${worse === 1 ? ' gets' : 's get'} worse`;
}

/** What the result presupposes of facts that neither state shows, and how to state them; with names of manifests. */
export function missingTexts({ missing }: DiffReport): readonly string[] {
  if (!missing) return [];
  const isOpen = missing.some(({ expectedBy }) => !expectedBy);
  const open = isOpen ? [`Neither state shows ${whetherText(missing)}.`] : [];
  return [...expectedTexts(missing), ...open, `To state it: ${statingText(missing)}.`];
}

/** Why a change doesn't fail that needs expected sidecars to be missing. */
function expectedTexts(missing: readonly ExpectedFact[]): readonly string[] {
  const expected = missing.filter(({ expectedBy }) => expectedBy);
  if (expected.length === 0) return [];
  const isStrong = expected.every(({ expectedBy }) => expectedBy!.strength === 'strong');
  const conditions = expected.map(({ fact, name }) => ({ fact, name, holds: true }));
  return [`What fails is judged as if ${conditionsText(conditions)}, ${expectingText(expected, isStrong ? 'expect' : 'suggest')}.`];
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

/**
 * The numbers of changed objects of kinds that aren't read, and of those that decide nothing, in a sentence each.
 *
 * @param quoted makes names of manifests harmless in the format
 */
export function unreadTexts(
  { unjudgedKinds, unread }: Pick<ReportedNotJudged, 'unjudgedKinds' | 'unread'>, quoted = printable,
): readonly string[] {
  const [notJudged, harmless] = [unjudgedKinds, unread].map((counts) => (
    Object.entries(counts).map(([kind, count]) => `${numeral(count)} ${kind}`).join(', ')));
  return [
    ...notJudged === '' ? [] : [`Not judged, kinds that aren't read: ${quoted(notJudged)}.`],
    ...harmless === '' ? [] : [`Not compared, since they decide nothing about connections: ${quoted(harmless)}.`],
  ];
}

/** `1 changed object isn't judged`; empty if all are. */
export function unjudgedCountText({ unjudged, unjudgedKinds }: Pick<ReportedNotJudged, 'unjudged' | 'unjudgedKinds'>): string {
  const count = Object.values(unjudgedKinds).reduce((sum, one) => sum + one, unjudged.length);
  return count === 0 ? '' : `${numeral(count)} changed object${count === 1 ? ' isn\'t' : 's aren\'t'} judged`;
}

/** `effect of 1 object not known`; empty if all effects are known. */
export function unknownCountText({ unknownEffects: { length } }: Pick<DiffReport, 'unknownEffects'>): string {
  return length === 0 ? '' : `effect of ${numeral(length)} changed object${length === 1 ? '' : 's'} not known`;
}

/** The number of changed objects without effect that aren't Istio's; empty if there are none. */
export function othersText(others: number): string {
  return others === 0 ? '' : `${numeral(others)} other changed object${others === 1 ? '' : 's'} without effect on connections.`;
}
