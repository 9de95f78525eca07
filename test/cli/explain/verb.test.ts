import { Mesh } from '../../../src/mesh/mesh';
import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';
import { validatorOf } from '../../support/documents/schemas';
import { mesh } from '../../support/meshes/mesh';
import { casesOf } from '../../support/random/cases';
import { fc } from '../../support/random/fast-check';
import { randomMeshes } from '../../support/random/random-meshes';
import { spoiledManifests } from '../../support/random/spoiled-manifests';
import { BROKEN, declaringCalls, SOUND } from '../meshes';

afterAll(removeFolders);

const { seed, count } = casesOf('explanations');

const SCHEMA = validatorOf('explain');
const VALID = { valid: true, errors: [] };

/** The output of `explain` for a call in a mesh. */
const explained = (input: string, client: string, service: string, ...args: string[]) => command(['explain', client, service, '-', ...args], { input });

/** Objects as a file of manifests. */
const fileOf = (objects: readonly unknown[]): string => objects.map((object) => JSON.stringify(object)).join('\n---\n');

const INJECTED = `apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
---
`;
const workload = (name: string, { labels = '', ports = '', spec = '', kind = 'Deployment' } = {}) => `apiVersion: apps/v1
kind: ${kind}
metadata: {name: ${name}, namespace: shop}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}${labels}}}
    spec: {${spec}containers: [{name: app, image: app, ports: [${ports}]}]}
---
`;
const service = (name: string, port: string, more = '') => `apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: shop}
spec: {selector: {app: ${name}}, ports: [${port}]${more}}
---
`;
const istio = (group: string, kind: string, name: string, spec: string) => `apiVersion: ${group}.istio.io/v1
kind: ${kind}
metadata: {name: ${name}, namespace: shop}
spec: ${spec}
---
`;
const rule = (name: string, spec: string) => istio('networking', 'DestinationRule', name, spec);
const CLIENT = INJECTED + workload('web');
const RATINGS = workload('ratings') + service('ratings', '{name: http, port: 9080}');
const STRICT = istio('security', 'PeerAuthentication', 'default', '{mtls: {mode: STRICT}}');
const BARE = workload('ratings', { labels: ', sidecar.istio.io/inject: "false"' }) + service('ratings', '{name: http, port: 9080}');

const CASES: (readonly [name: string, manifests: string, called?: string, client?: string])[] = [
  ['mtls', CLIENT + RATINGS + STRICT],
  ['plaintext, to a server without a sidecar', CLIENT + BARE],
  ['broken: plaintext to STRICT', CLIENT + RATINGS + STRICT + rule('ratings', '{host: ratings, trafficPolicy: {tls: {mode: DISABLE}}}')],
  ['broken: without a sidecar', CLIENT + RATINGS + STRICT + workload('batch', { labels: ', sidecar.istio.io/inject: "false"' }), undefined, 'shop/batch'],
  ['broken: mutual TLS to no sidecar', CLIENT + BARE + rule('ratings', '{host: ratings, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}')],
  ['broken: mutual TLS to DISABLE', CLIENT + RATINGS + istio('security', 'PeerAuthentication', 'default', '{mtls: {mode: DISABLE}}') + rule('ratings', '{host: ratings, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}')],
  ['broken: foreign TLS', CLIENT + RATINGS + STRICT + rule('ratings', '{host: ratings, trafficPolicy: {tls: {mode: SIMPLE}}}')],
  ['broken: TLS of the application', `${CLIENT}${workload('ratings')}${service('ratings', '{name: https, port: 9080}')}${STRICT}${rule('ratings', '{host: ratings, trafficPolicy: {tls: {mode: DISABLE}}}')}`],
  ['broken: another name', CLIENT + RATINGS + STRICT + rule('ratings', '{host: ratings, trafficPolicy: {tls: {mode: ISTIO_MUTUAL, subjectAltNames: [ratings.example.com]}}}')],
  ['broken: an undefined subset', CLIENT + RATINGS + istio('networking', 'VirtualService', 'ratings', '{hosts: [ratings], http: [{route: [{destination: {host: ratings, subset: v1}}]}]}')],
  ['broken: REGISTRY_ONLY', `${CLIENT + RATINGS}apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: istio-system}\ndata: {mesh: "outboundTrafficPolicy: {mode: REGISTRY_ONLY}"}\n---\n${istio('networking', 'Sidecar', 'default', '{egress: [{hosts: ["istio-system/*"]}]}')}`],
  ['depends on its namespace', (CLIENT + RATINGS).replace(INJECTED, '')],
  ['headless', CLIENT + workload('db') + service('db', '{name: tcp, port: 5432}', ', clusterIP: None'), 'shop/db'],
  ['external', CLIENT + istio('networking', 'ServiceEntry', 'api', '{hosts: [api.example.com], ports: [{number: 443, name: tls, protocol: TLS}], resolution: DNS}'), 'api.example.com:443'],
  ['a subset', CLIENT + RATINGS + rule('ratings', '{host: ratings, subsets: [{name: v1, labels: {app: ratings}}]}') + istio('networking', 'VirtualService', 'ratings', '{hosts: [ratings], http: [{route: [{destination: {host: ratings, subset: v1}}]}]}')],
  ['several servers', CLIENT + RATINGS + workload('ratings2').replace('app: ratings2}}\n    spec', 'app: ratings}}\n    spec') + STRICT + rule('ratings', '{host: ratings, trafficPolicy: {tls: {mode: DISABLE}}}')],
];

const WHOLE = CASES.map(([name, manifests, called = 'shop/ratings:9080', client = 'shop/web']) => [name, manifests, called, client] as const);

test.each(WHOLE)('%s', async (_, manifests, called, client) => {
  const { exitCode, out, error } = await explained(manifests, client, called);
  expect([exitCode, error]).toEqual([0, '']);
  expect(out).toMatchSnapshot();
  expect(out.split('\n').filter((line) => line.length > 100 && !/\S{60}/.test(line))).toEqual([]);
  const json = await explained(manifests, client, called, '-o', 'json');
  expect(SCHEMA.validate(JSON.parse(json.out))).toEqual(VALID);
});

test('prints a credential by its name', async () => {
  const bank = istio('networking', 'ServiceEntry', 'bank', '{hosts: [bank.example], ports: [{number: 443, name: tls, protocol: TLS}], resolution: DNS}');
  const told = async (mode: string, more = '') => {
    const manifests = CLIENT + bank + rule('bank', `{host: bank.example, workloadSelector: {matchLabels: {app: web}}, trafficPolicy: {tls: {mode: ${mode}, credentialName: bank-client${more}}}}`);
    const json = JSON.parse((await explained(manifests, 'shop/web', 'bank.example:443', '-o', 'json')).out);
    expect(SCHEMA.validate(json)).toEqual(VALID);
    expect(json.explanations[0].connections[0].handshake.credential).toBe('bank-client');
    return (await explained(manifests, 'shop/web', 'bank.example:443')).out.replace(/\n +/g, '\n').split('\n').filter((line) => line.includes('credential'));
  };
  expect(await told('MUTUAL')).toEqual(['shows the client certificate of credential bank-client', 'verifies the server with the rule\'s credential bank-client']);
  expect(await told('SIMPLE')).toEqual(['verifies the server with the rule\'s credential bank-client']);
  expect(await told('MUTUAL', ', insecureSkipVerify: true')).toEqual(['shows the client certificate of credential bank-client']);
});

test('names AuthorizationPolicies that select the server, without evaluating them', async () => {
  const policy = (name: string, more: string) => istio('security', 'AuthorizationPolicy', name, more);
  const none = policy('others', '{selector: {matchLabels: {app: other}}}') + policy('log', '{action: AUDIT, rules: [{}]}') + policy('dry', '{}').replace('namespace: shop', 'namespace: shop, annotations: {istio.io/dry-run: "true"}');
  const told = async (manifests: string) => {
    const { out } = await explained(CLIENT + manifests, 'shop/web', 'shop/ratings:9080');
    const json = JSON.parse((await explained(CLIENT + manifests, 'shop/web', 'shop/ratings:9080', '-o', 'json')).out);
    expect(SCHEMA.validate(json)).toEqual(VALID);
    const { authorizationPolicies } = json.explanations[0].connections[0].server;
    return [authorizationPolicies?.map(({ name }: any) => name), /^ {2}policies {3}(.*(?:\n {13}.*)*)$/m.exec(out)?.[1].replace(/\n +/g, ' ')];
  };
  expect(await told(RATINGS + none)).toEqual([undefined, undefined]);
  expect(await told(RATINGS + none + policy('deny', '{}') + policy('web', '{selector: {matchLabels: {app: ratings}}, rules: [{}]}'))).toEqual([
    ['deny', 'web'], 'AuthorizationPolicies that select it: shop/deny, shop/web; whether they allow the call isn\'t decided',
  ]);
  expect(await told(BARE + policy('deny', '{}'))).toEqual([undefined, undefined]);
  const many = Array.from({ length: 8 }, (_, index) => policy(`p${index}`, '{}')).join('');
  expect((await told(RATINGS + many))[1]).toMatch(/shop\/p5 and 2 more; whether/);
});

test('explains calls of random meshes, with valid JSON', async () => {
  for (const { objects } of randomMeshes(seed, count(6))) {
    const one: Mesh = mesh(objects);
    for (const { kind, namespace, name } of one.workloads.slice(0, 2)) {
      for (const { host, port } of one.decisions.calls.slice(0, 4)) {
        const { exitCode, out } = await explained(fileOf(objects), `${kind}/${namespace}/${name}`, `${host}:${port}`, '-o', 'json');
        if (exitCode === 2) continue; // admission refuses the client or the service
        expect(SCHEMA.validate(JSON.parse(out))).toEqual(VALID);
        expect(JSON.parse(out).explanations.length).toBe(1);
      }
    }
  }
}, 60_000);

/** Manifests as JSON, unless JSON has no text for them. */
function textOf(manifests: unknown[]): string | undefined {
  try {
    return manifests.map((manifest) => JSON.stringify(manifest) ?? 'null').join('\n---\n');
  } catch {
    return undefined;
  }
}

test('invalid manifests beside the call don\'t break the explanation', async () => {
  await fc.assert(fc.asyncProperty(spoiledManifests, async (manifests) => {
    const junk = textOf(manifests);
    fc.pre(junk !== undefined);
    const input = `${SOUND}---\n${junk}`;
    for (const format of ['text', 'json']) {
      const { exitCode, out } = await explained(input, 'shop/web', 'shop/ratings', '-o', format);
      expect([0, 2]).toContain(exitCode);
      expect(out).not.toMatch(/\[object Object\]|TypeError|undefined(?!-subset| subset)/);
      if (format === 'json' && out !== '') expect(SCHEMA.validate(JSON.parse(out))).toEqual(VALID);
    }
  }), { seed, numRuns: count(40), interruptAfterTimeLimit: 8000 });
}, 60_000);

test.each([
  ['a client', 'shop/wep', 'shop/ratings', 'client \'shop/wep\' is not a workload in these manifests; expected namespace/name or kind/namespace/name. Fix: write shop/web (Deployment).\n'],
  ['a service', 'shop/web', 'shop/rating', 'service \'shop/rating\' is not a service in these manifests; expected namespace/name or a host, with :port or without. Fix: write shop/ratings (Service).\n'],
  ['a port', 'shop/web', 'shop/ratings:9081', 'service \'shop/ratings:9081\' has no such port; expected one of its ports. Fix: write shop/ratings:9080.\n'],
])('%s that doesn\'t exist exits with 2', async (_, client, called, message) => {
  expect(await explained(BROKEN, client, called)).toEqual({ exitCode: 2, out: '', error: message });
});

test('unreadable documents exit with 2, and the call is explained', async () => {
  const { exitCode, out, error } = await explained(`${BROKEN}---\na: b: c\n`, 'shop/web', 'shop/ratings:9080');
  expect([exitCode, out.split('\n')[0], error.includes('unreadable') || error.includes('could not be read') || error.length > 0]).toEqual([2, 'shop/web → ratings.shop.svc.cluster.local:9080: broken', true]);
});

test('leaves rejected objects out of the mesh', async () => {
  const bad = istio('security', 'PeerAuthentication', 'bad', '{mtls: {mode: STRIKT}}');
  expect((await explained(BROKEN.trimEnd() + `\n---\n${bad}`, 'shop/web', 'shop/ratings:9080')).error).toBe('1 object would be rejected and is ignored here: see istio-mtls check.\n');
});

test('explains calls of facts', async () => {
  const cwd = folderWith({ 'cluster.yaml': CLIENT + RATINGS, 'rule.yaml': STRICT + rule('ratings', '{host: ratings, trafficPolicy: {tls: {mode: DISABLE}}}') });
  const { out } = await command(['explain', 'shop/web', 'shop/ratings', 'rule.yaml', '--with', 'cluster.yaml'], { cwd });
  expect(out.split('\n')[0]).toBe('shop/web → ratings.shop.svc.cluster.local:9080: broken');
});

test('a call that its client doesn\'t declare is explained as if it were made, and said not to be', async () => {
  const said = 'no: calls.istio-mtls/to of Deployment shop/web lists other calls, so check leaves this one out';
  const text = async (calls: string) => (await explained(declaringCalls(BROKEN, calls), 'shop/web', 'shop/ratings')).out.replace(/\s+/g, ' ');
  expect(await text('')).toContain(said);
  expect(await text('')).toContain('broken');
  for (const calls of ['shop/ratings', 'shop/raitngs']) expect(await text(calls)).not.toContain('declared');
  const declared = async (calls: string) => {
    const report = JSON.parse((await explained(declaringCalls(BROKEN, calls), 'shop/web', 'shop/ratings', '-o', 'json')).out);
    expect(SCHEMA.validate(report)).toEqual(VALID);
    return report.explanations[0].declared;
  };
  expect([await declared(''), await declared('shop/ratings'), await declared('shop/raitngs')]).toEqual([false, true, undefined]);
});
