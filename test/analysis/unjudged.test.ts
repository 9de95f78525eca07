import { unjudgedIn, unjudgedText } from '../../src/analysis/unjudged';
import { readYaml } from '../../src/manifests/yaml/read-yaml';
import { MeshChange } from '../../src/mesh/change/mesh-change';
import { deployment, injected, mesh, service } from '../support/meshes/mesh';

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
  return unjudgedIn(all, all.counting);
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

test.each([
  ['a policy of the server', object('AuthorizationPolicy', 'a', PAY), ['1 AuthorizationPolicy', 1]],
  ['a policy of the client, which is no server', object('AuthorizationPolicy', 'a', { selector: { matchLabels: { app: 'web' } } }), ['', 0]],
  ['a policy of the mesh', object('AuthorizationPolicy', 'a', {}, { namespace: 'istio-system' }), ['1 AuthorizationPolicy', 1]],
  ['a policy of another namespace', object('AuthorizationPolicy', 'a', {}, { namespace: 'other' }), ['', 0]],
  ['a policy that only logs', object('AuthorizationPolicy', 'a', PAY, { annotations: { 'istio.io/dry-run': 'true' } }), ['', 0]],
  ['a policy for a waypoint', object('AuthorizationPolicy', 'a', { targetRefs: [{ kind: 'Gateway', name: 'waypoint' }] }), ['', 0]],
  ['a policy for another revision', object('AuthorizationPolicy', 'a', PAY, { labels: { 'istio.io/rev': 'canary' } }), ['', 0]],
  ['tokens', object('RequestAuthentication', 'a', {}), ['1 RequestAuthentication', 1]],
  ['packets into the server', object('NetworkPolicy', 'a', { podSelector: PAY.selector }), ['1 NetworkPolicy', 1]],
  ['packets into the server, by an expression', object('NetworkPolicy', 'a', { podSelector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['pay'] }] } }), ['', 0]],
  ['packets out of the server', object('NetworkPolicy', 'a', { podSelector: PAY.selector, policyTypes: ['Egress'] }), ['', 0]],
  ['packets out of the client', object('NetworkPolicy', 'a', { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Egress'] }), ['1 NetworkPolicy', 1]],
  ['packets out of the client, without types', object('NetworkPolicy', 'a', { podSelector: { matchLabels: { app: 'web' } }, egress: [{}] }), ['1 NetworkPolicy', 1]],
  ['faults', object('VirtualService', 'a', { hosts: ['pay'], http: [{ fault: { abort: { httpStatus: 500 } }, route: [{ destination: { host: 'pay' } }] }] }), ['1 VirtualService', 1]],
  ['a route without faults', object('VirtualService', 'a', { hosts: ['pay'], http: [{ route: [{ destination: { host: 'pay' } }] }] }), ['', 0]],
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
  expect(unjudgedIn(nothing.after, nothing.counting)).toMatchObject({ objects: [], connections: 0 });
  const client = change(deployment('shop/web'));
  expect(unjudgedIn(client.after, client.counting)).toMatchObject({ objects: [{ kind: 'AuthorizationPolicy', count: 1 }], connections: 1 });
});

test.each([
  [{ objects: [{ kind: 'AuthorizationPolicy', count: 1 }], connections: 1, gateways: [] }, 'Not checked: 1 AuthorizationPolicy, which concerns 1 connection called mtls'],
  [
    { objects: [{ kind: 'AuthorizationPolicy', count: 3 }, { kind: 'NetworkPolicy', count: 1 }, { kind: 'VirtualService', count: 1 }], connections: 4000, gateways: [] },
    'Not checked: 3 AuthorizationPolicies, 1 NetworkPolicy and the faults of 1 VirtualService, which concern 4,000 connections called mtls',
  ],
  [
    { objects: [{ kind: 'RequestAuthentication', count: 2 }], connections: 4, gateways: [{ kind: 'Gateway', count: 2 }, { kind: 'VirtualService', count: 3 }] },
    'Not checked: 2 RequestAuthentications, which concern 4 connections called mtls; 2 Gateways; 3 VirtualServices on gateways',
  ],
  [{ objects: [], connections: 0, gateways: [{ kind: 'HTTPRoute', count: 1 }, { kind: 'VirtualService', count: 1 }] }, 'Not checked: 1 HTTPRoute and 1 VirtualService on gateways'],
])('the text for %j', (unjudged, text) => {
  expect(unjudgedText(unjudged)).toBe(text);
});
