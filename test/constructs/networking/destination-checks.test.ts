import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject, App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { loadAll } from 'js-yaml';
import { ClientTls, Destination, DestinationProps, Pods } from '../../../src/index';
import { synth } from '../../support/constructs/charts';
import { findingsIn } from '../../support/meshes/analysis';

const HOST = 'reviews.shop.svc.cluster.local';
const tls = ClientTls.istioMutual();

/** A chart of namespace shop with these Destinations for one host. */
function shopWith(...destinations: Omit<DestinationProps, 'host' | 'tls'>[]): Chart {
  const chart = new Chart(new App(), 'test', { namespace: 'shop' });
  destinations.forEach((props, index) => new Destination(chart, `d${index}`, { host: HOST, tls, ...props }));
  return chart;
}

function handWritten(chart: Chart, spec: object, namespace?: string, apiVersion = 'networking.istio.io/v1beta1'): void {
  new ApiObject(chart, 'raw', { apiVersion, kind: 'DestinationRule', metadata: { namespace }, spec });
}

describe('a second rule for a host, its namespace and its clients', () => {
  const REFUSED = /DestinationRule 'shop\/.*' \(test\/d\d\): host is 'reviews.shop.svc.cluster.local', as in DestinationRule 'shop\/.*' \(test\/.*\), for the same clients; expected one rule.*because Istio applies the settings of only one of them, chosen by age\. Fix: merge the two\. \[API033\]/;

  test.each<[string, Omit<DestinationProps, 'host' | 'tls'>[]]>([
    ['both for all clients', [{}, {}]],
    ['both for the same labels', [{ client: Pods.withLabels({ a: '1', b: '2' }) }, { client: Pods.withLabels({ b: '2', a: '1' }) }]],
    ['both for all clients, one of them exported to all namespaces', [{ exportTo: ['*'] }, { exportTo: ['bank'] }]],
    ['exported to overlapping namespaces', [{ exportTo: ['.', 'bank'] }, { exportTo: ['shop'] }]],
    ['one exported to all namespaces by default', [{}, { exportTo: ['bank'] }]],
  ])('is refused at synth: %s', (_, destinations) => {
    expect(() => synth(shopWith(...destinations))).toThrow(REFUSED);
  });

  test('is refused if one has the short and the other the full name of the same host', () => {
    const chart = shopWith({});
    new Destination(chart, 'd1', { host: 'reviews', tls });
    expect(() => synth(chart)).toThrow(REFUSED);
  });

  test('is refused beside a hand-written one, whose host is short', () => {
    const chart = shopWith({});
    handWritten(chart, { host: 'reviews', subsets: [] });
    expect(() => synth(chart)).toThrow(REFUSED);
  });

  test('is refused beside a hand-written one with an empty selector, which selects all', () => {
    const chart = shopWith({});
    handWritten(chart, { host: HOST, workloadSelector: {} });
    expect(() => synth(chart)).toThrow(REFUSED);
  });

  test('is refused in another chart of the app', () => {
    const chart = shopWith({});
    new Destination(new Chart(chart.node.root as any, 'other', { namespace: 'shop' }), 'd1', { host: HOST, tls });
    expect(() => synth(chart)).toThrow('[API033]');
  });

  test('of a workload is refused by the labels that its pods have at synth', () => {
    const chart = shopWith({ client: Pods.withLabels({ app: 'till' }) });
    const client = new ApiObject(chart, 'till', { apiVersion: 'v1', kind: 'Pod', metadata: { labels: { app: 'till' } } });
    new Destination(chart, 'd1', { host: HOST, client: Pods.of(client), tls });
    expect(() => synth(chart)).toThrow(REFUSED);
  });

  test.each<[string, Omit<DestinationProps, 'host' | 'tls'>[]]>([
    ['other clients', [{ client: Pods.withLabels({ a: '1' }) }, { client: Pods.withLabels({ a: '2' }) }]],
    ['certain clients beside all clients', [{}, { client: Pods.withLabels({ a: '1' }) }]],
    ['another namespace', [{}, { namespace: 'bank' }]],
    ['exports without a common namespace', [{ exportTo: ['.'] }, { exportTo: ['bank', 'mall'] }]],
  ])('is accepted for %s', (_, destinations) => {
    expect(synth(shopWith(...destinations))).toHaveLength(2);
  });

  test('is accepted for another host, in another app, or of another API group', () => {
    const chart = shopWith({});
    new Destination(chart, 'other', { host: '*.shop.svc.cluster.local', tls });
    handWritten(chart, { host: HOST }, undefined, 'example.com/v1');
    shopWith({});
    expect(synth(chart)).toHaveLength(3);
  });

  test('doesn\'t apply to two hand-written rules', () => {
    const chart = shopWith();
    new Destination(chart, 'other', { host: 'other', tls });
    handWritten(chart, { host: HOST });
    handWritten(new Chart(chart.node.root as any, 'other', { namespace: 'shop' }), { host: HOST });
    expect(() => synth(chart)).not.toThrow();
  });
});

describe('a rule with exportTo next to one for specific clients', () => {
  const REFUSED = /DestinationRule 'shop\/.*' \(test\/d\d\): exportTo is with '\.', beside DestinationRule 'shop\/.*' \(test\/d\d\) for specific clients of the host; expected the namespace's name instead of '\.', because Istio merges this rule into the other one, and all other clients lose it\. Fix: replace '\.' with 'shop', or remove 'exportTo'\. \[API034\]/;

  test('is refused if exported to \'.\', whichever comes first', () => {
    expect(() => synth(shopWith({ exportTo: ['.'] }, { client: Pods.withLabels({ a: '1' }) }))).toThrow(REFUSED);
    expect(() => synth(shopWith({ client: Pods.withLabels({ a: '1' }) }, { exportTo: ['.'] }))).toThrow(REFUSED);
  });

  test.each([['its namespace by name', ['shop']], ['its and another namespace', ['.', 'bank']], ['all namespaces', ['*']]])('is accepted if exported to %s', (_, exportTo) => {
    expect(synth(shopWith({ exportTo }, { client: Pods.withLabels({ a: '1' }) }))).toHaveLength(2);
  });
});

test('detects a rule that is added between two synths', () => {
  const chart = shopWith({});
  expect(synth(chart)).toHaveLength(1);
  new Destination(chart, 'late', { host: HOST, tls });
  expect(() => synth(chart)).toThrow('[API033]');
});

test('the Services of the app don\'t change', () => {
  const chart = new Chart(new App(), 'test', { namespace: 'shop' });
  const service = new kplus.Service(chart, 'svc', { ports: [{ port: 80 }] });
  const before = ApiObject.of(service).toJson();
  Destination.ofService(chart, 'd', service, { ports: [{ port: 80, tls }] });
  expect(synth(chart)[0]).toEqual(before);
});

test('accepts a rule that leaves other clients without one, as the page of MTLS305 says, and a second one fixes that', () => {
  const example = readFileSync(join(__dirname, '..', '..', 'analysis', 'rules', 'mtls305-selector-shadows', 'bad-service-namespace.yaml'), 'utf8');
  const others = (loadAll(example) as { readonly kind: string; readonly metadata: { readonly namespace: string } }[])
    .filter(({ kind, metadata }) => kind !== 'DestinationRule' || metadata.namespace !== 'client');
  const chart = new Chart(new App(), 'test', { namespace: 'client' });
  const codes = () => findingsIn([...others, ...synth(chart)]).map(({ code }) => code);
  new Destination(chart, 'web', { host: 'ratings.shop.svc.cluster.local', client: Pods.withLabels({ app: 'web' }), tls });
  expect(codes()).toContain('MTLS305');
  new Destination(chart, 'others', { host: 'ratings.shop.svc.cluster.local', tls: ClientTls.disable() });
  expect(codes()).not.toContain('MTLS305');
});
