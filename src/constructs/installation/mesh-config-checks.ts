import { IConstruct } from 'constructs';
import { MeshConfigFields } from './mesh-config-fields';
import { checkMeshConfig } from '../../admission/mesh-config/check';
import { refusalMessage } from '../../findings/refusal';
import { AppCheck } from '../app-check';
import { Refuse } from '../refuse';

/** Throws the first thing that is wrong with a mesh config, what istiod would reject before what it would ignore. */
export function checkFields(fields: MeshConfigFields, refuse: Refuse): void {
  const problems = checkMeshConfig(fields);
  const problem = problems.find(({ consequence }) => consequence === 'rejected') ?? problems[0];
  if (!problem) return;
  const { path, actual, expected, because, fix, consequence } = problem;
  throw refuse({ code: consequence === 'rejected' ? 'MTLS041' : 'MTLS040', field: path, actual, expected, because, fix });
}

/** The injector writes these values between double quotes into the pod, without escaping them. */
const BREAKS_INJECTION = /["\\\n]/;

export function checkProxyMetadata(proxyMetadata: Record<string, unknown> = {}, refuse: Refuse): void {
  for (const [key, value] of Object.entries(proxyMetadata)) {
    if (typeof value === 'string' && !BREAKS_INJECTION.test(value)) continue;
    throw refuse(typeof value === 'string' ? {
      code: 'MTLS044',
      field: `defaultConfig.proxyMetadata.${key}`,
      actual: 'a string with a double quote, a backslash or a line break',
      expected: 'a string without them',
      because: "the injector writes it into the pod's YAML as it is, so that no sidecar could be injected any more",
      fix: 'leave these characters out',
    } : {
      code: 'MTLS041',
      field: `defaultConfig.proxyMetadata.${key}`,
      actual: `${value} (a ${typeof value})`,
      expected: 'a string',
      because: 'istiod would reject the whole mesh config, and tell only its log',
      fix: `put it in quotes: "${value}"`,
    });
  }
}

/** One root a certificate entry. */
export function checkCaCertificates(entries: readonly { pem?: string; spiffeBundleUrl?: string }[] = [], refuse: Refuse): void {
  for (const [index, { pem, spiffeBundleUrl }] of entries.entries()) {
    if (Boolean(pem) !== Boolean(spiffeBundleUrl)) continue;
    throw refuse({
      code: 'MTLS045',
      field: `caCertificates[${index}]`,
      actual: pem ? "given both 'pem' and 'spiffeBundleUrl'" : "given neither 'pem' nor 'spiffeBundleUrl'",
      expected: 'exactly one of the two',
      because: 'Istio keeps one root an entry',
      fix: pem ? 'make two entries of it' : "pass 'pem'",
    });
  }
}

/** A MeshConfig as far as another can collide with it. */
export interface KnownMeshConfig {
  readonly construct: IConstruct;
  /** `namespace/name` of the ConfigMap. */
  readonly name: string;
  /** Where policies for the whole mesh lie. */
  readonly rootNamespace: string;
}

/** The mesh configs of an app: two for one istiod would overwrite each other. */
export const meshConfigs = new AppCheck<KnownMeshConfig>((members) => members.flatMap(({ construct, name }, index) => {
  const first = members.findIndex((other) => other.name === name);
  return first === index ? [] : [refusalMessage({
    code: 'MTLS043',
    kind: 'MeshConfig',
    name,
    path: construct.node.path,
    field: 'metadata',
    actual: `a second one beside ${members[first].construct.node.path}`,
    expected: 'one mesh config for an istiod in an app',
    because: 'both are the same ConfigMap, so that the one applied last would replace the other',
    fix: 'merge the two',
  })];
}));
