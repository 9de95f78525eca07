// Makes imports/specs.ts of the CRDs' schemas: what a spec is once the API server has taken it and istiod has decoded
// it. Types only, and plain ones, since src/admission must not load cdk8s as the bindings do.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const file = join(fileURLToPath(new URL('..', import.meta.url)), 'imports', 'specs.ts');

/** Messages of Istio's API by their names there, and one place of each; the spec of a kind is `<Kind>Spec`. */
const MESSAGES = {
  WorkloadSelector: 'AuthorizationPolicy.selector',
  PolicyTargetReference: 'AuthorizationPolicy.targetRef',
  PortSelector: 'VirtualService.http[].mirror.port',
  Percent: 'VirtualService.http[].mirrorPercentage',

  HTTPRoute: 'VirtualService.http[]',
  HTTPMatchRequest: 'VirtualService.http[].match[]',
  StringMatch: 'VirtualService.http[].match[].uri',
  HTTPRouteDestination: 'VirtualService.http[].route[]',
  Destination: 'VirtualService.http[].route[].destination',
  Headers: 'VirtualService.http[].headers',
  HeaderOperations: 'VirtualService.http[].headers.request',
  HTTPRedirect: 'VirtualService.http[].redirect',
  HTTPDirectResponse: 'VirtualService.http[].directResponse',
  HTTPBody: 'VirtualService.http[].directResponse.body',
  HTTPFaultInjection: 'VirtualService.http[].fault',
  Abort: 'VirtualService.http[].fault.abort',
  Delay: 'VirtualService.http[].fault.delay',
  HTTPMirrorPolicy: 'VirtualService.http[].mirrors[]',
  HTTPRetry: 'VirtualService.http[].retries',
  HTTPRewrite: 'VirtualService.http[].rewrite',
  RegexRewrite: 'VirtualService.http[].rewrite.uriRegexRewrite',
  CorsPolicy: 'VirtualService.http[].corsPolicy',
  TLSRoute: 'VirtualService.tls[]',
  TLSMatchAttributes: 'VirtualService.tls[].match[]',
  TCPRoute: 'VirtualService.tcp[]',
  L4MatchAttributes: 'VirtualService.tcp[].match[]',
  RouteDestination: 'VirtualService.tcp[].route[]',

  Subset: 'DestinationRule.subsets[]',
  TrafficPolicy: 'DestinationRule.trafficPolicy',
  PortTrafficPolicy: 'DestinationRule.trafficPolicy.portLevelSettings[]',
  ConnectionPoolSettings: 'DestinationRule.trafficPolicy.connectionPool',
  HTTPSettings: 'DestinationRule.trafficPolicy.connectionPool.http',
  HTTP2KeepAlive: 'DestinationRule.trafficPolicy.connectionPool.http.http2KeepAlive',
  TCPSettings: 'DestinationRule.trafficPolicy.connectionPool.tcp',
  OutlierDetection: 'DestinationRule.trafficPolicy.outlierDetection',
  LoadBalancerSettings: 'DestinationRule.trafficPolicy.loadBalancer',
  ConsistentHashLB: 'DestinationRule.trafficPolicy.loadBalancer.consistentHash',
  HTTPCookie: 'DestinationRule.trafficPolicy.loadBalancer.consistentHash.httpCookie',
  LocalityLoadBalancerSetting: 'DestinationRule.trafficPolicy.loadBalancer.localityLbSetting',
  Distribute: 'DestinationRule.trafficPolicy.loadBalancer.localityLbSetting.distribute[]',
  Failover: 'DestinationRule.trafficPolicy.loadBalancer.localityLbSetting.failover[]',
  ZoneAwareLoadBalancerSetting: 'DestinationRule.trafficPolicy.loadBalancer.zoneAwareLbSetting',
  WarmupConfiguration: 'DestinationRule.trafficPolicy.loadBalancer.warmup',
  TunnelSettings: 'DestinationRule.trafficPolicy.tunnel',
  ClientTLSSettings: 'DestinationRule.trafficPolicy.tls',

  Server: 'Gateway.servers[]',
  Port: 'Gateway.servers[].port',
  ServerTLSSettings: 'Gateway.servers[].tls',
  TLSCertificate: 'Gateway.servers[].tls.tlsCertificates[]',

  IstioIngressListener: 'Sidecar.ingress[]',
  IstioEgressListener: 'Sidecar.egress[]',
  SidecarPort: 'Sidecar.egress[].port',
  OutboundTrafficPolicy: 'Sidecar.outboundTrafficPolicy',

  ServicePort: 'ServiceEntry.ports[]',
  ReadinessProbe: 'WorkloadGroup.probe',
  HTTPHealthCheckConfig: 'WorkloadGroup.probe.httpGet',

  EnvoyConfigObjectPatch: 'EnvoyFilter.configPatches[]',
  EnvoyConfigObjectMatch: 'EnvoyFilter.configPatches[].match',
  FilterMatch: 'EnvoyFilter.configPatches[].match.listener.filterChain.filter',

  Rule: 'AuthorizationPolicy.rules[]',
  Source: 'AuthorizationPolicy.rules[].from[].source',
  Operation: 'AuthorizationPolicy.rules[].to[].operation',
  Condition: 'AuthorizationPolicy.rules[].when[]',
  JWTRule: 'RequestAuthentication.jwtRules[]',
  ClaimToHeader: 'RequestAuthentication.jwtRules[].outputClaimToHeaders[]',

  Metrics: 'Telemetry.metrics[]',
  TagOverride: 'Telemetry.metrics[].overrides[].tagOverrides.*',
  Tracing: 'Telemetry.tracing[]',
  AccessLogging: 'Telemetry.accessLogging[]',

  WasmConfig: 'TrafficExtension.wasm',
};

/** The schema at a place such as `Gateway.servers[].tls`; `.*` is any value of a map. */
function schemaAt(specs, place) {
  const [kind, ...steps] = place.replaceAll('[]', '.[]').split('.');
  const found = steps.reduce((schema, step) => {
    if (step === '[]') return schema?.items;
    return step === '*' ? schema?.additionalProperties : schema?.properties?.[step];
  }, specs[kind]);
  if (!found) throw new Error(`tools/import-spec-types.mjs: the CRDs have no ${place}. Fix: name the place where its message is now.`);
  return found;
}

/** Writes types; `names` are those of shapes that have one. */
class Types {
  constructor(names) {
    this.names = names;
  }

  of(schema, indent) {
    return this.names?.get(shapeOf(schema)) ?? this.written(schema, indent);
  }

  written(schema, indent) {
    const { type, enum: words, items, properties, additionalProperties } = schema;
    if (words) return words.map((word) => `'${word}'`).join(' | ');
    if (schema['x-kubernetes-int-or-string']) return 'number | string';
    if (type === 'array') return `readonly ${this.item(items, indent)}[]`;
    if (properties) return `{\n${this.fields(schema, `${indent}  `)}${indent}}`;
    if (additionalProperties) return `{ readonly [key: string]: ${this.of(additionalProperties, indent)} }`;
    if (type === 'object') return '{ readonly [key: string]: unknown }';
    return type === 'integer' ? 'number' : type;
  }

  item(schema, indent) {
    const type = this.of(schema, indent);
    return type.includes(' | ') && !type.startsWith('{') ? `(${type})` : type;
  }

  fields({ properties, required = [] }, indent) {
    return Object.entries(properties)
      .map(([name, schema]) => `${indent}readonly ${name}${required.includes(name) ? '' : '?'}: ${this.of(schema, indent)};\n`)
      .join('');
  }
}

/** A shape as a text, by which equal ones are found. */
const shapeOf = (schema) => new Types().written(schema, '');

/** Where an object needs no spec, no field of it is sure to be there. */
function specOf({ properties: { spec }, required = [] }) {
  return required.includes('spec') ? spec : { ...spec, required: [] };
}

/** @param {readonly { kind: string, schema: object }[]} kinds those of imports/schemas.json */
export function importSpecTypes(kinds) {
  const specs = Object.fromEntries(kinds.map(({ kind, schema }) => [kind, specOf(schema)]));
  const named = [
    ...kinds.map(({ kind }) => [`${kind}Spec`, specs[kind]]),
    ...Object.entries(MESSAGES).map(([name, place]) => [name, schemaAt(specs, place)]),
  ];
  const types = new Types(new Map(named.map(([name, schema]) => [shapeOf(schema), name])));
  const interfaces = named.map(([name, schema]) => `export interface ${name} {\n${types.fields(schema, '  ')}}\n`);
  const head = [
    '// Made by tools/import-spec-types.mjs of imports/schemas.json: specs as istiod decodes them. By then the CRD\'s schema',
    '// has passed and fields that are null are gone; durations and bytes are texts.',
  ];
  writeFileSync(file, `${head.join('\n')}\n\n${interfaces.join('\n')}`);
}
