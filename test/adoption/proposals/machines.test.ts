import { machineGroups } from '../../../src/adoption/proposals/machines';
import { removeFolders } from '../../support/command/scratch';
import {
  adopted as adoptedOnly, body, documents, entryText as entry, objectsIn, proven, ruleText as rule, workloadEntryText as machine,
  workloadGroupText as group,
} from '../../support/constructs/adopted';

afterAll(removeFolders);

const PORTS = 'ports: [{number: 80, name: http, protocol: HTTP, targetPort: 8080}], resolution: STATIC, workloadSelector: {labels: {app: vm}}';
const outside = entry('vm', `{hosts: [vm.example], location: MESH_EXTERNAL, ${PORTS}}`);
const inside = entry('vm', `{hosts: [vm.example], location: MESH_INTERNAL, ${PORTS}}`);
const one = machine('vm-10.0.0.7', '{address: 10.0.0.7, labels: {app: vm}}');
const other = machine('vm-2001-db8--7', '{address: "2001:db8::7", labels: {app: vm}}');
const registered = machine('vm-10.0.0.7', '{address: 10.0.0.7, labels: {app: vm}, serviceAccount: vm}');
const plaintext = rule('vm', '{host: vm.example, trafficPolicy: {tls: {mode: DISABLE}}}');
const members = group('vm', '{metadata: {labels: {app: vm}}, template: {serviceAccount: vm}}');

test('machines without a proxy, and their TLS', () => {
  const { program, constructs, raw } = proven(documents(plaintext, one, outside, other));
  expect([constructs, raw]).toEqual([{ MachineService: 4 }, 0]);
  expect(body(program)).toBe([
    'new MachineService(shop, \'vm-service-entry\', {', '  name: \'vm\',', '  host: \'vm.example\',', '  addresses: [\'10.0.0.7\', \'2001:db8::7\'],',
    '  ports: [{ name: \'http\', port: 80, targetPort: 8080 }],', '  proxy: MachineProxy.none(ClientTls.disable()),', '  labels: { app: \'vm\' },', '});',
  ].join('\n'));
});

test.each([
  ['the names that MachineService verifies', 'mode: SIMPLE, sni: vm.example, subjectAltNames: [vm.example]', 'ClientTls.simple()'],
  ['other names', 'mode: SIMPLE, sni: vm.example, subjectAltNames: [a.example]', 'ClientTls.simple({ sni: \'vm.example\', subjectAltNames: [\'a.example\'] })'],
  ['a certificate', 'mode: MUTUAL, clientCertificate: /c, privateKey: /k, sni: vm.example, subjectAltNames: [vm.example]', 'ClientTls.mutual({ clientCertificate: \'/c\', privateKey: \'/k\' })'],
])('TLS with %s', (_, tls, expected) => {
  const { program, constructs } = proven(documents(outside, one, rule('vm', `{host: vm.example, trafficPolicy: {tls: {${tls}}}}`)));
  expect(constructs).toEqual({ MachineService: 3 });
  expect(program.replace(/\s+/g, ' ')).toContain(`proxy: MachineProxy.none(${expected}),`);
});

test.each([
  ['with addresses', [inside, registered, members], { MachineService: 3 }, 'addresses: [\'10.0.0.7\'],'],
  ['that istiod registers', [inside, members], { MachineService: 2 }, 'proxy: MachineProxy.sidecar(\'vm\'),'],
])('machines with a sidecar, %s', (_, texts, expected, props) => {
  const { program, constructs, raw } = proven(documents(...texts));
  expect([constructs, raw]).toEqual([expected, 0]);
  expect(program).toContain(props);
});

test('a port\'s protocol, virtual addresses, a network and exportTo', () => {
  const ports = 'ports: [{number: 3306, name: mysql, protocol: TCP}]';
  const { program, constructs } = proven(documents(
    entry('vm', `{hosts: [vm.example], addresses: [240.0.0.1], location: MESH_INTERNAL, ${ports}, resolution: STATIC, workloadSelector: {labels: {app: vm}}, exportTo: [.]}`),
    group('vm', '{metadata: {labels: {app: vm}}, template: {serviceAccount: vm, network: far}}'),
  ));
  expect(constructs).toEqual({ MachineService: 2 });
  for (const prop of ['ports: [{ name: \'mysql\', port: 3306, protocol: ExternalProtocol.TCP }]', 'virtualAddresses: [\'240.0.0.1\']', 'network: \'far\'', 'exportTo: [\'.\']']) {
    expect(program).toContain(prop);
  }
});

test('labels and annotations of each object', () => {
  const noted = machine('vm-2001-db8--7', '{address: "2001:db8::7", labels: {app: vm}}', 'shop', ', labels: {rack: r1}, annotations: {team: a}');
  const { program, constructs } = proven(documents(outside, one, noted, plaintext.replace('namespace: shop}', 'namespace: shop, labels: {team: b}}')));
  expect(constructs).toEqual({ MachineService: 4 });
  expect(program).toContain('vmServiceEntry.workloadEntries[1].metadata.addLabel(\'rack\', \'r1\');');
  expect(program).toContain('vmServiceEntry.destination!.metadata.addLabel(\'team\', \'b\');');
});

test('WorkloadEntries of other machines stay ApiObjects beside them', () => {
  const far = machine('other', '{address: 10.0.0.9, labels: {app: vm}}', 'bank');
  const unlabelled = machine('unlabelled', '{address: 10.0.0.9, labels: {app: other}}');
  const { constructs, raw } = proven(documents(outside, one, plaintext, far, unlabelled));
  expect([constructs, raw]).toEqual([{ MachineService: 3 }, 2]);
});

test('older versions of their APIs', () => {
  const older = documents(inside, registered, members).replaceAll('networking.istio.io/v1', 'networking.istio.io/v1beta1');
  const { constructs, renewed } = adoptedOnly(older);
  expect([constructs, renewed]).toEqual([{ MachineService: 3 }, 3]);
});

describe('stay ApiObjects', () => {
  test.each([
    ['without TLS', [outside, one], {}],
    ['with a WorkloadEntry of another name', [outside, machine('first', '{address: 10.0.0.7, labels: {app: vm}}'), plaintext], { Destination: 1 }],
    ['with a WorkloadEntry that metadata selects, of another name', [outside, machine('first', '{address: 10.0.0.7}', 'shop', ', labels: {app: vm}'), plaintext], { Destination: 1 }],
    ['with a rule of another name', [outside, one, rule('tls', '{host: vm.example, trafficPolicy: {tls: {mode: DISABLE}}}')], { Destination: 1 }],
    ['with a rule of another namespace', [outside, one, rule('vm', '{host: vm.example, trafficPolicy: {tls: {mode: DISABLE}}}', 'bank')], { Destination: 1 }],
    ['with several hosts', [entry('vm', `{hosts: [vm.example, a.example], location: MESH_EXTERNAL, ${PORTS}}`), one, plaintext], { Destination: 1 }],
    ['with endpoints', [entry('vm', '{hosts: [vm.example], location: MESH_INTERNAL, ports: [{number: 80, name: http, protocol: HTTP}], resolution: STATIC, endpoints: [{address: 10.0.0.7, labels: {app: vm}}]}'), members], {}],
    ['without a WorkloadGroup', [inside, registered], {}],
  ])('machines %s', (_, texts, expected) => {
    const { program, constructs } = proven(documents(...texts));
    expect(constructs).toEqual(expected);
    expect(program).toContain(`// No construct: adopt knows no property of ExternalService for spec.${program.includes('endpoints:') ? 'endpoints[0].labels' : 'workloadSelector'}\nnew ApiObject(`);
  });

  test.each([
    ['a weight', [outside, machine('vm-10.0.0.7', '{address: 10.0.0.7, labels: {app: vm}, weight: 3}'), plaintext], 'MachineService would leave out spec.weight'],
    ['other labels', [outside, machine('vm-10.0.0.7', '{address: 10.0.0.7, labels: {app: vm, v: "1"}}'), plaintext], 'MachineService would leave out spec.labels.v'],
    ['a probe', [inside, group('vm', '{metadata: {labels: {app: vm}}, template: {serviceAccount: vm}, probe: {tcpSocket: {port: 80}}}')], 'MachineService would leave out spec.probe'],
    ['no service account', [inside, group('vm', '{metadata: {labels: {app: vm}}, template: {}}')], 'MachineService refuses it: proxy.serviceAccount is missing; expected a valid service account name in lowercase letters [API803]'],
    ['a connection limit', [outside, one, rule('vm', '{host: vm.example, trafficPolicy: {tls: {mode: DISABLE}, connectionPool: {tcp: {maxConnections: 1}}}}')], 'MachineService would leave out spec.trafficPolicy.connectionPool'],
    ['a rule for another host', [outside, one, rule('vm', '{host: a.example, trafficPolicy: {tls: {mode: DISABLE}}}')], 'spec.host is'],
    ['no TLS in the rule', [outside, one, rule('vm', '{host: vm.example, trafficPolicy: {connectionPool: {tcp: {maxConnections: 1}}}}')], 'MachineService refuses it: proxy.tls is missing; expected a value created by ClientTls [API019]'],
  ])('machines with %s', (_, texts, why) => {
    const { program, constructs } = proven(documents(...texts));
    expect(constructs).not.toHaveProperty('MachineService');
    expect(program).toContain(`// No construct: ${why}`);
  });

  test('a second ServiceEntry for machines that a MachineService has already', () => {
    const second = entry('b', `{hosts: [b.example], location: MESH_EXTERNAL, ${PORTS}}`);
    expect(proven(documents(outside, one, plaintext, second)).constructs).toEqual({ MachineService: 3 });
    expect(proven(documents(outside, one, plaintext, second.replace('name: b,', 'name: vm,'))).constructs).toEqual({ MachineService: 3 });
  });
});

test('no object is in two groups', () => {
  const objects = objectsIn(documents(outside, one, plaintext, outside));
  expect(machineGroups(objects, [...objects.keys()]).map((found) => [...found.keys()])).toEqual([[0, 1, 2]]);
});
