import { ApiObject, App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  AllowedCallers, ClientCredential, ClientTls, Destination, ExternalProtocol, HttpRoute, MachineProxy, MachineService, MachineServiceProps,
  MtlsAnalysis, MtlsMode, Pods, SidecarScope, StrictMeshMtls, WorkloadOverride,
} from '../../../src/index';
import { schemaViolations } from '../../support/admission/schema';
import { toldOf } from '../../support/admission/webhook';
import { chartIn, only, synth } from '../../support/constructs/charts';
import { passes } from '../../support/meshes/authorization';

const HOST = 'billing.example';
const none = MachineProxy.none(ClientTls.disable());
const sidecar = MachineProxy.sidecar('billing');
const http = { name: 'http', port: 80, targetPort: 8080 };
const labels = { app: 'billing' };

type Props = Partial<MachineServiceProps>;
const propsWith = (props: Props): MachineServiceProps => ({ host: HOST, ports: [http], proxy: none, addresses: ['10.20.0.7'], ...props });

/** The output of a MachineService in namespace shop. */
function emitted(props: Props): any[] {
  const chart = chartIn('shop');
  new MachineService(chart, 'billing', propsWith(props));
  const objects = synth(chart);
  for (const object of objects) {
    expect(schemaViolations(object)).toEqual([]);
    expect(toldOf(object.kind, object.spec, object.metadata)).toEqual([]);
  }
  return objects;
}

const tlsOf = (props: Props): any => only(emitted(props), 'DestinationRule').spec.trafficPolicy.tls;
const kinds = (props: Props): string[] => emitted(props).map(({ kind }) => kind);
const refusal = (props: Props): (() => unknown) => () => emitted(props);

describe('machines without a proxy', () => {
  test('are outside the mesh, and clients use the given TLS', () => {
    const metadata = { name: 'billing', namespace: 'shop' };
    expect(emitted({ name: 'billing', labels })).toEqual([
      {
        apiVersion: 'networking.istio.io/v1',
        kind: 'ServiceEntry',
        metadata,
        spec: {
          hosts: [HOST],
          location: 'MESH_EXTERNAL',
          ports: [{ number: 80, name: 'http', protocol: 'HTTP', targetPort: 8080 }],
          resolution: 'STATIC',
          workloadSelector: { labels },
        },
      },
      {
        apiVersion: 'networking.istio.io/v1', kind: 'WorkloadEntry', metadata: { ...metadata, name: 'billing-10.20.0.7' }, spec: { address: '10.20.0.7', labels },
      },
      { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata, spec: { host: HOST, trafficPolicy: { tls: { mode: 'DISABLE' } } } },
    ]);
  });

  test('snapshot', () => {
    const chart = chartIn('shop');
    new MachineService(chart, 'billing', {
      name: 'billing',
      host: HOST,
      addresses: ['10.20.0.7', '2001:DB8::'],
      ports: [http, { name: 'ledger', port: 5000, protocol: ExternalProtocol.TCP }],
      proxy: MachineProxy.none(ClientTls.simpleByCredential(ClientCredential.configMap('billing-ca'))),
      virtualAddresses: ['240.240.0.7'],
      network: 'basement',
      labels,
      exportTo: ['.', 'bank'],
    });
    expect(synth(chart)).toMatchSnapshot();
  });

  test.each<[string, ClientTls, object]>([
    ['the host', ClientTls.simple(), { mode: 'SIMPLE', sni: HOST, subjectAltNames: [HOST] }],
    ['other names', ClientTls.simple({ subjectAltNames: ['vm7.example'] }), { mode: 'SIMPLE', sni: HOST, subjectAltNames: ['vm7.example'] }],
    ['the host with a certificate in files', ClientTls.mutual({ clientCertificate: '/c', privateKey: '/k' }), { mode: 'MUTUAL', clientCertificate: '/c', privateKey: '/k', sni: HOST, subjectAltNames: [HOST] }],
  ])('are verified by %s', (_, tls, expected) => {
    expect(tlsOf({ proxy: MachineProxy.none(tls) })).toEqual(expected);
  });

  test('with a wildcard host are verified by the name of each request', () => {
    expect(tlsOf({ host: '*.billing.example', proxy: MachineProxy.none(ClientTls.simple()) })).toEqual({ mode: 'SIMPLE' });
  });

  test('have the rule wherever the host is exported to', () => {
    const exportTo = ['.', 'bank'];
    expect(emitted({ exportTo }).map(({ kind, spec }) => [kind, spec.exportTo])).toEqual([['ServiceEntry', exportTo], ['WorkloadEntry', undefined], ['DestinationRule', exportTo]]);
  });

  test.each([[undefined], [[]]])('with the addresses %j are refused', (addresses) => {
    expect(refusal({ addresses })).toThrow(
      'ServiceEntry (test/billing): addresses is empty for machines without a proxy; expected IP addresses, each once, because istiod registers only machines whose sidecar connects to it. '
      + 'Fix: pass the addresses of the machines, or use MachineProxy.sidecar. [API829]',
    );
  });
});

describe('machines with a sidecar', () => {
  test('are in the mesh with their service account, without a rule', () => {
    const objects = emitted({ proxy: sidecar, labels, network: 'basement' });
    expect(objects.map(({ kind }) => kind)).toEqual(['ServiceEntry', 'WorkloadEntry', 'WorkloadGroup']);
    expect(only(objects, 'ServiceEntry').spec).toMatchObject({ location: 'MESH_INTERNAL', resolution: 'STATIC', workloadSelector: { labels } });
    expect(only(objects, 'WorkloadEntry').spec).toEqual({ address: '10.20.0.7', labels, serviceAccount: 'billing', network: 'basement' });
    expect(only(objects, 'WorkloadGroup').spec).toEqual({ metadata: { labels }, template: { serviceAccount: 'billing', network: 'basement' } });
  });

  test('snapshot', () => {
    const chart = chartIn('shop');
    new MachineService(chart, 'billing', { ...propsWith({ proxy: sidecar, network: 'basement', addresses: ['10.20.0.7', '10.20.0.8'] }) });
    expect(synth(chart)).toMatchSnapshot();
  });

  test.each([[undefined], [[]]])('with the addresses %j are those that istiod registers', (addresses) => {
    expect(kinds({ proxy: sidecar, addresses })).toEqual(['ServiceEntry', 'WorkloadGroup']);
  });

  test.each(['Billing', '', 'a/b', undefined])('as service account %p are refused', (account) => {
    expect(refusal({ proxy: MachineProxy.sidecar(account as string) })).toThrow(/ServiceEntry \(test\/billing\): proxy\.serviceAccount is .*; expected a valid service account name in lowercase letters.*\[API803\]/);
  });
});

test('the WorkloadEntries are called as istiod calls those that it adds', () => {
  const addresses = ['10.20.0.7', '2001:db8::7', '2001:DB8::'];
  const chart = chartIn('shop');
  const billing = new MachineService(chart, 'billing', propsWith({ name: 'billing', addresses }));
  expect(billing.workloadEntries.map(({ name }) => name)).toEqual(['billing-10.20.0.7', 'billing-2001-db8--7', 'billing-2001-db8--0']);
  expect(synth(chart).filter(({ kind }) => kind === 'WorkloadEntry').map(({ spec }) => spec.address)).toEqual(addresses);
});

test('the members', () => {
  const chart = chartIn('shop');
  const [outside, inside] = [none, sidecar].map((proxy, index) => new MachineService(chart, `billing${index}`, propsWith({ proxy, labels, ports: [http, { name: 'tcp', port: 81 }] })));
  for (const { apiVersion, kind, host, port, namespace, labels: own, workloadEntries } of [outside, inside]) {
    expect([apiVersion, kind, host, port, namespace, own, workloadEntries.length]).toEqual(['networking.istio.io/v1', 'ServiceEntry', HOST, 80, 'shop', labels, 1]);
  }
  expect([outside.workloadGroup, outside.destination?.host]).toEqual([undefined, HOST]);
  expect([inside.workloadGroup?.kind, inside.destination]).toEqual(['WorkloadGroup', undefined]);
});

test('a change of its labels changes none of its objects', () => {
  const chart = chartIn('shop');
  const own = { ...labels };
  const billing = new MachineService(chart, 'billing', propsWith({ proxy: sidecar, labels: own }));
  own.app = billing.labels.app = 'other';
  const objects = synth(chart);
  expect(only(objects, 'ServiceEntry').spec.workloadSelector.labels).toEqual(labels);
  expect(only(objects, 'WorkloadEntry').spec.labels).toEqual(labels);
  expect(only(objects, 'WorkloadGroup').spec.metadata.labels).toEqual(labels);
});

test('the default labels are its own, so that no pod has them', () => {
  const chart = chartIn('shop');
  const selectors = ['one', 'two'].map((id) => new MachineService(chart, id, propsWith({ host: `${id}.example` })).labels);
  expect(selectors.map((own) => Object.keys(own))).toEqual([['cdk8s.io/metadata.addr'], ['cdk8s.io/metadata.addr']]);
  expect(new Set(selectors.map((own) => JSON.stringify(own))).size).toBe(2);
  for (const { metadata, spec } of synth(chart).filter(({ kind }) => kind === 'WorkloadEntry')) {
    expect(spec.labels).toEqual(selectors.find((own) => metadata.name.includes('one') === JSON.stringify(own).includes('one')));
  }
});

describe('refuses', () => {
  test.each<[string, Props, string]>([
    ['a short host', { host: 'billing' }, "hosts is 'billing'; expected fully qualified host names, each once, because in other objects, Istio reads a name without a dot as a Service. Fix: pass the fully qualified name. [API820]"],
    ['an invalid host', { host: 'billing_.example' }, "host is 'billing_.example'; expected a fully qualified host name"],
    ['a name as address', { addresses: ['vm.example'] }, "addresses is 'vm.example'; expected IP addresses, each once, because with resolution STATIC no name is looked up. Fix: pass an IP address, or use ExternalService for a name. [API829]"],
    ['a range of addresses', { addresses: ['10.20.0.0/24'] }, "addresses is '10.20.0.0/24'"],
    ['a socket', { addresses: ['unix:///var/run/billing'] }, "addresses is 'unix:///var/run/billing'"],
    ['an address with a zone', { addresses: ['fe80::1%eth0'] }, "addresses is 'fe80::1%eth0'"],
    ['an address twice', { addresses: ['10.20.0.7', '10.20.0.7'] }, "addresses is '10.20.0.7' twice; expected IP addresses, each once, because each machine has one WorkloadEntry. Fix: remove one. [API829]"],
    ['an address in two spellings', { addresses: ['2001:db8::7', '2001:DB8::7'] }, "addresses is '2001:DB8::7' twice"],
    ['no labels', { labels: {} }, "workloadSelector.labels is empty; expected at least one label, because an empty selector selects everything in the namespace. Fix: pass a label of the machines, or remove 'labels'. [API003]"],
    ['an invalid exportTo', { exportTo: [] }, 'exportTo is []'],
    ['no proxy', { proxy: undefined }, 'proxy is missing; expected a value created by MachineProxy'],
  ])('%s', (_, props, message) => {
    expect(refusal(props)).toThrow(`ServiceEntry (test/billing): ${message}`);
  });

  test('no namespace', () => {
    expect(() => new MachineService(chartIn(), 'billing', propsWith({}))).toThrow(/metadata\.namespace is missing.*\[API004\]/);
  });

  test.each([['without a proxy', none], ['with a sidecar', sidecar]])('an invalid virtual address of machines %s at synth, as istiod does', (_, proxy) => {
    expect(refusal({ virtualAddresses: ['billing'], proxy })).toThrow(/spec\.addresses\[0\] is 'billing'/);
  });

  test('TLS from sidecars for the number of a protocol that negotiates it, unless the port\'s name tells another', () => {
    const proxy = MachineProxy.none(ClientTls.simple());
    expect(refusal({ proxy, ports: [{ name: 'tcp', port: 3306 }] })).toThrow(/proxy\.tls is SIMPLE for port 3306 with protocol TCP.*\[API828\]/);
    expect(refusal({ proxy, ports: [{ name: 'tcp-tunnel', port: 3306 }] })).not.toThrow();
  });
});

describe('in place of a Service', () => {
  test('a Destination, a route and a scope take it', () => {
    const chart = chartIn('shop');
    const billing = new MachineService(chart, 'billing', propsWith({ proxy: sidecar }));
    expect(Destination.ofService(chart, 'pool', billing, { connectionPool: { tcp: { maxConnections: 5 } } }).host).toBe(HOST);
    HttpRoute.ofService(chart, 'route', billing, { retries: { attempts: 2 } });
    new SidecarScope(chart, 'scope', { calls: [billing] });
    const objects = synth(chart);
    expect(only(objects, 'VirtualService').spec.hosts).toEqual([HOST]);
    expect(only(objects, 'Sidecar').spec.egress[0].hosts).toContain(`shop/${HOST}`);
  });
});

describe('the caller', () => {
  test('is the service account of machines with a sidecar, which may call where it is allowed, and no other account', () => {
    const chart = chartIn('shop');
    new StrictMeshMtls(new Chart(App.of(chart), 'platform'), 'mtls');
    const { caller } = new MachineService(chart, 'billing', propsWith({ proxy: sidecar, namespace: 'vms' }));
    const workload = new kplus.Deployment(chart, 'orders', { containers: [{ image: 'orders:1', portNumber: 8080 }] });
    workload.exposeViaService({ ports: [{ port: 80, targetPort: 8080, name: 'http' }] });
    new AllowedCallers(chart, 'callers', { workload, callers: [caller], ports: [8080] });
    const policy = only(synth(chart), 'AuthorizationPolicy');
    expect(policy.spec.rules[0].from).toEqual([{ source: { principals: ['cluster.local/ns/vms/sa/billing'] } }]);
    const principals = ['cluster.local/ns/vms/sa/billing', 'cluster.local/ns/shop/sa/billing', 'cluster.local/ns/vms/sa/default', undefined];
    expect(principals.map((principal) => passes([policy], { port: 8080, principal }))).toEqual([true, false, false, false]);
  });

  test('of machines without a proxy is refused', () => {
    const billing = new MachineService(chartIn('shop'), 'billing', propsWith({ name: 'billing' }));
    expect(() => billing.caller).toThrow(
      "ServiceEntry 'billing' (test/billing): caller is a machine without a proxy; expected one with a sidecar, because a policy identifies callers by the certificates that their proxies present. "
      + 'Fix: use MachineProxy.sidecar, or leave the machine out of the callers. [API831]',
    );
  });
});

describe('as the engine decides,', () => {
  interface Options {
    readonly mode?: 'STRICT';
    /** More constructs in namespace shop. */
    readonly add?: (chart: Chart, billing: MachineService) => void;
  }

  function analysisOf(props: Props, { mode, add }: Options = {}): MtlsAnalysis {
    const app = new App();
    if (mode) new StrictMeshMtls(new Chart(app, 'platform'), 'mtls');
    const chart = new Chart(app, 'shop', { namespace: 'shop' });
    new ApiObject(chart, 'namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { 'istio-injection': 'enabled' } } });
    new kplus.Deployment(chart, 'web', { metadata: { name: 'web' }, containers: [{ image: 'web:1' }], podMetadata: { labels: { app: 'web' } } });
    const billing = new MachineService(chart, 'billing', propsWith(props));
    add?.(chart, billing);
    return MtlsAnalysis.of(app);
  }

  function outcomes(props: Props, options?: Options): string[] {
    const analysis = analysisOf(props, options);
    expect(analysis.findings).toEqual([]);
    return analysis.connections().map(({ requestedPort, serverPort, clientTls, outcome }) => `${requestedPort}→${serverPort} ${clientTls} ${outcome}`);
  }

  test.each<Options['mode'][]>([[undefined], ['STRICT']])('calls to a machine in a mesh with mode %s', (mode) => {
    expect(outcomes({ proxy: sidecar }, { mode })).toEqual(['80→8080 ISTIO_MUTUAL mtls']);
    expect(outcomes({ proxy: none }, { mode })).toEqual(['80→8080 PLAINTEXT plaintext']);
    expect(outcomes({ proxy: MachineProxy.none(ClientTls.simple()) }, { mode })).toEqual(['80→8080 SIMPLE tls']);
  });

  test('each machine is a server', () => {
    const { length } = outcomes({ proxy: sidecar, addresses: ['10.20.0.7', '10.20.0.8', '2001:db8::7'] });
    expect(length).toBe(3);
  });

  test('calls to machines that istiod registers are undecided until one is known', () => {
    const analysis = analysisOf({ proxy: sidecar, addresses: undefined }, { mode: 'STRICT' });
    expect(analysis.connections().map(({ outcome, undecidedBecause }) => [outcome, undecidedBecause])).toEqual([['undecided', 'no-endpoints']]);
    expect(analysis.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  test('a policy for its labels applies to a machine with a sidecar', () => {
    const add = (chart: Chart, billing: MachineService): void => void new WorkloadOverride(chart, 'override', { workload: Pods.withLabels(billing.labels), mode: MtlsMode.DISABLE });
    const analysis = analysisOf({ proxy: sidecar }, { mode: 'STRICT', add });
    expect(analysis.connections().map(({ serverMode, outcome }) => [serverMode, outcome])).toEqual([['DISABLE', 'plaintext']]);
  });
});
