import { Yaml } from 'cdk8s';
import { MeshConfigProps } from './mesh-config-props';
import { DEFAULT_MESH } from '../../integration/mesh-facts';
import { Istiod } from '../../mesh/config/control-plane-facts';
import { ApiFields, definedFields } from '../fields';

/**
 * The given properties with Istio's field names. Unknown properties, which JavaScript allows, keep their names, so that they
 * are checked as fields instead of silently dropped.
 */
export function fieldsOf(props: MeshConfigProps, mesh: ApiFields): ApiFields {
  const { mesh: _, emitConfigMap, otherFields, meshMtls, outboundTrafficPolicyMode: mode, caCertificates, ...fields } = props;
  return definedFields({
    ...fields,
    ...mesh,
    caCertificates: caCertificates?.map((certificate) => certificate._render()),
    meshMTLS: meshMtls ?? (fields as ApiFields).meshMTLS,
    outboundTrafficPolicy: mode && { mode },
  });
}

/** Fields that Istio's chart writes to the ConfigMap: without them, the ConfigMap would change the mesh. */
export function chartFields(namespace: string, revision?: string): ApiFields {
  const istiod = revision ? `istiod-${revision}` : 'istiod';
  return {
    rootNamespace: namespace,
    defaultConfig: { discoveryAddress: `${istiod}.${namespace}.svc:15012` },
    defaultProviders: { metrics: ['prometheus'] },
  };
}

/** The fields, completed with those of the chart; all keys in alphabetical order. */
export function completed(fields: ApiFields, chart: ApiFields): ApiFields {
  const defaultConfig = { ...chart.defaultConfig as object, ...fields.defaultConfig as object };
  return sorted({ ...chart, ...fields, defaultConfig }) as ApiFields;
}

/** The same value with the keys of every mapping in alphabetical order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, child]) => [key, sorted(child)]));
}

/** An istiod, and the domain of its cluster. */
export interface Installed extends Istiod {
  readonly clusterDomain?: string;
}

/** Values for Istio's chart `istiod`. */
export function helmValues(meshConfig: ApiFields, { namespace, revision, clusterDomain }: Installed): string {
  return yamlText({ ...globalValues(namespace, clusterDomain), meshConfig, ...(revision && { revision }) });
}

/** An overlay for `istioctl install -f`. */
export function istioOperator(meshConfig: ApiFields, { namespace, revision, clusterDomain }: Installed): string {
  const values = globalValues(namespace, clusterDomain);
  return Yaml.stringify({
    apiVersion: 'install.istio.io/v1alpha1',
    kind: 'IstioOperator',
    spec: sorted({ meshConfig, ...(revision && { revision }), ...(values && { values }) }),
  });
}

/** A mapping as YAML that parsers of YAML 1.1, such as istiod's, and of 1.2 read alike. */
export function yamlText(mapping: ApiFields): string {
  return Yaml.stringify(sorted(mapping));
}

/** Values that differ from the defaults of the installers. */
function globalValues(istioNamespace: string, clusterDomain: string | undefined): { global: ApiFields } | undefined {
  const global = {
    ...istioNamespace !== DEFAULT_MESH.namespace && { istioNamespace },
    ...clusterDomain !== undefined && { proxy: { clusterDomain } },
  };
  return Object.keys(global).length === 0 ? undefined : { global };
}
