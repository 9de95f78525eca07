import { admit } from '../../src/admission/admission';
import { findingMessage } from '../../src/findings/finding';
import { processorSeconds } from '../support/command/processor-time';

const MOST_SECONDS = 1.5;

const security = (kind: string, spec: object) => ({ apiVersion: 'security.istio.io/v1', kind, metadata: { name: 'x', labels: { a: 'b' }, annotations: { 'istio.io/dry-run': 'true' } }, spec });
const networking = (kind: string, spec: object) => ({
  apiVersion: kind === 'EnvoyFilter' ? 'networking.istio.io/v1alpha3' : 'networking.istio.io/v1', kind, metadata: { name: 'x', finalizers: ['a.b/c'], ownerReferences: [{ uid: 'b' }] }, spec,
});
const policy = security('PeerAuthentication', { selector: { matchLabels: { app: 'a' } }, mtls: { mode: 'STRICT' }, portLevelMtls: { 8080: { mode: 'DISABLE' } } });
const REAL: readonly object[] = [
  policy,
  security('RequestAuthentication', { jwtRules: [{ issuer: 'a', jwks: '{"keys":[]}', fromHeaders: [{ name: 'a' }] }] }),
  networking('DestinationRule', {
    host: 'a',
    trafficPolicy: { connectionPool: { tcp: { connectTimeout: '1s', maxConnections: 5 } }, portLevelSettings: [{ port: { number: 80 }, tls: { mode: 'SIMPLE' } }] },
    subsets: [{ name: 'v1', labels: { version: 'v1' } }],
  }),
  networking('VirtualService', {
    hosts: ['a.b'],
    gateways: ['n/g'],
    http: [{ match: [{ uri: { regex: 'a.*' }, headers: { b: { exact: 'c' } } }], route: [{ destination: { host: 'a', port: { number: 80 } }, weight: 5 }], timeout: '1s' }],
  }),
  networking('Gateway', { selector: { a: 'b' }, servers: [{ port: { number: 443, name: 'https', protocol: 'HTTPS' }, hosts: ['*.a.b'], tls: { mode: 'SIMPLE', credentialName: 'c' } }] }),
  networking('EnvoyFilter', { configPatches: [{ applyTo: 'CLUSTER', patch: { operation: 'MERGE', value: { a: { b: [1] } } } }] }),
  { apiVersion: 'telemetry.istio.io/v1', kind: 'Telemetry', metadata: { name: 'x' }, spec: { accessLogging: [{ filter: { expression: 'a == b' } }], tracing: [{ customTags: { a: { literal: { value: 'b' } } } }] } },
  { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'x' }, spec: { template: { metadata: { labels: { 'istio.io/rev': 'a' }, annotations: { 'sidecar.istio.io/proxyCPU': '1' } }, spec: { hostNetwork: true } } } },
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'istio' }, data: { mesh: 'trustDomain: a' } },
  { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'cacerts' }, type: 'Opaque', data: { 'tls.crt': 'YQ==' }, stringData: { 'ca.crt': 'a' } },
];

type Place = readonly string[];

function placesIn(value: unknown, place: Place = []): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => [[...place, key], ...placesIn(child, [...place, key])]);
}

/** A copy with another value at a place. */
function replaced(value: any, [step, ...rest]: Place, by: unknown): unknown {
  if (step === undefined) return by;
  const copy: any = Array.isArray(value) ? [...value] : { ...value };
  copy[step] = replaced(value[step], rest, by);
  return copy;
}

const cyclic: any = { mtls: {} };
cyclic.self = cyclic;
cyclic.list = [cyclic, cyclic];
const nested = (open: string, close: string) => JSON.parse(open.repeat(5000) + '1' + close.repeat(5000));
/** So many characters that a search which grows with their square takes longer than it may. */
const LONG = 2e5;
const HOSTILE: readonly [string, unknown][] = [
  ['a circle', cyclic], ['deep maps', nested('{"a":', '}')], ['deep lists', nested('[', ']')],
  ['keys of prototypes', JSON.parse('{"__proto__": {"a": null}, "constructor": {"prototype": {}}, "toString": 1, "hasOwnProperty": "x"}')],
  ['a BigInt', 5n], ['a symbol', Symbol('a')], ['a symbol within', { a: Symbol('b') }], ['NaN', NaN], ['Infinity', Infinity], ['a function', () => 1],
  ['a bad date', new Date(NaN)], ['a map without prototype', Object.create(null)], ['nothing in a list', [undefined]], ['a list of holes', Array(3)],
  ['a long word', 'a'.repeat(LONG)], ['brackets', '('.repeat(1e5)], ['digits', '1'.repeat(LONG)], ['labels', 'a.'.repeat(LONG / 2)], ['dashes', `${'a-'.repeat(LONG / 2)}!`],
  ['half a character', '\ud800'], ['a null byte', '\u0000'], ['__proto__', '__proto__'], ['constructor', 'constructor'], ['a long key', { ['k'.repeat(1e5)]: 1 }],
  ['many keys', Object.fromEntries(Array.from({ length: 1_500 }, (_, index) => [`k${index}`, index]))], ['many equal items', Array.from({ length: 2_500 }, () => 'a')],
];

/** How many seconds of the processor the slowest judgement takes. */
function slowest(objects: readonly unknown[]): number {
  return Math.max(...objects.map(secondsFor));
}

/** A busy machine inflates even a processor's time, so what seems slow must be slow twice. */
function secondsFor(object: unknown): number {
  const seconds = () => processorSeconds(() => {
    for (const objection of admit(object)) findingMessage(object, objection, 'path');
  });
  const first = seconds();
  return first < MOST_SECONDS ? first : Math.min(first, seconds());
}

test.each(HOSTILE)('handles quickly, at any place of an object, %s', (_, value) => {
  const objects = REAL.flatMap((object) => placesIn(object).map((place) => replaced(object, place, value)));
  expect(slowest(objects)).toBeLessThan(MOST_SECONDS);
});

// Refused by the API server: json: cannot unmarshal object into Go struct field ObjectMeta.name of type string.
test('reports a Gateway\'s non-string name together with its other errors', () => {
  const object = { ...networking('Gateway', {}), metadata: { name: { a: 1 } } };
  expect(admit(object).map(({ code, field }) => [code, field])).toEqual([['ADMIT500', ['metadata', 'name']], ['ADMIT477', ['spec', 'servers']]]);
});

describe('values that aren\'t JSON', () => {
  const thrower = { get mtls(): unknown { throw new Error('secret'); } };

  test.each([
    ['a getter that throws', { ...policy, spec: thrower }],
    ['metadata whose keys can\'t be listed', { ...policy, metadata: new Proxy({}, { ownKeys: () => { throw new Error('x'); } }) }],
    ['an object that can\'t be read', new Proxy(policy, { get: () => { throw new Error('x'); } })],
  ])('are rejected without an exception: %s', (_, object) => {
    expect(admit(object)).toEqual([expect.objectContaining({ code: 'ADMIT112', severity: 'error', field: [] })]);
  });

  test('errors that getters throw aren\'t printed, because they may contain secrets', () => {
    expect(JSON.stringify(admit({ ...policy, spec: thrower }))).not.toContain('secret');
  });
});
