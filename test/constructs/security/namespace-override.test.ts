import { App, ApiObject, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import * as kplus33 from 'cdk8s-plus-33';
import { Construct } from 'constructs';
import { IstioMesh, MtlsMode, NamespaceOverride } from '../../../src/index';
import { chartIn, only, synth } from '../../support/constructs/charts';

test('is one PeerAuthentication default without selector in the chart\'s namespace', () => {
  const chart = chartIn('shop');
  new NamespaceOverride(chart, 'override', { mode: MtlsMode.PERMISSIVE });
  expect(synth(chart)).toEqual([{
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: { name: 'default', namespace: 'shop' },
    spec: { mtls: { mode: 'PERMISSIVE' } },
  }]);
});

test('namespace overrides the chart\'s, and name sets the name', () => {
  const chart = chartIn('shop');
  const override = new NamespaceOverride(chart, 'override', { mode: MtlsMode.STRICT, namespace: 'bank', name: 'strict' });
  expect(synth(chart)[0].metadata).toEqual({ name: 'strict', namespace: 'bank' });
  expect(override.namespace).toBe('bank');
});

test('snapshot', () => {
  const chart = chartIn('shop');
  new NamespaceOverride(chart, 'override', { mode: MtlsMode.DISABLE });
  expect(synth(chart)).toMatchSnapshot();
});

test('refuses to guess a namespace', () => {
  expect(() => new NamespaceOverride(chartIn(), 'override', { mode: MtlsMode.STRICT })).toThrow(
    'PeerAuthentication (test/override): metadata.namespace is missing; expected a namespace, because',
  );
});

test('does not take the namespace of the chart around its chart, since cdk8s does not', () => {
  const nested = new Chart(chartIn('shop'), 'nested');
  expect(() => new NamespaceOverride(nested, 'override', { mode: MtlsMode.STRICT })).toThrow('[API004]');
});

test('refuses the root namespace, where it would apply to the mesh', () => {
  const chart = chartIn('istio-system');
  new NamespaceOverride(chart, 'override', { mode: MtlsMode.STRICT });
  expect(() => synth(chart)).toThrow(
    "[test/override] PeerAuthentication 'istio-system/default' (test/override): metadata.namespace is the root namespace 'istio-system'; expected another namespace, because a policy without a selector there applies to the whole mesh. Fix: use MeshMtls to set the mode of the whole mesh. [API013]",
  );
});

test('the root namespace is the one that the app\'s IstioMesh names', () => {
  const chart = chartIn('istio-system');
  new IstioMesh(chart, 'mesh', { rootNamespace: 'mesh-root' }).permissive();
  new NamespaceOverride(chart, 'override', { mode: MtlsMode.STRICT });
  expect(synth(chart)).toHaveLength(2);
});

describe('a second policy for a namespace', () => {
  const REFUSED = /metadata is a second namespace-wide policy, after PeerAuthentication 'shop\/.*' \(.*\); expected one namespace-wide policy in namespace 'shop'.*\[API002\]/;

  test('is refused, in another chart and by another name too', () => {
    const app = new App();
    const [a, b] = [new Chart(app, 'a', { namespace: 'shop' }), new Chart(app, 'b')];
    new NamespaceOverride(a, 'override', { mode: MtlsMode.STRICT });
    new NamespaceOverride(b, 'override', { mode: MtlsMode.STRICT, namespace: 'shop', name: 'other' });
    expect(() => synth(a)).toThrow(REFUSED);
  });

  test('is refused beside a hand-written one', () => {
    const chart = chartIn('shop');
    new ApiObject(chart, 'raw', { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', spec: { mtls: { mode: 'STRICT' } } });
    new NamespaceOverride(chart, 'override', { mode: MtlsMode.STRICT });
    expect(() => synth(chart)).toThrow(REFUSED);
  });

  test('is accepted among hand-written ones', () => {
    const chart = chartIn('bank');
    for (const name of ['one', 'two']) new ApiObject(chart, name, { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', spec: {} });
    new NamespaceOverride(chart, 'shop', { mode: MtlsMode.STRICT, namespace: 'shop' });
    expect(synth(chart)).toHaveLength(3);
  });

  test('is accepted in another namespace', () => {
    const chart = chartIn('shop');
    new NamespaceOverride(chart, 'shop', { mode: MtlsMode.STRICT });
    new NamespaceOverride(chart, 'bank', { mode: MtlsMode.STRICT, namespace: 'bank' });
    expect(synth(chart).map(({ metadata }) => metadata.namespace)).toEqual(['shop', 'bank']);
  });
});

describe('of a Namespace', () => {
  const mode = MtlsMode.STRICT;

  test.each<[string, (chart: Chart) => Construct]>([
    ['cdk8s-plus 28', (chart) => new kplus.Namespace(chart, 'bank', { metadata: { name: 'bank' } })],
    ['cdk8s-plus 33', (chart) => new kplus33.Namespace(chart, 'bank', { metadata: { name: 'bank' } })],
    ['cdk8s', (chart) => new ApiObject(chart, 'bank', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'bank' } })],
  ])('of %s, the mode is in that namespace', (_, create) => {
    const chart = chartIn('platform');
    expect(NamespaceOverride.ofNamespace(chart, 'override', create(chart), { mode }).namespace).toBe('bank');
    expect(only(synth(chart), 'PeerAuthentication')).toMatchObject({ metadata: { name: 'default', namespace: 'bank' }, spec: { mtls: { mode: 'STRICT' } } });
  });

  test('another construct, none, and a second namespace are refused', () => {
    const chart = chartIn('platform');
    const account = new kplus.ServiceAccount(chart, 'account');
    expect(() => NamespaceOverride.ofNamespace(chart, 'a', account, { mode })).toThrow(
      'PeerAuthentication (test/a): namespace is test/account (v1 ServiceAccount); expected a Namespace (v1). Fix: pass the Namespace, or its name as \'namespace\' to new NamespaceOverride. [API018]');
    expect(() => NamespaceOverride.ofNamespace(chart, 'b', undefined as any, { mode })).toThrow('namespace is missing; expected a Namespace (v1)');
    expect(() => NamespaceOverride.ofNamespace(chart, 'c', new kplus.Namespace(chart, 'bank', { metadata: { name: 'bank' } }), { mode, namespace: 'shop' })).toThrow(
      'PeerAuthentication (test/c): namespace is given to ofNamespace; expected no \'namespace\', because the mode applies to namespace \'bank\'. Fix: remove \'namespace\'. [API012]');
  });
});
