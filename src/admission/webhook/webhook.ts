import { ISTIO_KINDS } from '../istio-kinds';
import { entries } from '../metadata/labels-and-annotations';
import { Objection } from '../objection';
import { authorizationPolicyObjections } from './authorization-policy/authorization-policy';
import { destinationRuleObjections } from './destination-rule/destination-rule';
import { envoyFilterObjections } from './envoy-filter/envoy-filter';
import { trafficExtensionObjections } from './extension/traffic-extension';
import { wasmPluginObjections } from './extension/wasm-plugin';
import { gatewayObjections } from './gateway/gateway';
import { withoutNulls } from './nulls';
import { peerAuthenticationObjections } from './peer-authentication';
import { proxyConfigObjections } from './proxy-config';
import { requestAuthenticationObjections } from './request-authentication/request-authentication';
import { serviceEntryObjections } from './service-entry/service-entry';
import { sidecarObjections } from './sidecar/sidecar';
import { telemetryObjections } from './telemetry/telemetry';
import { virtualServiceObjections } from './virtual-service/virtual-service';
import { workloadEntryObjections } from './workload-entry/workload-entry';
import { workloadGroupObjections } from './workload-group/workload-group';

/** What istiod's validating webhook has against an object of one kind; the CRD's schema and rules have passed. */
type WebhookOfKind = (object: any) => Objection[];

const WEBHOOKS: { readonly [kind: string]: WebhookOfKind } = {
  AuthorizationPolicy: authorizationPolicyObjections,
  DestinationRule: destinationRuleObjections,
  EnvoyFilter: envoyFilterObjections,
  Gateway: gatewayObjections,
  PeerAuthentication: peerAuthenticationObjections,
  ProxyConfig: proxyConfigObjections,
  RequestAuthentication: requestAuthenticationObjections,
  ServiceEntry: serviceEntryObjections,
  Sidecar: sidecarObjections,
  Telemetry: telemetryObjections,
  TrafficExtension: trafficExtensionObjections,
  VirtualService: virtualServiceObjections,
  WasmPlugin: wasmPluginObjections,
  WorkloadEntry: workloadEntryObjections,
  WorkloadGroup: workloadGroupObjections,
};

const SPECS = new Map(ISTIO_KINDS.map(({ kind, schema }) => [kind, schema.properties?.spec]));

/** What istiod's validating webhook refuses or warns about beyond the CRD and the metadata, for any kind of Istio's. */
export function webhookObjections(kind: string, { metadata, spec }: any): Objection[] {
  if (!Object.hasOwn(WEBHOOKS, kind)) return [];
  return WEBHOOKS[kind]({ metadata: decodable(metadata), spec: withoutNulls(spec ?? {}, SPECS.get(kind)) });
}

/** What the webhook reads of metadata, without what isn't of its type: that is told by metadata/. */
function decodable(metadata: any): object {
  const { name, namespace, labels, annotations } = metadata ?? {};
  return { name: text(name), namespace: text(namespace), labels: texts(labels), annotations: texts(annotations) };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function texts(map: unknown): Record<string, unknown> {
  return Object.fromEntries(entries(map).filter(([, value]) => typeof value === 'string'));
}
