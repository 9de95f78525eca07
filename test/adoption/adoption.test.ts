import { removeFolders } from '../support/command/scratch';
import { adopted, body, configText as config, documents, inOrder, policyText as policy, proven, REVIEWS, ruleText as rule, synthOf } from '../support/constructs/adopted';

afterAll(removeFolders);

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
    ['no mode', policy('a', '{}'), 'NamespaceOverride refuses it: mtls.mode is missing; expected one of STRICT, PERMISSIVE, DISABLE, UNSET [API016]'],
    ['an empty selector', policy('a', '{selector: {}, mtls: {mode: STRICT}}'), 'WorkloadOverride refuses it: workload is missing; expected a workload [API009]'],
    ['a selector in the root namespace', policy('a', '{selector: {matchLabels: {app: a}}, mtls: {mode: STRICT}}', 'istio-system'),
      'the app\'s checks reject WorkloadOverride: metadata.namespace is the root namespace \'istio-system\'; expected another namespace [API005]'],
    ['another name for the mesh', policy('strict', '{mtls: {mode: STRICT}}', 'istio-system'), 'metadata.name is \'strict\', and StrictMeshMtls would write \'default\''],
    ['no namespace', policy('a', '{mtls: {mode: STRICT}}').replace(', namespace: shop', ''), 'it has no namespace'],
  ])('with %s stay ApiObjects, and the program explains why', (_, text, why) => {
    const { program, constructs } = proven(text);
    expect(program).toContain(`// No construct: ${why}\nnew ApiObject(`);
    expect(constructs).toEqual({});
  });

  test.each(['v1beta1'])('of the old version %s are constructs of v1, which is the same object', (version) => {
    const current = documents(policy('a', '{mtls: {mode: STRICT}}'), rule('b', `{host: ${REVIEWS}, trafficPolicy: {tls: {mode: DISABLE}}}`));
    const { program, constructs, renewed } = adopted(current.replaceAll('istio.io/v1', `istio.io/${version}`));
    expect([constructs, renewed]).toEqual([{ Destination: 1, NamespaceOverride: 1 }, 2]);
    expect(inOrder(synthOf(program))).toEqual(inOrder(synthOf(adopted(current).program)));
  });

  test('without a namespace are counted', () => {
    expect(adopted(policy('a', '{mtls: {mode: STRICT}}').replace(', namespace: shop', '')).withoutNamespace).toBe(1);
  });

  test('of a workload with an exception for a Service\'s port stay ApiObjects, with the port that is meant', () => {
    const { program, constructs } = proven(documents(
      policy('a', '{selector: {matchLabels: {app: a}}, portLevelMtls: {80: {mode: PERMISSIVE}}}'),
      policy('b', '{selector: {matchLabels: {app: a, v: "2"}}, portLevelMtls: {9080: {mode: PERMISSIVE}}}'),
      'apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: shop}\nspec: {selector: {app: a}, ports: [{port: 80, targetPort: 9080}]}\n',
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, namespace: shop}\nspec: {template: {metadata: {labels: {app: a}}, spec: {containers: [{name: a, ports: [{containerPort: 9080}]}]}}}\n',
    ));
    expect(constructs).toEqual({ WorkloadOverride: 1 });
    expect(program).toContain('// No construct: the app\'s checks reject WorkloadOverride: portLevelMtls is for port 80; expected a port of the containers of Deployment shop/a: 9080 [API088]\n');
  });

  test('that collide both stay ApiObjects, since the constructs\' check refuses the pair', () => {
    const { program, constructs, raw } = proven(documents(policy('a', '{mtls: {mode: STRICT}}'), policy('b', '{mtls: {mode: DISABLE}}'), policy('default', '{mtls: {mode: STRICT}}', 'bank')));
    expect([constructs, raw]).toEqual([{ NamespaceOverride: 1 }, 2]);
    expect(program.match(/\[API002\]/g)).toHaveLength(2);
  });

  test('keep labels, annotations, finalizers and other metadata', () => {
    const text = policy('default', '{mtls: {mode: STRICT}}', 'shop', ', labels: {team: a, "x/y": b}, annotations: {note: "it\'s"}, finalizers: [a/b], ownerReferences: null, generateName: g');
    expect(body(proven(text).program)).toBe([
      'const defaultPeerAuthentication = new NamespaceOverride(shop, \'default-peer-authentication\', { mode: MtlsMode.STRICT });',
      'defaultPeerAuthentication.metadata.addLabel(\'team\', \'a\');',
      'defaultPeerAuthentication.metadata.addLabel(\'x/y\', \'b\');',
      'defaultPeerAuthentication.metadata.addAnnotation(\'note\', \'it\\\'s\');',
      'defaultPeerAuthentication.metadata.addFinalizers(\'a/b\');',
      'defaultPeerAuthentication.metadata.add(\'generateName\', \'g\');',
      'defaultPeerAuthentication.addJsonPatch(JsonPatch.add(\'/metadata/ownerReferences\', null));',
    ].join('\n'));
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

  test('config has additional CA certificates, each with its trust domains and purpose', () => {
    const { program } = proven(config('istio', MESH.replace('\n', '\ncaCertificates:\n  - spiffeBundleUrl: https://a.example/bundle\n  - certSigners:\n      - b.example/b\n    spiffeBundleUrl: https://b.example/bundle\n    trustDomains:\n      - b.example\n  - pem: root\n')));
    expect(program).toContain([
      '  caCertificates: [', '    MeshCaCertificate.spiffeBundle(\'https://a.example/bundle\'),',
      '    MeshCaCertificate.spiffeBundle(\'https://b.example/bundle\', {',
      '      certSigners: [\'b.example/b\'],', '      trustDomains: [\'b.example\'],', '    }),', '    MeshCaCertificate.pem(\'root\'),', '  ],', '',
    ].join('\n'));
  });

  test('config that MeshConfig would write differently stays an ApiObject', () => {
    expect(proven(config('istio', `# ours\n${MESH}`)).program).toContain('// No construct: data.mesh is another text than MeshConfig would write\n');
  });

  test('has an IstioMesh where its facts aren\'t Istio\'s', () => {
    const mesh = MESH.replaceAll('istiod.istio-system', 'istiod-1-31.istio-mesh').replace('rootNamespace: istio-system', 'rootNamespace: root\ntrustDomain: corp.example');
    const { program, constructs } = proven(documents(policy('default', '{mtls: {mode: STRICT}}', 'root'), policy('default', '{mtls: {mode: STRICT}}', 'istio-mesh'), config('istio-1-31', mesh, 'istio-mesh')));
    expect(constructs).toEqual({ MeshConfig: 1, NamespaceOverride: 1, StrictMeshMtls: 1 });
    expect(program).toContain(`new IstioMesh(istioMesh, 'mesh', {\n${['namespace: \'istio-mesh\'', 'revision: \'1-31\'', 'rootNamespace: \'root\'', 'trustDomain: \'corp.example\''].map((line) => `  ${line},\n`).join('')}});\n`);
  });

  test('has one for each revision with a config', () => {
    const { program, constructs } = proven(documents(config('istio', MESH), config('istio-canary', MESH.replace('istiod.', 'istiod-canary.'))));
    expect(constructs).toEqual({ MeshConfig: 2 });
    expect(program).toContain('const meshCanary = new IstioMesh(istioSystem, \'mesh-canary\', { revision: \'canary\' });\n');
    expect(program).toContain('  mesh: meshCanary,\n');
  });

  test('uses the options istiodNamespace and clusterDomain', () => {
    const { program } = proven(documents(policy('default', '{mtls: {mode: STRICT}}', 'mesh'), rule('a', '{host: a.shop.svc.corp.example, trafficPolicy: {tls: {mode: DISABLE}}}')),
      { istiodNamespace: 'mesh', clusterDomain: 'corp.example' });
    expect(program).toContain('const meshChart = new Chart(app, \'mesh\', { namespace: \'mesh\' });\nnew IstioMesh(meshChart, \'mesh-2\', { namespace: \'mesh\', clusterDomain: \'corp.example\' });\nnew StrictMeshMtls(meshChart,'.replace('mesh-2', 'mesh'));
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
    const twice = 'apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop, ownerReferences: null}\n';
    const { program } = proven(documents(twice, twice, twice.replace('shop', 'bank')));
    for (const word of ['webService = new ApiObject(shop, \'web-service\'', 'shopWebService = new ApiObject(shop, \'web-service-2\'', 'bankWebService = new ApiObject(bank, \'web-service\'']) expect(program).toContain(word);
  });

  test('can\'t inject code into the program by their names', () => {
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
    const objects = hostile.map((text) => ({ apiVersion: 'example.com/v1', kind: text === '' ? 'A' : text, metadata: { name: text, namespace: text, ownerReferences: null } }));
    const { program, leftOut } = adopted(objects);
    expect(leftOut).toEqual([]);
    expect(inOrder(synthOf(program))).toEqual(inOrder(objects));
  });
});

describe('of objects that an API server has stored', () => {
  const served = (metadata: object = {}) => ({
    uid: '5f0c',
    resourceVersion: '17',
    generation: 3,
    creationTimestamp: '2026-01-01T00:00:00Z',
    selfLink: '/a',
    ...metadata,
    deletionTimestamp: '2026-01-01T00:00:00Z',
    deletionGracePeriodSeconds: 30,
    managedFields: [{ manager: 'kubectl', operation: 'Apply' }],
  });
  const lastApplied = (object: object) => ({ 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(object) });

  test('the program omits only fields that the server and kubectl wrote', () => {
    const policy1 = { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name: 'default', namespace: 'shop' }, spec: { mtls: { mode: 'STRICT' } } };
    const other = { apiVersion: 'example.com/v1', kind: 'A', metadata: { name: 'a', namespace: 'shop', annotations: { a: 'b' }, labels: {}, finalizers: ['a/b'] }, spec: { status: 'x', uid: 'y' } };
    const { program, constructs, leftOut } = adopted([
      { ...policy1, metadata: served({ ...policy1.metadata, annotations: lastApplied(policy1) }), status: { conditions: [] } },
      { ...other, metadata: served({ ...other.metadata, annotations: { ...lastApplied(other), a: 'b' } }), status: 'old' },
    ]);
    expect([constructs, leftOut]).toEqual([{ NamespaceOverride: 1 }, []]);
    expect(program).not.toMatch(/5f0c|resourceVersion|generation|Timestamp|selfLink|managedFields|last-applied|deletion|status: (?!'x')/);
    expect(inOrder(synthOf(program))).toEqual(inOrder([policy1, other]));
  });

  test.each<[string, object, object, object]>([
    ['an assigned address isn\'t either', { clusterIP: '10.0.0.7', clusterIPs: ['10.0.0.7'] }, { uid: '5f0c' }, {}],
    ['nor one that kubectl didn\'t apply', { clusterIP: '10.0.0.7', clusterIPs: ['10.0.0.7'] }, { uid: '5f0c', annotations: lastApplied({ spec: {} }) }, {}],
    ['nor one beside what isn\'t JSON', { clusterIP: '10.0.0.7' }, { uid: '5f0c', annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{' } }, {}],
    ['one that was applied is', { clusterIP: '10.0.0.7' }, { uid: '5f0c', annotations: lastApplied({ spec: { clusterIP: '10.0.0.7' } }) }, { clusterIP: '10.0.0.7' }],
    ['one in a file that is from no server is', { clusterIP: '10.0.0.7', clusterIPs: ['10.0.0.7'] }, {}, { clusterIP: '10.0.0.7', clusterIPs: ['10.0.0.7'] }],
    ['None is', { clusterIP: 'None', clusterIPs: ['None'] }, { uid: '5f0c' }, { clusterIP: 'None', clusterIPs: ['None'] }],
  ])('of a Service, %s', (_, addresses, metadata, expected) => {
    const service = (spec: object, more: object = {}) => ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'a', namespace: 'shop', ...more }, spec: { ...spec, ports: [{ port: 80 }] } });
    const { program } = adopted([service(addresses, metadata)]);
    expect(inOrder(synthOf(program))).toEqual(inOrder([service(expected)]));
  });

  test('another kind keeps its clusterIP', () => {
    const object = { apiVersion: 'example.com/v1', kind: 'Service', metadata: { name: 'a' }, spec: { clusterIP: 'x' } };
    expect(inOrder(synthOf(adopted([{ ...object, metadata: { name: 'a', uid: '5f0c' } }]).program))).toEqual(inOrder([object]));
  });
});

describe('left out, and named, are', () => {
  const KEY = `-----BEGIN PRIVATE KEY-----\n${'MIIabcDEF123'.repeat(20)}\n-----END PRIVATE KEY-----\n`;

  test.each([
    ['Secrets', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a', namespace: 'shop', labels: { x: 'word' } }, data: { a: 'word' } }, 'Secret shop/a', 'a Secret doesn\'t belong in a program'],
    ['half Secrets', { apiVersion: 'v1', kind: 'Secre', metadata: { name: 'a' }, stringData: { a: 'word' } }, 'Secre a', 'it may hold a private key or another secret'],
    ['keys in annotations', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', annotations: { word: KEY } } }, 'ConfigMap a', 'it may hold a private key or another secret'],
    ['a part of a key', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { word: 'MIIabcDEF123'.repeat(20) } }, 'ConfigMap a', 'it may hold a private key or another secret'],
    ['keys as if they were certificates', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { word: KEY.replaceAll('PRIVATE KEY', 'CERTIFICATE') } }, 'ConfigMap a', 'it may hold a private key or another secret'],
    ['what istiod refuses', { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name: 'a', namespace: 'b' }, spec: { mtls: { mode: 'strict' }, word: 1 } }, 'PeerAuthentication b/a',
      expect.stringMatching(/^an API server or istiod would reject it \[ADMIT\d+\]$/)],
    ['what has no text for its kind', { apiVersion: 'v1', kind: { toString: 1 }, metadata: { name: { toString: 1 } } }, 'Object (without a name)', 'it has no apiVersion and kind'],
    ['a kubeconfig', { apiVersion: 'v1', kind: 'Config', users: [{ name: 'u', user: { token: 'word' } }] }, 'Config (without a name)', 'a kubeconfig is no object of a cluster, and holds credentials'],
    ['a policy that generates a Secret', { apiVersion: 'kyverno.io/v1', kind: 'ClusterPolicy', metadata: { name: 'a' }, spec: { rules: [{ name: 'r', generate: { kind: 'Secret', data: { stringData: { a: 'word' } } } }] } },
      'ClusterPolicy a', 'it may hold a private key or another secret'],
    ['a value that isn\'t an object', { word: 'b' }, 'Object (without a name)', 'it has no apiVersion and kind'],
    ['what JavaScript can\'t hold', { apiVersion: 'example.com/v1', kind: 'A', metadata: { name: 'a' }, word: 2 ** 60 }, 'A a', 'it has a name or a number that a program can\'t reproduce exactly'],
    ['what cdk8s writes as something else', { apiVersion: 'example.com/v1', kind: 'A', metadata: { name: 'a' }, word: '\u2028' }, 'A a', 'the YAML that cdk8s writes for it would be read differently'],
    ['what cdk8s can\'t write', { apiVersion: 'example.com/v1', kind: 'A', metadata: { name: 'a' }, spec: { constructor: 'word' } }, 'A a', 'cdk8s can\'t reproduce it exactly'],
  ])('%s', (_, object, name, why) => {
    const { program, leftOut } = adopted([object, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kept' } }]);
    expect(leftOut).toEqual([{ object: name, why }]);
    expect(program).toContain(`\n// Left out: ${name}: `);
    expect(program).not.toContain('word');
    expect(synthOf(program)).toEqual([expect.objectContaining({ kind: 'Namespace' })]);
  });
});

test.each([
  ['CustomResourceDefinitions that have a field called data', { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'a.b' }, spec: { names: { kind: 'Secret' }, schema: { properties: { data: { type: 'object' }, stringData: {} } } } }],
  ['policies about Secrets', { apiVersion: 'kyverno.io/v1', kind: 'ClusterPolicy', metadata: { name: 'a' }, spec: { rules: [{ match: { resources: { kind: 'Secret' } }, validate: { pattern: { data: { a: '?*' } } }, generate: { kind: 'Secret', clone: { name: 'b' } } }] } }],
])('%s contain no secret', (_, object) => {
  const { leftOut, raw } = adopted([object]);
  expect([leftOut, raw]).toEqual([[], 1]);
});

test('the same objects give the same program', () => {
  const text = documents(policy('a', '{mtls: {mode: STRICT}}'), rule('b', `{host: ${REVIEWS}, trafficPolicy: {tls: {mode: DISABLE}}}`));
  expect(adopted(text)).toEqual(adopted(text));
});
