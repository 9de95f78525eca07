import { App, Chart, Duration } from 'cdk8s';
import { fc } from './fast-check';
import * as library from '../../../src/index';

type Arbitrary<T> = fc.Arbitrary<T>;

/** Makes constructs in a chart, whose ids begin with a word. */
type Make = (chart: Chart, id: string) => void;

/** Drops undefined values, which users don't write. */
function record<T extends Record<string, Arbitrary<unknown>>>(fields: T, requiredKeys: (keyof T)[] = []): Arbitrary<any> {
  return fc.record(fields, { requiredKeys: requiredKeys as never });
}

const { Caller, ClientCredential, ClientTls, ExternalProtocol, HttpFault, LoadBalancing, MachineProxy, Pods, StringMatch } = library;

const word = fc.constantFrom('a', 'b', 'web', 'x-1');
const words = fc.uniqueArray(word, { minLength: 1, maxLength: 3 });
const duration = fc.integer({ min: 1, max: 100_000 }).map((milliseconds) => Duration.millis(milliseconds));
const count = fc.integer({ min: 1, max: 100 });
const port = fc.constantFrom(80, 443, 8080, 9090);
const ports = fc.uniqueArray(port, { minLength: 1, maxLength: 3 });
const percentage = fc.constantFrom(0, 0.5, 10, 100);
const labels = fc.dictionary(word, word, { minKeys: 1, maxKeys: 2, noNullPrototype: true });
const pods = labels.map((some) => Pods.withLabels(some));
const paths = fc.uniqueArray(fc.constantFrom('/a', '/a/*', '*/b', '/a/{*}', '/c/{**}'), { minLength: 1, maxLength: 3 });

const { leastRequest, roundRobin, random, passthrough, bySourceIp } = LoadBalancing;
const loadBalancing = fc.oneof(
  fc.constantFrom(...[leastRequest, roundRobin, random, passthrough, bySourceIp].map((make) => make())),
  word.map((name) => LoadBalancing.byHeader(name)),
  word.map((name) => LoadBalancing.byQueryParameter(name)),
  fc.tuple(word, record({ ttl: duration, path: fc.constant('/') })).map(([name, options]) => LoadBalancing.byCookie(name, options)),
);

const settings = {
  tls: fc.constantFrom(
    ClientTls.istioMutual(), ClientTls.disable(), ClientTls.simple({ sni: 'a' }), ClientTls.mutual({ clientCertificate: '/a', privateKey: '/b' }),
  ),
  connectionPool: record({
    tcp: record({ maxConnections: count, connectTimeout: duration }, ['maxConnections']),
    http: record({ maxRetries: count, idleTimeout: duration }, ['maxRetries']),
  }, ['tcp']),
  outlierDetection: record({
    consecutive5xxErrors: count,
    consecutiveLocalOriginFailures: count,
    interval: duration,
    baseEjectionTime: duration,
    maxEjectionPercent: count,
  }, ['interval']),
  loadBalancing,
  otherSettings: fc.constant({ loadBalancer: { localityLbSetting: { enabled: false } } }),
};
const destinationPort = record({ port, ...settings }, ['port', 'outlierDetection']);
const destinationPorts = fc.uniqueArray(destinationPort, { minLength: 1, maxLength: 2, selector: (one) => one.port });
const destinationProps = record({ ...settings, ports: destinationPorts, shortHost: fc.boolean() });

const { exact, prefix, regex } = StringMatch;
const textMatch = fc.tuple(fc.constantFrom(exact, prefix, regex), word).map(([compared, text]) => compared(text));
const texts = fc.dictionary(word, fc.oneof(textMatch, fc.constant(StringMatch.present())), { minKeys: 1, maxKeys: 2, noNullPrototype: true });
const match = record({
  uri: textMatch,
  ignoreUriCase: fc.boolean(),
  method: textMatch,
  authority: textMatch,
  headers: texts,
  withoutHeaders: texts,
  queryParams: texts,
  port,
  sourceLabels: labels,
  sourceNamespace: word,
}, ['port']);
const weights = fc.constantFrom([undefined], [1], [90, 10], [0, 1]);
const faults = fc.tuple(fc.tuple(duration, percentage), fc.constantFrom(undefined, 500, 'UNAVAILABLE'), percentage).map(([delay, abort, part]) => [
  HttpFault.delay(...delay),
  ...typeof abort === 'number' ? [HttpFault.abort(abort, part)] : [],
  ...typeof abort === 'string' ? [HttpFault.abortGrpc(abort, part)] : [],
]);
const retries = record({
  attempts: fc.integer({ min: 1, max: 5 }),
  perTryTimeout: duration,
  retryOn: fc.constantFrom(['5xx'], ['5xx', 'reset']),
  backoff: duration,
}, ['attempts']);
const namedTexts = fc.dictionary(word, word, { minKeys: 1, maxKeys: 2, noNullPrototype: true });
const headerChanges = fc.oneof(fc.record({ set: namedTexts }), fc.record({ add: namedTexts, remove: words }));
const rewrite: Arbitrary<library.HttpRewrite> = fc.constantFrom(
  { uri: '/a' }, { uri: '/a', authority: 'a.example' }, { authority: 'a.example' }, { uriRegexRewrite: { match: '^/a', rewrite: '/b' } });
const redirect: Arbitrary<library.HttpRedirect> = fc.constantFrom(
  { uri: '/a', redirectCode: 308 }, { scheme: library.RedirectScheme.HTTPS, derivePort: library.RedirectPort.FROM_PROTOCOL_DEFAULT },
  { authority: 'a.example', port: 8080, scheme: library.RedirectScheme.HTTP });
const routeSettings = {
  rewrite,
  requestHeaders: headerChanges,
  responseHeaders: headerChanges,
  timeout: duration,
  // No attempts stand alone.
  retries: fc.oneof({ weight: 5, arbitrary: retries }, { weight: 1, arbitrary: fc.constant({ attempts: 0 }) }),
  faults,
};
/** No attempt may last longer than all of them. */
function possible<T extends { readonly timeout?: Duration; readonly retries?: library.HttpRetries }>(action: T): T {
  const { timeout, retries: { perTryTimeout, ...others } = { attempts: 0 } } = action;
  const isTooLong = timeout && perTryTimeout && perTryTimeout.toMilliseconds() > timeout.toMilliseconds();
  return isTooLong ? { ...action, retries: others } : action;
}
const rule = record({ ...routeSettings, mirrors: percentage }, []).map(possible);
const routeProps = fc.record({
  weights,
  props: record({ ...routeSettings, port, shortHost: fc.boolean() }).map(possible),
  mirrored: fc.option(percentage, { nil: undefined }),
  rules: fc.array(fc.record({
    matches: fc.array(match, { minLength: 1, maxLength: 2 }), weights, rule, redirect: fc.option(redirect, { nil: undefined, freq: 2 }),
  }), { maxLength: 2 }),
});

const destinations: Arbitrary<Make> = fc.tuple(destinationProps, routeProps, fc.constantFrom('shop', 'bank')).map(([props, route, namespace]) => (chart, id) => {
  const subsets = ['v1', 'v2'].map((name) => ({ name, labels: { version: name } }));
  const shortHost = props.shortHost && chart.namespace === 'shop';
  const destination = new library.Destination(chart, `${id}-rule`, { ...props, host: `${id}.shop.svc.cluster.local`, shortHost, subsets });
  const to = (parts: readonly (number | undefined)[]) => parts.map((weight, index) => library.Backend.subset(destination.subset(`v${index + 1}`), { weight }));
  const mirrors = (part?: number) => (part === undefined ? undefined : [library.Backend.subset(destination.subset('v2'), { percentage: part })]);
  new library.HttpRoute(chart, `${id}-route`, {
    ...route.props,
    shortHost: namespace === 'shop' && chart.namespace === 'shop' ? route.props.shortHost : undefined,
    namespace,
    to: to(route.weights),
    mirrors: mirrors(route.mirrored),
    rules: route.rules.map(({ matches, weights: parts, rule: { mirrors: part, ...rest }, redirect: away }) => (
      away ? { matches, redirect: away, responseHeaders: rest.responseHeaders } : { ...rest, matches, to: to(parts), mirrors: mirrors(part) })),
  });
});

const caller = fc.oneof(
  word.map((name) => Caller.namespace(name)),
  fc.tuple(word, word).map(([namespace, name]) => Caller.serviceAccount(namespace, name)),
  fc.constant(Caller.anyIdentity()),
);
const allowed: Arbitrary<Make> = record({
  callers: fc.array(caller, { minLength: 1, maxLength: 3 }),
  ports,
  methods: fc.constantFrom(['GET'], ['GET', 'POST']),
  paths,
  hosts: fc.constantFrom(['a.example'], ['a.example', '*.b.example', 'c.example:80']),
  headers: fc.dictionary(word, words, { minKeys: 1, maxKeys: 2, noNullPrototype: true }),
  dryRun: fc.boolean(),
}, ['callers']).map((props) => (chart, id) => void new library.AllowedCallers(chart, id, { ...props, workload: Pods.withLabels({ app: id }) }));

const denied: Arbitrary<Make> = record({
  iUnderstandThatCallersWithoutAPolicyAreLockedOut: fc.boolean(),
  wholeMesh: fc.boolean(),
  named: fc.boolean(),
}).map(({ named, ...props }) => (chart, id) => void new library.DefaultDeny(chart, id, { ...props, name: named ? id : undefined }));

const jwksUri = fc.constant('https://a.example/keys');
const issuer = record({ issuer: word, jwksUri, audiences: words, forwardToken: fc.boolean() }, ['issuer', 'jwksUri']);
const tokens: Arbitrary<Make> = record({
  issuers: fc.uniqueArray(issuer, { minLength: 1, maxLength: 2, selector: (one) => one.issuer }),
  exceptPaths: paths,
  exceptPorts: ports,
  exceptPreflight: fc.boolean(),
  dryRun: fc.boolean(),
  name: word,
  policyName: word,
}, ['issuers']).map((props) => (chart, id) => void new library.RequiredToken(chart, id, { ...props, workload: Pods.withLabels({ token: id }) }));

const scopes: Arbitrary<Make> = record({
  hosts: fc.uniqueArray(fc.constantFrom('./*', 'shop/*', 'bank/a.example', '*/b.example'), { maxLength: 3 }),
  outboundTrafficPolicy: fc.constantFrom(library.OutboundTrafficPolicyMode.ALLOW_ANY, library.OutboundTrafficPolicyMode.REGISTRY_ONLY),
}, ['hosts']).map((props) => (chart, id) => void new library.SidecarScope(chart, id, { ...props, workload: Pods.withLabels({ scope: id }) }));

const applicationTls = fc.constantFrom(ExternalProtocol.TLS, ExternalProtocol.HTTPS);
const externalPort = record({ port, protocol: applicationTls, targetPort: port, name: word }, ['port', 'protocol']);
const external: Arbitrary<Make> = fc.record({
  isWildcard: fc.boolean(),
  ports: fc.uniqueArray(externalPort, { minLength: 1, maxLength: 1 }),
  props: record({
    endpoints: fc.constantFrom(['1.2.3.4'], ['a.example', '1.2.3.4']),
    addresses: fc.constant(['1.2.3.4']),
    exportTo: fc.constantFrom(['.'], ['*'], ['bank']),
  }),
}).map(({ isWildcard, ports: some, props }) => (chart, id) => {
  new library.ExternalService(chart, id, { ...props, ports: some, hosts: [`${isWildcard ? '*.' : ''}${id}.example`] });
});

const machinePort = fc.record({ protocol: fc.constantFrom('http', 'grpc-api', 'tcp-ledger'), settings: record({ targetPort: port }) });
const proxy = fc.constantFrom(
  MachineProxy.sidecar('vm'), MachineProxy.none(ClientTls.disable()), MachineProxy.none(ClientTls.simple()),
  MachineProxy.none(ClientTls.simple({ subjectAltNames: ['a'] })), MachineProxy.none(ClientTls.mutual({ clientCertificate: '/a', privateKey: '/b' })),
);
const machines: Arbitrary<Make> = fc.record({
  proxy,
  ports: fc.uniqueArray(machinePort, { minLength: 1, maxLength: 2, selector: ({ protocol }) => protocol }),
  addresses: fc.uniqueArray(fc.constantFrom('10.20.0.7', '10.20.0.8', '2001:db8::7'), { minLength: 1, maxLength: 3 }),
  props: record({ virtualAddresses: fc.constant(['1.2.3.4']), network: word, exportTo: fc.constantFrom(['.'], ['*'], ['bank']), labels }),
}).map(({ ports: some, props, ...others }) => (chart, id) => {
  const numbered = some.map(({ protocol, settings: more }, index) => ({ name: protocol, port: 8000 + index, ...more }));
  new library.MachineService(chart, id, { ...others, ...props, ports: numbered, host: `${id}.example` });
});

const monitoring: Arbitrary<Make> = record({ labels, interval: fc.constantFrom(Duration.seconds(15), Duration.minutes(1)) })
  .map((props) => (chart, id) => void (id.endsWith('-0') && new library.MeshMonitoring(chart, id, props)));

const credentials: Arbitrary<Make> = pods.map((client) => (chart, id) => void new library.Destination(chart, id, {
  client, host: `${id}.example`, tls: ClientTls.mutualByCredential(ClientCredential.secret('cert')),
}));

const KINDS = [destinations, allowed, denied, tokens, scopes, external, monitoring, credentials, machines];

/** A construct, and the namespace of the chart that it is made in. */
type Placed = readonly [make: Make, namespace: string];

const placed = (made: Arbitrary<Make>): Arbitrary<Placed> => fc.tuple(made, fc.constantFrom('shop', 'bank'));
const others = fc.array(placed(fc.oneof(...KINDS)), { maxLength: 5 });

/** The output of an app's constructs. */
export interface RandomApp {
  readonly yaml: string;
  /** How many objects each construct writes. */
  readonly constructs: Record<string, number>;
}

/**
 * The YAML of random constructs. Apps begin with each kind of construct in turn, so that however few there are no kind is missing;
 * where others are refused beside the first, it is alone.
 */
export function randomApps(seed: number, times: number): readonly RandomApp[] {
  return KINDS.flatMap((kind, index) => {
    const numRuns = Math.ceil((times - index) / KINDS.length);
    return fc.sample(fc.tuple(placed(kind), others), { seed: seed + index, numRuns }).map(([first, rest]) => {
      try {
        return appOf([first, ...rest]);
      } catch {
        return appOf([first]);
      }
    });
  });
}

/** @throws Error if the constructs are refused */
function appOf(makers: readonly Placed[]): RandomApp {
  const app = new App();
  const charts = new Map(['shop', 'bank'].map((namespace) => [namespace, new Chart(app, namespace, { namespace })]));
  makers.forEach(([make, namespace], index) => make(charts.get(namespace)!, `it-${index}`));
  return { yaml: app.synthYaml(), constructs: countsIn(app) };
}

function countsIn(app: App): Record<string, number> {
  const objects: Record<string, number> = { RequiredToken: 2, MeshMonitoring: 3 };
  const counts: Record<string, number> = {};
  for (const construct of app.node.children.flatMap(({ node }) => node.children)) {
    const { name } = construct.constructor;
    // Not instanceof: to cdk8s, each ApiObject is an instance of every class of them.
    const { workloadEntries } = construct as Partial<library.MachineService>;
    const written = workloadEntries ? 2 + workloadEntries.length : objects[name] ?? 1;
    counts[name] = (counts[name] ?? 0) + written;
  }
  return counts;
}
