import { ExplainReport } from './report';
import { CallExplanation } from '../../explain/explanation';
import { printableJson, redacted, redactedJson } from '../../findings/safe-text';
import type { ConfigurationFile } from '../findings/configuration-file';
import { PrintedReading, PrintedState, readingJson, stateJson } from '../findings/json';
import { Reading } from '../input/reading';

/** What istio-mtls explain -o json prints */
export interface PrintedExplanations extends PrintedState, PrintedReading {
  /** Increases when a field changes its meaning or is removed. New fields may be added at any time. */
  readonly format: 1;
  /** One for each client and service port that the names match. */
  readonly explanations: readonly CallExplanation[];
}

/** Explanations as JSON. See docs/schemas/explain.schema.json. */
export function explainJson(
  { explanations, notes }: ExplainReport, reading: Reading, refused: number, configuration?: ConfigurationFile,
): string {
  const ofMesh = notes.map((text) => ({ about: 'control plane' as const, text: redacted(text) }));
  const printed: PrintedExplanations = {
    format: 1,
    ...stateJson(reading, refused, configuration),
    explanations,
    ...readingJson({ ...reading, notes: [...reading.notes, ...ofMesh] }),
  };
  return `${printableJson(redactedJson(JSON.stringify(printed, undefined, 2)))}\n`;
}
