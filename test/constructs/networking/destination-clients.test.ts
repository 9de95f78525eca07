import { App, ApiObject, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { ClientCredential, ClientTls, Destination, DestinationProps, Pods } from '../../../src/index';
import { schemaViolations } from '../../support/admission/schema';
import { chartIn, only, synth } from '../../support/constructs/charts';

const HOST = 'api.bank.example';
const containers = [{ image: 'app:1' }];
const mutual = ClientTls.istioMutual();
const secret = ClientTls.mutualByCredential(ClientCredential.secret('bank'));

describe('a client given as a workload', () => {
  test('is selected by all labels that its pod template has at synth', () => {
    const chart = chartIn('shop');
    const client = new kplus.Deployment(chart, 'app', { containers, podMetadata: { labels: { app: 'till' } }, select: false });
    new Destination(chart, 'bank', { host: HOST, client, tls: mutual });
    client.podMetadata.addLabel('team', 'shop');
    const rule = only(synth(chart), 'DestinationRule');
    expect(rule.spec.workloadSelector).toEqual({ matchLabels: { ...client.podMetadata.toJson().labels, team: 'shop' } });
    expect(rule.spec.workloadSelector.matchLabels.app).toBe('till');
    expect(schemaViolations(rule)).toEqual([]);
  });

  test('puts the rule into its namespace, not the Service\'s', () => {
    const app = new App();
    const [shop, reviews] = ['shop', 'reviews'].map((name) => new Chart(app, name, { namespace: name }));
    const client = new kplus.Deployment(shop, 'app', { containers });
    const service = new kplus.Service(reviews, 'svc', { metadata: { name: 'reviews' }, ports: [{ port: 80 }] });
    Destination.ofService(reviews, 'destination', service, { client, tls: mutual });
    const rule = only(synth(reviews), 'DestinationRule');
    expect([rule.metadata.namespace, rule.spec.host]).toEqual(['shop', 'reviews.reviews.svc.cluster.local']);
  });

  test('can\'t be in another namespace than the rule', () => {
    const chart = chartIn('shop');
    const client = new kplus.Deployment(chart, 'app', { containers });
    expect(() => new Destination(chart, 'bank', { host: HOST, client, namespace: 'bank', tls: mutual })).toThrow(/metadata.namespace is 'bank'; expected 'shop', the namespace of Deployment .*, because a selector applies only to pods in its own namespace.*\[API012\]/);
  });

  test('can\'t be a construct that isn\'t a workload', () => {
    const chart = chartIn('shop');
    const client = new kplus.Service(chart, 'svc', { ports: [{ port: 80 }] });
    // @ts-expect-error a Service runs no pods
    expect(() => new Destination(chart, 'bank', { host: HOST, client, tls: mutual })).toThrow(/DestinationRule \(test\/bank\): client is test\/svc \(v1 Service\); expected one of Deployment.*Fix: pass the workload itself, or Pods.withLabels\(\{ … \}\) with the labels of its pods. \[API008\]/);
  });

  test('can\'t have a pod template without labels at synth', () => {
    const chart = chartIn('shop');
    const client = new ApiObject(chart, 'app', { apiVersion: 'apps/v1', kind: 'Deployment', spec: { template: {} } });
    new Destination(chart, 'bank', { host: HOST, client: Pods.of(client), tls: mutual });
    expect(() => synth(chart)).toThrow(/DestinationRule \(test\/bank\): workloadSelector.matchLabels is empty \(the pod template of Deployment .* has no labels\).*\[API003\]/);
  });
});

describe('a client given by labels', () => {
  test('puts the rule into the chart\'s namespace, not the Service\'s', () => {
    const app = new App();
    const service = new kplus.Service(new Chart(app, 'reviews', { namespace: 'reviews' }), 'svc', { ports: [{ port: 80 }] });
    const shop = new Chart(app, 'shop', { namespace: 'shop' });
    Destination.ofService(shop, 'destination', service, { client: Pods.withLabels({ app: 'till' }), tls: mutual });
    const rule = only(synth(shop), 'DestinationRule');
    expect([rule.metadata.namespace, rule.spec.workloadSelector]).toEqual(['shop', { matchLabels: { app: 'till' } }]);
  });

  test('can\'t have empty labels, since they would select the whole namespace', () => {
    expect(() => new Destination(chartIn('shop'), 'bank', { host: HOST, client: Pods.withLabels({}), tls: mutual })).toThrow(
      "DestinationRule (test/bank): workloadSelector.matchLabels is empty; expected at least one label, because an empty selector selects the whole namespace. Fix: pass a label of the pods, or remove 'client' to select the whole namespace. [API003]",
    );
  });
});

test('without clients there is no workloadSelector, not even an empty one', () => {
  const chart = chartIn('shop');
  new Destination(chart, 'bank', { host: HOST, tls: mutual });
  expect(only(synth(chart), 'DestinationRule').spec).not.toHaveProperty('workloadSelector');
});

test.each([['all namespaces', ['*']], ['another namespace', ['bank']], ['its and another namespace', ['.', 'bank']]])('for certain clients, a rule exported to %s is refused', (_, exportTo) => {
  expect(() => new Destination(chartIn('shop'), 'bank', { host: HOST, client: Pods.withLabels({ a: 'b' }), exportTo, tls: mutual })).toThrow(/exportTo is \[.*\] for specific clients; expected the rule's own namespace.*\[API032\]/);
});

test.each([['\'.\'', ['.']], ['its namespace by name', ['shop']]])('for certain clients, a rule exported to %s is accepted, as by default', (_, exportTo) => {
  const chart = chartIn('shop');
  new Destination(chart, 'bank', { host: HOST, client: Pods.withLabels({ a: 'b' }), exportTo, tls: mutual });
  expect(only(synth(chart), 'DestinationRule').spec.exportTo).toEqual(exportTo);
});

describe('a credential, which a sidecar ignores in a rule for all clients', () => {
  test.each<[string, Omit<DestinationProps, 'host'>]>([
    ['host', { tls: secret }],
    ['port', { ports: [{ port: 443, tls: secret }] }],
    ['subset', { subsets: [{ name: 'v1', tls: secret }] }],
    ['subset\'s port', { subsets: [{ name: 'v1', ports: [{ port: 443, tls: secret }] }] }],
    ['host, with SIMPLE', { tls: ClientTls.simpleByCredential(ClientCredential.secret('bank', { gatewaysOnly: false })) }],
  ])('is refused for the %s', (_, props) => {
    expect(() => new Destination(chartIn('shop'), 'bank', { host: HOST, ...props })).toThrow(
      "DestinationRule (test/bank): tls.credentialName is 'bank' in a rule without workloadSelector; expected a 'client', because without a selector, sidecars ignore the credential and send plaintext. Fix: pass the client, or use ClientCredential.secret('bank', { gatewaysOnly: true }) if only gateways call the host. [API026]",
    );
    expect(() => new Destination(chartIn('shop'), 'bank', { host: HOST, ...props, client: Pods.withLabels({ app: 'till' }) })).not.toThrow();
  });

  test.each([
    ['a Secret for gateways only', ClientTls.mutualByCredential(ClientCredential.secret('bank', { gatewaysOnly: true })), 'bank'],
    ['a ConfigMap', ClientTls.simpleByCredential(ClientCredential.configMap('bank')), 'configmap://shop/bank'],
  ])('is accepted as %s', (_, tls, credentialName) => {
    const chart = chartIn('shop');
    new Destination(chart, 'bank', { host: HOST, tls });
    expect(only(synth(chart), 'DestinationRule').spec.trafficPolicy.tls.credentialName).toBe(credentialName);
  });
});
