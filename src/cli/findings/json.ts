import type { ConfigurationFile } from './configuration-file';
import { printableJson } from '../../findings/safe-text';
import { Position } from '../../manifests/source-text';
import { ISTIO_MINOR } from '../../mesh/config/istiods';
import { Note } from '../input/raw-sources';
import { Unreadable } from '../input/read-text';
import { Reading } from '../input/reading';

/** What a report says of its run. */
export interface PrintedRun {
  /**
   * The Istio minor version that is modelled.
   *
   * @pattern ^\d+\.\d+$
   */
  readonly istio: string;
  /** The configuration file of the run. Missing if there is none. */
  readonly configuration?: ConfigurationFile;
}

/** The manifests that one state of a mesh was read from. */
export interface PrintedState extends PrintedRun {
  /** What was read. */
  readonly summary: ReadCounts;
}

/** How much was read. */
export interface ReadCounts {
  /** Files that were read. */
  readonly files: number;
  /** Objects that were judged; each item of a List counts. */
  readonly objects: number;
  /** Objects that an API server or istiod would reject: they aren't part of the mesh. */
  readonly refused: number;
  /** Documents and paths that could not be read. */
  readonly unreadable: number;
  /** Documents and files found in folders or by patterns that aren't judged; skipped lists them. */
  readonly skipped: number;
  /** Objects of --with. */
  readonly facts: number;
}

/** What could not be read or isn't judged, and notes. */
export interface PrintedReading {
  /** Documents and paths that could not be read. */
  readonly unreadable: readonly PrintedUnreadable[];
  /** Documents and files found in folders or by patterns that aren't judged. */
  readonly skipped: readonly PrintedSkipped[];
  /** Notes on how the manifests were read, and on the control plane. */
  readonly notes: readonly Note[];
}

/** Where something is in a file. Missing if the file or path is meant as a whole. */
export interface PrintedPlace {
  /** @minimum 1 */
  readonly line?: number;
  /** @minimum 1 */
  readonly column?: number;
}

/** A document or path that could not be read. */
interface PrintedUnreadable extends PrintedPlace {
  /**
   * The command istio-mtls rules explains it.
   *
   * @pattern ^ADMIT\d{3}$
   */
  readonly code: string;
  readonly file: string;
  readonly actual: string;
  readonly expected: string;
  readonly because?: string;
  readonly fix: string;
}

/** A document or file that isn't judged. */
interface PrintedSkipped extends PrintedPlace {
  readonly file: string;
  readonly why: string;
}

export function runJson(configuration: ConfigurationFile | undefined): PrintedRun {
  return { istio: ISTIO_MINOR, ...configuration && { configuration } };
}

export function stateJson(reading: Reading, refused: number, configuration: ConfigurationFile | undefined): PrintedState {
  const { files, documents, unreadable, skipped, facts } = reading;
  return {
    ...runJson(configuration),
    summary: {
      files, objects: documents.length, refused, unreadable: unreadable.length, skipped: skipped.length, facts: facts.documents.length,
    },
  };
}

export function readingJson({ unreadable, skipped, notes }: Pick<Reading, 'unreadable' | 'skipped' | 'notes'>): PrintedReading {
  return {
    unreadable: unreadable.map(unreadableJson),
    skipped: skipped.map(({ file, position, why }) => ({ file, ...position && placeJson(position), why })),
    notes,
  };
}

/** A report as JSON for programs. */
export function json(value: unknown): string {
  return `${printableJson(JSON.stringify(value, null, 2))}\n`;
}

function unreadableJson({ code, file, position, actual, expected, because, fix }: Unreadable): PrintedUnreadable {
  return { code, file, ...position && placeJson(position), actual, expected, because, fix };
}

export function placeJson({ line, column }: Position): Required<PrintedPlace> {
  return { line, column };
}
