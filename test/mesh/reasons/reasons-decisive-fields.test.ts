// Each reason names an existing field or its absence, and removing the field changes the connection.
import { destinationRules } from '../../../conformance/generators/rules';
import { changed, FieldPath, fieldText, valueAt } from '../../../src/findings/finding';
import { listConnections } from '../../../src/mesh/calls/connections';
import { FieldRef } from '../../../src/mesh/inventory/field-ref';
import { idKey } from '../../../src/mesh/inventory/object';
import { decisiveHop, transportOf } from '../../../src/mesh/model/path';
import { Reason } from '../../../src/mesh/model/reason';
import { reasonsOf } from '../../../src/mesh/reasons/reasons';
import { rendered } from '../../../src/mesh/reasons/render';
import { deployment, destinationRule, injected, mesh, meshConfig, mode, peerAuthentication, service, sidecar, toHost, virtualService } from '../../support/meshes/mesh';
import { casesOf } from '../../support/random/cases';
import { fc } from '../../support/random/fast-check';
import { randomMeshes } from '../../support/random/random-meshes';

const { seed, count } = casesOf('decisions');

/** A connection's verdict and reasons as one text, so that two states of a mesh compare. */
interface Judged {
  readonly text: string;
  readonly reasons: readonly Reason[];
}

function judged(objects: readonly unknown[]): readonly Judged[] {
  const { decisions, workloads } = mesh([...objects]);
  return [...listConnections(decisions, workloads, {}, (caller, path) => {
    const { client, call: { host, port } } = caller;
    const { target, received: { endpoint, receiver }, sent: { tls: clientTls } } = decisiveHop(path);
    const { outcome, brokenBecause, undecidedBecause } = transportOf(path);
    const reasons = reasonsOf(path, caller);
    const call = [idKey(client), host, port, target.host, target.port, target.subset, endpoint?.workload?.name, endpoint?.port];
    return { text: JSON.stringify([call, clientTls, receiver?.mode, outcome, brokenBecause, undecidedBecause, reasons.map(textOf)]), reasons };
  })];
}

/** With the value: of a list without one of its elements, the next has the path. */
function textOf(reason: Reason): string {
  const { at: { object, field } } = reason;
  return JSON.stringify([idKey(object), field, rendered(reason), 'source' in object ? valueAt(object.source, field) : undefined]);
}

/** Whether a field is in the mesh config, which is a text in its ConfigMap. */
function isInText({ object, field: [first, , ...rest] }: FieldRef): boolean {
  return object.kind === 'ConfigMap' && first === 'data' && rest.length > 0;
}

function writtenAt(ref: FieldRef): unknown {
  const { object: { source }, field } = ref;
  if (!isInText(ref)) return valueAt(source, field);
  const text = valueAt(source, field.slice(0, 2));
  return typeof text === 'string' ? valueAt(JSON.parse(text), field.slice(2)) : undefined;
}

/** The objects without a field, or without its object if the field is the whole object. */
function without(objects: readonly unknown[], ref: FieldRef): readonly unknown[] {
  const { object: { source }, field } = ref;
  const removed = (value: object, path: FieldPath): object => changed(value, [{ op: 'remove', path }]);
  return objects.flatMap((one) => {
    if (one !== source) return [one];
    if (field.length === 0) return [];
    if (!isInText(ref)) return [removed(source as object, field)];
    const text = JSON.stringify(removed(JSON.parse(valueAt(source, field.slice(0, 2)) as string), field.slice(2)));
    return [changed(source as object, [{ op: 'set', path: field.slice(0, 2), value: text }])];
  });
}

/** Whether a reason's text names an absence as the cause: an undefined subset or a missing location. */
function saysAbsence(reason: Reason): boolean {
  return /^(?:defines no subset |is absent,)/.test(rendered(reason).effect);
}

/** Whether the field equals its default: a ServiceEntry without a location is outside the mesh too. */
function isDefault(reason: Reason): boolean {
  return reason.kind === 'auto-mtls' && reason.because === 'external';
}

/** Flags and versions of an istiod may have no object, and are options of the model. */
function isField(reason: Reason): reason is Exclude<Reason, { kind: 'istiod' }> {
  return reason.kind !== 'istiod';
}

/** A field as texts name it: in a rule by subset and port instead of by index. */
function namedPath({ object, field }: FieldRef): string {
  if (object.kind === 'PeerAuthentication') return field.join('.');
  if (object.kind !== 'DestinationRule') return fieldText(field);
  return field.map((step, index) => {
    if (typeof step === 'string') return index === 0 ? step : `.${step}`;
    const { name, port } = valueAt(object.source, field.slice(0, index + 1)) as { name?: string; port?: { number: number } };
    return `[${port?.number ?? name}]`;
  }).join('');
}

/** Whether a text names a route's destination, or, if that is an ExternalName, the host that it stands for. */
function namesDestination(effect: string, host: string, objects: readonly unknown[]): boolean {
  const aliases = (objects as Fields[])
    .filter(({ metadata: { name, namespace }, spec }) => spec?.externalName !== undefined && isNameOf(host, name, namespace));
  return [host, ...aliases.map(({ spec }) => spec!.externalName!)].some((name) => effect.includes(` ${name}`));
}

/** Whether a host is a Service's name, short or in full. */
function isNameOf(host: string, name: string, namespace: string): boolean {
  return host === name || `${host}.`.startsWith(`${name}.${namespace}.`);
}

interface Fields {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec?: { readonly externalName?: string };
}

/** Whether a reason's text names the part of its object that it refers to, or for a whole workload its proxy. */
function namesItsPart(reason: Exclude<Reason, { kind: 'istiod' }>, objects: readonly unknown[]): boolean {
  const { at } = reason;
  const { field, effect } = rendered(reason);
  if (field === 'proxy') return at.field.length === 0 || effect.startsWith(`${at.field.at(-1)} `);
  if (reason.kind === 'routed') {
    return field === 'spec.hosts' && (at.field[1] === 'hosts' || namesDestination(effect, (writtenAt(at) as { host: string }).host, objects));
  }
  if (reason.kind === 'hidden' && reason.by === 'exportTo') return at.field.at(-1) === field || at.field.at(-1) === `networking.istio.io/${field}`;
  const path = namedPath(at);
  return path.startsWith(field) || field.startsWith(path);
}

/** What is wrong with the reasons of a mesh. */
function* faultsOf(objects: readonly unknown[]): Generator<string> {
  const before = judged(objects);
  const reasons = new Map(before.flatMap((one) => one.reasons.filter(isField).map((reason) => [textOf(reason), reason])));
  for (const [text, reason] of reasons) {
    if (!namesItsPart(reason, objects)) yield `${text} names another part`;
    if (saysAbsence(reason)) continue;
    if (writtenAt(reason.at) === undefined) yield `${text} isn't there`;
    if (isDefault(reason)) continue;
    const after = new Set(judged(without(objects, reason.at)).map((one) => one.text));
    const same = before.find((one) => after.has(one.text) && one.reasons.some((other) => textOf(other) === text));
    if (same) yield `${text} stays: ${same.text}`;
  }
}

test('the deciding fields in random meshes', () => {
  for (const { objects } of randomMeshes(seed, count(75))) expect([[...faultsOf(objects)], objects]).toEqual([[], objects]);
});

/** Objects that few random meshes have. */
const RARE: Readonly<Record<string, readonly unknown[]>> = {
  'a policy\'s mode for a port': [peerAuthentication('b/p', { selector: { matchLabels: { app: 'server' } }, ...mode('STRICT'), portLevelMtls: { 80: { mode: 'DISABLE' } } })],
  'a rule that keeps the address': [destinationRule('b/d', { host: 'server', trafficPolicy: { loadBalancer: { simple: 'PASSTHROUGH' } } }), deployment('b/plain', { labels: { 'app': 'server', 'sidecar.istio.io/inject': 'false' } })],
  'a Sidecar that binds the port': [sidecar('b/s', { ingress: [{ port: { number: 80, protocol: 'HTTP', name: 'http' }, bind: '127.0.0.1' }] })],
  'a pod\'s label': [deployment('b/other', { labels: { 'app': 'server', 'security.istio.io/tlsMode': 'disabled' } })],
  'the mesh config': [meshConfig({ enableAutoMtls: false })],
  'the mesh config under a proto name': [meshConfig({ enable_auto_mtls: false })],
  'the mesh config under both names': [meshConfig({ enable_auto_mtls: false, enableAutoMtls: false })],
  'an interception mode for all': [meshConfig({ defaultConfig: { interceptionMode: 'NONE' } })],
  'an interception mode by a proto name': [meshConfig({ defaultConfig: { interception_mode: 'NONE' } })],
  'a pod\'s interception mode': [deployment('b/other', { labels: { app: 'server' }, annotations: { 'sidecar.istio.io/interceptionMode': 'NONE' } })],
  'a pod\'s own proxy config': [deployment('b/other', { labels: { app: 'server' }, annotations: { 'proxy.istio.io/config': '{"interceptionMode":"NONE"}' } })],
  'a pod\'s excluded port': [deployment('b/other', { labels: { app: 'server' }, annotations: { 'traffic.sidecar.istio.io/excludeInboundPorts': '80' } })],
  'an EndpointSlice\'s address': [
    { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { namespace: 'b', name: 's', labels: { 'kubernetes.io/service-name': 'listed' } }, ports: [{ name: 'http', port: 80 }], endpoints: [{ addresses: ['10.9.9.9'] }] },
    service('b/listed', ['http:80'], { selector: undefined }),
  ],
  'an address of Endpoints': [
    { apiVersion: 'v1', kind: 'Endpoints', metadata: { namespace: 'b', name: 'listed' }, subsets: [{ ports: [{ name: 'http', port: 80 }], addresses: [{ ip: '10.9.9.9' }] }] },
    service('b/listed', ['http:80'], { selector: undefined }),
  ],
  'its cipher suites': [meshConfig({ meshMTLS: { cipherSuites: ['X'] } })],
};

test.each(Object.entries(RARE))('of %s', (_, objects) => {
  const all = JSON.parse(JSON.stringify([...injected('a', 'b'), deployment('a/client'), deployment('b/server'), service('b/server', ['http:80']), ...objects])) as readonly unknown[];
  expect([...faultsOf(all)]).toEqual([]);
  const deciding = (objects[0] as { kind: string }).kind;
  expect(judged(all).flatMap(({ reasons }) => reasons.map(({ at }) => at.object.kind))).toContain(deciding);
});

interface Drawn {
  readonly rules: readonly { readonly spec: object }[];
  readonly port: 'http' | 'tcp' | 'tls';
  readonly subset?: string;
  readonly isStrict: boolean;
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  rules: destinationRules, port: fc.constantFrom('http', 'tcp', 'tls'), subset: fc.constantFrom('v1', 'v2', undefined), isStrict: fc.boolean(),
});

/** The rules for one host in one namespace, which merge: the policy of the first that has one applies, and the subsets of all. */
function merging({ rules, port, subset, isStrict }: Drawn): unknown[] {
  return JSON.parse(JSON.stringify([
    ...injected('a', 'b'), deployment('a/client'), ...['v1', 'v2'].map((version) => deployment(`b/${version}`, { labels: { app: 'server', version } })),
    service('b/server', [`${port}:80`]),
    ...isStrict ? [peerAuthentication('b/p', mode('STRICT'))] : [],
    ...subset === undefined || port === 'tls' ? [] : [virtualService('b/v', { hosts: ['server'], [port]: [toHost('server', { subset })] })],
    ...rules.map(({ spec }, index) => destinationRule(`b/d${index}`, { ...spec, host: 'server', exportTo: undefined })),
  ]));
}

const BY_PORT_OF_SUBSET: Drawn = {
  rules: [
    { spec: { trafficPolicy: { loadBalancer: { simple: 'ROUND_ROBIN' } } } },
    { spec: { subsets: [{ name: 'v1', trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, tls: { mode: 'DISABLE' } }] } }] } },
  ],
  port: 'http',
  subset: 'v1',
  isStrict: true,
};

test('the deciding field with several rules for one host', () => {
  fc.assert(fc.property(drawn, (one) => {
    expect([...faultsOf(merging(one))]).toEqual([]);
  }), { seed, numRuns: count(750), examples: [[BY_PORT_OF_SUBSET]] });
});
