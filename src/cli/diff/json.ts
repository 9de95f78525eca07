import { ChangeCounts, ReportedChanges } from '../../changes/diff-report';
import { GateWords } from '../../changes/gates';
import { ISTIO_MINOR } from '../../mesh/config/istiods';
import { DiffReport, gateFailures, unreadableIn } from '../comparison/report';
import type { ConfigurationFile } from '../findings/configuration-file';
import { json, PrintedReading, PrintedRun, readingJson } from '../findings/json';
import { Reading } from '../input/reading';

/** What istio-mtls diff -o json prints */
export interface PrintedDiff extends ReportedChanges, PrintedRun, PrintedReading {
  /** Increases when a field changes its meaning or is removed. New fields may be added at any time. */
  readonly format: 2;
  /** The configuration file of the run. Missing if there is none. */
  readonly configuration?: ComparisonConfiguration;
  /** How much was read, and how much of it differs. */
  readonly summary: ComparedCounts;
  /** The conditions of `--fail-on` that are met, one sentence each. */
  readonly failures: readonly string[];
  /** The objects of NEW that an API server or istiod would reject: they aren't part of the comparison. */
  readonly refusals: DiffReport['refusals'];
}

/** A configuration file, with what it states about the cluster. */
interface ComparisonConfiguration extends ConfigurationFile {
  /** What it says of the cluster, such as `injectedNamespaces payments`. */
  readonly facts: readonly string[];
}

/** How much was read for both states, and how much of it differs. */
interface ComparedCounts extends ChangeCounts {
  /** What was read for the state before. */
  readonly before: CountsOfState;
  /** What was read for the state after. */
  readonly after: CountsOfState;
}

/** How much was read for a state. */
interface CountsOfState {
  readonly files: number;
  readonly objects: number;
  /** Other objects of the cluster. */
  readonly facts: number;
  /** Objects that an API server or istiod would reject: they aren't part of the comparison. */
  readonly refused: number;
}

/** The report as JSON. See docs/schemas/diff.schema.json. */
export function diffJson(report: DiffReport, failOn: GateWords): string {
  const { before, after, refused, notes, configuration, said, summary, ...changes } = report;
  const printed: PrintedDiff = {
    format: 2,
    istio: ISTIO_MINOR,
    ...configuration !== undefined && { configuration: { ...configuration, facts: said?.facts ?? [] } },
    summary: { before: countsOf(before, refused.before), after: countsOf(after, refused.after), ...summary },
    failures: gateFailures(report, failOn),
    ...changes,
    ...readingJson({ unreadable: unreadableIn(report), skipped: [...before.skipped, ...after.skipped], notes }),
  };
  return json(printed);
}

function countsOf({ files, documents, facts }: Reading, refused: number): CountsOfState {
  return { files, objects: documents.length, facts: facts.documents.length, refused };
}
