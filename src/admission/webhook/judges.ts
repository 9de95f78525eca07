/* eslint-disable @typescript-eslint/no-require-imports */
import { Objection } from '../objection';

/** What istiod's validating webhook has against an object of one kind; the CRD's schema and rules have passed. */
export type Judge = (object: any) => Objection[];

/** By kind. Loaded when the first object of the kind comes: most manifests have few of these kinds. */
const JUDGES: { readonly [kind: string]: () => Judge } = {
  AuthorizationPolicy: () => require('./authorization-policy/authorization-policy').authorizationPolicyObjections,
  DestinationRule: () => require('./destination-rule/destination-rule').destinationRuleObjections,
  EnvoyFilter: () => require('./envoy-filter/envoy-filter').envoyFilterObjections,
  Gateway: () => require('./gateway/gateway').gatewayObjections,
  PeerAuthentication: () => require('./peer-authentication').peerAuthenticationObjections,
  ProxyConfig: () => require('./proxy-config').proxyConfigObjections,
  RequestAuthentication: () => require('./request-authentication/request-authentication').requestAuthenticationObjections,
  ServiceEntry: () => require('./service-entry/service-entry').serviceEntryObjections,
  Sidecar: () => require('./sidecar/sidecar').sidecarObjections,
  Telemetry: () => require('./telemetry/telemetry').telemetryObjections,
  TrafficExtension: () => require('./extension/traffic-extension').trafficExtensionObjections,
  VirtualService: () => require('./virtual-service/virtual-service').virtualServiceObjections,
  WasmPlugin: () => require('./extension/wasm-plugin').wasmPluginObjections,
  WorkloadEntry: () => require('./workload-entry/workload-entry').workloadEntryObjections,
  WorkloadGroup: () => require('./workload-group/workload-group').workloadGroupObjections,
};

const loaded = new Map<string, Judge | undefined>();

/** Undefined for kinds that istiod's webhook doesn't know. */
export function judgeOf(kind: string): Judge | undefined {
  if (!loaded.has(kind)) loaded.set(kind, Object.hasOwn(JUDGES, kind) ? JUDGES[kind]() : undefined);
  return loaded.get(kind);
}
