import { valueAt } from '../../../src/findings/finding';
import { FieldRef, within } from '../../../src/mesh/inventory/field-ref';
import { readObject } from '../../../src/mesh/inventory/object';
import { policiesOf, readDestinationRule, workloadSelectorAt } from '../../../src/mesh/policies/destination-rule';
import { readPeerPolicy, selectorAt } from '../../../src/mesh/policies/peer-authentication';
import { readSidecar, sidecarSelectorAt } from '../../../src/mesh/policies/sidecar';
import { destinationsOf, sourceLabelsIn, virtualServiceRoute } from '../../../src/mesh/routes/virtual-service';
import { kubernetesService } from '../../../src/mesh/services/kubernetes-service';
import { exportToAt, portAt, protocolAt, targetPortAt } from '../../../src/mesh/services/service';
import { hostAt, servicesOfEntry } from '../../../src/mesh/services/service-entry';
import { destinationRule, peerAuthentication, service, serviceEntry, sidecar, virtualService } from '../../support/meshes/mesh';

const read = (manifest: unknown) => readObject(manifest)!;
const written = ({ object, field }: FieldRef) => valueAt(object.source, field);

test('a nested field has its whole path', () => {
  const object = read(service('a/b'));
  expect(within({ object, field: ['spec'] }, 'ports', 0)).toEqual({ object, field: ['spec', 'ports', 0] });
});

// Lists may have items that aren't mappings: readers skip them, but the indexes of the others stay the same.
test('a DestinationRule has the fields of its policies, their port settings and its subsets', () => {
  const tls = (mode: string) => ({ tls: { mode } });
  const rule = readDestinationRule(read(destinationRule('a/d', {
    host: 'x',
    trafficPolicy: { ...tls('SIMPLE'), proxyProtocol: { version: 'V1' }, portLevelSettings: ['nothing', { port: { number: 80 }, ...tls('DISABLE') }] },
    subsets: [null, { name: 'v1', labels: { v: '1' }, trafficPolicy: { ...tls('ISTIO_MUTUAL'), portLevelSettings: [{ port: { number: 81 }, ...tls('MUTUAL') }] } }],
  })));
  const [subset] = rule.subsets;
  const settings = [rule.policy, ...rule.policy!.ports, subset.policy, ...subset.policy!.ports].map((policy) => policy!.tls!);
  expect(settings.map(({ at }) => written(at))).toEqual(['SIMPLE', 'DISABLE', 'ISTIO_MUTUAL', 'MUTUAL'].map((mode) => ({ mode })));
  expect([written(within(rule.policy!.at, 'proxyProtocol')), written(within(subset.at, 'labels'))]).toEqual([{ version: 'V1' }, { v: '1' }]);
});

test('a subset without a name has an empty name', () => {
  const { subsets } = readDestinationRule(read(destinationRule('a/d', { host: 'x', subsets: [{ labels: { v: '1' } }] })));
  expect(subsets.map(({ name }) => name)).toEqual(['']);
});

test('a PeerAuthentication has the fields of its mode and port modes', () => {
  const policy = readPeerPolicy(read(peerAuthentication('a/p', { mtls: { mode: 'STRICT' }, portLevelMtls: { '080': { mode: 'DISABLE' }, '81': { mode: 'PERMISSIVE' } } })));
  expect([policy.at, ...[80, 81].map((port) => policy.portFields.get(port)!)].map(written)).toEqual(['STRICT', 'DISABLE', 'PERMISSIVE']);
});

test('a Sidecar has the fields of its listeners', () => {
  const [egress, ingress] = [{ hosts: ['./*'] }, { port: { number: 80, protocol: 'HTTP', name: 'http' } }];
  const resource = readSidecar(read(sidecar('a/s', { egress: [null, egress], ingress: [null, ingress] })));
  expect([...resource.egress, ...resource.ingress].map(({ at }) => written(at))).toEqual([egress, ingress]);
});

test('a VirtualService has the fields of its destinations', () => {
  const to = (host: string) => ({ destination: { host } });
  const route = virtualServiceRoute(read(virtualService('a/v', {
    hosts: ['x'],
    http: [null, { route: [to('none'), null, { ...to('some'), weight: 1 }], mirror: { host: 'copy' }, mirrors: [null, to('other')] }],
    tcp: [{ match: [] }, { route: [to('tcp')] }],
    tls: [{ match: [{ sniHosts: ['x.a.svc.cluster.local'] }], route: [to('tls')] }],
  })))!;
  const hosts = (all: readonly { readonly at?: FieldRef }[]) => all.map(({ at }) => (written(at!) as { host: string }).host);
  expect(hosts(route.destinations)).toEqual(['none', 'some', 'copy', 'other', 'tcp', 'tls']);
  const answers = (['http', 'tcp', 'tls'] as const).map((kind) => route.answer({ kind, host: 'x.a.svc.cluster.local', port: 80, client: { namespace: 'a', labels: {} } })!);
  expect(answers.map(({ destinations }) => hosts(destinations))).toEqual([['some', 'copy', 'other'], ['tcp'], ['tls']]);
});

test('a Service and a ServiceEntry have the fields of their ports and exportTo', () => {
  const annotated = service('a/s', [80], { annotations: { 'networking.istio.io/exportTo': '.' } });
  const entry = serviceEntry('a/e', { hosts: ['x', 'y'], ports: [null, { number: 81, name: 'http', protocol: 'HTTP' }], exportTo: ['*'] });
  const services = [kubernetesService(read(annotated)), ...servicesOfEntry(read(entry))];
  expect(services.map(({ ports: [port] }) => written(port.at))).toMatchObject([{ port: 80 }, { number: 81 }, { number: 81 }]);
  expect(services.map((one) => written(exportToAt(one)))).toEqual(['.', ['*'], ['*']]);
});

test('a DestinationRule lists all its policies, each before its portLevelSettings', () => {
  const rule = readDestinationRule(read(destinationRule('a/d', {
    host: 'x',
    trafficPolicy: { portLevelSettings: [{ port: { number: 80 } }] },
    subsets: [{ name: 'none' }, { name: 'v1', trafficPolicy: { portLevelSettings: [{ port: { number: 81 } }, { port: {} }] } }],
  })));
  expect([...policiesOf(rule)].map(({ subset, port }) => [subset?.name, port])).toEqual([[undefined, undefined], [undefined, 80], ['v1', undefined], ['v1', 81]]);
  const [entry, other] = [80, 81].map((number) => ({ port: { number } }));
  const ofSubset = { portLevelSettings: [other, { port: {} }] };
  expect([...policiesOf(rule)].map(({ policy }) => written(policy.at))).toEqual([{ portLevelSettings: [entry] }, entry, ofSubset, other]);
});

test('caches the result for an object', () => {
  const [rule, other] = [read(destinationRule('a/d', { host: 'x' })), read(destinationRule('a/d', { host: 'x' }))];
  expect(readDestinationRule(rule)).toBe(readDestinationRule(rule));
  expect(readDestinationRule(other)).not.toBe(readDestinationRule(rule));
});

test('selectors have the fields that they are read from', () => {
  const labels = { app: 'x' };
  expect(written(selectorAt(readPeerPolicy(read(peerAuthentication('a/p', { selector: { matchLabels: labels } })))))).toEqual(labels);
  expect(written(sidecarSelectorAt(readSidecar(read(sidecar('a/s', { workloadSelector: { labels } })))))).toEqual(labels);
  expect(written(workloadSelectorAt(readDestinationRule(read(destinationRule('a/d', { workloadSelector: { matchLabels: labels } })))))).toEqual(labels);
  const route = read(virtualService('a/v', { http: [null, { match: [{}, { sourceLabels: { app: 'http' } }] }], tls: [{ match: [{ sourceLabels: { app: 'tls' } }] }] }));
  const sources = [...sourceLabelsIn(route)];
  expect(sources.map(([, found]) => found.app)).toEqual(['http', 'tls']);
  expect(sources.map(([at]) => written(at))).toEqual(sources.map(([, found]) => found));
});

test.each([
  [undefined, false], [{}, true], [{ matchLabels: {} }, true], [{ matchLabels: { app: 'x' } }, false],
])('the selector %j is empty: %s', (selector, expected) => {
  expect(readPeerPolicy(read(peerAuthentication('a/p', { selector }))).hasEmptySelector).toBe(expected);
});

test('a VirtualService, also for gateways, lists each destination with its kind of traffic', () => {
  const to = (host: string, weight?: number) => ({ destination: { host }, weight });
  const destinations = destinationsOf(read(virtualService('a/v', {
    gateways: ['g'],
    http: [null, { route: [to('none'), null, to('some', 1)], mirror: { host: 'copy' }, mirrors: [null, to('other')] }],
    tls: [{ route: [to('only', 0)] }],
  })));
  expect(destinations.map(({ at, reached, mirrored }) => [(written(at) as { host: string }).host, reached, mirrored])).toEqual([
    ['none', false, false], ['some', true, false], ['copy', true, true], ['other', true, true], ['only', true, false],
  ]);
});

test.each([
  [undefined, undefined],
  [[], undefined],
  [[{}], 'from-any'],
  [[{ delegate: { name: 'd' } }], 'from-some'],
  [[{ match: [{ port: 80 }] }], 'from-some'],
  [[{ match: [{ gateways: ['g'] }] }], 'from-some'],
  [[{ match: [{ gateways: ['mesh'], sourceNamespace: 'b' }] }], 'from-any'],
  [[{ match: [{ sourceNamespace: 'b' }] }], 'from-some'],
  [[{ match: [{ sourceLabels: { app: 'x' } }] }], 'from-some'],
  [[{ match: [{ sourceNamespace: 'b' }] }, { match: [{ uri: { prefix: '/x' } }] }], 'from-any'],
])('http rules %j take calls: %s', (http, expected) => {
  expect(virtualServiceRoute(read(virtualService('a/v', { hosts: ['X'], http })))).toMatchObject({ takesHttp: expected, hostTexts: ['X'] });
});

test.each([
  [{ port: 80 }, 80, 80, 80],
  [{ port: 80, name: 'http' }, 80, 'http', 80],
  [{ port: 80, name: 'http', appProtocol: 'tcp', targetPort: 8080 }, 80, 'tcp', 8080],
])('a Service with port %j has port, protocol and target port %j, %j and %j', (port, number, protocol, target) => {
  const one = kubernetesService(read(service('a/s', [port])));
  expect([portAt(one, 80), protocolAt(one, 80), targetPortAt(one, 80)].map(written)).toEqual([number, protocol, target]);
});

test('a ServiceEntry has the protocol, the target port and the host of each service', () => {
  const ports = [{ number: 80 }, { number: 81, name: 'x', protocol: 'HTTP', targetPort: 8081 }];
  const services = servicesOfEntry(read(serviceEntry('a/e', { hosts: ['x', 'y'], ports })));
  expect(services.map((one) => written(hostAt(one)))).toEqual(['x', 'y']);
  expect([80, 81].flatMap((port) => [portAt, protocolAt, targetPortAt].map((at) => written(at(services[1], port))))).toEqual([80, 80, 80, 81, 'HTTP', 8081]);
});
