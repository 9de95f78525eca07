import { ExplainReport } from './report';
import { manifestTextOf } from '../../changes/manifest-text';
import { ExplainedConnection, Explanation } from '../../explain/explanation';
import { FAILURES } from '../../explain/failures';
import { printableJson, redactedJson, redacted } from '../../findings/safe-text';
import { ISTIO_MINOR } from '../../mesh/config/istiods';
import { readingJson } from '../findings/json';
import { Reading } from '../input/reading';

/** Explanations as JSON. See docs/schemas/explain.schema.json. */
export function explainJson({ explanations, notes }: ExplainReport, reading: Reading, refused: number, configuration?: string): string {
  const { files, documents, unreadable, skipped, facts } = reading;
  const told = [...reading.notes, ...notes.map((text) => ({ about: 'control plane' as const, text: redacted(text) }))];
  const report = {
    format: 1,
    istio: ISTIO_MINOR,
    ...configuration === undefined ? {} : { configuration: { path: configuration } },
    summary: { files, objects: documents.length, refused, unreadable: unreadable.length, skipped: skipped.length, facts: facts.documents.length },
    explanations: explanations.map(explanationJson),
    ...readingJson({ ...reading, notes: told }),
  };
  return `${printableJson(redactedJson(JSON.stringify(report, undefined, 2)))}\n`;
}

function explanationJson({ connections, ...explanation }: Explanation): object {
  return { ...explanation, connections: connections.map(connectionJson) };
}

function connectionJson({ connection: { hops, transport }, failure, advice, ...steps }: ExplainedConnection): object {
  return {
    hops,
    transport,
    ...steps,
    ...failure === undefined ? {} : { failure: { kind: failure, ...FAILURES[failure] } },
    ...advice === undefined ? {} : { advice: adviceJson(advice) },
  };
}

function adviceJson({ mending, isOfCheck: _, ...advice }: NonNullable<ExplainedConnection['advice']>): object {
  if (!mending) return advice;
  const { change, outcome, code, spares } = mending;
  const yaml = manifestTextOf(mending.manifest);
  return { ...advice, mending: { change, outcome, spares, ...yaml === undefined ? {} : { yaml }, code } };
}
