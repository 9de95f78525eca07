// The fields that the suite reads of the objects that it generates, kind by kind.
import type { Manifest } from './manifest';

interface TrafficPolicy {
  readonly tls?: { readonly mode?: string };
  readonly portLevelSettings?: readonly { readonly port: { readonly number: number }; readonly tls?: { readonly mode?: string } }[];
  readonly loadBalancer?: { readonly simple?: string };
  readonly proxyProtocol?: object;
}

interface Destination {
  readonly host: string;
  readonly subset?: string;
}

interface Route {
  readonly route: readonly { readonly destination: Destination }[];
  readonly match?: readonly { readonly sourceLabels?: object; readonly uri?: object }[];
  readonly mirror?: object;
  readonly mirrors?: object;
}

export interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly targetPort?: number | string;
  readonly protocol?: string;
  readonly appProtocol?: string;
}

export type Labels = Readonly<Record<string, string>>;

interface Container {
  readonly ports?: readonly { readonly containerPort: number }[];
  readonly securityContext?: { readonly runAsUser?: number };
}

export interface PodSpec {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly { readonly restartPolicy?: string }[];
  readonly hostNetwork?: boolean;
  readonly hostAliases?: readonly object[];
  readonly dnsPolicy?: string;
  readonly subdomain?: string;
}

interface ConfigPatch {
  readonly applyTo: string;
  readonly match?: { readonly context?: string };
  readonly patch: { readonly operation: string };
}

interface Reference {
  readonly kind?: string;
  readonly name: string;
  readonly namespace?: string;
}

interface RouteOfGatewayApi {
  readonly parentRefs: readonly Reference[];
}

interface PolicyOfGatewayApi {
  readonly targetRefs: readonly Reference[];
}

/** What is read of each kind's spec; of those that aren't here, nothing. */
interface Specs {
  readonly PeerAuthentication: {
    readonly selector?: { readonly matchLabels?: Labels };
    readonly mtls?: { readonly mode?: string };
    readonly portLevelMtls?: Readonly<Record<string, { readonly mode?: string }>>;
  };
  readonly DestinationRule: {
    readonly host: string;
    readonly exportTo?: readonly string[];
    readonly workloadSelector?: object;
    readonly trafficPolicy?: TrafficPolicy;
    readonly subsets?: readonly { readonly trafficPolicy?: TrafficPolicy }[];
  };
  readonly VirtualService: {
    readonly hosts: readonly string[];
    readonly http?: readonly Route[];
    readonly tcp?: readonly Route[];
    readonly tls?: readonly Route[];
  };
  readonly Service: {
    readonly type?: string;
    readonly clusterIP?: string;
    readonly externalName?: string;
    readonly selector?: Labels;
    readonly ports: readonly ServicePort[];
  };
  readonly ServiceEntry: {
    readonly hosts: readonly string[];
    readonly addresses?: readonly string[];
    readonly endpoints?: readonly { readonly address: string }[];
    readonly location?: string;
    readonly resolution?: string;
    readonly ports: readonly { readonly number: number; readonly protocol?: string; readonly targetPort?: number }[];
    readonly workloadSelector?: object;
  };
  readonly Sidecar: {
    readonly workloadSelector?: object;
    readonly egress?: readonly { readonly port?: object; readonly bind?: string; readonly captureMode?: string }[];
    readonly ingress?: readonly { readonly port: { readonly number: number; readonly protocol: string }; readonly tls?: object }[];
    readonly outboundTrafficPolicy?: object;
  };
  readonly WorkloadEntry: { readonly address: string; readonly labels: Labels; readonly ports?: object };
  readonly EnvoyFilter: {
    readonly configPatches: readonly ConfigPatch[];
  };
  readonly Rollout: { readonly strategy?: object };
  readonly StatefulSet: { readonly template: { readonly metadata: { readonly labels: Labels } } };
  readonly HTTPRoute: RouteOfGatewayApi;
  readonly GRPCRoute: RouteOfGatewayApi;
  readonly TCPRoute: RouteOfGatewayApi;
  readonly TLSRoute: RouteOfGatewayApi;
  readonly BackendTLSPolicy: PolicyOfGatewayApi;
  readonly XBackendTrafficPolicy: PolicyOfGatewayApi;
}

type SpecOf<Kind extends string> = Kind extends keyof Specs ? Specs[Kind] : unknown;

export interface ManifestOf<Kind extends string> extends Manifest {
  readonly kind: Kind;
  readonly spec: SpecOf<Kind>;
}

/** Whether an object is of a kind; generators write that kind's fields then. */
export function isA<Kind extends string>(kind: Kind, object: Manifest): object is ManifestOf<Kind> {
  return object.kind === kind;
}

/** The objects of one kind. */
export function allOf<Kind extends string>(kind: Kind, objects: readonly Manifest[]): ManifestOf<Kind>[] {
  return objects.filter((object): object is ManifestOf<Kind> => isA(kind, object));
}

export function isRouteOfGatewayApi(object: Manifest): object is ManifestOf<'HTTPRoute' | 'GRPCRoute' | 'TCPRoute' | 'TLSRoute'> {
  return /^(HTTP|GRPC|TCP|TLS)Route$/.test(object.kind);
}

export function isPolicyOfGatewayApi(object: Manifest): object is ManifestOf<'BackendTLSPolicy' | 'XBackendTrafficPolicy'> {
  return /^(BackendTLS|XBackendTraffic)Policy$/.test(object.kind);
}
