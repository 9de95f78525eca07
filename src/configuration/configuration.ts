import { dirname, isAbsolute, join } from 'node:path';
import { Faults, SettingsFields, SettingsDocument, readSettingsText, TextRule } from './settings-file';
import { readSeverities, Severities } from './severities';
import { isDnsDomain, isDnsLabel, isDnsSubdomain } from '../admission/metadata/kubernetes-names';
import { StatedAcknowledgement, isCalendarDate } from '../findings/acknowledgement';
import { FAIL_WORDS, FailWords, FailWord, FieldPath } from '../findings/finding';
import { nearest } from '../findings/nearest';
import { shown } from '../findings/safe-text';
import { groupKind, scopeOf, WorkloadKind } from '../manifests/kinds';
import { Position } from '../manifests/source-text';
import { MESH_MODES, MeshMode } from '../mesh/config/control-plane-facts';
import { minorOf } from '../mesh/config/istiods';
import { ALL_NAMESPACES } from '../mesh/workloads/injection-facts';

/** The contents of a configuration file, with paths relative to the working directory. See docs/configuration.md. */
export interface Configuration {
  /** The name of the file in output. */
  readonly file: string;
  /** What is judged unless the command line names paths. */
  readonly paths?: readonly string[];
  /** Facts: manifests that aren't checked. */
  readonly with?: readonly string[];
  /** The namespace of objects that don't name theirs. */
  readonly namespace?: string;
  readonly injectedNamespaces?: readonly string[];
  readonly uninjectedNamespaces?: readonly string[];
  readonly partialNamespaces?: readonly string[];
  readonly installedRevisions?: readonly string[];
  readonly istiodNamespace?: string;
  /** Kinds that run pods, in addition to those of Kubernetes and Argo's Rollout. */
  readonly workloadKinds?: readonly WorkloadKind[];
  readonly rootNamespace?: string;
  readonly meshMode?: MeshMode;
  readonly trustDomain?: string;
  readonly clusterDomain?: string;
  readonly istioVersion?: string;
  /** Environment variables of istiod. */
  readonly istiodEnv?: Readonly<Record<string, string>>;
  /** Files with istiod's mesh config or with the input of its installer. */
  readonly meshConfigs?: readonly string[];
  readonly severities: Severities;
  readonly failOn?: FailWords;
  readonly acknowledgements: readonly StatedAcknowledgement[];
  readonly baseline?: string;
  /** For how many more days the certificates of a CA should be valid. */
  readonly caHorizon?: number;
  /** Where a field is written in the file. */
  positionOf(field: FieldPath): Position;
}

const FIELDS = [
  '$schema', 'paths', 'with', 'namespace', 'injectedNamespaces', 'uninjectedNamespaces',
  'partialNamespaces', 'installedRevisions', 'istiodNamespace',
  'workloadKinds', 'rootNamespace', 'meshMode', 'trustDomain', 'clusterDomain', 'istioVersion', 'istiodEnv', 'meshConfigs', 'severities',
  'failOn', 'acknowledgements', 'baseline', 'caHorizon',
];

const ACKNOWLEDGEMENT_FIELDS = ['code', 'kind', 'namespace', 'name', 'reason', 'owner', 'expires'];

const NAMESPACE: TextRule = {
  expected: 'the name of a namespace',
  because: 'it has at most 63 lowercase letters, digits and \'-\'',
  fix: 'correct the name',
  holds: isDnsLabel,
};
const VERSION: TextRule = {
  expected: 'a version such as 1.31',
  fix: 'write at least the major and minor version, in quotes',
  holds: (text) => minorOf(text) !== undefined,
};
const DOMAIN: TextRule = {
  expected: 'DNS labels separated by dots, such as cluster.local', fix: 'write it without scheme and path', holds: isDnsDomain,
};
const MODE: TextRule = {
  expected: `one of ${MESH_MODES.join(', ')}`, fix: 'write one of them', holds: (text) => (MESH_MODES as readonly string[]).includes(text),
};
const PATH: TextRule = {
  expected: 'a file, a folder or a pattern',
  because: 'only the command line can name standard input',
  fix: 'pass - on the command line',
  holds: (text) => text !== '-',
};
const CODE: TextRule = {
  expected: 'a code such as MTLS103', fix: 'use a code that istio-mtls rules lists', holds: (text) => /^(?:MTLS|ADMIT)\d{3}$/.test(text),
};
const DATE: TextRule = { expected: 'a date such as 2027-03-31', fix: 'write its last day as YYYY-MM-DD', holds: isCalendarDate };

/** @throws SettingsError if the file can't be read or isn't valid */
export function loadConfiguration(file: string): Configuration {
  return readConfiguration(readSettingsText(file, 'create it, or name another file'), file);
}

const NAMESPACE_OR_ALL: TextRule = {
  ...NAMESPACE,
  expected: 'the name of a namespace, or *',
  holds: (text) => text === ALL_NAMESPACES || isDnsLabel(text),
};

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
    with: fields.texts('with', PATH)?.map(here),
    namespace: fields.text('namespace', NAMESPACE),
    injectedNamespaces: fields.texts('injectedNamespaces', NAMESPACE_OR_ALL),
    uninjectedNamespaces: fields.texts('uninjectedNamespaces', NAMESPACE_OR_ALL),
    partialNamespaces: fields.texts('partialNamespaces', NAMESPACE),
    installedRevisions: fields.texts('installedRevisions'),
    istiodNamespace: fields.text('istiodNamespace', NAMESPACE),
    workloadKinds: readWorkloadKinds(fields, document),
    rootNamespace: fields.text('rootNamespace', NAMESPACE),
    meshMode: fields.text('meshMode', MODE) as MeshMode | undefined,
    trustDomain: fields.text('trustDomain', DOMAIN),
    clusterDomain: fields.text('clusterDomain', DOMAIN),
    istioVersion: fields.text('istioVersion', VERSION),
    istiodEnv: fields.textMapping('istiodEnv'),
    meshConfigs: fields.texts('meshConfigs', PATH)?.map(here),
    severities: readSeverities(fields.mapping('severities'), document),
    failOn: readFailWords(fields, document),
    acknowledgements: fields.mappings('acknowledgements', ACKNOWLEDGEMENT_FIELDS).map(readAcknowledgement),
    baseline: baseline === undefined ? undefined : here(baseline),
    caHorizon: fields.count('caHorizon'),
    positionOf: (field) => document.positionOf(field),
  };
  document.finish();
  return read;
}

function readFailWords(fields: SettingsFields, faults: Faults): FailWords | undefined {
  const words = fields.list('failOn');
  if (!words) return undefined;
  const fault = (path: FieldPath, actual: string, expected: string, fix: string) => (
    faults.fault(path, { code: 'MTLS092', actual, expected, fix }));
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

const WORKLOAD_KIND_FIELDS = ['group', 'kind', 'podTemplate'];

const GROUP: TextRule = {
  expected: 'an API group, such as apps.kruise.io',
  because: 'a custom resource\'s group is a domain, and its version doesn\'t matter',
  fix: 'write the part of apiVersion before the slash',
  holds: (text) => isDnsSubdomain(text) && text.includes('.'),
};
const KIND: TextRule = {
  expected: 'a kind, such as CloneSet', fix: 'write it as in the manifests', holds: (text) => /^[A-Z][A-Za-z0-9]{0,62}$/.test(text),
};
const POD_TEMPLATE: TextRule = {
  expected: 'field names separated by dots, such as spec.template',
  fix: 'write the path of the field with the pods\' metadata and spec',
  holds: (text) => /^[A-Za-z]\w*(\.[A-Za-z]\w*)*$/.test(text),
};

/** Where most kinds keep their pod template. */
const USUAL_POD_TEMPLATE = 'spec.template';

/** The kinds that run pods that a user adds to the built-in ones. */
export function readWorkloadKinds(fields: SettingsFields, faults: Faults): readonly WorkloadKind[] | undefined {
  if (fields.list('workloadKinds') === undefined) return undefined;
  const read = new Map<string, WorkloadKind>();
  for (const entry of fields.mappings('workloadKinds', WORKLOAD_KIND_FIELDS)) {
    const kind = readWorkloadKind(entry);
    if (kind.group === '' || kind.kind === '') continue;
    const name = groupKind(kind);
    const fault = (actual: string, expected: string, because: string) => (
      faults.fault([...entry.path, 'kind'], { code: 'MTLS092', actual, expected, because, fix: 'delete the entry' }));
    if (scopeOf({
      apiVersion: `${kind.group}/v1`, kind: kind.kind,
    })) fault(`'${name}'`, 'a kind that isn\'t built in', 'its pods are already known, or it has none');
    else if (read.has(name)) fault(`a second '${name}'`, 'each kind once', 'a kind has one pod template');
    else read.set(name, kind);
  }
  return [...read.values()];
}

function readWorkloadKind(entry: SettingsFields): WorkloadKind {
  const podTemplate = entry.text('podTemplate', POD_TEMPLATE) ?? USUAL_POD_TEMPLATE;
  return { group: entry.requiredText('group', GROUP), kind: entry.requiredText('kind', KIND), podTemplate: podTemplate.split('.') };
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
