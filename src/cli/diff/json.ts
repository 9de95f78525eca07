import { GateWords } from '../../changes/gates';
import { printableJson } from '../../findings/safe-text';
import { ISTIO_MINOR } from '../../mesh/config/istiods';
import { DiffReport, gateFailures, unreadableIn } from '../comparison/report';
import { objectJson } from '../comparison/words';
import { readingJson } from '../findings/json';
import { Reading } from '../input/reading';

/** Counts up when a field changes its meaning or goes; new fields may come at any time. */
const FORMAT = 2;

/** The report as programs read it, see docs/schemas/diff.schema.json. */
export function diffJson(report: DiffReport, failOn: GateWords): string {
  const { before, after, groups, acceptances, added, removed, unchanged, refused, objects, identities, configuration, notes } = report;
  const value = {
    format: FORMAT,
    istio: ISTIO_MINOR,
    ...configuration !== undefined && { configuration: { path: configuration, facts: report.said?.facts ?? [] } },
    summary: { before: { ...sizeOf(before), refused: refused.before }, after: { ...sizeOf(after), refused: refused.after }, objects },
    failures: gateFailures(report, failOn),
    connections: { unchanged, added, removed },
    groups: groups.map(({ causes, isAvoidable: _, ...group }) => ({ ...group, causes: causes.map(objectJson) })),
    acceptances: acceptances.map(({ causes, gates: _, ...acceptance }) => ({ ...acceptance, causes: causes.map(objectJson) })),
    identities,
    unknownEffects: report.unknownEffects.map(({ object, gates: _, ...effect }) => ({ object: objectJson(object), ...effect })),
    withoutEffect: report.withoutEffect?.map(objectJson) ?? null,
    untried: report.untried,
    otherEffects: report.otherEffects.map(objectJson),
    unjudged: report.unjudged.map((object) => ({ ...objectJson(object), why: object.why })),
    unread: report.unread,
    unjudgedAfter: report.unjudgedAfter,
    assumptions: report.assumptions,
    ...readingJson({ unreadable: unreadableIn(report), skipped: [...before.skipped, ...after.skipped], notes }),
  };
  return `${printableJson(JSON.stringify(value, null, 2))}\n`;
}

function sizeOf({ files, documents: { length: objects }, facts: { documents: { length: facts } } }: Reading): Readonly<Record<'files' | 'objects' | 'facts', number>> {
  return { files, objects, facts };
}
