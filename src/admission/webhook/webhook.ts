import { Decoded, decoded } from './decoded';
import { Objections } from '../objection';

/** Reports what istiod's validating webhook rejects or warns about beyond the CRD and the metadata, for any Istio kind. */
export function judgeByWebhook(
  at: Objections, kind: string, object: { readonly metadata?: unknown; readonly spec?: unknown }, rootNamespace = 'istio-system',
): void {
  judgeOf(kind)?.(at, decoded(kind, object) as Decoded<never>, rootNamespace);
}

/** Judges an object of one kind; since it has passed the CRD's schema, its spec has the type that the kind's judge reads. */
type Judge = (at: Objections, object: Decoded<never>, rootNamespace: string) => void;

/* eslint-disable @typescript-eslint/no-require-imports */
/** By kind. Loaded with the first object of the kind: most manifests have few of these kinds. */
const JUDGES: { readonly [kind: string]: () => Judge } = {
  AuthorizationPolicy: () => require('./authorization-policy').judgeAuthorizationPolicy,
  DestinationRule: () => require('./destination-rule/destination-rule').judgeDestinationRule,
  EnvoyFilter: () => require('./envoy-filter').judgeEnvoyFilter,
  Gateway: () => require('./gateway').judgeGateway,
  PeerAuthentication: () => require('./peer-authentication').judgePeerAuthentication,
  ProxyConfig: () => require('./proxy-config').judgeProxyConfig,
  RequestAuthentication: () => require('./request-authentication').judgeRequestAuthentication,
  ServiceEntry: () => require('./service-entry/service-entry').judgeServiceEntry,
  Sidecar: () => require('./sidecar/sidecar').judgeSidecar,
  Telemetry: () => require('./telemetry/telemetry').judgeTelemetry,
  TrafficExtension: () => require('./extensions').judgeTrafficExtension,
  VirtualService: () => require('./virtual-service/virtual-service').judgeVirtualService,
  WasmPlugin: () => require('./extensions').judgeWasmPlugin,
  WorkloadEntry: () => require('./workload-entry').judgeWorkloadEntry,
  WorkloadGroup: () => require('./workload-group').judgeWorkloadGroup,
};
/* eslint-enable @typescript-eslint/no-require-imports */

const loaded = new Map<string, Judge | undefined>();

/** Undefined for kinds that istiod's webhook doesn't validate. */
function judgeOf(kind: string): Judge | undefined {
  if (!loaded.has(kind)) loaded.set(kind, Object.hasOwn(JUDGES, kind) ? JUDGES[kind]() : undefined);
  return loaded.get(kind);
}
