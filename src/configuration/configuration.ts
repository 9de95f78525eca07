import { dirname, isAbsolute, join } from 'node:path';
import { MESH_FACT_FIELDS, ConfiguredFacts, PATH, readMeshFacts } from './mesh-facts';
import { NamedMeshes, readMeshes } from './meshes';
import { RenderedSource } from './rendered-source';
import { Faults, SettingsFields, SettingsDocument, readSettingsText, TextRule } from './settings-file';
import { readSeverities, Severities } from './severities';
import { CALL_WARNINGS, StatedAcknowledgement, isCalendarDate } from '../findings/acknowledgement';
import { FAIL_WORDS, FailWords, FailWord, FieldPath } from '../findings/finding';
import { nearest } from '../findings/nearest';
import { shown } from '../findings/safe-text';
import { Position } from '../manifests/source-text';

/** The contents of a configuration file, with paths relative to the working directory. See docs/configuration.md. */
export interface Configuration extends ConfiguredFacts {
  /** The name of the file in output. */
  readonly file: string;
  /** What is judged unless the command line names paths. */
  readonly paths?: readonly string[];
  /** What is judged after helm or kustomize rendered it. */
  readonly rendered?: readonly RenderedSource[];
  /** Meshes that are judged separately, instead of `paths`. */
  readonly meshes?: NamedMeshes;
  /** The mesh whose settings these are; undefined: those that hold for any. */
  readonly mesh?: string;
  readonly severities: Severities;
  readonly failOn?: FailWords;
  readonly acknowledgements: readonly StatedAcknowledgement[];
  readonly baseline?: string;
  /** For how many more days the certificates of a CA should be valid. */
  readonly caHorizon?: number;
  /** Whether every possible call is judged, also those that workloads don't declare. */
  readonly allCalls?: boolean;
  /** Where a field is written in the file. */
  positionOf(field: FieldPath): Position;
}

const FIELDS = [
  '$schema', 'paths', ...MESH_FACT_FIELDS, 'severities', 'failOn', 'acknowledgements', 'baseline', 'caHorizon', 'allCalls', 'meshes',
];

const ACKNOWLEDGEMENT_FIELDS = ['code', 'kind', 'namespace', 'name', 'reason', 'owner', 'expires'];

const CODE: TextRule = {
  expected: 'a code such as MTLS103',
  fix: 'use a code that istio-mtls rules lists',
  holds: (text) => /^(?:MTLS|ADMIT)\d{3}$/.test(text) || CALL_WARNINGS.includes(text),
};
const DATE: TextRule = { expected: 'a date such as 2027-03-31', fix: 'write its last day as YYYY-MM-DD', holds: isCalendarDate };

/** @throws SettingsError if the file can't be read or isn't valid */
export function loadConfiguration(file: string): Configuration {
  return readConfiguration(readSettingsText(file, 'create it, or name another file'), file);
}

/**
 * Reads a configuration file's text.
 *
 * @param file its path from the working directory
 * @throws SettingsError with all faults
 */
export function readConfiguration(text: string, file: string): Configuration {
  const document = new SettingsDocument(text, file);
  const fields = document.fields(FIELDS);
  const here = (path: string) => (isAbsolute(path) ? path : join(dirname(file), path));
  fields.text('$schema');
  const baseline = fields.text('baseline', PATH);
  const read: Configuration = {
    file,
    paths: fields.texts('paths', PATH)?.map(here),
    meshes: readMeshes(fields, document, here),
    ...readMeshFacts(fields, document, here),
    severities: readSeverities(fields.mapping('severities'), document),
    failOn: readFailWords(fields, document),
    acknowledgements: fields.mappings('acknowledgements', ACKNOWLEDGEMENT_FIELDS).map(readAcknowledgement),
    baseline: baseline === undefined ? undefined : here(baseline),
    caHorizon: fields.count('caHorizon'),
    allCalls: readFlag('allCalls', fields, document),
    positionOf: (field) => document.positionOf(field),
  };
  if (read.paths && read.meshes) {
    document.fault(['paths'], {
      code: 'API092', actual: 'given beside meshes', expected: 'one of the two, because each mesh has its own', fix: 'make it a mesh',
    });
  }
  document.finish();
  return read;
}

function readFlag(name: string, fields: SettingsFields, faults: Faults): boolean | undefined {
  const value = fields.value(name);
  if (value === undefined || typeof value === 'boolean') return value;
  faults.fault([name], { code: 'API092', actual: shown(value), expected: 'true or false', fix: 'write one of them without quotes' });
  return undefined;
}

function readFailWords(fields: SettingsFields, faults: Faults): FailWords | undefined {
  const words = fields.list('failOn');
  if (!words) return undefined;
  const fault = (path: FieldPath, actual: string, expected: string, fix: string) => (
    faults.fault(path, { code: 'API092', actual, expected, fix }));
  for (const [index, word] of words.entries()) {
    if (FAIL_WORDS.includes(word as FailWord)) continue;
    const meant = typeof word === 'string' ? nearest(word, FAIL_WORDS) : undefined;
    fault(['failOn', index], shown(word), `one of ${FAIL_WORDS.join(', ')}`, `write ${meant ?? 'one of them'}`);
  }
  if (words.length === 0) {
    fault(['failOn'], 'an empty list', `one or more of ${FAIL_WORDS.join(', ')}`, 'write [never] if nothing should fail');
  }
  if (words.length > 1 && words.includes('never')) {
    fault(['failOn'], '\'never\' together with other words', 'either \'never\' or the others', 'delete \'never\', or the others');
  }
  return words as FailWords;
}

function readAcknowledgement(fields: SettingsFields): StatedAcknowledgement {
  const named = (name: string) => {
    const text = fields.text(name);
    return text === '*' ? undefined : text;
  };
  return {
    code: fields.requiredText('code', CODE),
    kind: named('kind'),
    namespace: named('namespace'),
    name: named('name'),
    reason: fields.requiredText('reason'),
    owner: fields.text('owner'),
    expires: fields.text('expires', DATE),
  };
}

/** Where an acknowledgement of a run is written. */
export interface AcknowledgementPlace {
  readonly field: FieldPath;
  /** Undefined: not in the configuration file. */
  readonly place?: { readonly file: string; readonly position: Position };
}

/**
 * Where the acknowledgement of a field is written, whose index counts all acknowledgements of a run. Those of the configuration
 * file come first; the returned index of the others starts at the first of them.
 *
 * @returns undefined if the field isn't that of an acknowledgement
 */
export function acknowledgementPlace(field: FieldPath, configuration: Configuration): AcknowledgementPlace | undefined {
  const { file, acknowledgements } = configuration;
  const [list, index] = field;
  if (list !== 'acknowledgements' || typeof index !== 'number') return undefined;
  if (index >= acknowledgements.length) return { field: [list, index - acknowledgements.length] };
  return { field, place: { file, position: configuration.positionOf(field) } };
}
