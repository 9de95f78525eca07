import { removeFolders } from '../../support/command/scratch';
import { body, documents, policyText as policy, proven, REVIEWS, routeText as route, ruleText as rule } from '../../support/constructs/adopted';

afterAll(removeFolders);

/** A program with all of a statement in one line. */
const inOneLine = (program: string) => program.replace(/\s+/g, ' ').replaceAll(', }', ' }').replaceAll(', ]', ']').replaceAll('[ {', '[{');

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

  test('with a credentialName keep the other TLS settings', () => {
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
  ])('with %s are Destinations, also in subsets', (_, settings, expected) => {
    const { constructs, program } = proven(documents(rule('a', `{host: a, trafficPolicy: {${settings}}}`), rule('b', `{host: b.example.com, subsets: [{name: v1, labels: {v: "1"}, trafficPolicy: {${settings}}}]}`)));
    expect(constructs).toEqual({ Destination: 2 });
    expect(inOneLine(program).split(expected)).toHaveLength(3);
  });

  test('with a short host set shortHost', () => {
    expect(body(proven(rule('a', '{host: reviews, trafficPolicy: {tls: {mode: DISABLE}}}')).program)).toContain('host: \'reviews\', shortHost: true,');
  });

  test.each([
    ['names that a construct would have verified', '{host: a.example.com, trafficPolicy: {tls: {mode: SIMPLE, sni: x}}}', 'Destination would add spec.trafficPolicy.tls.subjectAltNames'],
    ['a Secret\'s certificates for anybody', '{host: a.example.com, trafficPolicy: {tls: {mode: MUTUAL, credentialName: cert}}}',
      'Destination refuses it: tls.credentialName is \'cert\' in a rule without workloadSelector; expected a \'client\' [API026]'],
    ['an empty selector of clients', `{host: ${REVIEWS}, workloadSelector: {}, trafficPolicy: {tls: {mode: DISABLE}}}`, 'Destination would leave out spec.workloadSelector'],
  ])('with %s stay ApiObjects', (_, spec, why) => {
    expect(proven(rule('a', spec)).program).toContain(`// No construct: ${why}\n`);
  });
});

describe('VirtualServices', () => {
  const SUBSETS = rule('reviews', `{host: ${REVIEWS}, subsets: [{name: v1, labels: {v: "1"}}, {name: v2, labels: {v: "2"}}]}`);
  const to = (subset: string, weight = '') => `{destination: {host: ${REVIEWS}, subset: ${subset}}${weight}}`;
  const OTHER_WORDS = 'its matches, faults or timeouts are written differently than HttpRoute would write them';
  const routed = (...entries: string[]) => `{hosts: [${REVIEWS}], http: [{route: [${entries.join(', ')}]}]}`;

  test('to subsets are HttpRoutes', () => {
    const { program } = proven(documents(route('canary', routed(to('v1', ', weight: 90'), to('v2', ', weight: 10'))), SUBSETS));
    expect(program).toContain([
      'new HttpRoute(shop, \'canary-virtual-service\', {', '  name: \'canary\',', '  to: [',
      '    Backend.subset(reviewsDestinationRule.subset(\'v1\'), { weight: 90 }),', '    Backend.subset(reviewsDestinationRule.subset(\'v2\'), { weight: 10 }),', '  ],', '});', '',
    ].join('\n'));
  });

  test('with rules, times, faults and copies are HttpRoutes', () => {
    const rules = `{match: [{uri: {prefix: /a}, ignoreUriCase: true, headers: {x: {exact: b}, w: {}}, queryParams: {q: {regex: c}}, withoutHeaders: {z: {}}, method: {exact: GET}, authority: {exact: d}, port: 80, sourceLabels: {app: e}, sourceNamespace: f}, {port: 81}],
      route: [${to('v2')}], timeout: 3s, retries: {attempts: 2, perTryTimeout: 0.5s, retryOn: "5xx,reset", backoff: 1s}, fault: {delay: {fixedDelay: 1s, percentage: {value: 10}}, abort: {grpcStatus: UNAVAILABLE, percentage: {value: 0.5}}}, mirrors: [{destination: {host: ${REVIEWS}, subset: v1}, percentage: {value: 3}}]}`.replace(/,\n +/g, ', ');
    const { program, constructs } = proven(documents(route('a', `{hosts: [${REVIEWS}], http: [${rules}, {route: [${to('v1')}], fault: {abort: {httpStatus: 500, percentage: {value: 1}}}, mirrors: [{destination: {host: m.example.com, subset: v1}}]}]}`), SUBSETS,
      rule('m', '{host: m.example.com, subsets: [{name: v1, labels: {v: "1"}}]}')));
    expect(constructs).toEqual({ Destination: 2, HttpRoute: 1 });
    for (const text of [
      'headers: { x: StringMatch.exact(\'b\'), w: StringMatch.present() },', '{ port: 81 }', 'retryOn: [\'5xx\', \'reset\'],', 'HttpFault.delay(Duration.seconds(1), 10)',
      'HttpFault.abortGrpc(\'UNAVAILABLE\', 0.5)', 'HttpFault.abort(500, 1)', 'Backend.subset(reviewsDestinationRule.subset(\'v1\'), { percentage: 3 })', 'Backend.subset(mDestinationRule.subset(\'v1\'))',
    ]) expect(program).toContain(text);
  });

  test('with hosts that are cut short are HttpRoutes, as their Destinations are or otherwise', () => {
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
      expect(constructs).toMatchObject({ HttpRoute: 1 });
      return program.slice(program.indexOf('new HttpRoute'));
    });
    expect(programs.map((program) => /shortHost: \w+/.exec(program)?.[0])).toEqual([undefined, 'shortHost: true', 'shortHost: false', undefined, undefined]);
  });

  test('that redirect, rewrite and change headers are HttpRoutes', () => {
    const rules = [
      '{match: [{uri: {prefix: /old/}}], redirect: {prefixRewrite: /new/, authority: a.example, scheme: https, derivePort: FROM_REQUEST_PORT, redirectCode: 308}, headers: {response: {set: {a: b}}}}',
      '{match: [{port: 80}], redirect: {uri: /, scheme: http, port: 8080}}',
      `{match: [{uri: {prefix: /api}}], rewrite: {uri: /, authority: b.example}, route: [{destination: {host: ${REVIEWS}}}]}`,
      `{match: [{uri: {prefix: /v}}], rewrite: {uriRegexRewrite: {match: "^/v", rewrite: /}}, route: [${to('v2')}]}`,
    ];
    const { program, constructs } = proven(documents(
      route('a', `{hosts: [${REVIEWS}], http: [${rules.join(', ')}, {route: [${to('v1')}], headers: {request: {set: {a: b}, add: {c: d}, remove: [e]}, response: {remove: [f]}}}]}`), SUBSETS));
    expect(constructs).toEqual({ Destination: 1, HttpRoute: 1 });
    for (const text of [
      'redirect: { prefixRewrite: \'/new/\', authority: \'a.example\', scheme: RedirectScheme.HTTPS, derivePort: RedirectPort.FROM_REQUEST_PORT, redirectCode: 308 }',
      'responseHeaders: { set: { a: \'b\' } }', 'redirect: { uri: \'/\', scheme: RedirectScheme.HTTP, port: 8080 }', 'rewrite: { uri: \'/\', authority: \'b.example\' }',
      'rewrite: { uriRegexRewrite: { match: \'^/v\', rewrite: \'/\' } }', 'requestHeaders: { set: { a: \'b\' }, add: { c: \'d\' }, remove: [\'e\'] }', 'responseHeaders: { remove: [\'f\'] }',
    ]) expect(inOneLine(program)).toContain(text);
  });

  test.each([
    ['only redirect', `{hosts: [${REVIEWS}], http: [{redirect: {scheme: https}}]}`, `host: '${REVIEWS}', redirect: { scheme: RedirectScheme.HTTPS }`],
    ['only rewrite', `{hosts: [${REVIEWS}], gateways: [shop/edge], http: [{rewrite: {uri: /}, route: [{destination: {host: ${REVIEWS}, port: {number: 80}}}]}]}`, `host: '${REVIEWS}', rewrite: { uri: '/' }, port: 80, gateways: ['shop/edge']`],
    ['only set a timeout', `{hosts: [${REVIEWS}], http: [{timeout: 3s, route: [{destination: {host: ${REVIEWS}}}]}]}`, `host: '${REVIEWS}', timeout: Duration.seconds(3)`],
    ['have a host that is cut short', '{hosts: [reviews], http: [{route: [{destination: {host: reviews}}]}]}', 'host: \'reviews\', shortHost: true'],
  ])('that %s need no Destination', (_, spec, props) => {
    const { program, constructs } = proven(route('a', spec));
    expect(constructs).toEqual({ HttpRoute: 1 });
    expect(inOneLine(program)).toContain(`new HttpRoute(shop, 'a-virtual-service', { name: 'a', ${props} });`);
  });

  test('in a namespace before that of the subsets come after these', () => {
    const { program, constructs } = proven(documents(route('a', routed(to('v1')).replace('hosts', 'exportTo: ["*"], hosts'), 'bank'), policy('default', '{mtls: {mode: STRICT}}', 'bank'), SUBSETS));
    expect(constructs).toEqual({ Destination: 1, NamespaceOverride: 1, HttpRoute: 1 });
    expect(program.indexOf('new HttpRoute(bank')).toBeGreaterThan(program.indexOf('new Destination('));
  });

  test.each([
    ['to subsets that no Destination has', documents(route('a', routed(to('v3'))), SUBSETS), 'no Destination of its host has its subset'],
    ['to subsets of a rule that is an ApiObject', documents(route('a', routed(to('v1'))), SUBSETS.replace(', namespace: shop', '')), 'no Destination of its host has its subset'],
    ['to a subset and the host', documents(route('a', routed(to('v1', ', weight: 1'), `{destination: {host: ${REVIEWS}}, weight: 1}`)), SUBSETS), 'it also routes to several destinations without a subset, and adopt writes HttpRoute only for one host and its subsets'],
    ['to the host, by a weight', route('a', routed(`{destination: {host: ${REVIEWS}}, weight: 1}`)), 'it also routes to several destinations without a subset, and adopt writes HttpRoute only for one host and its subsets'],
    ['to nowhere', route('a', `{hosts: [${REVIEWS}], http: [{directResponse: {status: 503}}]}`), 'adopt knows no property of HttpRoute for spec.http[0].directResponse'],
    ['by what isn\'t adopted', documents(route('a', routed(to('v1')).replace('{route', '{corsPolicy: {}, route')), SUBSETS), 'adopt knows no property of HttpRoute for spec.http[0].corsPolicy'],
    ['with changes of headers that change nothing', documents(route('a', routed(to('v1')).replace('{route', '{headers: {request: {}}, route')), SUBSETS), 'HttpRoute refuses it: http.headers.request is without a change; expected \'set\', \'add\' or \'remove\' [API037]'],
    ['with headers that are none', documents(route('a', routed(to('v1')).replace('{route', '{headers: {}, route')), SUBSETS), 'HttpRoute would leave out spec.http[0].headers'],
    ['for certain requests only', documents(route('a', routed(to('v1')).replace('{route', '{match: [{port: 80}], route')), SUBSETS), 'it has no route for all other requests, but HttpRoute requires one'],
    ['with routes that nothing comes to', documents(route('a', `{hosts: [${REVIEWS}], http: [{route: [${to('v1')}]}, {route: [${to('v2')}]}]}`), SUBSETS), 'it has routes that no request reaches, but HttpRoute can\'t have any'],
    ['of several hosts', documents(route('a', routed(to('v1')).replace('hosts: [', 'hosts: [b.example.com, ')), SUBSETS), 'it doesn\'t have exactly one host, as HttpRoute does'],
    ['to other hosts', documents(route('a', routed(to('v1')).replace(REVIEWS, 'b.example.com')), SUBSETS), 'it routes to other hosts than its own, and adopt writes HttpRoute only for one host and its subsets'],
    ['with copies for no Destination', documents(route('a', routed(to('v1')).replace('{route', '{mirrors: [{destination: {host: b.example.com, subset: v1}}], route')), SUBSETS), 'no Destination has the subset that requests are mirrored to'],
    ['with a time in minutes', documents(route('a', routed(to('v1')).replace('{route', '{timeout: 1m, route')), SUBSETS), OTHER_WORDS],
    ['with a match for nothing but a scheme', documents(route('a', `{hosts: [${REVIEWS}], http: [{match: [{scheme: {exact: http}}], route: [${to('v1')}]}, {route: [${to('v2')}]}]}`), SUBSETS), 'adopt knows no property of HttpRoute for spec.http[0].match[0].scheme'],
    ['with a fault for no part of the requests', documents(route('a', routed(to('v1')).replace('{route', '{fault: {abort: {httpStatus: 500}}, route')), SUBSETS), OTHER_WORDS],
    ['with hosts in two forms', documents(route('a', routed(to('v1')).replace(REVIEWS, 'reviews')), SUBSETS), `spec.http[0].route[0].destination.host is '${REVIEWS}', and HttpRoute would write 'reviews'`],
  ])('%s stay ApiObjects', (_, text, why) => {
    expect(proven(text).program).toContain(`// No construct: ${why}\n`);
  });
});
