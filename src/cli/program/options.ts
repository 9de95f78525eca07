import { InvalidArgumentError, Option } from 'commander';
import { isDnsDomain, isDnsLabel } from '../../admission/metadata/kubernetes-names';
import { StatedAcknowledgement, isCalendarDate } from '../../findings/acknowledgement';
import { FAIL_ON_ERROR, FAIL_WORDS, FailWords, faultIn, readFailOn } from '../../findings/finding';
import { bothFacts, ControlPlaneFacts, MESH_MODES, MeshMode } from '../../mesh/config/control-plane-facts';
import { ISTIO_MINOR, minorOf } from '../../mesh/config/istiods';
import type { MeshOptions } from '../../mesh/mesh';
import { ALL_NAMESPACES } from '../../mesh/workloads/injection-facts';
import { late } from '../../modules/late';
import { STANDARD_INPUT } from '../input/sources';

/** The values of `meshOptions`. */
export interface MeshOptionValues extends ControlPlaneOptionValues {
  readonly injectedNamespace: readonly string[];
  readonly uninjectedNamespace: readonly string[];
  readonly installedRevision?: readonly string[];
  readonly partialNamespace: readonly string[];
  readonly meshMode?: MeshMode;
}

/** The values of `sourceOptions`. */
export interface SourceOptionValues {
  readonly namespace?: string;
  readonly with: readonly string[];
  readonly listSkipped?: boolean;
}

/** Options for further input, and how it is read. */
export function sourceOptions(): Option[] {
  return [
    namespaceOption(),
    new Option('--with <path>', 'manifests of other objects in the cluster, which are taken as given and not checked; may be repeated')
      .argParser((path: string, paths: readonly string[]) => [...paths, path]).default([], 'none'),
    new Option('--list-skipped', 'list documents found in folders that aren\'t checked, and why'),
  ];
}

export function namespaceOption(): Option {
  return new Option('-n, --namespace <name>', 'namespace of objects that name none, as for kubectl').argParser(namespaceName);
}

/** Reads a list of words for `--fail-on`. */
export function failWordsOf<Word extends string>(words: readonly Word[]): (list: string) => readonly Word[] {
  return (list) => {
    const given = list.split(',').map((word) => word.trim());
    const fault = faultIn(given, words);
    if (fault) throw new InvalidArgumentError(`failOn is ${fault.actual}; expected ${fault.expected}.`);
    return given as Word[];
  };
}

/** The option for the conditions of failure. */
export function failOnOption(words: FailWords = FAIL_WORDS): Option {
  const help = `comma-separated conditions that give exit code 1: ${words.join(', ')}`;
  return new Option('--fail-on <words>', help).default(FAIL_ON_ERROR, 'error').argParser((list: string) => {
    try {
      return readFailOn(list, words);
    } catch (error) {
      throw new InvalidArgumentError(`${(error as Error).message}.`);
    }
  });
}

/** The option to show all findings. */
export function allOption(): Option {
  return new Option('--all', 'show every finding and unreadable document, even if many are alike');
}

/** Options for facts about the mesh that the manifests may lack. */
export function meshOptions(): Option[] {
  return [
    namespacesOption('--injected-namespace <name>',
      'a namespace with sidecar injection that the manifests don\'t include, or * for all others; may be repeated', ALL_NAMESPACES),
    namespacesOption('--uninjected-namespace <name>',
      'the same, of a namespace without sidecar injection', ALL_NAMESPACES),
    namespacesOption('--partial-namespace <name>', 'a namespace that the manifests include only in part; may be repeated'),
    new Option('--installed-revision <name>',
      'an installed istiod revision; may be repeated; `default` is that of istio-injection; defaults to all that namespaces and pods name')
      .argParser((name: string, names: readonly string[] | undefined) => [...names ?? [], revisionName(name)]),
    ...controlPlaneOptions(),
  ];
}

/** Not for verbs that make a policy of the mesh themselves. */
export function meshModeOption(): Option {
  return new Option('--mesh-mode <mode>',
    'the mode of the mesh, if the manifests hold no PeerAuthentication for all of it; defaults to PERMISSIVE').choices(MESH_MODES);
}

/** For verbs that judge only the calls that workloads declare. */
export function allCallsOption(): Option {
  return new Option('--all-calls', 'judge every call that workloads may make, also those that they don\'t declare (calls.istio-mtls/to)');
}

/** The values of these options as the model's facts. */
export function meshFacts({
  injectedNamespace, uninjectedNamespace, installedRevision, partialNamespace, meshMode, ...values
}: MeshOptionValues): Omit<MeshOptions, 'parseYaml'> {
  return {
    injectedNamespaces: injectedNamespace,
    uninjectedNamespaces: uninjectedNamespace,
    installedRevisions: installedRevision,
    partialNamespaces: partialNamespace,
    meshMode,
    ...controlPlaneFacts(values),
  };
}

/** @param word one that stands for no single namespace */
function namespacesOption(flags: string, description: string, word?: string): Option {
  const nameOf = (name: string) => (name === word ? name : namespaceName(name));
  return new Option(flags, description).argParser((name: string, names: readonly string[]) => [...names, nameOf(name)])
    .default([], 'none');
}

const ACKNOWLEDGEMENT = /^(\S+?)(?: (\S+) (?:([^\s/]+)\/)?([^\s/]+?))?: *(\S.*)$/;

export function acknowledgeOption(): Option {
  return new Option('--acknowledge <text>', 'accept a finding, as "CODE: reason" or "CODE Kind namespace/name: reason"; may be repeated')
    .argParser(acknowledgement).default([], 'none');
}

/** Parses `CODE: reason` or `CODE Kind namespace/name: reason`, with `*` for any; for a cluster-scoped kind `CODE Kind name: reason`. */
function acknowledgement(text: string, others: readonly StatedAcknowledgement[]): readonly StatedAcknowledgement[] {
  const [, code, kind, namespace, name, reason] = ACKNOWLEDGEMENT.exec(text) ?? [];
  if (code === undefined) throw new InvalidArgumentError('It is written as "CODE: reason" or "CODE Kind namespace/name: reason".');
  return [...others, { code, kind: named(kind), namespace: named(namespace), name: named(name), reason }];
}

function named(word: string | undefined): string | undefined {
  return word === '*' ? undefined : word;
}

/** The values of `istiodOptions`. */
export interface IstiodOptionValues {
  readonly istiodNamespace?: string;
  readonly clusterDomain?: string;
  readonly meshConfig: readonly string[];
}

/** The values of `meshFactOptions`. */
export interface MeshFactOptionValues extends IstiodOptionValues {
  readonly rootNamespace?: string;
  readonly trustDomain?: string;
}

/** The values of `controlPlaneOptions`. */
export interface ControlPlaneOptionValues extends MeshFactOptionValues {
  readonly istioVersion?: string;
  readonly istiodEnv?: Readonly<Record<string, string>>;
}

/** Options for istiod's namespace and installation, and the cluster's domain. */
export function istiodOptions(): Option[] {
  return [
    new Option('--istiod-namespace <name>',
      'namespace of istiod, its mesh config and its CA; defaults to istio-system').argParser(namespaceName),
    new Option('--mesh-config <file>',
      'istiod\'s mesh config, or its source: Helm values, an IstioOperator, or the Sail operator\'s Istio; may be repeated')
      .argParser((file: string, files: readonly string[]) => [...files, fileName(file)]).default([], 'none'),
    new Option('--cluster-domain <domain>', 'the DNS suffix of the cluster\'s services; defaults to cluster.local').argParser(domainName),
  ];
}

/** The same, with options that state single facts. */
export function meshFactOptions(): Option[] {
  return [
    ...istiodOptions(),
    new Option('--root-namespace <name>',
      'the namespace whose policies apply to the whole mesh; defaults to that of the mesh config').argParser(namespaceName),
    new Option('--trust-domain <domain>', 'the trust domain of all identities; defaults to that of the mesh config').argParser(domainName),
  ];
}

export function istioVersionOption(): Option {
  return new Option('--istio-version <version>',
    `istiod's version, if not ${ISTIO_MINOR}; known differences are applied or reported`).argParser(version);
}

/** The same, with options for istiod's installation and version. */
function controlPlaneOptions(): Option[] {
  return [
    ...meshFactOptions(),
    istioVersionOption(),
    new Option('--istiod-env <name=value>',
      'an environment variable of istiod that affects its behavior; may be repeated').argParser(variable).default({}, 'none'),
  ];
}

/**
 * The values as facts for admission and the model: explicit options override files.
 *
 * @throws SettingsError if a file can't be read, or holds values that istiod rejects or ignores
 */
export function controlPlaneFacts(values: ControlPlaneOptionValues): ControlPlaneFacts {
  const { meshConfig, istiodNamespace, rootNamespace, trustDomain, clusterDomain, istioVersion, istiodEnv } = values;
  const told = { istiodNamespace, rootNamespace, trustDomain, clusterDomain, istioVersion, istiodEnv };
  if (meshConfig.length === 0) return told;
  // Loaded late: most runs have no such file.
  const { installationFacts } = late<typeof import('../../configuration/installation')>(() => require('../../configuration/installation'));
  return bothFacts(told, installationFacts(meshConfig, istiodNamespace));
}

function version(text: string): string {
  if (minorOf(text) !== undefined) return text;
  throw new InvalidArgumentError('It is a version such as 1.31.');
}

function variable(text: string, others: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const [written, name, value] = /^([A-Z_][A-Z0-9_]*)=(.*)$/s.exec(text) ?? [];
  if (written === undefined) {
    throw new InvalidArgumentError('It is an uppercase name and a value, such as ENABLE_ENHANCED_DESTINATIONRULE_MERGE=false.');
  }
  return { ...others, [name]: value };
}

function domainName(name: string): string {
  if (isDnsDomain(name)) return name;
  throw new InvalidArgumentError('A domain is DNS labels separated by dots, such as cluster.local.');
}

function namespaceName(name: string): string {
  if (isDnsLabel(name)) return name;
  throw new InvalidArgumentError('The name of a namespace has at most 63 lowercase letters, digits and \'-\'.');
}

/** The path of a file; standard input isn't allowed. */
export function fileName(text: string): string {
  if (text !== STANDARD_INPUT && text !== '') return text;
  throw new InvalidArgumentError('It is the path of a file.');
}

/** A whole number of days, at most 99999. */
export function days(text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a whole number of days.');
}

function revisionName(name: string): string {
  if (name !== '') return name;
  throw new InvalidArgumentError('The name of a revision isn\'t empty.');
}

export function calendarDate(text: string): string {
  if (isCalendarDate(text)) return text;
  throw new InvalidArgumentError('It is a date such as 2027-03-31.');
}
