import { findingsIn } from '../../../src/analysis/judgement';
import { leftOutIn } from '../../../src/analysis/left-out';
import { DECLARED_CALLS } from '../../../src/manifests/kinds';
import { readYaml } from '../../../src/manifests/yaml/read-yaml';
import { misplacedDeclaration } from '../../../src/mesh/calls/declared-calls';
import { grouped } from '../../../src/mesh/collections';
import { Mesh } from '../../../src/mesh/mesh';
import { ConnectionsBothWays } from '../../../src/mesh/worlds/connections-both-ways';
import { deployment, destinationRule, injected, mesh, mode, namespace, peerAuthentication, service, serviceEntry, virtualService } from '../../support/meshes/mesh';
import { casesOf } from '../../support/random/cases';
import { DeclaredMesh, withDeclaredCalls, withoutDeclaredCalls } from '../../support/random/declared-calls';
import { Random } from '../../support/random/random';
import { partialMeshes, randomMeshes } from '../../support/random/random-meshes';

const cases = casesOf('decisions');

const declaring = (value: unknown, path = 'shop/web') => {
  const workload = deployment(path);
  return { ...workload, metadata: { ...workload.metadata, annotations: { [DECLARED_CALLS]: value } } };
};

const shop = (web: unknown, ...more: unknown[]) => mesh([
  injected('shop', 'bank'), web, ['cart', 'orders'].map((name) => [deployment(`shop/${name}`), service(`shop/${name}`, ['http:80', 'admin:81'])]),
  service('shop/dns', [{ name: 'dns', port: 53, protocol: 'UDP' }]), service('bank/pay'),
  serviceEntry('bank/out', { hosts: ['api.example.com', '*.example.org'], ports: [{ number: 443, name: 'tls', protocol: 'TLS' }], resolution: 'DNS' }),
  more,
], { onlyDeclaredCalls: true });

/** The calls of `shop/web`: `service:port`, or the host and port. */
function callsOfWeb(value: unknown, ...more: unknown[]): string[] {
  return [...new Set([...shop(declaring(value), more).connections()].filter(({ client }) => client.name === 'web')
    .map(({ requested: { host, port } }) => `${host.replace('.svc.cluster.local', '')}:${port}`))];
}

const EVERYTHING = ['*.example.org:443', 'api.example.com:443', 'cart.shop:80', 'cart.shop:81', 'orders.shop:80', 'orders.shop:81', 'pay.bank:80'];

test.each([
  ['a Service', 'shop/cart', ['cart.shop:80', 'cart.shop:81']],
  ['one of its ports', 'shop/cart:81', ['cart.shop:81']],
  ['several, with blanks and lines', 'shop/cart:80,\n  shop/orders:80 ', ['cart.shop:80', 'orders.shop:80']],
  ['a Service of its own namespace, by its name alone', 'cart:80', ['cart.shop:80']],
  ['a Service by its name in DNS', 'pay.bank, cart.shop.svc:80, orders.shop.svc.cluster.local:80', ['cart.shop:80', 'orders.shop:80', 'pay.bank:80']],
  ['a host of a ServiceEntry', 'api.example.com:443', ['api.example.com:443']],
  ['a host that a wildcard covers', 'API.example.org', ['*.example.org:443']],
  ['a wildcard', '*.example.org', ['*.example.org:443']],
  ['nothing', '', []],
  ['blanks', ' \n', []],
  ['a Service for UDP, to which nobody connects', 'shop/dns, shop/dns:53', []],
  ['something that the manifests don\'t show', 'else/where, unknown.example.net, a.example.org:80, cart.shop.svc.cluster.example', []],
])('a workload that declares %s makes these calls only', (_, value, expected) => {
  expect(callsOfWeb(value)).toEqual(expected);
});

test('a Service by a name that a ServiceEntry without ports also has', () => {
  const objects = [injected('shop'), declaring('bank.pay.svc:80, pay.bank'), service('bank/pay'), service('pay/bank')];
  const entries = ['bank.pay.svc', 'pay.bank'].map((host, index) => serviceEntry(`shop/e${index}`, { hosts: [host] }));
  const found = mesh([...objects, ...entries].flat(), { onlyDeclaredCalls: true });
  expect([...found.connections()].map(({ requested: { host, port } }) => `${host}:${port}`)).toEqual(['bank.pay.svc.cluster.local:80', 'pay.bank.svc.cluster.local:80']);
});

test('a Service for which ServiceEntries stand, by its name', () => {
  const hosts = ['api.bank.svc.cluster.local', 'api.bank.svc.cluster.local.'];
  const entries = hosts.map((host, index) => serviceEntry(`shop/e${index}`, { hosts: [host], ports: [{ number: 80 + index, name: 'tcp', protocol: 'TCP' }] }));
  expect(callsOfWeb('bank/api', entries)).toEqual(['api.bank:80', 'api.bank.:81']);
});

test.each([
  ['a host', 'a.eu.example.org', ['*.EU.example.org:443', '*.eu.example.org:443', '*.example.org:443']],
  ['a wildcard', '*.b.eu.example.org', ['*.EU.example.org:443', '*.eu.example.org:443', '*.example.org:443']],
  ['one of them', '*.eu.example.org', ['*.EU.example.org:443', '*.eu.example.org:443', '*.example.org:443']],
  ['a host of the widest alone', 'eu.example.org', ['*.example.org:443']],
  ['a host of none', 'example.org', []],
])('%s is declared with all wildcards that cover it', (_, value, expected) => {
  const wider = ['*.eu.example.org', '*.us.example.org', '*.EU.example.org'].map((host, index) => (
    serviceEntry(`bank/e${index}`, { hosts: [host], ports: [{ number: 443, name: 'tls', protocol: 'TLS' }], resolution: 'NONE' })));
  const made = [...shop(declaring(value), wider).connections()].filter(({ client }) => client.name === 'web');
  expect([...new Set(made.map(({ requested: { host, port } }) => `${host}:${port}`))].sort()).toEqual(expected);
});

test.each([
  ['a mistyped Service', 'shop/crat', 'no-service'],
  ['a mistyped Service of its own namespace', 'crat', 'no-service'],
  ['a mistyped Service in DNS', 'crat.shop, shop/cart', 'no-service'],
  ['a port that the Service lacks', 'shop/cart:82', 'no-port'],
  ['a port that a host of a ServiceEntry lacks', 'api.example.com:80', 'no-port'],
  ['a mistyped domain of the cluster', 'cart.shop.svc.cluster.locl:80', 'no-service'],
  ['an empty entry', 'shop/cart,', 'malformed'],
  ['two slashes', 'shop/cart/80', 'malformed'],
  ['a port that isn\'t one', 'shop/cart:http', 'malformed'],
  ['port 0', 'shop/cart:0', 'malformed'],
  ['a port that is too great', 'shop/cart:65536', 'malformed'],
  ['two dots', 'a..example.com', 'malformed'],
  ['a name that is too long', `${'a.'.repeat(126)}bc`, 'malformed'],
  ['a namespace that is too long', `${'a'.repeat(254)}/cart`, 'malformed'],
  ['entries separated by blanks', 'shop/cart shop/orders', 'malformed'],
  ['a number', 80, 'malformed'],
  ['null', null, 'malformed'],
  ['a list', ['shop/cart'], 'malformed'],
])('%s is a mistake, and the workload may make any call', (_, value, fault) => {
  expect(callsOfWeb(value)).toEqual(EVERYTHING);
  const [[, { entries, calls }]] = shop(declaring(value)).declarations;
  expect(entries.map((entry) => entry.fault)).toContain(fault);
  expect(calls).toBeUndefined();
});

test.each(['cluster2.local', 'cluster.local2', '1cluster.local'])('a host of a cluster with domain %s is no mistake', (domain) => {
  const [[, { entries, calls }]] = shop(declaring(`cart.shop.svc.${domain}:80`)).declarations;
  expect([entries.map(({ fault }) => fault), [...calls!]]).toEqual([['not-shown'], []]);
});

test('the ports of a Service that lacks the port are listed with their protocol', () => {
  const mixed = service('shop/mixed', [{ name: 'dns', port: 53, protocol: 'UDP' }, { name: 'http', port: 80 }, { name: 'quic', port: 80, protocol: 'UDP' }], { selector: { app: 'cart' } });
  const portsOf = (value: string) => [...shop(declaring(value), mixed).declarations.values()][0].entries[0].ports;
  expect(portsOf('shop/mixed:81')).toEqual({ of: 'Service', texts: ['53/UDP', '80', '80/UDP'] });
  expect(portsOf('shop/dns:54')).toEqual({ of: 'Service', texts: ['53/UDP'] });
  const outside = serviceEntry('bank/dns', { hosts: ['dns.example.com'], ports: [{ number: 53, name: 'dns', protocol: 'UDP' }], resolution: 'DNS' });
  const [[, { entries: [entry] }]] = shop(declaring('dns.example.com:53'), outside).declarations;
  expect(entry.withoutTcp).toEqual(['53/UDP']);
});

test('an ExternalName without ports shows no call', () => {
  const alias = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'alias', namespace: 'shop' }, spec: { type: 'ExternalName', externalName: 'cart.shop.svc.cluster.local' } };
  const faultOf = (value: string) => [...shop(declaring(value), alias).declarations.values()][0].entries[0].fault;
  expect([faultOf('shop/alias'), faultOf('shop/alias:80'), faultOf('shop/dns')]).toEqual(['not-shown', 'no-port', undefined]);
});

test('an annotation of pods isn\'t the workload\'s own', () => {
  const { declarations } = shop(deployment('shop/web', { annotations: { [DECLARED_CALLS]: '' } }));
  expect(declarations.size).toBe(0);
});

test('neither is one of a Deployment whose pods a Rollout runs', () => {
  const rollout = {
    apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'web', namespace: 'shop' }, spec: { workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } },
  };
  const { callers } = shop(declaring('shop/cart'), rollout);
  const misplaced = callers.filter(({ name }) => name === 'web').map((one) => misplacedDeclaration(one)?.object.kind);
  expect(misplaced).toContain('Deployment');
});

test('unless a mesh is asked for declared calls only, every workload makes every call', () => {
  const objects = [injected('shop'), declaring(''), deployment('shop/cart'), service('shop/cart')];
  expect(mesh(objects).summary().connections).toBe(1);
  expect(leftOutIn(mesh(objects))).toBeUndefined();
  const declared = mesh(objects, { onlyDeclaredCalls: true });
  expect(declared.summary().connections).toBe(0);
  expect(leftOutIn(declared)).toMatchObject({ connections: 1, outcomes: { mtls: 1 }, clients: [{ name: 'web' }] });
  expect(declared.withAllCalls().summary().connections).toBe(1);
});

test('clients without sidecars are counted with the calls that each of them makes', () => {
  const clients = [declaring('shop/cart:80', 'out/a'), declaring('', 'out/b'), deployment('out/c'), deployment('out/d')];
  const strict = shop(deployment('shop/web'), namespace('out'), clients, peerAuthentication('shop/p', mode('STRICT')));
  expect(findingsIn(strict).filter(({ code }) => code === 'MTLS103').map(({ connections }) => connections)).toEqual([9]);
});

const meshes = randomMeshes(cases.seed, cases.count(120)).map(({ id, objects }) => ({ id, objects: objects.map(withoutDeclaredCalls) }));

function pairOf(objects: readonly any[], number: number): { declared: Mesh; all: Mesh; makes: DeclaredMesh['makes'] } {
  const { objects: written, makes } = withDeclaredCalls(objects, new Random(cases.seed + number));
  const declared = Mesh.of(written, { parseYaml: readYaml, onlyDeclaredCalls: true });
  return { declared, all: Mesh.of(written, { parseYaml: readYaml }), makes };
}

test.each(meshes.map(({ id, objects }, number) => [id, objects, number] as const))('%s: declared connections are all connections but for the calls that nobody declares', (_, objects, number) => {
  const { declared, all, makes } = pairOf(objects, number);
  const made = [...all.connections()].filter(({ client, requested }) => makes(client, requested));
  expect([...declared.connections()]).toEqual(made);
  const counted = declared.summary();
  expect(counted.connections).toBe(made.length);
  expect(counted.outcomes.undecided).toBe(made.filter(({ outcome }) => outcome === 'undecided').length);
  expect(declared.undecided()).toBe(counted.outcomes.undecided);
  const [left, whole] = [leftOutIn(declared), all.summary()];
  expect((left?.connections ?? 0) + counted.connections).toBe(whole.connections);
  expect((left?.outcomes.broken ?? 0) + counted.outcomes.broken).toBe(whole.outcomes.broken);
  expect([...declared.withAllCalls().tracedConnections()]).toEqual([...all.tracedConnections()]);
});

/** Rules about open ports and routes that leave to others what makes a call fail, and that about the annotation itself. */
const UNLESS_CALLED = new Set(['MTLS311', 'MTLS403', 'MTLS604']);

test.each(meshes.map(({ id, objects }, number) => [id, objects, number] as const))('%s: findings count declared calls, and those without calls stay', (_, objects, number) => {
  const { declared, all } = pairOf(objects, number);
  const keyOf = ({ code, object, field }: ReturnType<typeof findingsIn>[number]) => JSON.stringify([code, object, field]);
  const [found, possible] = [declared, all].map((one) => findingsIn(one).filter(({ code }) => !UNLESS_CALLED.has(code)));
  const counts = [found, possible].map((findings) => new Map([...grouped(findings, keyOf)].map(([key, some]) => (
    [key, some.reduce((sum, { connections = 0 }) => sum + connections, 0)]))));
  for (const [key, count] of counts[0]) expect(count).toBeLessThanOrEqual(counts[1].get(key) ?? -1);
  const about = (findings: typeof found) => findings.filter((finding) => finding.connections === undefined).map(keyOf);
  expect(about(found)).toEqual(about(possible));
});

test.each(meshes.map(({ id, objects }) => [id, objects] as const))('%s: workloads that declare every call have the same findings, whether or not all calls count', (_, objects) => {
  const undeclared = Mesh.of(objects, { parseYaml: readYaml });
  const calls = undeclared.decisions.calls.map(({ host, port }) => `${host}:${port}`).filter((text) => /^[\w*][\w.:-]*$/.test(text)).join();
  const written = objects.map((one) => (undeclared.workloads.some(({ object }) => object.source === one)
    ? { ...one, metadata: { ...one.metadata, annotations: { ...one.metadata.annotations, [DECLARED_CALLS]: calls } } } : one));
  const [declared, all] = [true, false].map((onlyDeclaredCalls) => Mesh.of(written, { parseYaml: readYaml, onlyDeclaredCalls }));
  const texts = (one: Mesh) => findingsIn(one).map(({ source: _source, remedies: _remedies, ...finding }) => finding);
  expect(texts(declared)).toEqual(texts(all));
});

const partial = partialMeshes(cases.seed, cases.count(30));

test.each(partial.map(({ id, objects }, number) => [id, objects, number] as const))('%s: so are connections that are decided both ways', (_, objects, number) => {
  const { declared, all, makes } = pairOf(objects, number);
  const listed = (one: Mesh) => [...(ConnectionsBothWays.of(one) ?? one).tracedConnections({})];
  expect(listed(declared)).toEqual(listed(all).filter(({ client, requested }) => makes(client.object!, requested)));
});

describe('a call that a workload declares to its own pods', () => {
  const STRICT = peerAuthentication('shop/strict', mode('STRICT'));
  const OFF = destinationRule('shop/web', { host: 'web', trafficPolicy: { tls: { mode: 'DISABLE' } } });
  const NOTHING: string[] = [];
  const several = (to: string | undefined, spec: object, kind = 'Deployment'): any => {
    const workload: any = to === undefined ? deployment('shop/web') : declaring(to);
    return { ...workload, kind, spec: { ...workload.spec, ...spec } };
  };
  const own = (objects: readonly unknown[], onlyDeclaredCalls: boolean) => (
    [...mesh([injected('shop'), STRICT, OFF, objects], { onlyDeclaredCalls }).connections()]
      .map(({ client, requested, server, outcome }) => `${client.name} → ${requested.host.split('.')[0]}:${requested.port} ${server?.name} ${outcome}`));

  test.each<[string, string | undefined, object, string[]]>([
    ['several pods', 'shop/web', { replicas: 2 }, ['web → web:80 web broken']],
    ['a number of pods that it doesn\'t say', 'shop/web', {}, ['web → web:80 web broken']],
    ['one pod', 'shop/web', { replicas: 1 }, NOTHING],
    ['several pods and a mistake beside it', 'shop/web, shop/nobody', { replicas: 2 }, ['web → web:80 web broken']],
  ])('counts with %s, whether or not all calls do', (_, to, spec, expected) => {
    const objects = [several(to, spec), service('shop/web', ['http:80'])];
    expect([own(objects, true), own(objects, false)]).toEqual([expected, expected]);
  });

  test('counts if it is declared only', () => {
    const objects = [several('shop/cart', { replicas: 2 }), service('shop/web', ['http:80']), service('shop/cart', ['http:80'])];
    expect(own(objects, false).filter((line) => line.includes('web:80'))).toEqual([]);
    expect(own([several(undefined, { replicas: 2 }), service('shop/web', ['http:80'])], false)).toEqual([]);
  });

  test('counts by the Service that is called, wherever a route sends it', () => {
    const route = virtualService('shop/v', { hosts: ['web'], http: [{ route: [{ destination: { host: 'canary' } }] }] });
    const canary = service('shop/canary', ['http:80'], { selector: { app: 'web' } });
    expect(own([several('shop/web', { replicas: 2 }), service('shop/web', ['http:80']), canary, route], true)).toEqual(['web → web:80 web mtls']);
  });

  test('counts once at a headless Service, whose addresses the pods call', () => {
    const headless = service('shop/web', ['tcp:80'], { clusterIP: 'None' });
    expect([{ replicas: 2 }, {}].map((spec) => own([several('shop/web', spec), headless], true))).toEqual([['web → web:80 web broken'], ['web → web:80 web broken']]);
    expect(own([several('shop/cart', {}), headless, service('shop/cart', ['http:80'])], false).filter((line) => line.includes('web:80'))).toEqual([]);
  });

  test('counts without a sidecar', () => {
    const bare = { ...several('shop/web', { replicas: 2 }) };
    const objects = [namespace('shop'), bare, service('shop/web', ['http:80'])];
    expect([...mesh(objects, { onlyDeclaredCalls: true }).connections()].map(({ outcome }) => outcome)).toEqual(['plaintext']);
  });
});
