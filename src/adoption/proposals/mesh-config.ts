import { AdoptedMesh, booleanOf, member, Proposal, textList, textMap, stringOf } from './proposal';
import { DiscoverySelectorOperator } from '../../constructs/installation/discovery-selector';
import { chartFields } from '../../constructs/installation/mesh-config-fields';
import { AccessLogEncoding, OutboundTrafficPolicyMode } from '../../constructs/installation/mesh-config-props';
import { TlsProtocol } from '../../constructs/installation/mesh-tls';
import { isMapping, Mapping, mapping } from '../../manifests/mapping';
import { readYaml } from '../../manifests/yaml/read-yaml';
import { DEFAULT_REVISION, revisionOfConfigMap } from '../../mesh/config/control-plane-facts';
import { isSame } from '../comparison';
import { CallExpression, Expression, FieldExpressions, Name, options } from '../expression';

/** The revision of istiod that reads a ConfigMap as its mesh config; undefined: none does. */
export function revisionOf({ kind, metadata, data }: Mapping, { namespace }: Pick<AdoptedMesh, 'namespace'>): string | undefined {
  const { name, namespace: own } = mapping(metadata);
  if (kind !== 'ConfigMap' || own !== namespace || typeof name !== 'string' || typeof mapping(data).mesh !== 'string') return undefined;
  return revisionOfConfigMap(name);
}

/**
 * A mesh config by its properties, and by `otherFields` for what has none.
 *
 * @param mesh the variable of its IstioMesh, where the app has several
 * @returns a text: why it is none
 */
export function meshConfigProposal(
  { data }: Mapping, { namespace }: AdoptedMesh, revision: string, mesh: Name | undefined,
): Proposal | string {
  const fields = fieldsIn(mapping(data).mesh as string);
  if (fields === undefined) return 'data.mesh isn\'t a mesh config';
  const chart = chartFields(namespace, revision === DEFAULT_REVISION ? undefined : revision);
  // What the facts of the mesh and Istio's chart say is written by itself.
  const { rootNamespace: _, trustDomain: _also, defaultConfig, defaultProviders, ...others } = fields;
  const isUsual = (value: unknown, usual: unknown): boolean => value === undefined || isSame(value, usual);
  const said = {
    ...others,
    ...isUsual(defaultProviders, chart.defaultProviders) ? {} : { defaultProviders },
    ...isUsual(defaultConfig, chart.defaultConfig) ? {} : { defaultConfig: withoutAddress(defaultConfig, mapping(chart.defaultConfig)) },
  };
  return { construct: 'MeshConfig', props: options({ mesh, ...propsOf(said) }), member: 'apiObject!' };
}

function fieldsIn(text: string): Mapping | undefined {
  try {
    const fields = readYaml(text);
    return isMapping(fields) ? fields : undefined;
  } catch {
    return undefined;
  }
}

function withoutAddress(defaultConfig: unknown, usual: Mapping): unknown {
  if (!isMapping(defaultConfig)) return defaultConfig;
  const { discoveryAddress, ...others } = defaultConfig;
  return discoveryAddress === usual.discoveryAddress ? others : defaultConfig;
}

type Reader = (value: unknown) => Expression | undefined;

/** The properties that are called as Istio's fields are, and what they take; all else is for `otherFields`. */
const PROPERTIES: Readonly<Record<string, Reader>> = {
  accessLogFile: stringOf,
  accessLogEncoding: (value) => member('AccessLogEncoding', AccessLogEncoding, value),
  accessLogFormat: stringOf,
  enableAutoMtls: booleanOf,
  tlsDefaults: (value) => whole(value, { minProtocolVersion: protocol, cipherSuites: textList, ecdhCurves: textList }),
  trustDomainAliases: textList,
  caCertificates: (value) => allOf(value, caCertificate),
  discoverySelectors: (value) => each(value, {
    matchLabels: textMap,
    matchExpressions: (list) => each(
      list, { key: stringOf, operator: (one) => member('DiscoverySelectorOperator', DiscoverySelectorOperator, one), values: textList },
    ),
  }),
  defaultServiceExportTo: textList,
  defaultVirtualServiceExportTo: textList,
  defaultDestinationRuleExportTo: textList,
  defaultConfig: (value) => (
    whole(value, { proxyMetadata: textMap, holdApplicationUntilProxyStarts: booleanOf, discoveryAddress: stringOf })),
};

function propsOf({ meshMTLS, outboundTrafficPolicy, ...fields }: Mapping): FieldExpressions {
  const meshMtls = whole(meshMTLS, { minProtocolVersion: protocol, cipherSuites: textList });
  const mode = whole(outboundTrafficPolicy,
    { mode: (value) => member('OutboundTrafficPolicyMode', OutboundTrafficPolicyMode, value) })?.mode;
  const propertyOf = (field: string, value: unknown) => (Object.hasOwn(PROPERTIES, field) ? PROPERTIES[field](value) : undefined);
  const read = Object.entries(fields).map(([field, value]) => [field, value, propertyOf(field, value)] as const);
  const unread = [
    ...read.flatMap(([field, value, property]) => (property === undefined ? [[field, value as Expression] as const] : [])),
    ...meshMTLS === undefined || meshMtls ? [] : [['meshMTLS', meshMTLS as Expression] as const],
    ...outboundTrafficPolicy === undefined || mode ? [] : [['outboundTrafficPolicy', outboundTrafficPolicy as Expression] as const],
  ];
  return {
    ...Object.fromEntries(read.flatMap(([field, , property]) => (property === undefined ? [] : [[field, property]]))),
    meshMtls,
    outboundTrafficPolicyMode: mode,
    otherFields: options(Object.fromEntries(unread)),
  };
}

function protocol(value: unknown): Name | undefined {
  return member('TlsProtocol', TlsProtocol, value);
}

/** A mapping of which all fields are known, and are what their readers take; undefined: it is something else. */
function whole(value: unknown, readers: Readonly<Record<string, Reader>>): FieldExpressions | undefined {
  if (!isMapping(value)) return undefined;
  const read = Object.entries(value)
    .map(([field, one]) => [field, Object.hasOwn(readers, field) ? readers[field](one) : undefined] as const);
  return read.some(([, one]) => one === undefined) ? undefined : Object.fromEntries(read);
}

/** A further root; undefined: it has none, or more than one. */
function caCertificate(value: unknown): CallExpression | undefined {
  const { pem, spiffeBundleUrl, ...others } = mapping(value);
  const use = whole(others, { certSigners: textList, trustDomains: textList });
  if (!use || (pem === undefined) === (spiffeBundleUrl === undefined)) return undefined;
  const root = stringOf(pem ?? spiffeBundleUrl);
  return root === undefined
    ? undefined
    : CallExpression.of(pem === undefined ? 'MeshCaCertificate.spiffeBundle' : 'MeshCaCertificate.pem', root,
      options(use));
}

function each(value: unknown, readers: Readonly<Record<string, Reader>>): readonly Expression[] | undefined {
  return allOf(value, (one) => whole(one, readers));
}

/** A list of which each entry is what a reader takes; undefined: it is something else. */
function allOf(value: unknown, reader: Reader): readonly Expression[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const read = value.map(reader);
  return read.includes(undefined) ? undefined : read as readonly Expression[];
}
