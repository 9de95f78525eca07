import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { importsOf } from './support/sources/imports';

const SRC = join(__dirname, '..', 'src');

describe('src/mesh consists of folders in an order', () => {
  const MESH = join(SRC, 'mesh');
  const [, list] = /const meshLayers = \[([^\]]+)\]/.exec(readFileSync(join(__dirname, '..', '.projenrc.ts'), 'utf8'))!;
  const layers = [...list.matchAll(/'([^']+)'/g)].map(([, name]) => name);
  const layerOf = (path: string): number => layers.indexOf(path.split('/')[0]);
  const files = readdirSync(MESH, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts')).map((path) => path.split(sep).join('/'));

  test('in which all of them are', () => {
    expect([...new Set(files.map((path) => path.split('/')[0]))].sort()).toEqual([...layers].sort());
  });

  test('and each uses only those before it, types included', () => {
    const imports = importsOf(new Map(files.map((path) => [path, readFileSync(join(MESH, path), 'utf8')])));
    const wrong = [...imports].flatMap(([from, named]) => named.filter((to) => layerOf(to) > layerOf(from)).map((to) => `${from} → ${to}`));
    expect([...imports].filter(([, named]) => named.length > 0).length).toBeGreaterThan(100);
    expect(wrong).toEqual([]);
  });
});

test('no code takes the last hop of a path for the one that decides', () => {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts')).map((path) => path.split(sep).join('/'));
  const using = files.filter((path) => /\blastHop\b|\bhops(?:\.at\(-1\)|\[[\w.]*hops\.length - 1\])/.test(readFileSync(join(SRC, path), 'utf8')));
  // Those that ask for a path's end, extend a path, or print the server.
  expect(using.sort()).toEqual(['calls/decisions.ts', 'model/path.ts'].map((path) => `mesh/${path}`).concat(['mesh/queries/traced-text.ts', 'explain/text/words.ts', 'integration/connection.ts']).sort());
});

test('senders are told apart by their kind, and decisions are looked up in one place', () => {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts')).map((path) => path.split(sep).join('/'));
  const using = (pattern: RegExp) => files.filter((path) => pattern.test(readFileSync(join(SRC, path), 'utf8'))).sort();
  expect(using(/\bas \w*Sender\b/)).toEqual([]);
  expect(using(/find\(\(\{ senders \}\) => senders\.has\(/)).toEqual(['mesh/calls/decisions.ts']);
});

describe('who calls is asked of `mesh.callers`', () => {
  /** The workloads of a mesh, which are its servers and pods. */
  const WORKLOADS = /\b(?:mesh|before|after)\.workloads\b|\{[^{}()]*\bworkloads\b[^{}()]*\}(?:: (?:Pick<)?Mesh\b| = [\w.]*\b(?:mesh|before|after)\b)|\]\.map\(\(\{[^{}]*\bworkloads\b|states\.flatMap\(\(\{ workloads/;

  test('and its workloads where servers or pods are meant', () => {
    const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts')).map((path) => path.split(sep).join('/'));
    expect(files.filter((path) => WORKLOADS.test(codeIn(readFileSync(join(SRC, path), 'utf8')))).sort()).toEqual([
      'analysis/assumptions.ts', 'analysis/authorization.ts', 'analysis/identities.ts', 'analysis/mesh-lookup.ts', 'analysis/outside.ts', 'analysis/policy-targets.ts',
      ...['203-root-namespace-selector', '210-unknown-namespace', '401-no-sidecar-strict-mesh', '402-host-network', '403-excluded-ports', '404-probes-not-rewritten',
        '405-prometheus-scrape-strict', '408-strict-without-sidecars', '509-authorization-without-proxy', '602-labels-of-single-pods', '603-no-pods'].map((name) => `analysis/rules/mtls${name}.ts`),
      'analysis/unjudged.ts', // Servers behind a Service's ports.
      'cli/runbook/focus.ts', 'cli/runbook/markdown.ts', // Count and ask proxies.
      'constructs/authorization/guarded-workloads.ts', 'constructs/authorization/unserved-service.ts', 'expectations/both-ways.ts', // Servers.
      'mesh/certificates/spire.ts', 'mesh/change/acceptance.ts',
      ...['ca-change', 'ends', 'pods-of-objects', 'scaled-to-zero', 'server-changes', 'unknown-effects'].map((name) => `mesh/compare/${name}.ts`),
      // Pods: a plan replaces those of callers and servers alike.
      ...['change-unit', 'footprints', 'links', 'served-hosts', 'stage-check', 'state-outcomes', 'states'].map((name) => `mesh/plan/${name}.ts`),
      'mesh/queries/named-ports.ts', 'mesh/queries/names.ts', 'mesh/queries/selection.ts', // Servers by name, and callers if a client is named.
      'mesh/worlds/expectations.ts', // The pods that objects select.
      'mesh/worlds/two-states.ts', // Whose proxies are unknown.
      'migration/measured-servers.ts', 'migration/remedies.ts', 'migration/target.ts', 'migration/trust-domain/faults.ts', 'migration/undecided-calls.ts',
      'report/traffic-tables.ts', // The namespaces of servers.
    ]);
  });

  test.each([
    ['mesh.workloads.map(idKey)', true], ['function of({ workloads, planes }: Mesh)', true], ['const { workloads } = evidence.mesh;', true],
    ['mesh.callers.map(idKey)', false], ['one.workloads.length', false],
  ])('%s', (line, asks) => {
    expect(WORKLOADS.test(line)).toBe(asks);
  });
});

describe('few files know the kinds of proxies', () => {
  /** A proxy's kind: read from it, taken out of it, or compared with one. */
  const KIND = new RegExp([
    /\bproxy\??\.kind\b/, /\bproxy: \{[^{}]*\bkind\b/, /\{[^{}]*\bkind\b[^{}]*\} = [\w.?!]*\bproxy\b/, /\bProxyKind\b/, /\bkind\b[^\n]*[!=]== '(?:sidecar|custom|router|waypoint|ztunnel|grpc)'/,
  ].map(({ source }) => source).join('|'));

  test('so the others ask what a proxy does', () => {
    const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts')).map((path) => path.split(sep).join('/'));
    expect(files.filter((path) => KIND.test(codeIn(readFileSync(join(SRC, path), 'utf8')))).sort()).toEqual([
      'cli/runbook/focus.ts', // Whom `istioctl proxy-config` can ask.
      ...['calls/partition.ts', 'dataplane/data-planes.ts', 'dataplane/no-proxy.ts', 'model/sender.ts'].map((path) => `mesh/${path}`), // A data plane for each.
      ...['injected-labels.ts', 'injection.ts', 'interception.ts', 'proxy.ts'].map((path) => `mesh/workloads/${path}`),
      'report/traffic-tables.ts', // Prints it.
    ]);
  });

  test.each([
    ['client.proxy.kind === \'none\'', true], ['workload?.proxy?.kind', true], ['({ proxy: { kind, asked } }) => kind', true], ['const { kind, because } = workload.proxy;', true],
    ['one.kind === \'sidecar\'', true], ['kind !== \'router\'', true], ['const { kind } = workload.object;', false], ['proxy.encrypts === true', false],
  ])('%s', (line, asks) => {
    expect(KIND.test(line)).toBe(asks);
  });
});

describe('objects are told apart by group and kind', () => {
  /** An object's kind, compared with a name alone: Knative's Service isn't Kubernetes'. */
  const BARE = new RegExp([
    /\bkind\b[^\n]{0,3}[!=]== '[A-Z][a-z]/, /\[(?:\w+\.)*object\.kind\]/, /\.(?:has|includes|get)\((?:\w+(?:\(\w+\))?\.)+kind\)/,
    /switch \((?:\w+\.)*(?:object|change|rule|policy|one)\.kind\)/, /(?<!\bKinds)\.of\('[A-Z]/,
  ].map(({ source }) => source).join('|'));

  test('so nothing in the model asks for a kind by its name alone', () => {
    const files = readdirSync(join(SRC, 'mesh'), { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts')).map((path) => path.split(sep).join('/'));
    expect(files.filter((path) => BARE.test(codeIn(readFileSync(join(SRC, 'mesh', path), 'utf8')))).sort()).toEqual([
      'queries/connection-text.ts', // Prints it.
      'routes/gateway-api.ts', 'services/slices.ts', // References, whose group stands beside the kind; istiod reads none of a slice's pods.
    ]);
  });

  test.each([
    ['object.kind === \'Service\'', true], ['kind !== \'PeerAuthentication\'', true], ['switch (unit.object.kind) {', true], ['KINDS.has(objectOf(change).kind)', true],
    ['objects.of(\'Gateway\')', true], ['FOOTPRINTS[object.kind](object)', true], ['kind === \'http\'', false], ['isOf(object, KIND.Service)', false],
  ])('%s', (line, asks) => {
    expect(BARE.test(line)).toBe(asks);
  });
});

describe('what decided a hop is kept where it was decided: nobody looks it up again', () => {
  const READERS = ['mesh', 'analysis', 'explain', 'migration', 'changes', 'report', 'cli', 'integration', 'expectations', 'adoption'];
  const texts = new Map(READERS.flatMap((folder) => readdirSync(join(SRC, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts')).map((path) => `${folder}/${path.split(sep).join('/')}`))
    .map((path) => [path, codeIn(readFileSync(join(SRC, path), 'utf8'))]));
  const using = (pattern: RegExp) => [...texts].filter(([, text]) => pattern.test(text)).map(([path]) => path).sort();

  const CLIENT_TLS = 'mesh/dataplane/client-tls.ts';
  const CLUSTER = 'mesh/dataplane/cluster.ts';
  const RULE = 'mesh/policies/destination-rule.ts';
  const POLICY = 'mesh/policies/peer-authentication.ts';

  test.each<[string, RegExp, readonly string[]]>([
    ['the TLS of a cluster and of an endpoint', /\b(?:clusterTls|endpointTls)\(/, [CLIENT_TLS, CLUSTER]],
    ['which of a rule\'s and a subset\'s settings apply', /\b(?:policyForSubset|endpointTlsSettings)\(/, [CLIENT_TLS, RULE]],
    ['where settings other than a rule\'s are written', /\b(?:passthroughAt|locationAt|tlsModeAt)\(/, [CLIENT_TLS, 'mesh/services/endpoint.ts', 'mesh/services/service.ts']],
    ['which policy turns auto mTLS off', /\bdisabling\(/, ['mesh/dataplane/client-tls.ts', POLICY]],
    ['what lists of AuthorizationPolicies match', /\b(?:listsIdentity|matchesAnywhere|truthOf|requestMatches)\(/, [
      ...['callers', 'facts', 'identity', 'request', 'residual'].map((name) => `mesh/authorization/${name}.ts`), 'migration/trust-domain/principals.ts',
    ]],
    ['which of several merged rules has the policy', /\bfrom\[0\]|\bfrom: \[\w|\bpolicyFrom\b/, ['mesh/policies/destination-rules.ts']],
  ])('%s', (_, pattern, files) => {
    expect(using(pattern).filter((path) => !files.includes(path))).toEqual([]);
  });

  test('what policies require of a port, but for those that ask of another state or of no port at all', () => {
    expect(using(/\benforcedMode\(/)).toEqual([
      'analysis/precedence.ts', // What a policy inherits.
      'analysis/rules/mtls203-root-namespace-selector.ts', // What would change if an ignored policy applied.
      CLIENT_TLS, 'mesh/dataplane/sidecar/sidecar-receivers.ts', POLICY,
      'migration/undecided-calls.ts', // Where a server's proxy isn't known.
    ]);
  });

  test('which of several policies with one scope applies, but for those that compare or change policies', () => {
    expect(using(/\bwinner\b/)).toEqual([
      'analysis/assumptions.ts', 'analysis/policy-targets.ts', 'analysis/precedence.ts', 'analysis/remedies.ts',
      ...['mtls201-second-namespace-policy', 'mtls202-two-policies-one-workload', 'mtls206-empty-selector', 'mtls207-unset-changes-nothing',
        'mtls208-policy-without-sidecar', 'mtls209-creation-order', 'mtls304-unequal-export-to', 'mtls408-strict-without-sidecars'].map((name) => `analysis/rules/${name}.ts`),
      'cli/runbook/mesh-sections.ts', 'explain/advice.ts', 'explain/server.ts', POLICY, 'mesh/queries/named-ports.ts',
      'migration/measured-servers.ts', 'migration/remedies.ts', 'migration/target.ts',
    ]);
  });

  test.each([
    ['clusterTls(service, port);', true], ['// clusterTls(service)', false], ['/** As `clusterTls(x)` says. */', false], ['const cluster = \'clusterTls(x)\';', true],
  ])('code only: %s', (line, expected) => {
    expect(/\bclusterTls\(/.test(codeIn(line))).toBe(expected);
  });
});

/** A text without its comments. */
function codeIn(text: string): string {
  return text.replace(/\/\*[^]*?\*\//g, '').replace(/(^|\s)\/\/.*/g, '$1');
}
