import { valueAt } from '../../../src/findings/field-path';
import { FieldRef, within } from '../../../src/mesh/inventory/field-ref';
import { readObject } from '../../../src/mesh/inventory/object';
import { readDestinationRule } from '../../../src/mesh/policies/destination-rule';
import { modeAt, readPeerPolicy } from '../../../src/mesh/policies/peer-authentication';
import { readSidecar } from '../../../src/mesh/policies/sidecar';
import { virtualServiceRoute } from '../../../src/mesh/routes/virtual-service';
import { kubernetesService } from '../../../src/mesh/services/kubernetes-service';
import { exportToAt } from '../../../src/mesh/services/service';
import { servicesOfEntry } from '../../../src/mesh/services/service-entry';
import { destinationRule, peerAuthentication, service, serviceEntry, sidecar, virtualService } from '../../support/mesh';

const read = (manifest: unknown) => readObject(manifest)!;
const written = ({ object, field }: FieldRef) => valueAt(object.source, field);

test('a field within another has all of its path', () => {
  const object = read(service('a/b'));
  expect(within({ object, field: ['spec'] }, 'ports', 0)).toEqual({ object, field: ['spec', 'ports', 0] });
});

// Lists hold what is no mapping, too: it is left out, and yet the places of the others stay the same.
test('a DestinationRule keeps where its policies, their entries for ports and its subsets are', () => {
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

test('a PeerAuthentication keeps where its mode is, and those of its ports', () => {
  const policy = readPeerPolicy(read(peerAuthentication('a/p', { mtls: { mode: 'STRICT' }, portLevelMtls: { '080': { mode: 'DISABLE' }, '81': { mode: 'PERMISSIVE' } } })));
  expect([undefined, 80, 81].map((port) => written(modeAt(policy, port)))).toEqual(['STRICT', 'DISABLE', 'PERMISSIVE']);
});

test('a Sidecar keeps where its listeners are', () => {
  const [egress, ingress] = [{ hosts: ['./*'] }, { port: { number: 80, protocol: 'HTTP', name: 'http' } }];
  const resource = readSidecar(read(sidecar('a/s', { egress: [null, egress], ingress: [null, ingress] })));
  expect([...resource.egress, ...resource.ingress].map(({ at }) => written(at))).toEqual([egress, ingress]);
});

test('a VirtualService keeps where its destinations are', () => {
  const to = (host: string) => ({ destination: { host } });
  const route = virtualServiceRoute(read(virtualService('a/v', {
    hosts: ['x'],
    http: [null, { route: [to('none'), null, { ...to('some'), weight: 1 }], mirror: { host: 'copy' }, mirrors: [null, to('other')] }],
    tcp: [{ match: [] }, { route: [to('tcp')] }],
    tls: [{ match: [{ sniHosts: ['x.a.svc.cluster.local'] }], route: [to('tls')] }],
  })))!;
  const hosts = (all: readonly { readonly at?: FieldRef }[]) => all.map(({ at }) => (written(at!) as { host: string }).host);
  expect(hosts(route.destinations)).toEqual(['none', 'some', 'other', 'copy', 'tcp', 'tls']);
  const answers = (['http', 'tcp', 'tls'] as const).map((kind) => route.answer({ kind, host: 'x.a.svc.cluster.local', port: 80, client: { namespace: 'a', labels: {} } })!);
  expect(answers.map(({ destinations }) => hosts(destinations))).toEqual([['some', 'copy', 'other'], ['tcp'], ['tls']]);
});

test('a Service and a ServiceEntry keep where their ports are, and who sees them', () => {
  const annotated = service('a/s', [80], { annotations: { 'networking.istio.io/exportTo': '.' } });
  const entry = serviceEntry('a/e', { hosts: ['x', 'y'], ports: [null, { number: 81, name: 'http', protocol: 'HTTP' }], exportTo: ['*'] });
  const services = [kubernetesService(read(annotated)), ...servicesOfEntry(read(entry))];
  expect(services.map(({ ports: [port] }) => written(port.at))).toMatchObject([{ port: 80 }, { number: 81 }, { number: 81 }]);
  expect(services.map((one) => written(exportToAt(one)))).toEqual(['.', ['*'], ['*']]);
});
