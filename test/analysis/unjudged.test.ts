import { unjudgedIn, unjudgedText } from '../../src/analysis/unjudged';
import { readYaml } from '../../src/manifests/yaml/read-yaml';
import { MeshChange } from '../../src/mesh/change/mesh-change';
import { deployment, injected, mesh, namespace, service } from '../support/meshes/mesh';

const SHOP = [...injected('shop'), deployment('shop/web'), deployment('shop/pay', { ports: [{ containerPort: 80 }] }), service('shop/pay')];

const object = (kind: string, name: string, spec: object, fields: object = {}) => ({
  apiVersion: GROUPS[kind], kind, metadata: { name, namespace: 'shop', ...fields }, spec,
});
const GROUPS: Record<string, string> = {
  AuthorizationPolicy: 'security.istio.io/v1',
  RequestAuthentication: 'security.istio.io/v1',
  NetworkPolicy: 'networking.k8s.io/v1',
  Gateway: 'networking.istio.io/v1',
  VirtualService: 'networking.istio.io/v1',
  HTTPRoute: 'gateway.networking.k8s.io/v1',
};
const found = (...others: object[]) => {
  const all = mesh([...SHOP, ...others]);
  return unjudgedIn(all);
};
const counts = (...others: object[]) => {
  const { objects, connections } = found(...others);
  return [objects.map(({ kind, count }) => `${count} ${kind}`).join(), connections];
};
const PAY = { selector: { matchLabels: { app: 'pay' } } };

test('a mesh without unchecked objects has no text', () => {
  expect(found()).toEqual({ objects: [], connections: 0, gateways: [] });
  expect(unjudgedText(found())).toBeUndefined();
});

test.each<[string, string, string | undefined]>([
  ['for SCTP', 'shop', '1 Service port for UDP or SCTP, which sidecars don\'t capture'],
  ['whose pods have no sidecar', 'bare', undefined],
])('a port %s', (_, ns, text) => {
  const ports = [{ name: 'sctp', port: 7, protocol: 'SCTP' }, { name: 'tcp', port: 9000 }];
  const all = mesh([...SHOP, { ...object('Service', 'pay', { selector: { app: 'pay' }, ports }), apiVersion: 'v1', metadata: { namespace: ns, name: 'other' } }, namespace('bare'), deployment('bare/pay')]);
  expect(unjudgedIn(all).ports).toBe(text && 1);
  expect(unjudgedText(unjudgedIn(all))).toBe(text && `Not checked: ${text}`);
});

test.each([
  ['an AuthorizationPolicy of the server counts', object('AuthorizationPolicy', 'a', PAY), ['1 AuthorizationPolicy', 1]],
  ['an AuthorizationPolicy of the client doesn\'t count', object('AuthorizationPolicy', 'a', { selector: { matchLabels: { app: 'web' } } }), ['', 0]],
  ['an AuthorizationPolicy of the root namespace counts', object('AuthorizationPolicy', 'a', {}, { namespace: 'istio-system' }), ['1 AuthorizationPolicy', 1]],
  ['an AuthorizationPolicy of another namespace doesn\'t count', object('AuthorizationPolicy', 'a', {}, { namespace: 'other' }), ['', 0]],
  ['an AuthorizationPolicy in dry-run doesn\'t count', object('AuthorizationPolicy', 'a', PAY, { annotations: { 'istio.io/dry-run': 'true' } }), ['', 0]],
  ['an AuthorizationPolicy for a waypoint doesn\'t count', object('AuthorizationPolicy', 'a', { targetRefs: [{ kind: 'Gateway', name: 'waypoint' }] }), ['', 0]],
  ['an AuthorizationPolicy for another revision doesn\'t count', object('AuthorizationPolicy', 'a', PAY, { labels: { 'istio.io/rev': 'canary' } }), ['', 0]],
  ['a RequestAuthentication counts', object('RequestAuthentication', 'a', {}), ['1 RequestAuthentication', 1]],
  ['a NetworkPolicy for ingress of the server counts', object('NetworkPolicy', 'a', { podSelector: PAY.selector }), ['1 NetworkPolicy', 1]],
  ['a NetworkPolicy whose expression leaves out the server doesn\'t count', object('NetworkPolicy', 'a', { podSelector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['pay'] }] } }), ['', 0]],
  ['a NetworkPolicy for egress of the server doesn\'t count', object('NetworkPolicy', 'a', { podSelector: PAY.selector, policyTypes: ['Egress'] }), ['', 0]],
  ['a NetworkPolicy for egress of the client counts', object('NetworkPolicy', 'a', { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Egress'] }), ['1 NetworkPolicy', 1]],
  ['a NetworkPolicy for egress of the client counts without policyTypes', object('NetworkPolicy', 'a', { podSelector: { matchLabels: { app: 'web' } }, egress: [{}] }), ['1 NetworkPolicy', 1]],
  ['a VirtualService with faults counts', object('VirtualService', 'a', { hosts: ['pay'], http: [{ fault: { abort: { httpStatus: 500 } }, route: [{ destination: { host: 'pay' } }] }] }), ['1 VirtualService', 1]],
  ['a VirtualService without faults doesn\'t count', object('VirtualService', 'a', { hosts: ['pay'], http: [{ route: [{ destination: { host: 'pay' } }] }] }), ['', 0]],
])('%s', (_, policy, expected) => {
  expect(counts(policy)).toEqual(expected);
});

test('a connection that several policies concern counts once', () => {
  const policies = [object('AuthorizationPolicy', 'a', PAY), object('AuthorizationPolicy', 'b', {}), object('NetworkPolicy', 'c', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] })];
  expect(counts(...policies)).toEqual(['2 AuthorizationPolicy,1 NetworkPolicy', 1]);
});

test('connections without mutual TLS don\'t count', () => {
  const none = object('DestinationRule', 'plain', { host: 'pay', trafficPolicy: { tls: { mode: 'DISABLE' } } });
  expect(counts(object('AuthorizationPolicy', 'a', PAY), { ...none, apiVersion: 'networking.istio.io/v1' })).toEqual(['', 0]);
});

test('counts gateways, and the routes attached to them', () => {
  const { gateways, objects } = found(
    object('Gateway', 'edge', {}),
    object('VirtualService', 'in', { hosts: ['shop.example.com'], gateways: ['edge'], http: [{ route: [{ destination: { host: 'pay' } }] }] }),
    object('VirtualService', 'inside', { hosts: ['pay'], gateways: ['mesh'], http: [{ route: [{ destination: { host: 'pay' } }] }] }),
    object('HTTPRoute', 'in', { parentRefs: [{ name: 'edge' }] }),
  );
  expect([objects, gateways]).toEqual([[], [{ kind: 'Gateway', count: 1 }, { kind: 'HTTPRoute', count: 1 }, { kind: 'VirtualService', count: 1 }]]);
});

test('a change counts only the connections that it concerns', () => {
  const policy = object('AuthorizationPolicy', 'a', PAY);
  const change = (...own: object[]) => MeshChange.of(own, [...SHOP, policy], { parseYaml: readYaml });
  const nothing = change(...injected('elsewhere') as object[]);
  expect(unjudgedIn(nothing)).toMatchObject({ objects: [], connections: 0 });
  const client = change(deployment('shop/web'));
  expect(unjudgedIn(client)).toMatchObject({ objects: [{ kind: 'AuthorizationPolicy', count: 1 }], connections: 1 });
});

test('of several cases, each object counts once, and connections in the case with most', () => {
  const objects = [
    deployment('shop/web'), deployment('shop/pay', { ports: [{ containerPort: 80 }] }), service('shop/pay'), object('AuthorizationPolicy', 'a', PAY), object('Gateway', 'edge', {}),
  ];
  const [all, none] = [{ injectedNamespaces: ['shop'] }, { uninjectedNamespaces: ['shop'] }].map((options) => mesh(objects, options));
  const expected = { objects: [{ kind: 'AuthorizationPolicy', count: 1 }], connections: 1, gateways: [{ kind: 'Gateway', count: 1 }] };
  for (const cases of [[all, none], [none, all], [all, all]]) expect(unjudgedIn(...cases)).toEqual(expected);
  expect(unjudgedIn(none)).toMatchObject({ objects: [], connections: 0 });
});

test.each([
  ['of one object', { objects: [{ kind: 'AuthorizationPolicy', count: 1 }], connections: 1, gateways: [] }, 'Not checked: 1 AuthorizationPolicy, which concerns 1 connection called mtls'],
  [
    'of many objects', { objects: [{ kind: 'AuthorizationPolicy', count: 3 }, { kind: 'NetworkPolicy', count: 1 }, { kind: 'VirtualService', count: 1 }], connections: 4000, gateways: [] },
    'Not checked: 3 AuthorizationPolicies, 1 NetworkPolicy and the faults of 1 VirtualService, which concern 4,000 connections called mtls',
  ],
  [
    'of Gateways, beside others', { objects: [{ kind: 'RequestAuthentication', count: 2 }], connections: 4, gateways: [{ kind: 'Gateway', count: 2 }, { kind: 'VirtualService', count: 3 }] },
    'Not checked: 2 RequestAuthentications, which concern 4 connections called mtls; 2 Gateways; 3 VirtualServices on gateways',
  ],
  ['of routes on gateways only', { objects: [], connections: 0, gateways: [{ kind: 'HTTPRoute', count: 1 }, { kind: 'VirtualService', count: 1 }] }, 'Not checked: 1 HTTPRoute and 1 VirtualService on gateways'],
])('the text %s: %j', (_, unjudged, text) => {
  expect(unjudgedText(unjudged)).toBe(text);
});
