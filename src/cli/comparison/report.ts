import { comparedStates, notesOf, placesIn } from './compared';
import { declarationNotes } from './declaration-notes';
import { newlyRefusedText, ReportedRefusal } from './refusals';
import type { AdmissionContext } from '../../admission/admission';
import { diffBothWays } from '../../changes/both-ways';
import { caChangeText } from '../../changes/ca-change-text';
import { ReportedChanges, reportedChanges, ReportedGroup } from '../../changes/diff-report';
import { DEFAULT_GATES, failing, fails, Gate, GateWords } from '../../changes/gates';
import { ReportedObjects } from '../../changes/object-changes';
import { reservationTexts } from '../../changes/reservations';
import { conditionText } from '../../findings/condition';
import { grouped } from '../../mesh/collections';
import { MeshOptions } from '../../mesh/mesh';
import { AdmissionElsewhere } from '../admission/admission';
import type { ConfigurationFile } from '../findings/configuration-file';
import type { SaidByFile } from '../findings/report';
import { Note } from '../input/raw-sources';
import { Reading } from '../input/reading';
import { StateObjects } from '../input/states';

/** The result of `diff`. */
export interface DiffReport extends ReportedChanges {
  readonly before: Reading;
  readonly after: Reading;
  readonly notes: readonly Note[];
  readonly configuration?: ConfigurationFile;
  /** What the configuration file states about the cluster. */
  readonly said?: SaidByFile;
  /** Numbers of objects that an API server or istiod would refuse; they aren't part of the comparison. */
  readonly refused: Readonly<Record<'before' | 'after', number>>;
  /** The objects of NEW that an API server or istiod would refuse. */
  readonly refusals: readonly ReportedRefusal[];
}

/** Compares the connections of two states of the manifests, with the same facts about the control plane. */
export async function diff(
  states: StateObjects, options: AdmissionContext & MeshOptions, elsewhere?: AdmissionElsewhere,
): Promise<DiffReport> {
  const compared = await comparedStates(states, options, elsewhere);
  const found = diffBothWays(compared.mesh, compared.manifests);
  return {
    ...reportedChanges(found, new ReportedObjects(placesIn(compared))),
    before: compared.before,
    after: compared.after,
    refused: compared.refused,
    refusals: compared.refusals,
    notes: [...notesOf(compared, [...found.after.notes, ...found.caChanges.map(caChangeText)]), ...declarationNotes(found.after)],
  };
}

/** A text with names of manifests as it is, in formats that escape all texts. */
export function plainly(text: string): string {
  return text;
}

/**
 * Each gate that fails the run, in a sentence.
 *
 * @param quoted makes names of manifests harmless in the format
 */
export function gateFailures(report: DiffReport, failOn: GateWords = DEFAULT_GATES, quoted = plainly): string[] {
  return failing(failOn).flatMap((word) => {
    const text = failureText(word, report, failOn, quoted);
    return text === '' ? [] : [`${word}: ${text}`];
  });
}

/** What meets the condition of a gate; empty if nothing does. */
function failureText(
  word: Gate, { groups, acceptances, unknownEffects, scaledToZero, refusals }: DiffReport, failOn: GateWords,
  quoted: (condition: string) => string,
): string {
  if (word === 'new-refused') return newlyRefusedText(refusals);
  if (word === 'new-exposed') {
    const exposed = acceptances.filter(({ gate }) => gate === word).flatMap(({ workloads }) => workloads);
    const servers = new Set(exposed.map((one) => JSON.stringify(one))).size;
    return servers > 0
      ? `${servers === 1 ? '1 workload accepts' : `${servers} workloads accept`} plaintext, or may, on ports that were STRICT`
      : '';
  }
  const all: readonly Pick<ReportedGroup, 'gates' | 'connections' | 'if'>[] = [...groups, ...scaledToZero];
  const changed = all.filter(({ gates }) => gates.includes(word));
  const connections = [...grouped(changed, conditionOf)].map(([condition, alike]) => {
    const count = alike.reduce((sum, one) => sum + one.connections, 0);
    const state = word === 'unknown-effect' ? ['newly undecided'] : [];
    return [count === 1 ? '1 connection' : `${count} connections`, ...state, ...condition === '' ? [] : [quoted(condition)]].join(' ');
  });
  if (word !== 'unknown-effect') return connections.join(', ');
  const unknown = unknownEffects.filter((effect) => fails(effect, failOn)).length;
  return [
    ...connections,
    ...unknown > 0 ? [`${unknown === 1 ? '1 changed object concerns' : `${unknown} changed objects concern`} undecided connections`] : [],
  ].join(', ');
}

/** `if shop has sidecars`; empty if it holds in every case. */
export function conditionOf({ if: conditions }: Pick<ReportedGroup, 'if'>): string {
  return conditions ? conditionText(conditions) : '';
}

/** 0: no gate fails; 1: a gate fails; 2: something could not be read. */
export function exitCodeOfDiff(report: DiffReport, failOn: GateWords): 0 | 1 | 2 {
  if (report.before.unreadable.length + report.after.unreadable.length > 0) return 2;
  return gateFailures(report, failOn).length > 0 ? 1 : 0;
}

/** Unchecked objects and assumptions, printed if the report calls an object harmless or no gate fails. */
export function harmlessTexts(report: DiffReport, failOn: GateWords): readonly string[] {
  const isHarmless = gateFailures(report, failOn).length + unreadableIn(report).length === 0;
  return isHarmless || report.withoutEffect?.length ? reservationTexts(report) : [];
}

/** What could not be read of either state. */
export function unreadableIn({ before, after }: DiffReport): Reading['unreadable'] {
  return [...before.unreadable, ...after.unreadable];
}
