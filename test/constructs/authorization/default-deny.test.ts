import { DefaultDeny, DefaultDenyProps, IstioMesh } from '../../../src/index';
import { chartIn, synth } from '../../support/constructs/charts';

const ENFORCED = { iUnderstandThatCallersWithoutAPolicyAreLockedOut: true };

function denied(props?: DefaultDenyProps, chart = chartIn('shop')): any {
  new DefaultDeny(chart, 'deny', props);
  const objects = synth(chart);
  expect(objects).toHaveLength(1);
  return objects[0];
}

test('allows nothing, and is a dry run by default', () => {
  expect(denied()).toEqual({
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name: 'default-deny', namespace: 'shop', annotations: { 'istio.io/dry-run': 'true' } },
    spec: {},
  });
});

test('snapshot', () => {
  expect(denied()).toMatchSnapshot();
});

test('is enforced with an explicit acknowledgement', () => {
  expect(denied(ENFORCED).metadata).toEqual({ name: 'default-deny', namespace: 'shop' });
});

test.each([false, undefined, 'true', 1])('stays a dry run if the acknowledgement is %p instead of true', (said) => {
  const { metadata } = denied({ iUnderstandThatCallersWithoutAPolicyAreLockedOut: said as any });
  expect(metadata.annotations).toEqual({ 'istio.io/dry-run': 'true' });
});

test('has properties enforced and namespace', () => {
  const chart = chartIn('shop');
  expect(new DefaultDeny(chart, 'dry')).toMatchObject({ enforced: false, namespace: 'shop' });
  expect(new DefaultDeny(chart, 'wet', { ...ENFORCED, namespace: 'bank' })).toMatchObject({ enforced: true, namespace: 'bank' });
});

test('wholeMesh puts it in the root namespace, whatever the chart\'s namespace', () => {
  expect(denied({ wholeMesh: true, name: 'none' }).metadata).toMatchObject({ name: 'none', namespace: 'istio-system' });
  const chart = chartIn('shop');
  new IstioMesh(chart, 'mesh', { namespace: 'istio-mesh' });
  expect(denied({ wholeMesh: true }, chart).metadata.namespace).toBe('istio-mesh');
  expect(denied({ wholeMesh: true, namespace: 'istio-system' }).metadata.namespace).toBe('istio-system');
});

test.each([
  ['the root namespace without wholeMesh', { namespace: 'istio-system' }, 'API815'],
  ['wholeMesh in another namespace', { namespace: 'shop', wholeMesh: true }, 'API815'],
  ['a namespace that can\'t exist', { namespace: 'Shop' }, 'API018'],
])('refuses %s', (_, props, code) => {
  expect(() => new DefaultDeny(chartIn('shop'), 'deny', props)).toThrow(new RegExp(`^AuthorizationPolicy .*\\[${code}\\]$`));
});

test('refuses a chart without a namespace', () => {
  expect(() => new DefaultDeny(chartIn(), 'deny')).toThrow('API004');
});
