import { IGNORED_ANNOTATION_VALUES, IGNORED_LABEL_VALUES, REFUSED_BY_INJECTOR } from '../../../src/admission/metadata/annotation-values';

// Verdicts of the injector's own validation.
test.each<[string, string[], string[]]>([
  ['sidecar.istio.io/interceptionMode', ['REDIRECT', 'TPROXY', 'NONE'], ['', 'redirect']],
  ['status.sidecar.istio.io/port', ['0', '65535', ' 80 ', '007'], ['', '65536', '+1', '-1', '0x10']],
  ['readiness.status.sidecar.istio.io/periodSeconds', ['0', '4294967295'], ['', ' 1', '4294967296', '1.5', '1s']],
  ['traffic.sidecar.istio.io/includeOutboundIPRanges', ['', '*', '10.0.0.0/8,::/0', '::ffff:1.2.3.4/96'], ['10.0.0.0/8, ::/0', '*,10.0.0.0/8', '1.2.3.4', '10.0.0.0/33', '::/129', '010.0.0.1/8', '1.2.3.4/08', 'fe80::1%eth0/64']],
  ['traffic.sidecar.istio.io/excludeOutboundIPRanges', ['', '10.0.0.0/8'], ['*']],
  ['traffic.sidecar.istio.io/includeInboundPorts', ['', '*', '80, 90'], ['80,', '*,80', '8000:8080']],
  ['traffic.sidecar.istio.io/excludeInboundPorts', ['', ' ', '80'], ['*']],
  ['traffic.sidecar.istio.io/excludeInterfaces', ['', 'eth0, net1', 'abcdefghijklmno'], ['abcdefghijklmnop', '0eth', 'eth0,', 'eth/0']],
  ['prometheus.istio.io/merge-metrics', ['true', 'T', '0', 'False'], ['', 'yes', 'tRUE', ' true']],
  ['sidecar.istio.io/proxyCPU', ['100m', '1.5', '.5', '5.', '1e3', '1E', '1Pi', 'Mi', '.', '-'], ['', '1K', '1ki', '1e', 'Ei', '1 ', '1\n', '1..2', '1ee5']],
])('the injector accepts for %s the values %j, and not %j', (key, accepted, refused) => {
  const rule = REFUSED_BY_INJECTOR.get(key)!;

  expect(accepted.filter((value) => !rule.accepts(value))).toEqual([]);
  expect(refused.filter((value) => rule.accepts(value))).toEqual([]);
});

test.each<[string, string[], string[]]>([
  ['inject.istio.io/templates', ['sidecar', 'sidecar, custom'], ['', 'sidecar,']],
  ['sidecar.istio.io/userVolume', ['{"v":{"emptyDir":{}}}', '[]', 'null'], ['', '{v: {}}', '"v"', '1']],
])('the injector accepts for %s the values %j, and its template fails with %j', (key, accepted, refused) => {
  const rule = REFUSED_BY_INJECTOR.get(key)!;

  expect([accepted.filter((value) => !rule.accepts(value)), refused.filter((value) => rule.accepts(value))]).toEqual([[], []]);
});

test.each<[string, string[], string[]]>([
  ['sidecar.istio.io/inject', ['true', 'false'], ['True', 'enabled']],
  ['sidecar.istio.io/nativeSidecar', ['true'], ['yes']],
  ['sidecar.istio.io/rewriteAppHTTPProbers', ['T'], ['on']],
  ['sidecar.istio.io/statsFlushInterval', ['5s', '1m30s', '0', '1.5h', '.5s'], ['5', '5 s', 's', '1d']],
  ['sidecar.istio.io/statsHistogramBuckets', ['{"a":[1,2.5]}', 'null'], ['[1]', '{"a":["1"]}', '{']],
  ['traffic.sidecar.istio.io/includeOutboundPorts', ['80,8000:8080'], ['http', '1:2:3']],
  ['traffic.istio.io/nodeSelector', ['{"a":"b"}'], ['a=b', '{"a":1}', '[]']],
  ['networking.istio.io/exportTo', ['*', '., team-a', '~'], ['team_a', 'a,,b']],
  ['networking.istio.io/traffic-distribution', ['PreferClose', 'prefersamenode'], ['Any']],
  ['networking.istio.io/service-type', ['NodePort'], ['nodeport']],
  ['istio.io/use-waypoint-canary-weight', ['0', '+100'], ['101', '-1', '5%', '1.5']],
  ['istio.io/connect-strategy', ['race_first_tcp_connect'], ['RACE']],
  ['ambient.istio.io/bypass-inbound-capture', ['true'], ['yes']],
  ['ambient.istio.io/waypoint-inbound-binding', ['PROXY', 'NONE', 'PROXY/15088'], ['HBONE', 'PROXY/', 'PROXY/1/2']],
  ['prometheus.istio.io/scrape-targets', ['8080:/metrics, 9100', ''], ['metrics', ':/metrics', '0:/a']],
])('istiod reads annotation %s with the values %j, and ignores it with %j', (key, accepted, ignored) => {
  const rule = IGNORED_ANNOTATION_VALUES.get(key)!;

  expect([accepted.filter((value) => !rule.accepts(value)), ignored.filter((value) => rule.accepts(value))]).toEqual([[], []]);
});

test.each<[string, string[], string[]]>([
  ['istio-injection', ['enabled', 'disabled'], ['true']],
  ['istio.io/waypoint-for', ['service', 'workload', 'all', 'none'], ['services']],
  ['istio.io/ingress-use-waypoint', ['true', '1'], ['yes']],
  ['networking.istio.io/enable-autoallocate-ip', ['TRUE', 'false'], ['0']],
  ['networking.istio.io/gatewayPort', ['15443'], ['http', '0']],
  ['security.istio.io/tlsMode', ['istio', 'disabled'], ['STRICT']],
])('istiod reads label %s with the values %j, and ignores it with %j', (key, accepted, ignored) => {
  const rule = IGNORED_LABEL_VALUES.get(key)!;

  expect([accepted.filter((value) => !rule.accepts(value)), ignored.filter((value) => rule.accepts(value))]).toEqual([[], []]);
});
