import { adopted, inOrder, objectsIn, synthOf } from '../support/adopted';
import { removeFolders } from '../support/scratch';

afterAll(removeFolders);

/** The lines of a program between its first chart and its end. */
const body = (program: string) => program.slice(program.indexOf('new Chart(')).split('\n').slice(1, -3).join('\n');

/** A program with all of a statement in one line. */
const inOneLine = (program: string) => program.replace(/\s+/g, ' ').replaceAll(', }', ' }').replaceAll(', ]', ']').replaceAll('[ {', '[{');

/** The program of a text, of which it has been seen that it writes the objects. */
function proven(text: string, facts = {}) {
  const adoption = adopted(text, facts);
  expect(adoption.leftOut).toEqual([]);
  expect(inOrder(synthOf(adoption.program))).toEqual(inOrder(objectsIn(text)));
  return adoption;
}

const policy = (name: string, spec: string, namespace = 'shop', metadata = '') =>
  `apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: ${name}, namespace: ${namespace}${metadata}}\nspec: ${spec}\n`;
const rule = (name: string, spec: string, namespace = 'shop') =>
  `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: ${name}, namespace: ${namespace}}\nspec: ${spec}\n`;
const route = (name: string, spec: string, namespace = 'shop') =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: ${name}, namespace: ${namespace}}\nspec: ${spec}\n`;
const config = (name: string, mesh: string, namespace = 'istio-system') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, namespace: ${namespace}}\ndata:\n  mesh: |\n${mesh.split('\n').map((line) => `    ${line}\n`).join('')}`;
const documents = (...texts: string[]) => texts.join('---\n');

const REVIEWS = 'reviews.shop.svc.cluster.local';

describe('policies', () => {
  test.each([
    ['the mesh, STRICT', policy('default', '{mtls: {mode: STRICT}}', 'istio-system'), 'new StrictMeshMtls(istioSystem, \'default-peer-authentication\');'],
    ['the mesh, PERMISSIVE', policy('default', '{mtls: {mode: PERMISSIVE}}', 'istio-system'), 'new MeshMtls(istioSystem, \'default-peer-authentication\', { mode: MtlsMode.PERMISSIVE });'],
    ['a namespace', policy('default', '{mtls: {mode: DISABLE}}'), 'new NamespaceOverride(shop, \'default-peer-authentication\', { mode: MtlsMode.DISABLE });'],
    ['a namespace, under a name', policy('lax', '{mtls: {mode: UNSET}}'), 'new NamespaceOverride(shop, \'lax-peer-authentication\', { name: \'lax\', mode: MtlsMode.UNSET });'],
    ['a workload', policy('a', '{selector: {matchLabels: {app: a}}, mtls: {mode: STRICT}}'), [
      'new WorkloadOverride(shop, \'a-peer-authentication\', {', '  name: \'a\',', '  workload: Pods.withLabels({ app: \'a\' }),', '  mode: MtlsMode.STRICT,', '});',
    ].join('\n')],
    ['ports of a workload', policy('a', '{selector: {matchLabels: {app: a}}, portLevelMtls: {80: {mode: DISABLE}}}'), [
      'new WorkloadOverride(shop, \'a-peer-authentication\', {', '  name: \'a\',', '  workload: Pods.withLabels({ app: \'a\' }),', '  ports: [{ port: 80, mode: MtlsMode.DISABLE }],', '});',
    ].join('\n')],
  ])('of %s', (_, text, expected) => {
    expect(body(proven(text).program)).toBe(expected);
  });

  test.each([
    ['another API version', policy('a', '{mtls: {mode: STRICT}}').replace('/v1', '/v1beta1'), 'its apiVersion is security.istio.io/v1beta1, and a policy would write security.istio.io/v1'],
    ['no mode', policy('a', '{}'), 'NamespaceOverride refuses it: mtls.mode is missing; expected one of STRICT, PERMISSIVE, DISABLE, UNSET [MTLS016]'],
    ['an empty selector', policy('a', '{selector: {}, mtls: {mode: STRICT}}'), 'WorkloadOverride refuses it: workload is missing; expected a workload [MTLS009]'],
    ['a selector in the root namespace', policy('a', '{selector: {matchLabels: {app: a}}, mtls: {mode: STRICT}}', 'istio-system'),
      'an app\'s checks refuse WorkloadOverride: metadata.namespace is the root namespace \'istio-system\'; expected another namespace [MTLS005]'],
    ['another name for the mesh', policy('strict', '{mtls: {mode: STRICT}}', 'istio-system'), 'metadata.name is \'strict\', and StrictMeshMtls would write \'default\''],
    ['no namespace', policy('a', '{mtls: {mode: STRICT}}').replace(', namespace: shop', ''), 'it names no namespace'],
  ])('with %s stay ApiObjects, and the program says why', (_, text, why) => {
    const { program, constructs } = proven(text);
    expect(program).toContain(`// No construct: ${why}\nnew ApiObject(`);
    expect(constructs).toEqual({});
  });

  test('of a workload with an exception for a Service\'s port stay ApiObjects, with the port that is meant', () => {
    const { program, constructs } = proven(documents(
      policy('a', '{selector: {matchLabels: {app: a}}, portLevelMtls: {80: {mode: PERMISSIVE}}}'),
      policy('b', '{selector: {matchLabels: {app: a, v: "2"}}, portLevelMtls: {9080: {mode: PERMISSIVE}}}'),
      'apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: shop}\nspec: {selector: {app: a}, ports: [{port: 80, targetPort: 9080}]}\n',
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, namespace: shop}\nspec: {template: {metadata: {labels: {app: a}}, spec: {containers: [{name: a, ports: [{containerPort: 9080}]}]}}}\n',
    ));
    expect(constructs).toEqual({ WorkloadOverride: 1 });
    expect(program).toContain('// No construct: an app\'s checks refuse WorkloadOverride: portLevelMtls is for port 80; expected a port of the containers of Deployment shop/a: 9080 [MTLS088]\n');
  });

  test('that collide stay ApiObjects, both: the constructs\' check refuses either beside the other', () => {
    const { program, constructs, raw } = proven(documents(policy('a', '{mtls: {mode: STRICT}}'), policy('b', '{mtls: {mode: DISABLE}}'), policy('default', '{mtls: {mode: STRICT}}', 'bank')));
    expect([constructs, raw]).toEqual([{ NamespaceOverride: 1 }, 2]);
    expect(program.match(/\[MTLS002\]/g)).toHaveLength(2);
  });

  test('keep labels, annotations, finalizers and what else is in their metadata', () => {
    const text = policy('default', '{mtls: {mode: STRICT}}', 'shop', ', labels: {team: a, "x/y": b}, annotations: {note: "it\'s"}, finalizers: [a/b], creationTimestamp: null, uid: u');
    expect(body(proven(text).program)).toBe([
      'const defaultPeerAuthentication = new NamespaceOverride(shop, \'default-peer-authentication\', { mode: MtlsMode.STRICT });',
      'defaultPeerAuthentication.metadata.addLabel(\'team\', \'a\');',
      'defaultPeerAuthentication.metadata.addLabel(\'x/y\', \'b\');',
      'defaultPeerAuthentication.metadata.addAnnotation(\'note\', \'it\\\'s\');',
      'defaultPeerAuthentication.metadata.addFinalizers(\'a/b\');',
      'defaultPeerAuthentication.metadata.add(\'uid\', \'u\');',
      'defaultPeerAuthentication.addJsonPatch(JsonPatch.add(\'/metadata/creationTimestamp\', null));',
    ].join('\n'));
  });
});

describe('DestinationRules', () => {
  test('are Destinations, with all that has a property', () => {
    const { constructs, program } = proven(documents(
      rule('a', `{host: ${REVIEWS}, exportTo: [., bank], trafficPolicy: {tls: {mode: ISTIO_MUTUAL, sni: x, subjectAltNames: [a, b]}, connectionPool: {tcp: {maxConnections: 5, connectTimeout: 1.5s, tcpKeepalive: {probes: 3, time: 60s}}, http: {maxRetries: 2, h2UpgradePolicy: UPGRADE, idleTimeout: 30s}},
        portLevelSettings: [{port: {number: 80}, tls: {mode: DISABLE}, connectionPool: {tcp: {maxConnections: 1}}}]}, subsets: [{name: v1, labels: {v: "1"}, trafficPolicy: {tls: {mode: SIMPLE, caCertificates: /a}}}, {name: v2, labels: {v: "2"}}]}`).replace(/,\n +/g, ', '),
      rule('b', '{host: b.example.com, workloadSelector: {matchLabels: {app: a}}, trafficPolicy: {tls: {mode: MUTUAL, credentialName: cert}}}'),
      rule('c', '{host: c.example.com, trafficPolicy: {tls: {mode: SIMPLE, credentialName: "configmap://shop/roots"}}}'),
      rule('d', '{host: d.example.com, trafficPolicy: {tls: {mode: MUTUAL, clientCertificate: /c, privateKey: /k}}}'),
      rule('e', '{host: e.example.com, trafficPolicy: {tls: {mode: SIMPLE, insecureSkipVerify: true}}}'),
    ));
    expect(constructs).toEqual({ Destination: 5 });
    expect(program).toContain('connectTimeout: Duration.millis(1500)');
    expect(program).toContain([
      '  client: Pods.withLabels({ app: \'a\' }),', '  tls: ClientTls.mutualByCredential(ClientCredential.secret(\'cert\')),', '',
    ].join('\n'));
    expect(program).toContain('tls: ClientTls.simpleByCredential(ClientCredential.configMap(\'roots\'))');
  });

  test('with certificates by a credential keep what is said of the handshake', () => {
    const { program } = proven(documents(
      rule('a', '{host: a.example.com, workloadSelector: {matchLabels: {app: a}}, trafficPolicy: {tls: {mode: MUTUAL, credentialName: cert, sni: x, insecureSkipVerify: true}}}'),
      rule('b', '{host: b.example.com, trafficPolicy: {tls: {mode: SIMPLE, credentialName: "configmap://shop/roots", sni: x, subjectAltNames: [w]}}}'),
    ));
    expect(program).toContain('ClientTls.mutualByCredential(ClientCredential.secret(\'cert\'), { sni: \'x\', insecureSkipVerify: true })');
    expect(program).toContain('ClientTls.simpleByCredential(ClientCredential.configMap(\'roots\'), { sni: \'x\', subjectAltNames: [\'w\'] })');
  });

  test.each([
    ['a load balancer', 'loadBalancer: {simple: RANDOM}', 'loadBalancing: LoadBalancing.random()'],
    ['more of it than a factory says', 'loadBalancer: {simple: ROUND_ROBIN, warmup: {duration: 10s}}', 'loadBalancing: LoadBalancing.roundRobin(), otherSettings: { loadBalancer: { warmup: { duration: \'10s\' } } }'],
    ['one that no factory makes', 'loadBalancer: {localityLbSetting: {enabled: false}}', 'otherSettings: { loadBalancer: { localityLbSetting: { enabled: false } } }'],
    ['a hash of a header', 'loadBalancer: {consistentHash: {httpHeaderName: x, ringHash: {minimumRingSize: 9}}}',
      'loadBalancing: LoadBalancing.byHeader(\'x\'), otherSettings: { loadBalancer: { consistentHash: { ringHash: { minimumRingSize: 9 } } } }'],
    ['a hash of a query parameter', 'loadBalancer: {consistentHash: {httpQueryParameterName: x}}', 'loadBalancing: LoadBalancing.byQueryParameter(\'x\')'],
    ['a hash of an address', 'loadBalancer: {consistentHash: {useSourceIp: true}}', 'loadBalancing: LoadBalancing.bySourceIp()'],
    ['a hash of a cookie', 'loadBalancer: {consistentHash: {httpCookie: {name: c, path: /, ttl: 0s}}}', 'loadBalancing: LoadBalancing.byCookie(\'c\', { ttl: Duration.seconds(0), path: \'/\' })'],
    ['a cookie that lives as nobody else writes it', 'loadBalancer: {consistentHash: {httpCookie: {name: c, ttl: 1m}}}', 'otherSettings: { loadBalancer: { consistentHash: { httpCookie: { name: \'c\', ttl: \'1m\' } } } }'],
    ['outlier detection', 'outlierDetection: {consecutive5xxErrors: 7, interval: 0.25s, splitExternalLocalOriginErrors: true, consecutiveLocalOriginFailures: 3}',
      'outlierDetection: { consecutive5xxErrors: 7, interval: Duration.millis(250), consecutiveLocalOriginFailures: 3 }'],
    ['failures that are counted apart without a number', 'outlierDetection: {splitExternalLocalOriginErrors: true}', 'otherSettings: { outlierDetection: { splitExternalLocalOriginErrors: true } }'],
    ['another way to write a duration', 'connectionPool: {tcp: {connectTimeout: 1m, maxConnections: 5}}',
      'connectionPool: { tcp: { maxConnections: 5 } }, otherSettings: { connectionPool: { tcp: { connectTimeout: \'1m\' } } }'],
    ['what has no property', 'proxyProtocol: {version: V2}', 'otherSettings: { proxyProtocol: { version: \'V2\' } }'],
    ['a setting of a port', 'portLevelSettings: [{port: {number: 80}, outlierDetection: {}}]', 'ports: [{ port: 80, outlierDetection: {} }]'],
  ])('with %s are Destinations, in subsets, too', (_, policy, expected) => {
    const { constructs, program } = proven(documents(rule('a', `{host: a, trafficPolicy: {${policy}}}`), rule('b', `{host: b.example.com, subsets: [{name: v1, labels: {v: "1"}, trafficPolicy: {${policy}}}]}`)));
    expect(constructs).toEqual({ Destination: 2 });
    expect(inOneLine(program).split(expected)).toHaveLength(3);
  });

  test('with a host that is cut short say so', () => {
    expect(body(proven(rule('a', '{host: reviews, trafficPolicy: {tls: {mode: DISABLE}}}')).program)).toContain('host: \'reviews\', shortHost: true,');
  });

  test.each([
    ['names that a construct would have verified', '{host: a.example.com, trafficPolicy: {tls: {mode: SIMPLE, sni: x}}}', 'Destination would add spec.trafficPolicy.tls.subjectAltNames'],
    ['a Secret\'s certificates for anybody', '{host: a.example.com, trafficPolicy: {tls: {mode: MUTUAL, credentialName: cert}}}',
      'Destination refuses it: tls.credentialName is \'cert\' in a rule without workloadSelector; expected a \'client\' [MTLS026]'],
    ['an empty selector of clients', `{host: ${REVIEWS}, workloadSelector: {}, trafficPolicy: {tls: {mode: DISABLE}}}`, 'Destination would leave out spec.workloadSelector'],
  ])('with %s stay ApiObjects', (_, spec, why) => {
    expect(proven(rule('a', spec)).program).toContain(`// No construct: ${why}\n`);
  });
});

describe('VirtualServices', () => {
  const SUBSETS = rule('reviews', `{host: ${REVIEWS}, subsets: [{name: v1, labels: {v: "1"}}, {name: v2, labels: {v: "2"}}]}`);
  const to = (subset: string, weight = '') => `{destination: {host: ${REVIEWS}, subset: ${subset}}${weight}}`;
  const OTHER_WORDS = 'it compares or fails requests, or waits for them, in other words than SubsetRoute would write';
  const routed = (...entries: string[]) => `{hosts: [${REVIEWS}], http: [{route: [${entries.join(', ')}]}]}`;

  test('that lead to subsets are SubsetRoutes', () => {
    const { program } = proven(documents(route('canary', routed(to('v1', ', weight: 90'), to('v2', ', weight: 10'))), SUBSETS));
    expect(program).toContain([
      'new SubsetRoute(shop, \'canary-virtual-service\', {', '  name: \'canary\',', '  to: [',
      '    { subset: reviewsDestinationRule.subset(\'v1\'), weight: 90 },', '    { subset: reviewsDestinationRule.subset(\'v2\'), weight: 10 },', '  ],', '});', '',
    ].join('\n'));
  });

  test('with rules, times, faults and copies are SubsetRoutes', () => {
    const rules = `{match: [{uri: {prefix: /a}, ignoreUriCase: true, headers: {x: {exact: b}, w: {}}, queryParams: {q: {regex: c}}, withoutHeaders: {z: {}}, method: {exact: GET}, authority: {exact: d}, port: 80, sourceLabels: {app: e}, sourceNamespace: f}, {port: 81}],
      route: [${to('v2')}], timeout: 3s, retries: {attempts: 2, perTryTimeout: 0.5s, retryOn: "5xx,reset", backoff: 1s}, fault: {delay: {fixedDelay: 1s, percentage: {value: 10}}, abort: {grpcStatus: UNAVAILABLE, percentage: {value: 0.5}}}, mirrors: [{destination: {host: ${REVIEWS}, subset: v1}, percentage: {value: 3}}]}`.replace(/,\n +/g, ', ');
    const { program, constructs } = proven(documents(route('a', `{hosts: [${REVIEWS}], http: [${rules}, {route: [${to('v1')}], fault: {abort: {httpStatus: 500, percentage: {value: 1}}}, mirrors: [{destination: {host: m.example.com, subset: v1}}]}]}`), SUBSETS,
      rule('m', '{host: m.example.com, subsets: [{name: v1, labels: {v: "1"}}]}')));
    expect(constructs).toEqual({ Destination: 2, SubsetRoute: 1 });
    for (const text of [
      'headers: { x: StringMatch.exact(\'b\'), w: StringMatch.present() },', '{ port: 81 }', 'retryOn: [\'5xx\', \'reset\'],', 'HttpFault.delay(Duration.seconds(1), 10)',
      'HttpFault.abortGrpc(\'UNAVAILABLE\', 0.5)', 'HttpFault.abort(500, 1)', '{ subset: reviewsDestinationRule.subset(\'v1\'), percentage: 3 }', '{ subset: mDestinationRule.subset(\'v1\') }',
    ]) expect(program).toContain(text);
  });

  test('with hosts that are cut short are SubsetRoutes, as their Destinations are or otherwise', () => {
    const short = (text: string) => text.replaceAll(REVIEWS, 'reviews');
    const copies = routed(to('v1')).replace('{route', '{mirrors: [{destination: {host: ratings, subset: v1}}, {destination: {host: m.example.com, subset: v1}}], route');
    const others = documents(rule('ratings', '{host: ratings, subsets: [{name: v1, labels: {v: "1"}}]}'), rule('m', '{host: m.example.com, subsets: [{name: v1, labels: {v: "1"}}]}'));
    const programs = [
      documents(route('a', short(routed(to('v1')))), short(SUBSETS)),
      documents(route('a', short(routed(to('v1')))), SUBSETS),
      documents(route('a', routed(to('v1'))), short(SUBSETS)),
      documents(route('a', routed(to('v1')).replace('hosts', 'exportTo: ["*"], hosts'), 'bank'), short(SUBSETS)),
      documents(route('a', short(copies)), short(SUBSETS), others),
    ].map((text) => proven(text)).map(({ program, constructs }) => {
      expect(constructs).toMatchObject({ SubsetRoute: 1 });
      return program.slice(program.indexOf('new SubsetRoute'));
    });
    expect(programs.map((program) => /shortHost: \w+/.exec(program)?.[0])).toEqual([undefined, 'shortHost: true', 'shortHost: false', undefined, undefined]);
  });

  test('in a namespace before that of the subsets come after these', () => {
    const { program, constructs } = proven(documents(route('a', routed(to('v1')).replace('hosts', 'exportTo: ["*"], hosts'), 'bank'), policy('default', '{mtls: {mode: STRICT}}', 'bank'), SUBSETS));
    expect(constructs).toEqual({ Destination: 1, NamespaceOverride: 1, SubsetRoute: 1 });
    expect(program.indexOf('new SubsetRoute(bank')).toBeGreaterThan(program.indexOf('new Destination('));
  });

  test.each([
    ['to subsets that no Destination has', documents(route('a', routed(to('v3'))), SUBSETS), 'there is no Destination of its host with its subset'],
    ['to subsets of a rule that is an ApiObject', documents(route('a', routed(to('v1'))), SUBSETS.replace('istio.io/v1', 'istio.io/v1beta1')), 'there is no Destination of its host with its subset'],
    ['to no subset', documents(route('a', `{hosts: [${REVIEWS}], http: [{route: [{destination: {host: ${REVIEWS}}}]}]}`), SUBSETS), 'it leads to more than subsets, to which alone a SubsetRoute does'],
    ['by what isn\'t adopted', documents(route('a', routed(to('v1')).replace('{route', '{rewrite: {uri: /}, route')), SUBSETS), 'adopt knows no property of SubsetRoute for spec.http[0].rewrite'],
    ['for certain requests only', documents(route('a', routed(to('v1')).replace('{route', '{match: [{port: 80}], route')), SUBSETS), 'it has no route for all other requests, as a SubsetRoute has'],
    ['with routes that nothing comes to', documents(route('a', `{hosts: [${REVIEWS}], http: [{route: [${to('v1')}]}, {route: [${to('v2')}]}]}`), SUBSETS), 'it has routes that no request comes to, and a SubsetRoute has none'],
    ['of several hosts', documents(route('a', routed(to('v1')).replace('hosts: [', 'hosts: [b.example.com, ')), SUBSETS), 'it has not one host, as a SubsetRoute has'],
    ['to other hosts', documents(route('a', routed(to('v1')).replace(REVIEWS, 'b.example.com')), SUBSETS), 'it leads to other hosts than its own, and a SubsetRoute doesn\'t'],
    ['with copies for no Destination', documents(route('a', routed(to('v1')).replace('{route', '{mirrors: [{destination: {host: b.example.com, subset: v1}}], route')), SUBSETS), 'there is no Destination of a host with the subset that gets copies of requests'],
    ['with a time in minutes', documents(route('a', routed(to('v1')).replace('{route', '{timeout: 1m, route')), SUBSETS), OTHER_WORDS],
    ['with a match for nothing but a scheme', documents(route('a', `{hosts: [${REVIEWS}], http: [{match: [{scheme: {exact: http}}], route: [${to('v1')}]}, {route: [${to('v2')}]}]}`), SUBSETS), 'adopt knows no property of SubsetRoute for spec.http[0].match[0].scheme'],
    ['with a fault for no part of the requests', documents(route('a', routed(to('v1')).replace('{route', '{fault: {abort: {httpStatus: 500}}, route')), SUBSETS), OTHER_WORDS],
    ['with hosts in two forms', documents(route('a', routed(to('v1')).replace(REVIEWS, 'reviews')), SUBSETS), `spec.http[0].route[0].destination.host is '${REVIEWS}', and SubsetRoute would write 'reviews'`],
  ])('%s stay ApiObjects', (_, text, why) => {
    expect(proven(text).program).toContain(`// No construct: ${why}\n`);
  });
});

describe('the mesh', () => {
  const MESH = 'accessLogFile: /dev/stdout\ndefaultConfig:\n  discoveryAddress: istiod.istio-system.svc:15012\n  proxyMetadata:\n    A: b\ndefaultProviders:\n  metrics:\n    - prometheus\n'
    + 'meshMTLS:\n  minProtocolVersion: TLSV1_3\noutboundTrafficPolicy:\n  mode: REGISTRY_ONLY\npathNormalization:\n  normalization: MERGE_SLASHES\nrootNamespace: istio-system';

  test('config is a MeshConfig, with other fields for what has no property', () => {
    expect(body(proven(config('istio', MESH)).program)).toBe([
      'new MeshConfig(istioSystem, \'istio-config-map\', {', '  accessLogFile: \'/dev/stdout\',', '  defaultConfig: { proxyMetadata: { A: \'b\' } },',
      '  meshMtls: { minProtocolVersion: TlsProtocol.TLSV1_3 },', '  outboundTrafficPolicyMode: OutboundTrafficPolicyMode.REGISTRY_ONLY,',
      '  otherFields: { pathNormalization: { normalization: \'MERGE_SLASHES\' } },', '});',
    ].join('\n'));
  });

  test('config has its further roots, each with what it is for', () => {
    const { program } = proven(config('istio', MESH.replace('\n', '\ncaCertificates:\n  - spiffeBundleUrl: https://a.example/bundle\n  - certSigners:\n      - b.example/b\n    spiffeBundleUrl: https://b.example/bundle\n    trustDomains:\n      - b.example\n  - pem: root\n')));
    expect(program).toContain([
      '  caCertificates: [', '    MeshCaCertificate.spiffeBundle(\'https://a.example/bundle\'),',
      '    MeshCaCertificate.spiffeBundle(\'https://b.example/bundle\', {',
      '      certSigners: [\'b.example/b\'],', '      trustDomains: [\'b.example\'],', '    }),', '    MeshCaCertificate.pem(\'root\'),', '  ],', '',
    ].join('\n'));
  });

  test('config that is written otherwise stays an ApiObject', () => {
    expect(proven(config('istio', `# ours\n${MESH}`)).program).toContain('// No construct: data.mesh is another text than MeshConfig would write\n');
  });

  test('has an IstioMesh where its facts aren\'t Istio\'s', () => {
    const mesh = MESH.replaceAll('istiod.istio-system', 'istiod-1-31.istio-mesh').replace('rootNamespace: istio-system', 'rootNamespace: root\ntrustDomain: corp.example');
    const { program, constructs } = proven(documents(policy('default', '{mtls: {mode: STRICT}}', 'root'), policy('default', '{mtls: {mode: STRICT}}', 'istio-mesh'), config('istio-1-31', mesh, 'istio-mesh')));
    expect(constructs).toEqual({ MeshConfig: 1, NamespaceOverride: 1, StrictMeshMtls: 1 });
    expect(program).toContain('new IstioMesh(istioMesh, \'mesh\', { revision: \'1-31\', rootNamespace: \'root\', trustDomain: \'corp.example\' });\n');
  });

  test('has one for each revision with a config', () => {
    const { program, constructs } = proven(documents(config('istio', MESH), config('istio-canary', MESH.replace('istiod.', 'istiod-canary.'))));
    expect(constructs).toEqual({ MeshConfig: 2 });
    expect(program).toContain('const meshCanary = new IstioMesh(istioSystem, \'mesh-canary\', { revision: \'canary\' });\n');
    expect(program).toContain('  mesh: meshCanary,\n');
  });

  test('goes by what is told', () => {
    const { program } = proven(documents(policy('default', '{mtls: {mode: STRICT}}', 'mesh'), rule('a', '{host: a.shop.svc.corp.example, trafficPolicy: {tls: {mode: DISABLE}}}')),
      { istiodNamespace: 'mesh', clusterDomain: 'corp.example' });
    expect(program).toContain('const meshChart = new Chart(app, \'mesh\', { namespace: \'mesh\' });\nnew IstioMesh(meshChart, \'mesh-2\', { clusterDomain: \'corp.example\' });\nnew StrictMeshMtls(meshChart,'.replace('mesh-2', 'mesh'));
  });

  test('is of no use without any construct', () => {
    expect(proven('apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n', { clusterDomain: 'corp.example' }).program).not.toContain('IstioMesh');
  });
});

describe('other objects', () => {
  test('are ApiObjects, a chart a namespace, without a comment', () => {
    const { program, raw } = proven(documents(
      'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n',
      'apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: default, labels: {}}\nspec: {ports: [{port: 80}], x: null, list: [null, {a: null}], z: {}}\n',
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: default}\nspec: {}\n',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: x, namespace: pod}\n',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: b, namespace: resource, ownerReferences: [{apiVersion: v1, kind: A, name: a, uid: u, x: b}]}\n',
    ));
    expect(raw).toBe(5);
    expect(program).not.toContain('// ');
    expect([...program.matchAll(/^(?:const \w+ = )?new Chart\(.*$/gm)].map(([line]) => line.replace(/.*\(app, /, ''))).toEqual([
      '\'cluster\');', '\'default\', { namespace: \'default\' });', '\'pod-2\', { namespace: \'pod\' });', '\'resource-2\', { namespace: \'resource\' });',
    ]);
    expect(program).toContain([
      'webService.addJsonPatch(', '  JsonPatch.add(\'/metadata/labels\', {}),', '  JsonPatch.replace(\'/spec/list/0\', null),', '  JsonPatch.add(\'/spec/list/1/a\', null),',
      '  JsonPatch.add(\'/spec/x\', null),', ');', '',
    ].join('\n'));
  });

  test('of the same name get other ids and variables', () => {
    const twice = 'apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop, creationTimestamp: null}\n';
    const { program } = proven(documents(twice, twice, twice.replace('shop', 'bank')));
    for (const word of ['webService = new ApiObject(shop, \'web-service\'', 'shopWebService = new ApiObject(shop, \'web-service-2\'', 'bankWebService = new ApiObject(bank, \'web-service\'']) expect(program).toContain(word);
  });

  test('can\'t break out of the program by what they are called', () => {
    const hostile = ['\'); process.exit(3); (\'', '`${process.exit(3)}`', '*/ process.exit(3) /*', 'a\n// b\n::error::x', '\\\'', '\u202e', '##vso[task.x]', '</script>', '\\u0027', '\u0000', '\ud83d\ude00'];
    const object = (text: string, index: number) => ({
      apiVersion: 'example.com/v1', kind: `A${index}`, metadata: { name: 'a', namespace: 'a', annotations: { [text]: text } }, [text]: { [text]: [text] },
    });
    const { program, leftOut } = adopted(hostile.map(object));
    expect(leftOut).toEqual([]);
    expect(inOrder(synthOf(program))).toEqual(inOrder(hostile.map(object)));
    expect(program).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u2028\u202e]|##vso\[|^::/m);
  });

  test('can\'t do so by their kinds, names and namespaces either', () => {
    const hostile = ['default', 'class', '1a', '-', '', 'app', 'App', 'JsonPatch', 'mesh', 'constructor', 'é', 'a'.repeat(300), '\'); process.exit(3); (\''];
    const objects = hostile.map((text) => ({ apiVersion: 'example.com/v1', kind: text === '' ? 'A' : text, metadata: { name: text, namespace: text, creationTimestamp: null } }));
    const { program, leftOut } = adopted(objects);
    expect(leftOut).toEqual([]);
    expect(inOrder(synthOf(program))).toEqual(inOrder(objects));
  });
});

describe('left out, and named, are', () => {
  const KEY = `-----BEGIN PRIVATE KEY-----\n${'MIIabcDEF123'.repeat(20)}\n-----END PRIVATE KEY-----\n`;

  test.each([
    ['Secrets', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a', namespace: 'shop', labels: { x: 'word' } }, data: { a: 'word' } }, 'Secret shop/a', 'a program is no place for a Secret'],
    ['half Secrets', { apiVersion: 'v1', kind: 'Secre', metadata: { name: 'a' }, stringData: { a: 'word' } }, 'Secre a', 'it may hold a private key or another secret'],
    ['keys in annotations', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', annotations: { word: KEY } } }, 'ConfigMap a', 'it may hold a private key or another secret'],
    ['a part of a key', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { word: 'MIIabcDEF123'.repeat(20) } }, 'ConfigMap a', 'it may hold a private key or another secret'],
    ['keys as if they were certificates', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { word: KEY.replaceAll('PRIVATE KEY', 'CERTIFICATE') } }, 'ConfigMap a', 'it may hold a private key or another secret'],
    ['what istiod refuses', { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name: 'a', namespace: 'b' }, spec: { mtls: { mode: 'strict' }, word: 1 } }, 'PeerAuthentication b/a',
      expect.stringMatching(/^an API server or istiod would refuse it \[ADMIT\d+\]$/)],
    ['what has no text for its kind', { apiVersion: 'v1', kind: { toString: 1 }, metadata: { name: { toString: 1 } } }, 'Object (without a name)', 'it has no apiVersion and kind'],
    ['what is no object', { word: 'b' }, 'Object (without a name)', 'it has no apiVersion and kind'],
    ['what JavaScript can\'t hold', { apiVersion: 'example.com/v1', kind: 'A', metadata: { name: 'a' }, word: 2 ** 60 }, 'A a', 'it has a name or a number that a program can\'t write as it is'],
    ['what cdk8s writes as something else', { apiVersion: 'example.com/v1', kind: 'A', metadata: { name: 'a' }, word: '\u2028' }, 'A a', 'the YAML that cdk8s writes would be read as something else'],
    ['what cdk8s can\'t write', { apiVersion: 'example.com/v1', kind: 'A', metadata: { name: 'a' }, spec: { constructor: 'word' } }, 'A a', 'cdk8s can\'t write it as it is'],
  ])('%s', (_, object, name, why) => {
    const { program, leftOut } = adopted([object, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kept' } }]);
    expect(leftOut).toEqual([{ object: name, why }]);
    expect(program).toContain(`\n// Left out: ${name}: `);
    expect(program).not.toContain('word');
    expect(synthOf(program)).toEqual([expect.objectContaining({ kind: 'Namespace' })]);
  });
});

test('the same objects give the same program', () => {
  const text = documents(policy('a', '{mtls: {mode: STRICT}}'), rule('b', `{host: ${REVIEWS}, trafficPolicy: {tls: {mode: DISABLE}}}`));
  expect(adopted(text)).toEqual(adopted(text));
});
