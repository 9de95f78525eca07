import { removeFolders } from '../../support/command/scratch';
import { body, documents, entryText as entry, proven, routeText as route, sidecarText as sidecar } from '../../support/constructs/adopted';

afterAll(removeFolders);

describe('Sidecars', () => {
  test.each([
    ['a namespace', sidecar('default', '{egress: [{hosts: [./*, istio-system/*]}]}'), 'new SidecarScope(shop, \'default-sidecar\', { hosts: [\'./*\'] });'],
    ['pods that call nothing', sidecar('web', '{workloadSelector: {labels: {app: web}}, egress: [{hosts: [istio-system/*]}], outboundTrafficPolicy: {mode: REGISTRY_ONLY}}'), [
      'new SidecarScope(shop, \'web-sidecar\', {', '  name: \'web\',', '  workload: Pods.withLabels({ app: \'web\' }),', '  hosts: [],',
      '  outboundTrafficPolicy: OutboundTrafficPolicyMode.REGISTRY_ONLY,', '});',
    ].join('\n')],
  ])('of %s are SidecarScopes', (_, text, expected) => {
    expect(body(proven(text).program)).toBe(expected);
  });

  test('depend on the root namespace', () => {
    const text = sidecar('default', '{egress: [{hosts: [./*, root/*]}]}');
    expect(proven(text, { rootNamespace: 'root' }).constructs).toEqual({ SidecarScope: 1 });
    expect(proven(text).constructs).toEqual({});
  });

  test.each([
    ['without the root namespace', sidecar('a', '{egress: [{hosts: [./*]}]}'), 'spec.egress[0].hosts is ["./*"], and SidecarScope would write ["./*","istio-system/*"]'],
    ['with two listeners', sidecar('a', '{egress: [{hosts: [./*], port: {number: 80, protocol: HTTP, name: http}}, {hosts: [./*]}]}'), 'adopt knows no property of SidecarScope for spec.egress[0].port'],
    ['with no list', sidecar('a', '{outboundTrafficPolicy: {mode: ALLOW_ANY}}'), 'it doesn\'t have exactly one list of hosts, as SidecarScope does'],
    ['without the route of a host', documents(sidecar('a', '{egress: [{hosts: [shop/a.example.com, istio-system/*]}]}'), route('b', '{hosts: [a.example.com], http: [{route: [{destination: {host: b.example.com}}]}]}', 'bank')),
      expect.stringContaining('spec.egress[0].hosts is ')],
    ['of the whole mesh', sidecar('default', '{egress: [{hosts: [istio-system/*]}]}', 'istio-system'), 'SidecarScope refuses it: metadata.namespace is the root namespace \'istio-system\'; expected another namespace, or a workload [API825]'],
  ])('%s stay ApiObjects', (_, text, why) => {
    const { program } = proven(text);
    expect(/\/\/ No construct: (.*)\nnew ApiObject\([^,]*, '\w+-sidecar'/.exec(program)?.[1]).toEqual(why);
  });
});

describe('ServiceEntries', () => {
  const PORTS = 'ports: [{number: 443, name: tls-443, protocol: TLS}]';

  test.each([
    ['a name', `hosts: [a.example], location: MESH_EXTERNAL, ${PORTS}, resolution: DNS`, 'hosts: [\'a.example\'], ports: [{ port: 443, protocol: ExternalProtocol.TLS }] }'],
    ['a wildcard', `hosts: ["*.a.example"], location: MESH_EXTERNAL, ${PORTS}, resolution: NONE, exportTo: [.]`, 'hosts: [\'*.a.example\'], ports: [{ port: 443, protocol: ExternalProtocol.TLS }], exportTo: [\'.\'] }'],
    ['addresses', 'hosts: [a.example], addresses: [1.2.3.4], location: MESH_EXTERNAL, ports: [{number: 443, name: x, protocol: HTTPS, targetPort: 8443}], resolution: STATIC, endpoints: [{address: 5.6.7.8}]',
      'hosts: [\'a.example\'], ports: [{ port: 443, protocol: ExternalProtocol.HTTPS, targetPort: 8443, name: \'x\' }], endpoints: [\'5.6.7.8\'], addresses: [\'1.2.3.4\'] }'],
    ['one address at a time', `hosts: [a.example], location: MESH_EXTERNAL, ${PORTS}, resolution: DNS_ROUND_ROBIN`,
      'hosts: [\'a.example\'], ports: [{ port: 443, protocol: ExternalProtocol.TLS }], resolution: ExternalResolution.DNS_ROUND_ROBIN }'],
  ])('with %s are ExternalServices', (_, spec, expected) => {
    const { program, constructs } = proven(entry('a', `{${spec}}`));
    expect(constructs).toEqual({ ExternalService: 1 });
    expect(program.replace(/,?\s+/g, ' ').replaceAll('[ {', '[{').replaceAll('} ]', '}]')).toContain(`new ExternalService(shop 'a-service-entry' { name: 'a' ${expected.replaceAll(',', '')}`);
  });

  test.each([
    ['no location', `hosts: [a.example], ${PORTS}, resolution: DNS`, 'ExternalService would add spec.location'],
    ['a location in the mesh', `hosts: [a.example], location: MESH_INTERNAL, ${PORTS}, resolution: DNS`, 'its location is MESH_INTERNAL, but an ExternalService is outside the mesh'],
    ['plaintext that nobody meant', 'hosts: [a.example], location: MESH_EXTERNAL, ports: [{number: 80, name: http, protocol: HTTP}], resolution: DNS',
      'ExternalService refuses it: ports.tls is missing for port 80 with protocol HTTP; expected TLS from the sidecars or the application [API821]'],
    ['a protocol in small letters', 'hosts: [a.example], location: MESH_EXTERNAL, ports: [{number: 443, name: tls, protocol: tls}], resolution: DNS', 'it has a protocol that ExternalService doesn\'t support'],
    ['endpoints with more than an address', `hosts: [a.example], location: MESH_EXTERNAL, ${PORTS}, resolution: STATIC, endpoints: [{address: 5.6.7.8, weight: 3}]`,
      'adopt knows no property of ExternalService for spec.endpoints[0].weight'],
  ])('with %s stay ApiObjects', (_, spec, why) => {
    expect(proven(entry('a', `{${spec}}`)).program).toContain(`// No construct: ${why}\nnew ApiObject(`);
  });
});
