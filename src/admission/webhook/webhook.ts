import { CrdSchema, ISTIO_CRDS, schemaOfKey } from '../crds';
import { entries } from '../metadata/labels-and-annotations';
import { Objection } from '../objection';

const SPECS = new Map(ISTIO_CRDS.map(({ kind, schema }) => [kind, schema.properties?.spec]));

/** What istiod's validating webhook refuses or warns about beyond the CRD and the metadata, for any kind of Istio's. */
export function webhookObjections(kind: string, { metadata, spec }: any): Objection[] {
  const judge = judgeOf(kind);
  return judge ? judge({ metadata: decodable(metadata), spec: withoutNullFields(spec ?? {}, SPECS.get(kind)) }) : [];
}

/** What the webhook reads of metadata, without what isn't of its type: that is told by metadata/. */
function decodable(metadata: any): object {
  const { name, generateName, namespace, labels, annotations } = metadata ?? {};
  return { name: text(name), generateName: text(generateName), namespace: text(namespace), labels: texts(labels), annotations: texts(annotations) };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function texts(map: unknown): Record<string, unknown> {
  return Object.fromEntries(entries(map).filter(([, value]) => typeof value === 'string'));
}

/** What istiod's validating webhook has against an object of one kind; the CRD's schema and rules have passed. */
type Judge = (object: any) => Objection[];

/* eslint-disable @typescript-eslint/no-require-imports */
/** By kind. Loaded when the first object of the kind comes: most manifests have few of these kinds. */
const JUDGES: { readonly [kind: string]: () => Judge } = {
  AuthorizationPolicy: () => require('./authorization-policy').authorizationPolicyObjections,
  DestinationRule: () => require('./destination-rule/destination-rule').destinationRuleObjections,
  EnvoyFilter: () => require('./envoy-filter').envoyFilterObjections,
  Gateway: () => require('./gateway').gatewayObjections,
  PeerAuthentication: () => require('./peer-authentication').peerAuthenticationObjections,
  ProxyConfig: () => require('./proxy-config').proxyConfigObjections,
  RequestAuthentication: () => require('./request-authentication').requestAuthenticationObjections,
  ServiceEntry: () => require('./service-entry/service-entry').serviceEntryObjections,
  Sidecar: () => require('./sidecar/sidecar').sidecarObjections,
  Telemetry: () => require('./telemetry/telemetry').telemetryObjections,
  TrafficExtension: () => require('./extensions').trafficExtensionObjections,
  VirtualService: () => require('./virtual-service/virtual-service').virtualServiceObjections,
  WasmPlugin: () => require('./extensions').wasmPluginObjections,
  WorkloadEntry: () => require('./workload-entry').workloadEntryObjections,
  WorkloadGroup: () => require('./workload-group').workloadGroupObjections,
};
/* eslint-enable @typescript-eslint/no-require-imports */

const loaded = new Map<string, Judge | undefined>();

/** Undefined for kinds that istiod's webhook doesn't know. */
function judgeOf(kind: string): Judge | undefined {
  if (!loaded.has(kind)) loaded.set(kind, Object.hasOwn(JUDGES, kind) ? JUDGES[kind]() : undefined);
  return loaded.get(kind);
}

type Schema = CrdSchema | undefined;

/**
 * The value without fields that are null: to istiod they are not written. The same one if it has none. Goes as deep as
 * the schema: what has none, such as an EnvoyFilter's patch, stays as it is.
 */
export function withoutNullFields(value: any, schema: Schema): any {
  return hasNullField(value, schema) ? copied(value, schema) : value;
}

/** Most objects have none, and to look costs less than to copy. */
function hasNullField(value: any, schema: Schema): boolean {
  if (schema === undefined || typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some((item) => hasNullField(item, schema.items));
  return Object.keys(value).some((name) => value[name] === null || hasNullField(value[name], schemaOfKey(schema, name)));
}

function copied(value: any, schema: Schema): any {
  if (schema === undefined || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => copied(item, schema.items));
  const fields = Object.entries(value).filter(([, field]) => field !== null);
  return Object.fromEntries(fields.map(([name, field]) => [name, copied(field, schemaOfKey(schema, name))]));
}
