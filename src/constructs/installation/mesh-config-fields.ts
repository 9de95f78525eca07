import { MeshConfigProps } from './mesh-config-props';

/** A mesh config as a plain object, by Istio's names. */
export type MeshConfigFields = Record<string, unknown>;

/**
 * The fields that have a property, by Istio's names, without those that were not given. A property that isn't ours
 * (JavaScript takes any) is passed on by its name, to be checked as a field: it must not vanish.
 */
export function fieldsOf(props: MeshConfigProps): MeshConfigFields {
  const { namespace, revision, emitConfigMap, clusterDomain, otherFields, meshMtls, outboundTrafficPolicyMode: mode, ...fields } = props;
  return definedFields({ ...fields, meshMTLS: meshMtls ?? (fields as MeshConfigFields).meshMTLS, outboundTrafficPolicy: mode && { mode } });
}

/** What Istio's chart writes into the ConfigMap by itself, so that a ConfigMap without it would change the mesh. */
export function chartFields(namespace: string, revision?: string): MeshConfigFields {
  const istiod = revision ? `istiod-${revision}` : 'istiod';
  return {
    rootNamespace: namespace,
    defaultConfig: { discoveryAddress: `${istiod}.${namespace}.svc:15012` },
    defaultProviders: { metrics: ['prometheus'] },
  };
}

/** The fields with those of the chart where they have none of their own; all keys in the alphabet's order. */
export function completed(fields: MeshConfigFields, chart: MeshConfigFields): MeshConfigFields {
  const defaultConfig = { ...chart.defaultConfig as object, ...fields.defaultConfig as object };
  return sorted({ ...chart, ...fields, defaultConfig }) as MeshConfigFields;
}

/** The same value with the keys of every mapping in the alphabet's order. */
export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, child]) => [key, sorted(child)]));
}

/** The same fields without those that are undefined. */
export function definedFields(fields: MeshConfigFields): MeshConfigFields {
  return defined(fields) as MeshConfigFields;
}

/** The same value without the keys that are undefined. */
function defined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(defined);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value)
    .filter(([, child]) => child !== undefined)
    .map(([key, child]) => [key, defined(child)]));
}
