import { Decoded, decoded } from './decoded';
import { late } from '../../modules/late';
import { Objections } from '../objection';

/** Reports what istiod's validating webhook rejects or warns about beyond the CRD and the metadata, for any Istio kind. */
export function judgeByWebhook(
  at: Objections, kind: string, object: { readonly metadata?: unknown; readonly spec?: unknown }, rootNamespace = 'istio-system',
): void {
  judgeOf(kind)?.(at, decoded(kind, object) as Decoded<never>, rootNamespace);
}

/** Judges an object of one kind; since it has passed the CRD's schema, its spec has the type that the kind's judge reads. */
type Judge = (at: Objections, object: Decoded<never>, rootNamespace: string) => void;

/** By kind. Loaded with the first object of the kind: most manifests have few of these kinds. */
const JUDGES: { readonly [kind: string]: () => Judge } = {
  AuthorizationPolicy: () => late<typeof import('./authorization-policy')>(
    () => require('./authorization-policy'),
  ).judgeAuthorizationPolicy,
  DestinationRule: () => late<typeof import('./destination-rule/destination-rule')>(
    () => require('./destination-rule/destination-rule'),
  ).judgeDestinationRule,
  EnvoyFilter: () => late<typeof import('./envoy-filter')>(() => require('./envoy-filter')).judgeEnvoyFilter,
  Gateway: () => late<typeof import('./gateway')>(() => require('./gateway')).judgeGateway,
  PeerAuthentication: () => late<typeof import('./peer-authentication')>(() => require('./peer-authentication')).judgePeerAuthentication,
  ProxyConfig: () => late<typeof import('./proxy-config')>(() => require('./proxy-config')).judgeProxyConfig,
  RequestAuthentication: () => late<typeof import('./request-authentication')>(
    () => require('./request-authentication'),
  ).judgeRequestAuthentication,
  ServiceEntry: () => late<typeof import('./service-entry/service-entry')>(
    () => require('./service-entry/service-entry'),
  ).judgeServiceEntry,
  Sidecar: () => late<typeof import('./sidecar/sidecar')>(() => require('./sidecar/sidecar')).judgeSidecar,
  Telemetry: () => late<typeof import('./telemetry/telemetry')>(() => require('./telemetry/telemetry')).judgeTelemetry,
  TrafficExtension: () => late<typeof import('./extensions')>(() => require('./extensions')).judgeTrafficExtension,
  VirtualService: () => late<typeof import('./virtual-service/virtual-service')>(
    () => require('./virtual-service/virtual-service'),
  ).judgeVirtualService,
  WasmPlugin: () => late<typeof import('./extensions')>(() => require('./extensions')).judgeWasmPlugin,
  WorkloadEntry: () => late<typeof import('./workload-entry')>(() => require('./workload-entry')).judgeWorkloadEntry,
  WorkloadGroup: () => late<typeof import('./workload-group')>(() => require('./workload-group')).judgeWorkloadGroup,
};

const loaded = new Map<string, Judge | undefined>();

/** Undefined for kinds that istiod's webhook doesn't validate. */
function judgeOf(kind: string): Judge | undefined {
  if (!loaded.has(kind)) loaded.set(kind, Object.hasOwn(JUDGES, kind) ? JUDGES[kind]() : undefined);
  return loaded.get(kind);
}
