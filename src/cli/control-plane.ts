import { InvalidArgumentError, Option } from 'commander';
import { fileName, namespaceName } from './arguments';
import { isDnsDomain } from '../admission/metadata/kubernetes-names';
import { bothFacts, ControlPlaneFacts } from '../mesh/config/control-plane-facts';
import { ISTIO_MINOR, minorOf } from '../mesh/config/istiods';

/** What `istiodOptions` give. */
export interface IstiodOptionValues {
  readonly istiodNamespace?: string;
  readonly clusterDomain?: string;
  readonly meshConfig: readonly string[];
}

/** What `controlPlaneOptions` give. */
export interface ControlPlaneOptionValues extends IstiodOptionValues {
  readonly rootNamespace?: string;
  readonly trustDomain?: string;
  readonly istioVersion?: string;
  readonly istiodEnv?: Readonly<Record<string, string>>;
}

/** Where istiod is and what it is installed with, and what its cluster calls services. */
export function istiodOptions(): Option[] {
  return [
    new Option('--istiod-namespace <name>', 'where istiod runs, with its mesh config and its CA; istio-system unless told').argParser(namespaceName),
    new Option('--mesh-config <file>', 'the mesh config that istiod reads, or the Helm values, IstioOperator or Istio of the Sail operator that it comes from; may be repeated')
      .argParser((file: string, files: readonly string[]) => [...files, fileName(file)]).default([], 'none'),
    new Option('--cluster-domain <domain>', 'the DNS suffix of the cluster\'s services; cluster.local unless told').argParser(domainName),
  ];
}

/** The same, and what of it may be told by itself. */
export function controlPlaneOptions(): Option[] {
  return [
    ...istiodOptions(),
    new Option('--root-namespace <name>', 'the namespace whose policies hold for the whole mesh; unless told, the mesh config says it').argParser(namespaceName),
    new Option('--trust-domain <domain>', 'the first part of every identity; unless told, the mesh config says it').argParser(domainName),
    new Option('--istio-version <version>', `istiod's version, if it isn't ${ISTIO_MINOR}, which is modelled: what it is known to decide otherwise counts, or is told`).argParser(version),
    new Option('--istiod-env <name=value>', 'a variable of istiod\'s environment that changes what it decides; may be repeated').argParser(variable).default({}, 'none'),
  ];
}

/**
 * The same as admission and the model take it: what is told by itself takes the place of what a file says.
 *
 * @throws SettingsError if a file can't be read, or says what istiod rejects or ignores
 */
export function controlPlaneFacts(values: ControlPlaneOptionValues): ControlPlaneFacts {
  const { meshConfig, istiodNamespace, rootNamespace, trustDomain, clusterDomain, istioVersion, istiodEnv } = values;
  const told = { istiodNamespace, rootNamespace, trustDomain, clusterDomain, istioVersion, istiodEnv };
  if (meshConfig.length === 0) return told;
  // Loaded when there is a file: most runs have none.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { installationFacts } = require('../configuration/installation') as typeof import('../configuration/installation');
  return bothFacts(told, installationFacts(meshConfig, istiodNamespace));
}

function version(text: string): string {
  if (minorOf(text) !== undefined) return text;
  throw new InvalidArgumentError('It is a version such as 1.31.');
}

function variable(text: string, others: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const [written, name, value] = /^([A-Z_][A-Z0-9_]*)=(.*)$/s.exec(text) ?? [];
  if (written === undefined) throw new InvalidArgumentError('It is a name in capitals and a value, such as ENABLE_ENHANCED_DESTINATIONRULE_MERGE=false.');
  return { ...others, [name]: value };
}

function domainName(name: string): string {
  if (isDnsDomain(name)) return name;
  throw new InvalidArgumentError('A domain is DNS labels with dots between them, such as cluster.local.');
}
