import { comparedStates, notesOf, placesIn } from './compared';
import type { AdmissionContext } from '../../admission/admission';
import { caChangeText } from '../../changes/ca-change-text';
import { ReportedChanges, reportedChanges } from '../../changes/diff-report';
import { DEFAULT_GATES, failing, fails, Gate, GateWords } from '../../changes/gates';
import { ReportedObjects } from '../../changes/object-changes';
import { reservationTexts } from '../../changes/reservations';
import { diffOf } from '../../mesh/compare/diff';
import { MeshOptions } from '../../mesh/mesh';
import { AdmissionElsewhere } from '../admission/admission';
import type { SaidByFile } from '../findings/report';
import { Note } from '../input/raw-sources';
import { Reading } from '../input/reading';
import { StateObjects } from '../input/states';

/** What the verb found. */
export interface DiffReport extends ReportedChanges {
  readonly before: Reading;
  readonly after: Reading;
  readonly notes: readonly Note[];
  readonly configuration?: string;
  /** What that file says of the cluster. */
  readonly said?: SaidByFile;
  /** Objects that an API server or istiod would refuse, and that have no part in it. */
  readonly refused: Readonly<Record<'before' | 'after', number>>;
}

/** Compares what two states of the manifests make of a mesh, by the same facts of the control plane. */
export async function diff(
  states: StateObjects, options: AdmissionContext & MeshOptions, elsewhere?: AdmissionElsewhere,
): Promise<DiffReport> {
  const compared = await comparedStates(states, options, elsewhere);
  const found = diffOf(compared.mesh, compared.manifests);
  return {
    ...reportedChanges(found, new ReportedObjects(placesIn(compared))),
    before: compared.before,
    after: compared.after,
    refused: compared.refused,
    notes: notesOf(compared, [...found.after.notes, ...found.caChanges.map(caChangeText)]),
  };
}

/** What makes the run fail, each in a sentence. */
export function gateFailures(report: DiffReport, failOn: GateWords = DEFAULT_GATES): string[] {
  return failing(failOn).flatMap((word) => {
    const text = failureText(word, report, failOn);
    return text === '' ? [] : [`${word}: ${text}`];
  });
}

/** What a gate is hit by; empty: nothing. */
function failureText(word: Gate, { groups, acceptances, unknownEffects }: DiffReport, failOn: GateWords): string {
  if (word === 'new-exposed') {
    const exposed = acceptances.filter(({ gate }) => gate === word).flatMap(({ workloads }) => workloads);
    const servers = new Set(exposed.map((one) => JSON.stringify(one))).size;
    return servers > 0 ? `${servers === 1 ? '1 workload accepts' : `${servers} workloads accept`} plaintext, or may, on ports that were STRICT` : '';
  }
  const count = groups.filter(({ gates }) => gates.includes(word)).reduce((sum, { connections }) => sum + connections, 0);
  const connections = count > 0 ? [count === 1 ? '1 connection' : `${count} connections`] : [];
  if (word !== 'unknown-effect') return connections.join('');
  const unknown = unknownEffects.filter((effect) => fails(effect, failOn)).length;
  return [
    ...connections.map((text) => `${text} no longer decided`),
    ...unknown > 0 ? [`${unknown === 1 ? '1 changed object concerns' : `${unknown} changed objects concern`} undecided connections`] : [],
  ].join(', ');
}

/** 0: no gate is hit; 1: one is; 2: something could not be read. */
export function exitCodeOfDiff(report: DiffReport, failOn: GateWords): 0 | 1 | 2 {
  if (report.before.unreadable.length + report.after.unreadable.length > 0) return 2;
  return gateFailures(report, failOn).length > 0 ? 1 : 0;
}

/** What isn't checked, and what is taken for granted, where an object is said to be without effect or nothing fails. */
export function harmlessTexts(report: DiffReport, failOn: GateWords): readonly string[] {
  const isHarmless = gateFailures(report, failOn).length + unreadableIn(report).length === 0;
  return isHarmless || report.withoutEffect?.length ? reservationTexts(report) : [];
}

/** What could not be read of either state. */
export function unreadableIn({ before, after }: DiffReport): Reading['unreadable'] {
  return [...before.unreadable, ...after.unreadable];
}
