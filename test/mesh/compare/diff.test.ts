import { readYaml } from '../../../src/manifests/yaml/read-yaml';
import { ChangeGroup, diffOf } from '../../../src/mesh/compare/diff';
import { ComparedObject, objectOf } from '../../../src/mesh/compare/object-changes';
import { isExposed } from '../../../src/mesh/compare/server-changes';
import { objectText } from '../../../src/mesh/inventory/object';
import { Mesh } from '../../../src/mesh/mesh';
import { authorizationPolicy, deployment, destinationRule, injected, mode, peerAuthentication, service, tls, virtualService } from '../../support/meshes/mesh';

const CLUSTER = [injected('a', 'b'), ['a', 'b'].map((space) => [deployment(`${space}/client`), deployment(`${space}/server`, { ports: [{ containerPort: 80 }] }), service(`${space}/server`, ['http:80'])])];
const OFF = destinationRule('b/off', { host: 'server.a.svc.cluster.local', ...tls('DISABLE') });
const STRICT = peerAuthentication('a/default', mode('STRICT'));

const diff = (before: unknown[], after: unknown[]) =>
  diffOf(Mesh.of([CLUSTER, before].flat(4), { parseYaml: readYaml }), structuredClone([CLUSTER, after].flat(4)));

function changeText(change: ComparedObject): string {
  return `${change.before ? (change.after ? '~' : '-') : '+'} ${objectText(objectOf(change))}`;
}

function groupText({ kind, from, to, count, causes }: ChangeGroup): string {
  return `${count} ${kind}: ${from ?? 'none'} → ${to ?? 'none'} by ${causes.map(changeText).join(', ')}`;
}

const groups = (before: unknown[], after: unknown[]) => diff(before, after).groups.map(groupText);

test('equal objects aren\'t a change', () => {
  const { objects, groups: found, unchanged, acceptances } = diff([STRICT], [STRICT]);
  expect([objects, found, unchanged, acceptances]).toEqual([[], [], 6, []]);
});

test('fields that the API server sets aren\'t a change', () => {
  const served = { ...structuredClone(STRICT), status: {}, metadata: { ...STRICT.metadata, uid: '1', generation: 2, deletionTimestamp: '2026-01-01T00:00:00Z', annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' } } };
  expect(diff([STRICT], [served]).objects).toEqual([]);
});

test.each<[string, unknown[], unknown[], string[]]>([
  ['a policy that breaks what a rule sends', [OFF], [OFF, STRICT], ['2 changed: plaintext → broken by + PeerAuthentication a/default']],
  ['a rule that sends plaintext to STRICT', [STRICT], [OFF, STRICT], ['2 changed: mtls → broken by + DestinationRule b/off']],
  ['a rule and a policy together', [], [OFF, STRICT], ['2 changed: mtls → broken by + PeerAuthentication a/default, + DestinationRule b/off']],
  ['a rule, beside an object without effect', [], [OFF, peerAuthentication('b/default', mode('STRICT'))], ['2 changed: mtls → plaintext by + DestinationRule b/off']],
  ['a new client', [], [deployment('b/new')], ['2 added: none → mtls by + Deployment b/new']],
  ['a second server behind a Service', [], [deployment('b/second', { labels: { app: 'server' }, ports: [{ containerPort: 80 }] }), OFF],
    ['2 changed: mtls → plaintext by + DestinationRule b/off', '5 added: none → mtls by + Deployment b/second', '1 added: none → plaintext by + DestinationRule b/off, + Deployment b/second']],
  ['the first server behind a Service', [service('b/idle', ['http:80'])], [service('b/idle', ['http:80']), deployment('b/idle', { ports: [{ containerPort: 80 }] })],
    ['4 added: undecided → mtls by + Deployment b/idle', '2 added: none → mtls by + Deployment b/idle']],
  ['a removed rule', [OFF], [], ['2 changed: plaintext → mtls by - DestinationRule b/off']],
  ['two rules that each suffice', [], [OFF, destinationRule('a/off', { host: 'server.a.svc.cluster.local', ...tls('DISABLE') })],
    ['2 changed: mtls → plaintext by + DestinationRule a/off, + DestinationRule b/off', '1 changed: mtls → plaintext by + DestinationRule a/off']],
  ['a route to another server', [], [virtualService('a/v', { hosts: ['server.a.svc.cluster.local'], http: [{ route: [{ destination: { host: 'server.b.svc.cluster.local' } }] }] })],
    ['3 rerouted: mtls → none by + VirtualService a/v', '3 gained: none → mtls by + VirtualService a/v']],
])('groups connections by cause: %s', (_, before, after, lines) => {
  expect(groups(before, after)).toEqual(lines);
});

describe('copies of requests', () => {
  const A = 'server.a.svc.cluster.local';
  const [B, NOBODY] = ['server.b.svc.cluster.local', 'nobody.b.svc.cluster.local'];
  const mirrored = (to: string, copies: string) => virtualService('a/v', { hosts: [A], http: [{ route: [{ destination: { host: to } }], mirror: { host: copies } }] });

  test.each<[string, unknown[], unknown[], string[]]>([
    ['that are newly lost aren\'t broken calls', [mirrored(A, B)], [mirrored(A, NOBODY)], ['3 lost: mtls → none by ~ VirtualService a/v']],
    ['that are lost don\'t hide a call that breaks at the same destination', [mirrored(A, NOBODY)], [mirrored(NOBODY, NOBODY)], ['3 changed: mtls → broken by ~ VirtualService a/v', '1 gained: none → broken by ~ VirtualService a/v']],
    ['that are lost where a call was broken aren\'t a change', [mirrored(A, NOBODY)], [mirrored(A, NOBODY), STRICT], []],
    ['that are no longer sent aren\'t a change', [mirrored(A, NOBODY)], [virtualService('a/v', { hosts: [A], http: [{ route: [{ destination: { host: A } }] }] })], []],
    ['that newly arrive are gained', [mirrored(A, NOBODY)], [mirrored(A, B)], ['3 gained: none → mtls by ~ VirtualService a/v']],
  ])('%s', (_, before, after, lines) => {
    expect(groups(before, after)).toEqual(lines);
  });

  test('aren\'t counted as connections', () => {
    expect(diff([], [mirrored(A, NOBODY)]).unchanged).toBe(diff([], []).unchanged);
    expect(diff([mirrored(A, NOBODY)], [mirrored(A, NOBODY), STRICT]).unchanged).toBe(diff([], []).unchanged);
  });
});

test('objects without effect are listed', () => {
  const { withoutEffect } = diff([], [OFF, peerAuthentication('c/default', mode('STRICT'))]);
  expect(withoutEffect!.map(changeText)).toEqual(['+ PeerAuthentication c/default']);
});

test('AuthorizationPolicies are unjudged, and not listed as without effect', () => {
  const { withoutEffect, unjudged, groups: found } = diff([], [authorizationPolicy('a/deny', {})]);
  expect([found, withoutEffect, unjudged.map(changeText)]).toEqual([[], [], ['+ AuthorizationPolicy a/deny']]);
});

test('changed modes of servers are listed separately from connections', () => {
  const { groups: found, acceptances } = diff([], [STRICT]);
  expect(found).toEqual([]);
  expect(acceptances.map(({ after: { name }, ports, from, to }) => [name, ports, from, to])).toEqual([['client', [], 'PERMISSIVE', 'STRICT'], ['server', [80], 'PERMISSIVE', 'STRICT']]);
});

describe('ports that an annotation excludes from the sidecar', () => {
  /** All around those that are named, and some of each thousand: between them nothing changes. */
  const PORTS = Array.from({ length: 65_535 }, (_, port) => port + 1)
    .filter((port) => port % 250 === 1 || Math.abs(port - 9000) < 50 || port > 65_500);
  const web = (annotation: string, ports?: string) =>
    deployment('a/web', ports === undefined ? {} : { annotations: { [`traffic.sidecar.istio.io/${annotation}`]: ports } });

  test('are listed with the cause, even if no other object names them', () => {
    const { acceptances } = diff([STRICT, web('')], [STRICT, web('excludeInboundPorts', '9000')]);
    expect(acceptances.map(({ ports, from, to, causes }) => [ports, from, to, causes.map(changeText)])).toEqual([[[9000], 'STRICT', 'NO_PROXY', ['~ Deployment a/web']]]);
    expect(acceptances.map(isExposed)).toEqual([true]);
  });

  test.each<[string, string | undefined, string | undefined]>([
    ['excludeInboundPorts', undefined, '9000'], ['excludeInboundPorts', '9000', '9000,9001'], ['excludeInboundPorts', '9000:9010', '9000:9020'],
    ['excludeInboundPorts', '9000:9004,9006:9010', '9000:9010'], ['excludeInboundPorts', '9000:65535', '9000'], ['excludeInboundPorts', '9000,9001', '9000:9001'],
    ['includeInboundPorts', '9000', undefined], ['includeInboundPorts', '9000', '*'], ['includeInboundPorts', '9000:9010', '9000:9004,9006:9010'],
    ['includeInboundPorts', '', '9000'], ['excludeInboundPorts', '', undefined],
  ])('are grouped by their change of mode: %s from %s to %s, and back', (annotation, one, other) => {
    for (const [from, to] of [[one, other], [other, one]]) {
      const { before, after, acceptances } = diff([STRICT, web(annotation, from)], [STRICT, web(annotation, to)]);
      const [server, then] = [before, after].map(({ workloads }) => workloads.find(({ name }) => name === 'web')!);
      const wanted = PORTS.flatMap((port) => {
        const modes = [before.dataPlanes.accept(server, port).mode, after.dataPlanes.accept(then, port).mode];
        return modes[0] === modes[1] ? [] : [modes.join(' → ')];
      });
      expect(acceptances.map((group) => `${group.from} → ${group.to}`).sort()).toEqual([...new Set(wanted)].sort());
    }
  });
});

test('an added object is the youngest, whatever its name', () => {
  const policies = [peerAuthentication('a/b', mode('PERMISSIVE')), peerAuthentication('a/a', mode('STRICT'))];
  expect(diff([policies[0]], policies).acceptances).toEqual([]);
});

test('changed and removed objects with an effect are separated from those without', () => {
  const strict = (mode_: string) => peerAuthentication('a/default', mode(mode_));
  const loose = peerAuthentication('b/old', { selector: { matchLabels: { app: 'server' } }, ...mode('PERMISSIVE') });
  const { groups: found, withoutEffect, acceptances } = diff([OFF, strict('PERMISSIVE'), loose], [OFF, strict('STRICT')]);
  expect(found.map(groupText)).toEqual(['2 changed: plaintext → broken by ~ PeerAuthentication a/default']);
  expect(withoutEffect!.map(changeText)).toEqual(['- PeerAuthentication b/old']);
  expect(acceptances.map(isExposed)).toEqual([false, false]);
});

test('an object whose effect another object masks isn\'t listed as without effect', () => {
  const rule = (path: string) => destinationRule(path, { host: 'server.a.svc.cluster.local', ...tls('DISABLE') });
  const { withoutEffect } = diff([], [rule('a/off'), rule('istio-system/off'), peerAuthentication('c/default', mode('STRICT')), peerAuthentication('d/default', mode('STRICT'))]);
  expect(withoutEffect!.map(changeText)).not.toContain('+ DestinationRule a/off');
  expect(withoutEffect!.map(changeText)).toEqual(expect.arrayContaining(['+ PeerAuthentication c/default', '+ PeerAuthentication d/default']));
});

test('objects that compensate each other, or that can replace each other, aren\'t listed as without effect', () => {
  const of = (objects: unknown[]) => diff([], objects).withoutEffect!.map(changeText);
  const many = ['c', 'd'].map((space) => peerAuthentication(`${space}/default`, mode('STRICT')));
  // STRICT on the mesh is for no workload: without it, those of both namespaces are PERMISSIVE, too. Each of the others keeps STRICT off.
  const some = [peerAuthentication('istio-system/default', mode('STRICT')), peerAuthentication('a/default', mode('PERMISSIVE')), peerAuthentication('b/default', mode('PERMISSIVE'))];
  expect(of([...some, ...many])).toEqual(['+ PeerAuthentication c/default', '+ PeerAuthentication d/default', '+ PeerAuthentication istio-system/default']);
  // Two rules that repeat what auto mTLS does anyway, and one with TLS off.
  const rules = ['a/one', 'istio-system/two'].map((path) => destinationRule(path, { host: 'server.a.svc.cluster.local', ...tls('ISTIO_MUTUAL') }));
  expect(of([...rules, ...many])).toEqual(expect.arrayContaining(['+ PeerAuthentication c/default', '+ PeerAuthentication d/default']));
});

test.each([
  ['STRICT', 'PERMISSIVE', true], ['STRICT', 'DISABLE', true], ['PERMISSIVE', 'DISABLE', false], ['PERMISSIVE', 'STRICT', false], ['DISABLE', 'PERMISSIVE', false],
] as const)('a port that changes from %s to %s is exposed: %p', (from, to, expected) => {
  const policy = (value: string) => [peerAuthentication('a/default', mode(value))];
  const { acceptances } = diff(policy(from), policy(to));
  expect(acceptances.map((one) => [one.from, one.to, isExposed(one)])).toEqual([[from, to, expected], [from, to, expected]]);
});

test('a workload whose identity changes is listed', () => {
  const server = deployment('a/server', { ports: [{ containerPort: 80 }], spec: { serviceAccountName: 'other' } });
  const [{ before, after }, ...others] = diff([], [server]).identities;
  expect([before.identity, after.identity, others]).toEqual(['spiffe://cluster.local/ns/a/sa/default', 'spiffe://cluster.local/ns/a/sa/other', []]);
});
