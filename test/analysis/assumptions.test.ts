import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assumptionsIn, assumptionsOf, assumptionsText } from '../../src/analysis/assumptions';
import { Mesh, MeshOptions } from '../../src/mesh/mesh';
import { schemaOf } from '../support/documents/schemas';
import { deployment, injected, mesh, meshConfig, mode, namespace, peerAuthentication, service } from '../support/meshes/mesh';

const PAY = deployment('shop/pay', { ports: [{ containerPort: 80 }] });
const SHOP = [...injected('shop'), deployment('shop/web'), PAY, service('shop/pay')];

const names = (objects: object[], options: Partial<MeshOptions> = {}) =>
  assumptionsOf(mesh(objects as Record<string, any>[], options)).map(({ name }) => name);
const ALL = ['istio-version', 'mesh-config', 'mesh-wide-mode', 'other-policies', 'injector', 'restarts', 'other-webhooks'];

/** The assumptions that objects or options make unnecessary. */
const stated = (objects: object[], options: Partial<MeshOptions> = {}) => {
  const left = names([...SHOP, ...objects], options);
  return ALL.filter((name) => !left.includes(name as never));
};

test('manifests without options need every assumption, and none without connections', () => {
  expect(names(SHOP)).toEqual(ALL);
  expect(names([])).toEqual([]);
});

test.each<[string, object[], Partial<MeshOptions>, string[]]>([
  ['the stated version of Istio', [], { istioVersion: '1.30' }, ['istio-version']],
  ['the image of istiod', [deployment('istio-system/istiod', { spec: { containers: [{ name: 'discovery', image: 'pilot:1.31.0' }] } })], {}, ['istio-version']],
  ['the mesh config', [meshConfig({})], {}, ['mesh-config']],
  ['a mesh-wide PeerAuthentication', [peerAuthentication('istio-system/default', mode('PERMISSIVE'))], {}, ['mesh-wide-mode']],
  ['a PeerAuthentication of the namespace', [peerAuthentication('shop/default', mode('STRICT'))], {}, ['mesh-wide-mode']],
  ['a PeerAuthentication of the namespace that inherits, which makes none unnecessary', [peerAuthentication('shop/default', mode('UNSET'))], {}, []],
])('assumptions that become unnecessary: by %s', (_, objects, options, expected) => {
  expect(stated(objects, options)).toEqual(expected);
});

test('a mesh without sidecars assumes only that no other webhook changes pods', () => {
  expect(names([namespace('shop'), deployment('shop/web'), PAY, service('shop/pay')])).toEqual(['other-webhooks']);
});

test('a manually injected sidecar needs no assumption about the injector', () => {
  const written = deployment('shop/pay', { spec: { containers: [{ name: 'istio-proxy', image: 'istio/proxyv2', args: ['proxy', 'sidecar'] }] } });
  expect(names([...injected('shop'), written])).toEqual(ALL.filter((name) => name !== 'injector' && name !== 'restarts'));
});

test('a WasmPlugin needs the assumption that filters keep the host', () => {
  const plugin = { apiVersion: 'extensions.istio.io/v1alpha1', kind: 'WasmPlugin', metadata: { name: 'own', namespace: 'shop' }, spec: { url: 'oci://x' } };
  expect(names([...SHOP, plugin])).toEqual(['istio-version', 'mesh-config', 'mesh-wide-mode', 'other-policies', 'request-filters', 'injector', 'restarts', 'other-webhooks']);
});

test('webhooks among the manifests that may change pods are named, other than injectors and those for objects of their own', () => {
  const webhook = (name: string, ...apiGroups: string[]) => ({
    apiVersion: 'admissionregistration.k8s.io/v1', kind: 'MutatingWebhookConfiguration', metadata: { name }, webhooks: [{ rules: [{ apiGroups }] }],
  });
  const textWith = (...objects: object[]) => assumptionsOf(mesh([...SHOP, ...objects])).find(({ name }) => name === 'other-webhooks')!.text;
  const [vault, opa] = [webhook('vault', ''), webhook('opa', '*')];
  expect(textWith(webhook('istio-sidecar-injector', ''), webhook('cert-manager', 'cert-manager.io'))).toBe('no other webhook changes pods');
  expect(textWith(vault)).toBe('what MutatingWebhookConfiguration vault and webhooks beyond those shown change in pods doesn\'t matter');
  expect(textWith(vault, opa)).toBe('what MutatingWebhookConfiguration opa, 1 more and webhooks beyond those shown change in pods doesn\'t matter');
});

test('only cases in which a connection is decided need assumptions', () => {
  const objects = [deployment('shop/web'), PAY, service('shop/pay')];
  const [open, all, none] = [{}, { injectedNamespaces: ['shop'] }, { uninjectedNamespaces: ['shop'] }].map((options) => mesh(objects, options));
  const namesIn = (...cases: Mesh[]) => assumptionsIn(cases).map(({ name }) => name);
  expect([namesIn(open), namesIn(none), namesIn(open, all), namesIn(none, all), namesIn()]).toEqual([[], ['other-webhooks'], ALL, ALL, []]);
});

test('assumptionsText lists all in a sentence', () => {
  expect(assumptionsText([])).toBeUndefined();
  expect(assumptionsText(assumptionsOf(mesh(SHOP, { istioVersion: '1.31' })))).toBe('Assumed: the default mesh config; no mesh-wide PeerAuthentication; '
    + 'no EnvoyFilter or policy beyond those shown; the sidecar injector runs; pods are newer than the last change of injection; no other webhook changes pods (docs/assumptions.md)');
});

test('docs/assumptions.md has a row for each assumption', () => {
  const page = readFileSync(join(__dirname, '../../docs/assumptions.md'), 'utf8');
  const known = schemaOf('common').$defs.assumption.properties.name.enum;
  expect([...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name).sort()).toEqual(known);
  expect(known).toEqual(expect.arrayContaining(names(SHOP)));
});
