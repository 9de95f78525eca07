import { exampleText } from '../../changes/diff-report';
import { ObjectDifference, changedText } from '../../changes/object-changes';
import { scaledToZeroText } from '../../changes/scaled-to-zero-report';
import { ReportedUnknownEffect, unknownEffectText } from '../../changes/unknown-effect-report';
import { printable } from '../../findings/safe-text';
import { TracedConnection } from '../../mesh/calls/traced-connection';
import { workloadText } from '../../mesh/queries/connection-text';
import { tracedMeaningText } from '../../mesh/queries/traced-text';
import { ChangesData } from '../../report/data';
import { DiffReport } from '../comparison/report';
import {
  declarationTexts, fieldsText, isOfBothStates, missingTexts, modesText, objectsText, othersText, outcomesText, placeText,
  policiesAmong, portsText, restTexts, unreadTexts, waitsText,
} from '../comparison/words';

/** The changes since another state, in the words of `diff`. */
export function changesData(report: DiffReport, base: string): ChangesData {
  const { groups, acceptances, identities, unknownEffects, withoutEffect, otherEffects, unjudged, notes, leftOut } = report;
  const { policies, others } = policiesAmong(withoutEffect ?? []);
  const rest = withoutEffect ? othersText(others) : 'Which changed objects have no effect isn\'t told: too many would have to be tried.';
  const named = [...declarationTexts(report), ...missingTexts(report)];
  return {
    base: printable(base),
    objects: objectsText(report),
    rest: [...restTexts(report), ...named.map(printable), rest, ...unreadTexts(report)].filter((text) => text !== ''),
    groups: groups.filter(isOfBothStates).map((group) => ({
      outcomes: printable(outcomesText(group)),
      connections: group.connections,
      gate: group.gate,
      causes: group.causes.map(objectLine),
      witness: printable(exampleText(group)),
      was: reasonLine(group.witness.before),
      is: reasonLine(group.witness.after),
    })),
    acceptances: acceptances.map((acceptance) => ({
      text: printable(`${modesText(acceptance)}, ${portsText(acceptance)}`),
      gate: acceptance.gate,
      workloads: acceptance.workloads.map((workload) => printable(workloadText(workload))),
      causes: acceptance.causes.map(objectLine),
    })),
    identities: identities.map(({ workload, from, to }) => printable(`${workloadText(workload)}: ${from} → ${to}`)),
    withoutEffect: policies.map((object) => objectLine(object.change === 'changed' ? object : { ...object, fields: [], moreFields: 0 })),
    unknownEffects: [...unknownEffects.map(unknownLine),
      ...report.scaledToZero.map((one) => `${objectLine(one.object)}: ${scaledToZeroText(one)}`),
      ...otherEffects.map((object) => `${objectLine(object)}: has an effect only together with others`),
      ...(leftOut?.objects ?? []).map((object) => `${objectLine(object)}: has an effect only on calls that nobody declares`)],
    unjudged: unjudged.map((object) => `${objectLine(object)}: ${object.why}`),
    notes: notes.map(({ text }) => printable(text)),
  };
}

function objectLine(object: ObjectDifference): string {
  return [changedText(object), placeText(object), fieldsText(object)].filter(Boolean).map(printable).join('  ');
}

function unknownLine(effect: ReportedUnknownEffect): string {
  const waits = waitsText(effect);
  return printable(`${objectLine(effect.object)}: ${unknownEffectText(effect)}${waits === '' ? '' : `: ${waits}`}`);
}

/** `mtls: PeerAuthentication shop/default spec.mtls.mode: …`; undefined if no object decides the connection. */
function reasonLine(connection: TracedConnection | undefined): string | undefined {
  const because = connection ? tracedMeaningText(connection.transport) : '';
  return because === '' ? undefined : printable(`${connection!.transport.outcome}: ${because}`);
}
