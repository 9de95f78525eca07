// Made by tools/import-spec-types.mjs of imports/schemas.json: specs as istiod decodes them. By then the CRD's schema
// has passed and fields that are null are gone; durations and bytes are texts.

export interface TrafficExtensionSpec {
  readonly lua?: {
    readonly inlineCode: string;
  };
  readonly match?: readonly {
    readonly mode?: 'UNDEFINED' | 'CLIENT' | 'SERVER' | 'CLIENT_AND_SERVER';
    readonly ports?: readonly {
      readonly number: number;
    }[];
  }[];
  readonly phase?: 'UNSPECIFIED' | 'AUTHN' | 'AUTHZ' | 'STATS';
  readonly priority?: number;
  readonly selector?: WorkloadSelector;
  readonly targetRefs?: readonly PolicyTargetReference[];
  readonly wasm?: WasmConfig;
}

export interface WasmPluginSpec {
  readonly failStrategy?: 'FAIL_CLOSE' | 'FAIL_OPEN' | 'FAIL_RELOAD';
  readonly imagePullPolicy?: 'UNSPECIFIED_POLICY' | 'IfNotPresent' | 'Always';
  readonly imagePullSecret?: string;
  readonly match?: readonly {
    readonly mode?: 'UNDEFINED' | 'CLIENT' | 'SERVER' | 'CLIENT_AND_SERVER';
    readonly ports?: readonly {
      readonly number: number;
    }[];
  }[];
  readonly phase?: 'UNSPECIFIED_PHASE' | 'AUTHN' | 'AUTHZ' | 'STATS';
  readonly pluginConfig?: { readonly [key: string]: unknown };
  readonly pluginName?: string;
  readonly priority?: number;
  readonly selector?: WorkloadSelector;
  readonly sha256?: string;
  readonly targetRef?: PolicyTargetReference;
  readonly targetRefs?: readonly PolicyTargetReference[];
  readonly type?: 'UNSPECIFIED_PLUGIN_TYPE' | 'HTTP' | 'NETWORK';
  readonly url: string;
  readonly verificationKey?: string;
  readonly vmConfig?: {
    readonly env?: readonly {
      readonly name: string;
      readonly value?: string;
      readonly valueFrom?: 'INLINE' | 'HOST';
    }[];
  };
}

export interface DestinationRuleSpec {
  readonly exportTo?: readonly string[];
  readonly host?: string;
  readonly subsets?: readonly Subset[];
  readonly trafficPolicy?: TrafficPolicy;
  readonly workloadSelector?: WorkloadSelector;
}

export interface EnvoyFilterSpec {
  readonly configPatches?: readonly EnvoyConfigObjectPatch[];
  readonly priority?: number;
  readonly targetRefs?: readonly PolicyTargetReference[];
  readonly workloadSelector?: {
    readonly labels?: { readonly [key: string]: string };
  };
}

export interface GatewaySpec {
  readonly selector?: { readonly [key: string]: string };
  readonly servers?: readonly Server[];
}

export interface ProxyConfigSpec {
  readonly concurrency?: number;
  readonly environmentVariables?: { readonly [key: string]: string };
  readonly image?: {
    readonly imageType?: string;
  };
  readonly selector?: WorkloadSelector;
}

export interface ServiceEntrySpec {
  readonly addresses?: readonly string[];
  readonly endpoints?: readonly WorkloadEntrySpec[];
  readonly exportTo?: readonly string[];
  readonly hosts: readonly string[];
  readonly location?: 'MESH_EXTERNAL' | 'MESH_INTERNAL';
  readonly ports?: readonly ServicePort[];
  readonly resolution?: 'NONE' | 'STATIC' | 'DNS' | 'DNS_ROUND_ROBIN' | 'DYNAMIC_DNS';
  readonly subjectAltNames?: readonly string[];
  readonly workloadSelector?: {
    readonly labels?: { readonly [key: string]: string };
  };
}

export interface SidecarSpec {
  readonly egress?: readonly IstioEgressListener[];
  readonly inboundConnectionPool?: ConnectionPoolSettings;
  readonly ingress?: readonly IstioIngressListener[];
  readonly outboundTrafficPolicy?: OutboundTrafficPolicy;
  readonly workloadSelector?: {
    readonly labels?: { readonly [key: string]: string };
  };
}

export interface VirtualServiceSpec {
  readonly exportTo?: readonly string[];
  readonly gateways?: readonly string[];
  readonly hosts?: readonly string[];
  readonly http?: readonly HTTPRoute[];
  readonly tcp?: readonly TCPRoute[];
  readonly tls?: readonly TLSRoute[];
}

export interface WorkloadEntrySpec {
  readonly address?: string;
  readonly labels?: { readonly [key: string]: string };
  readonly locality?: string;
  readonly network?: string;
  readonly ports?: { readonly [key: string]: number };
  readonly serviceAccount?: string;
  readonly weight?: number;
}

export interface WorkloadGroupSpec {
  readonly metadata?: {
    readonly annotations?: { readonly [key: string]: string };
    readonly labels?: { readonly [key: string]: string };
  };
  readonly probe?: ReadinessProbe;
  readonly template: WorkloadEntrySpec;
}

export interface AuthorizationPolicySpec {
  readonly action?: 'ALLOW' | 'DENY' | 'AUDIT' | 'CUSTOM';
  readonly provider?: {
    readonly name?: string;
  };
  readonly rules?: readonly Rule[];
  readonly selector?: WorkloadSelector;
  readonly targetRef?: PolicyTargetReference;
  readonly targetRefs?: readonly PolicyTargetReference[];
}

export interface PeerAuthenticationSpec {
  readonly mtls?: {
    readonly mode?: 'UNSET' | 'DISABLE' | 'PERMISSIVE' | 'STRICT';
  };
  readonly portLevelMtls?: { readonly [key: string]: {
    readonly mode?: 'UNSET' | 'DISABLE' | 'PERMISSIVE' | 'STRICT';
  } };
  readonly selector?: WorkloadSelector;
}

export interface RequestAuthenticationSpec {
  readonly jwtRules?: readonly JWTRule[];
  readonly selector?: WorkloadSelector;
  readonly targetRef?: PolicyTargetReference;
  readonly targetRefs?: readonly PolicyTargetReference[];
}

export interface TelemetrySpec {
  readonly accessLogging?: readonly AccessLogging[];
  readonly metrics?: readonly Metrics[];
  readonly selector?: WorkloadSelector;
  readonly targetRef?: PolicyTargetReference;
  readonly targetRefs?: readonly PolicyTargetReference[];
  readonly tracing?: readonly Tracing[];
}

export interface WorkloadSelector {
  readonly matchLabels?: { readonly [key: string]: string };
}

export interface PolicyTargetReference {
  readonly group?: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

export interface PortSelector {
  readonly number?: number;
}

export interface Percent {
  readonly value?: number;
}

export interface HTTPRoute {
  readonly corsPolicy?: CorsPolicy;
  readonly delegate?: {
    readonly name?: string;
    readonly namespace?: string;
  };
  readonly directResponse?: HTTPDirectResponse;
  readonly fault?: HTTPFaultInjection;
  readonly headers?: Headers;
  readonly match?: readonly HTTPMatchRequest[];
  readonly mirror?: Destination;
  readonly mirror_percent?: number;
  readonly mirrorPercent?: number;
  readonly mirrorPercentage?: Percent;
  readonly mirrors?: readonly HTTPMirrorPolicy[];
  readonly name?: string;
  readonly redirect?: HTTPRedirect;
  readonly retries?: HTTPRetry;
  readonly rewrite?: HTTPRewrite;
  readonly route?: readonly HTTPRouteDestination[];
  readonly timeout?: string;
}

export interface HTTPMatchRequest {
  readonly authority?: StringMatch;
  readonly gateways?: readonly string[];
  readonly headers?: { readonly [key: string]: StringMatch };
  readonly ignoreUriCase?: boolean;
  readonly method?: StringMatch;
  readonly name?: string;
  readonly port?: number;
  readonly queryParams?: { readonly [key: string]: StringMatch };
  readonly scheme?: StringMatch;
  readonly sourceLabels?: { readonly [key: string]: string };
  readonly sourceNamespace?: string;
  readonly statPrefix?: string;
  readonly uri?: StringMatch;
  readonly withoutHeaders?: { readonly [key: string]: StringMatch };
}

export interface StringMatch {
  readonly exact?: string;
  readonly prefix?: string;
  readonly regex?: string;
}

export interface HTTPRouteDestination {
  readonly destination: Destination;
  readonly headers?: Headers;
  readonly weight?: number;
}

export interface Destination {
  readonly host: string;
  readonly port?: PortSelector;
  readonly subset?: string;
}

export interface Headers {
  readonly request?: HeaderOperations;
  readonly response?: HeaderOperations;
}

export interface HeaderOperations {
  readonly add?: { readonly [key: string]: string };
  readonly remove?: readonly string[];
  readonly set?: { readonly [key: string]: string };
}

export interface HTTPRedirect {
  readonly authority?: string;
  readonly derivePort?: 'FROM_PROTOCOL_DEFAULT' | 'FROM_REQUEST_PORT';
  readonly port?: number;
  readonly prefixRewrite?: string;
  readonly redirectCode?: number;
  readonly scheme?: string;
  readonly uri?: string;
}

export interface HTTPDirectResponse {
  readonly body?: HTTPBody;
  readonly status: number;
}

export interface HTTPBody {
  readonly bytes?: string;
  readonly string?: string;
}

export interface HTTPFaultInjection {
  readonly abort?: Abort;
  readonly delay?: Delay;
}

export interface Abort {
  readonly grpcStatus?: string;
  readonly http2Error?: string;
  readonly httpStatus?: number;
  readonly percentage?: Percent;
}

export interface Delay {
  readonly exponentialDelay?: string;
  readonly fixedDelay?: string;
  readonly percent?: number;
  readonly percentage?: Percent;
}

export interface HTTPMirrorPolicy {
  readonly destination: Destination;
  readonly percentage?: Percent;
}

export interface HTTPRetry {
  readonly attempts?: number;
  readonly backoff?: string;
  readonly perTryTimeout?: string;
  readonly retryIgnorePreviousHosts?: boolean;
  readonly retryOn?: string;
  readonly retryRemoteLocalities?: boolean;
}

export interface HTTPRewrite {
  readonly authority?: string;
  readonly uri?: string;
  readonly uriRegexRewrite?: RegexRewrite;
}

export interface RegexRewrite {
  readonly match?: string;
  readonly rewrite?: string;
}

export interface CorsPolicy {
  readonly allowCredentials?: boolean;
  readonly allowHeaders?: readonly string[];
  readonly allowMethods?: readonly string[];
  readonly allowOrigin?: readonly string[];
  readonly allowOrigins?: readonly StringMatch[];
  readonly exposeHeaders?: readonly string[];
  readonly maxAge?: string;
  readonly unmatchedPreflights?: 'UNSPECIFIED' | 'FORWARD' | 'IGNORE';
}

export interface TLSRoute {
  readonly match: readonly TLSMatchAttributes[];
  readonly route?: readonly RouteDestination[];
}

export interface TLSMatchAttributes {
  readonly destinationSubnets?: readonly string[];
  readonly gateways?: readonly string[];
  readonly port?: number;
  readonly sniHosts: readonly string[];
  readonly sourceLabels?: { readonly [key: string]: string };
  readonly sourceNamespace?: string;
}

export interface TCPRoute {
  readonly match?: readonly L4MatchAttributes[];
  readonly route?: readonly RouteDestination[];
}

export interface L4MatchAttributes {
  readonly destinationSubnets?: readonly string[];
  readonly gateways?: readonly string[];
  readonly port?: number;
  readonly sourceLabels?: { readonly [key: string]: string };
  readonly sourceNamespace?: string;
  readonly sourceSubnet?: string;
}

export interface RouteDestination {
  readonly destination: Destination;
  readonly weight?: number;
}

export interface Subset {
  readonly labels?: { readonly [key: string]: string };
  readonly name: string;
  readonly trafficPolicy?: TrafficPolicy;
}

export interface TrafficPolicy {
  readonly connectionPool?: ConnectionPoolSettings;
  readonly loadBalancer?: LoadBalancerSettings;
  readonly outlierDetection?: OutlierDetection;
  readonly portLevelSettings?: readonly PortTrafficPolicy[];
  readonly proxyProtocol?: {
    readonly version?: 'V1' | 'V2';
  };
  readonly retryBudget?: {
    readonly budgetInterval?: string;
    readonly minRetryConcurrency?: number;
    readonly percent?: number;
  };
  readonly tls?: ClientTLSSettings;
  readonly tunnel?: TunnelSettings;
}

export interface PortTrafficPolicy {
  readonly connectionPool?: ConnectionPoolSettings;
  readonly loadBalancer?: LoadBalancerSettings;
  readonly outlierDetection?: OutlierDetection;
  readonly port?: PortSelector;
  readonly tls?: ClientTLSSettings;
}

export interface ConnectionPoolSettings {
  readonly http?: HTTPSettings;
  readonly tcp?: TCPSettings;
}

export interface HTTPSettings {
  readonly h2UpgradePolicy?: 'DEFAULT' | 'DO_NOT_UPGRADE' | 'UPGRADE';
  readonly http1MaxPendingRequests?: number;
  readonly http2KeepAlive?: HTTP2KeepAlive;
  readonly http2MaxRequests?: number;
  readonly idleTimeout?: string;
  readonly maxConcurrentStreams?: number;
  readonly maxRequestsPerConnection?: number;
  readonly maxRetries?: number;
  readonly useClientProtocol?: boolean;
}

export interface HTTP2KeepAlive {
  readonly interval?: string;
  readonly timeout?: string;
}

export interface TCPSettings {
  readonly connectTimeout?: string;
  readonly idleTimeout?: string;
  readonly maxConnectionDuration?: string;
  readonly maxConnections?: number;
  readonly tcpKeepalive?: {
    readonly interval?: string;
    readonly probes?: number;
    readonly time?: string;
  };
}

export interface OutlierDetection {
  readonly baseEjectionTime?: string;
  readonly consecutive5xxErrors?: number;
  readonly consecutiveErrors?: number;
  readonly consecutiveGatewayErrors?: number;
  readonly consecutiveLocalOriginFailures?: number;
  readonly failurePercentageThreshold?: number;
  readonly interval?: string;
  readonly maxEjectionPercent?: number;
  readonly minHealthPercent?: number;
  readonly outlierDetectionHttpErrorCodes?: readonly number[];
  readonly splitExternalLocalOriginErrors?: boolean;
}

export interface LoadBalancerSettings {
  readonly backendUtilization?: {
    readonly errorUtilizationPenaltyPercent?: number;
    readonly metricNamesForComputingUtilization?: readonly string[];
    readonly weightExpirationPeriod?: string;
    readonly weightStabilizationPeriod?: string;
    readonly weightUpdatePeriod?: string;
  };
  readonly consistentHash?: ConsistentHashLB;
  readonly localityLbSetting?: LocalityLoadBalancerSetting;
  readonly simple?: 'UNSPECIFIED' | 'LEAST_CONN' | 'RANDOM' | 'PASSTHROUGH' | 'ROUND_ROBIN' | 'LEAST_REQUEST';
  readonly warmup?: WarmupConfiguration;
  readonly warmupDurationSecs?: string;
  readonly zoneAwareLbSetting?: ZoneAwareLoadBalancerSetting;
}

export interface ConsistentHashLB {
  readonly httpCookie?: HTTPCookie;
  readonly httpHeaderName?: string;
  readonly httpQueryParameterName?: string;
  readonly maglev?: {
    readonly tableSize?: number;
  };
  readonly minimumRingSize?: number;
  readonly ringHash?: {
    readonly minimumRingSize?: number;
  };
  readonly useSourceIp?: boolean;
}

export interface HTTPCookie {
  readonly attributes?: readonly {
    readonly name: string;
    readonly value?: string;
  }[];
  readonly name: string;
  readonly path?: string;
  readonly ttl?: string;
}

export interface LocalityLoadBalancerSetting {
  readonly distribute?: readonly Distribute[];
  readonly enabled?: boolean;
  readonly failover?: readonly Failover[];
  readonly failoverPriority?: readonly string[];
}

export interface Distribute {
  readonly from?: string;
  readonly to?: { readonly [key: string]: number };
}

export interface Failover {
  readonly from?: string;
  readonly to?: string;
}

export interface ZoneAwareLoadBalancerSetting {
  readonly enabled?: boolean;
  readonly failover?: readonly Failover[];
  readonly failoverPriority?: readonly string[];
  readonly minClusterSize?: number;
}

export interface WarmupConfiguration {
  readonly aggression?: number;
  readonly duration: string;
  readonly minimumPercent?: number;
}

export interface TunnelSettings {
  readonly protocol?: string;
  readonly targetHost: string;
  readonly targetPort: number;
}

export interface ClientTLSSettings {
  readonly caCertCredentialName?: string;
  readonly caCertificates?: string;
  readonly caCrl?: string;
  readonly clientCertificate?: string;
  readonly credentialName?: string;
  readonly insecureSkipVerify?: boolean;
  readonly mode?: 'DISABLE' | 'SIMPLE' | 'MUTUAL' | 'ISTIO_MUTUAL';
  readonly privateKey?: string;
  readonly sni?: string;
  readonly subjectAltNames?: readonly string[];
}

export interface Server {
  readonly bind?: string;
  readonly defaultEndpoint?: string;
  readonly hosts: readonly string[];
  readonly name?: string;
  readonly port: Port;
  readonly tls?: ServerTLSSettings;
}

export interface Port {
  readonly name: string;
  readonly number: number;
  readonly protocol: string;
  readonly targetPort?: number;
}

export interface ServerTLSSettings {
  readonly alpnProtocols?: readonly string[];
  readonly caCertCredentialName?: string;
  readonly caCertificates?: string;
  readonly caCrl?: string;
  readonly cipherSuites?: readonly string[];
  readonly credentialName?: string;
  readonly credentialNames?: readonly string[];
  readonly ecdhCurves?: readonly string[];
  readonly httpsRedirect?: boolean;
  readonly insecureSkipVerify?: boolean;
  readonly maxProtocolVersion?: 'TLS_AUTO' | 'TLSV1_0' | 'TLSV1_1' | 'TLSV1_2' | 'TLSV1_3';
  readonly minProtocolVersion?: 'TLS_AUTO' | 'TLSV1_0' | 'TLSV1_1' | 'TLSV1_2' | 'TLSV1_3';
  readonly mode?: 'PASSTHROUGH' | 'SIMPLE' | 'MUTUAL' | 'AUTO_PASSTHROUGH' | 'ISTIO_MUTUAL' | 'OPTIONAL_MUTUAL';
  readonly privateKey?: string;
  readonly serverCertificate?: string;
  readonly subjectAltNames?: readonly string[];
  readonly tlsCertificates?: readonly TLSCertificate[];
  readonly verifyCertificateHash?: readonly string[];
  readonly verifyCertificateSpki?: readonly string[];
}

export interface TLSCertificate {
  readonly caCertificates?: string;
  readonly privateKey?: string;
  readonly serverCertificate?: string;
}

export interface IstioIngressListener {
  readonly bind?: string;
  readonly captureMode?: 'DEFAULT' | 'IPTABLES' | 'NONE';
  readonly connectionPool?: ConnectionPoolSettings;
  readonly defaultEndpoint?: string;
  readonly port: SidecarPort;
  readonly tls?: ServerTLSSettings;
}

export interface IstioEgressListener {
  readonly bind?: string;
  readonly captureMode?: 'DEFAULT' | 'IPTABLES' | 'NONE';
  readonly hosts: readonly string[];
  readonly port?: SidecarPort;
}

export interface SidecarPort {
  readonly name?: string;
  readonly number?: number;
  readonly protocol?: string;
  readonly targetPort?: number;
}

export interface OutboundTrafficPolicy {
  readonly egressProxy?: Destination;
  readonly mode?: 'REGISTRY_ONLY' | 'ALLOW_ANY';
}

export interface ServicePort {
  readonly name: string;
  readonly number: number;
  readonly protocol?: string;
  readonly targetPort?: number;
}

export interface ReadinessProbe {
  readonly exec?: {
    readonly command: readonly string[];
  };
  readonly failureThreshold?: number;
  readonly grpc?: {
    readonly port?: number;
    readonly service?: string;
  };
  readonly httpGet?: HTTPHealthCheckConfig;
  readonly initialDelaySeconds?: number;
  readonly periodSeconds?: number;
  readonly successThreshold?: number;
  readonly tcpSocket?: {
    readonly host?: string;
    readonly port: number;
  };
  readonly timeoutSeconds?: number;
}

export interface HTTPHealthCheckConfig {
  readonly host?: string;
  readonly httpHeaders?: readonly {
    readonly name?: string;
    readonly value?: string;
  }[];
  readonly path?: string;
  readonly port: number;
  readonly scheme?: string;
}

export interface EnvoyConfigObjectPatch {
  readonly applyTo?: 'INVALID' | 'LISTENER' | 'FILTER_CHAIN' | 'NETWORK_FILTER' | 'HTTP_FILTER' | 'ROUTE_CONFIGURATION' | 'VIRTUAL_HOST' | 'HTTP_ROUTE' | 'CLUSTER' | 'EXTENSION_CONFIG' | 'BOOTSTRAP' | 'LISTENER_FILTER';
  readonly match?: EnvoyConfigObjectMatch;
  readonly patch?: {
    readonly filterClass?: 'UNSPECIFIED' | 'AUTHN' | 'AUTHZ' | 'STATS';
    readonly operation?: 'INVALID' | 'MERGE' | 'ADD' | 'REMOVE' | 'INSERT_BEFORE' | 'INSERT_AFTER' | 'INSERT_FIRST' | 'REPLACE' | 'MERGE_AND_REPLACE_LIST';
    readonly value?: { readonly [key: string]: unknown };
  };
}

export interface EnvoyConfigObjectMatch {
  readonly cluster?: {
    readonly name?: string;
    readonly portNumber?: number;
    readonly service?: string;
    readonly subset?: string;
  };
  readonly context?: 'ANY' | 'SIDECAR_INBOUND' | 'SIDECAR_OUTBOUND' | 'GATEWAY' | 'WAYPOINT';
  readonly listener?: {
    readonly filterChain?: {
      readonly applicationProtocols?: string;
      readonly destinationPort?: number;
      readonly filter?: FilterMatch;
      readonly name?: string;
      readonly sni?: string;
      readonly transportProtocol?: string;
      readonly transportSocket?: string;
    };
    readonly listenerFilter?: string;
    readonly name?: string;
    readonly portName?: string;
    readonly portNumber?: number;
  };
  readonly proxy?: {
    readonly metadata?: { readonly [key: string]: string };
    readonly proxyVersion?: string;
  };
  readonly routeConfiguration?: {
    readonly gateway?: string;
    readonly name?: string;
    readonly portName?: string;
    readonly portNumber?: number;
    readonly vhost?: {
      readonly domainName?: string;
      readonly name?: string;
      readonly route?: {
        readonly action?: 'ANY' | 'ROUTE' | 'REDIRECT' | 'DIRECT_RESPONSE';
        readonly name?: string;
      };
    };
  };
  readonly waypoint?: {
    readonly filter?: FilterMatch;
    readonly portNumber?: number;
    readonly route?: {
      readonly name?: string;
    };
  };
}

export interface FilterMatch {
  readonly name?: string;
  readonly subFilter?: {
    readonly name?: string;
  };
}

export interface Rule {
  readonly from?: readonly {
    readonly source?: Source;
  }[];
  readonly to?: readonly {
    readonly operation?: Operation;
  }[];
  readonly when?: readonly Condition[];
}

export interface Source {
  readonly ipBlocks?: readonly string[];
  readonly namespaces?: readonly string[];
  readonly notIpBlocks?: readonly string[];
  readonly notNamespaces?: readonly string[];
  readonly notPrincipals?: readonly string[];
  readonly notRemoteIpBlocks?: readonly string[];
  readonly notRequestPrincipals?: readonly string[];
  readonly notServiceAccounts?: readonly string[];
  readonly notTrustDomains?: readonly string[];
  readonly principals?: readonly string[];
  readonly remoteIpBlocks?: readonly string[];
  readonly requestPrincipals?: readonly string[];
  readonly serviceAccounts?: readonly string[];
  readonly trustDomains?: readonly string[];
}

export interface Operation {
  readonly hosts?: readonly string[];
  readonly methods?: readonly string[];
  readonly notHosts?: readonly string[];
  readonly notMethods?: readonly string[];
  readonly notPaths?: readonly string[];
  readonly notPorts?: readonly string[];
  readonly paths?: readonly string[];
  readonly ports?: readonly string[];
}

export interface Condition {
  readonly key: string;
  readonly notValues?: readonly string[];
  readonly values?: readonly string[];
}

export interface JWTRule {
  readonly audiences?: readonly string[];
  readonly forwardOriginalToken?: boolean;
  readonly fromCookies?: readonly string[];
  readonly fromHeaders?: readonly {
    readonly name: string;
    readonly prefix?: string;
  }[];
  readonly fromParams?: readonly string[];
  readonly issuer?: string;
  readonly jwks?: string;
  readonly jwks_uri?: string;
  readonly jwksUri?: string;
  readonly outputClaimToHeaders?: readonly ClaimToHeader[];
  readonly outputPayloadToHeader?: string;
  readonly presence?: 'OPTIONAL' | 'REQUIRED';
  readonly spaceDelimitedClaims?: readonly string[];
  readonly timeout?: string;
}

export interface ClaimToHeader {
  readonly claim: string;
  readonly header: string;
}

export interface Metrics {
  readonly overrides?: readonly {
    readonly disabled?: boolean;
    readonly match?: {
      readonly customMetric?: string;
      readonly metric?: 'ALL_METRICS' | 'REQUEST_COUNT' | 'REQUEST_DURATION' | 'REQUEST_SIZE' | 'RESPONSE_SIZE' | 'TCP_OPENED_CONNECTIONS' | 'TCP_CLOSED_CONNECTIONS' | 'TCP_SENT_BYTES' | 'TCP_RECEIVED_BYTES' | 'GRPC_REQUEST_MESSAGES' | 'GRPC_RESPONSE_MESSAGES';
      readonly mode?: 'CLIENT_AND_SERVER' | 'CLIENT' | 'SERVER';
    };
    readonly tagOverrides?: { readonly [key: string]: TagOverride };
  }[];
  readonly providers?: readonly {
    readonly name: string;
  }[];
  readonly reportingInterval?: string;
}

export interface TagOverride {
  readonly operation?: 'UPSERT' | 'REMOVE';
  readonly value?: string;
}

export interface Tracing {
  readonly customTags?: { readonly [key: string]: {
    readonly environment?: {
      readonly defaultValue?: string;
      readonly name: string;
    };
    readonly formatter?: {
      readonly value: string;
    };
    readonly header?: {
      readonly defaultValue?: string;
      readonly name: string;
    };
    readonly literal?: {
      readonly value: string;
    };
  } };
  readonly disableContextPropagation?: boolean;
  readonly disableSpanReporting?: boolean;
  readonly enableIstioTags?: boolean;
  readonly match?: {
    readonly mode?: 'CLIENT_AND_SERVER' | 'CLIENT' | 'SERVER';
  };
  readonly providers?: readonly {
    readonly name: string;
  }[];
  readonly randomSamplingPercentage?: number;
  readonly useRequestIdForTraceSampling?: boolean;
}

export interface AccessLogging {
  readonly disabled?: boolean;
  readonly filter?: {
    readonly expression?: string;
  };
  readonly match?: {
    readonly mode?: 'CLIENT_AND_SERVER' | 'CLIENT' | 'SERVER';
  };
  readonly providers?: readonly {
    readonly name: string;
  }[];
}

export interface WasmConfig {
  readonly failStrategy?: 'FAIL_CLOSE' | 'FAIL_OPEN' | 'FAIL_RELOAD';
  readonly imagePullPolicy?: 'UNSPECIFIED_POLICY' | 'IfNotPresent' | 'Always';
  readonly imagePullSecret?: string;
  readonly pluginConfig?: { readonly [key: string]: unknown };
  readonly pluginName?: string;
  readonly sha256?: string;
  readonly type?: 'UNSPECIFIED_PLUGIN_TYPE' | 'HTTP' | 'NETWORK';
  readonly url: string;
  readonly verificationKey?: string;
  readonly vmConfig?: {
    readonly env?: readonly {
      readonly name: string;
      readonly value?: string;
      readonly valueFrom?: 'INLINE' | 'HOST';
    }[];
  };
}
