import { ApiObject, App, Chart, Cron } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import * as kplus33 from 'cdk8s-plus-33';
import { Construct, IConstruct } from 'constructs';
import {
  AllowedCallers, Caller, ClientCredential, ClientTls, Destination, ExternalProtocol, ExternalService, IWorkload, MtlsMode, Pods, RequiredToken,
  SidecarScope, WorkloadOverride,
} from '../../src/index';
import { chartIn, only, synth } from '../support/constructs/charts';

const { STRICT } = MtlsMode;
const LABELS = { app: 'ratings', version: 'v1' };

describe('a selector of cdk8s-plus', () => {
  const select = (chart: Chart, options: kplus.PodsSelectOptions = {}) => kplus.Pods.select(chart, 'pods', { labels: LABELS, ...options });
  const overridden = (chart: Chart, selector: IConstruct, namespace?: string) => (
    new WorkloadOverride(chart, 'override', { workload: Pods.selectedBy(selector), mode: STRICT, namespace }));

  test('selects by its labels, in the namespace of the chart', () => {
    const chart = chartIn('shop');
    expect(overridden(chart, select(chart)).namespace).toBe('shop');
    const { metadata, spec } = only(synth(chart), 'PeerAuthentication');
    expect(metadata.namespace).toBe('shop');
    expect(spec).toEqual({ selector: { matchLabels: LABELS }, mtls: { mode: 'STRICT' } });
  });

  test.each<[string, (chart: Chart) => kplus.Namespaces]>([
    ['from Namespaces.select', (chart) => kplus.Namespaces.select(chart, 'namespaces', { names: ['bank'] })],
    // Later versions of cdk8s-plus accept it too.
    ['from a Namespace', (chart) => new kplus.Namespace(chart, 'bank', { metadata: { name: 'bank' } }) as unknown as kplus.Namespaces],
  ])('gives the namespace %s', (_, namespacesOf) => {
    const chart = chartIn('shop');
    const selector = select(chart, { namespaces: namespacesOf(chart) });
    expect(overridden(chart, selector, 'bank').namespace).toBe('bank');
    expect(only(synth(chart), 'PeerAuthentication').metadata.namespace).toBe('bank');
  });

  test('without namespaces, uses the construct\'s namespace', () => {
    const chart = chartIn();
    expect(overridden(chart, select(chart), 'bank').namespace).toBe('bank');
  });

  test('that is also a workload counts as a workload', () => {
    const chart = chartIn('shop');
    const workload = new kplus.Deployment(chart, 'app', { containers: [{ image: 'app:1', portNumber: 8080 }], podMetadata: { labels: LABELS } });
    overridden(chart, workload);
    workload.podMetadata.addLabel('late', 'yes');
    expect(only(synth(chart), 'PeerAuthentication').spec.selector.matchLabels).toMatchObject({ ...LABELS, late: 'yes' });
  });

  const namespaces = (options: kplus.NamespacesSelectOptions) => (chart: Chart) => (
    select(chart, { namespaces: kplus.Namespaces.select(chart, 'namespaces', options) }));
  const refused: [string, (chart: Chart) => IConstruct, string][] = [
    ['expressions', (chart) => select(chart, { expressions: [kplus.LabelExpression.exists('app')] }),
      'PeerAuthentication (test/override): selector.matchLabels is from the selector test/pods with expressions; expected labels only, because Istio\'s selectors have no expressions. Fix: pass Pods.select \'labels\' and no \'expressions\', or pass each workload. [API087]'],
    ['all pods', (chart) => kplus.Pods.all(chart, 'pods'), 'PeerAuthentication (test/override): selector.matchLabels is empty; expected at least one label'],
    ['several namespaces', namespaces({ names: ['a', 'b'] }), 'metadata.namespace is that of the selector test/pods for 2 namespaces; expected one namespace, by its name'],
    ['labels of namespaces', namespaces({ labels: { team: 'a' } }), 'for namespaces by their labels; expected one namespace'],
    ['labels of namespaces beside a name', namespaces({ labels: { team: 'a' }, names: ['a'] }), 'for namespaces by their labels'],
    ['expressions of namespaces', namespaces({ expressions: [kplus.LabelExpression.exists('team')] }), 'for namespaces by their labels'],
    ['all namespaces', (chart) => select(chart, { namespaces: kplus.Namespaces.all(chart, 'namespaces') }), 'for all namespaces'],
    ['a namespace that can\'t exist', namespaces({ names: ['Shop'] }), 'API018'],
    ['a value that is no string', (chart) => select(chart, { labels: { app: 1 as unknown as string } }), 'API017'],
  ];

  test.each(refused)('with %s is refused', (_, selectorOf, error) => {
    const chart = chartIn('shop');
    const selector = selectorOf(chart);
    expect(() => overridden(chart, selector)).toThrow(error);
  });

  test('for another namespace than the construct\'s is refused', () => {
    const chart = chartIn('shop');
    const selector = namespaces({ names: ['bank'] })(chart);
    expect(() => overridden(chart, selector, 'shop')).toThrow("metadata.namespace is 'shop'; expected 'bank', the selector's namespace");
  });

  test.each([undefined, null])('refuses %s as a selector, a workload and labels', (nothing) => {
    const missing: any = nothing;
    expect(() => Pods.selectedBy(missing)).toThrow(new Error(
      'Pods: selector is missing; expected a selector of cdk8s-plus, because it is unclear which pods are meant. Fix: pass what Pods.select of cdk8s-plus returns. [API009]',
    ));
    expect(() => Pods.of(missing)).toThrow('Pods: workload is missing; expected a workload, because it is unclear which pods are meant. Fix: pass the construct of the workload. [API009]');
    expect(() => Pods.withLabels(missing)).toThrow('Pods: labels is missing; expected labels of the pods, because it is unclear which pods are meant. Fix: pass at least one label. [API009]');
  });

  test('refuses a selector in place of a workload, and names Pods.selectedBy', () => {
    const chart = chartIn('shop');
    const workload = select(chart) as any;
    expect(() => new WorkloadOverride(chart, 'override', { workload, mode: STRICT })).toThrow(/test\/pods \(no API object\).*Fix: wrap it in Pods\.selectedBy\(…\)\. \[API008\]/);
  });
});

test('refuses a construct that isn\'t a selector, and names a Service\'s kind', () => {
  const chart = chartIn('shop');
  const overridden = (id: string, selector: IConstruct) => () => (
    new WorkloadOverride(chart, id, { workload: Pods.selectedBy(selector), mode: STRICT }));
  expect(overridden('one', chart)).toThrow('PeerAuthentication (test/one): workload is Pods.selectedBy of test (no API object); expected a selector of cdk8s-plus');
  expect(overridden('other', new kplus.Service(chart, 'service', { ports: [{ port: 80 }] }))).toThrow(/workload is test\/service \(v1 Service\).*\[API008\]/);
});

test('accepts any library\'s selector with toPodSelectorConfig', () => {
  class Selector extends Construct {
    toPodSelectorConfig(): object {
      return { labelSelector: { matchLabels: LABELS }, namespaces: { names: ['bank'] } };
    }
  }
  const chart = chartIn('shop');
  new WorkloadOverride(chart, 'override', { workload: Pods.selectedBy(new Selector(chart, 'pods')), mode: STRICT });
  const { metadata, spec } = only(synth(chart), 'PeerAuthentication');
  expect([metadata.namespace, spec.selector]).toEqual(['bank', { matchLabels: LABELS }]);
});

test('accepts a selector for pods, but not for a caller, since it names no service account', () => {
  const app = new App();
  const chart = new Chart(app, 'platform', { namespace: 'platform' });
  const namespaces = kplus.Namespaces.select(chart, 'namespaces', { names: ['shop'] });
  const workload = Pods.selectedBy(kplus.Pods.select(chart, 'pods', { labels: LABELS, namespaces }));
  const tls = ClientTls.mutualByCredential(ClientCredential.secret('bank'));
  new AllowedCallers(chart, 'callers', { workload, callers: [Caller.namespace('web')] });
  new RequiredToken(chart, 'token', { workload, issuers: [{ issuer: 'https://a.example', jwksUri: 'https://a.example/keys' }] });
  new Destination(chart, 'bank', { host: 'old.example', client: workload, tls });
  const ports = [{ port: 80, protocol: ExternalProtocol.HTTP, tls }];
  new ExternalService(chart, 'outside', { hosts: ['bank.example'], ports, client: workload, clientServiceAccount: 'till' });
  new SidecarScope(chart, 'scope', { workload, hosts: ['./*'] });
  const selecting = synth(chart).map(({ kind, metadata, spec }) => ({
    kind, namespace: metadata.namespace, labels: spec?.selector?.matchLabels ?? spec?.workloadSelector?.matchLabels ?? spec?.workloadSelector?.labels,
  })).filter(({ labels }) => labels);
  expect(new Set(selecting.map(({ kind }) => kind))).toEqual(new Set(['AuthorizationPolicy', 'DestinationRule', 'RequestAuthentication', 'Sidecar']));
  expect(new Set(selecting.map(({ namespace }) => namespace))).toEqual(new Set(['shop']));
  for (const { labels } of selecting) expect(labels).toEqual(LABELS);
  expect(() => new AllowedCallers(chart, 'other', { workload, callers: [Caller.workload(workload)] })).toThrow(/Pods\.selectedBy, which names no service account.*\[API008\]/);
});

describe('the type of a workload', () => {
  const containers = [{ image: 'app:1', portNumber: 8080 }];
  const labelsOf = ({ podMetadata }: IWorkload) => podMetadata.toJson().labels;

  test.each<[string, (chart: Chart) => IWorkload]>([
    ['a Deployment of cdk8s-plus 28', (chart) => new kplus.Deployment(chart, 'it', { containers })],
    ['a Deployment of cdk8s-plus 33', (chart) => new kplus33.Deployment(chart, 'it', { containers })],
    ['a StatefulSet', (chart) => new kplus.StatefulSet(chart, 'it', { containers, service: new kplus.Service(chart, 'svc', { ports: [{ port: 80 }] }) })],
    ['a CronJob', (chart) => new kplus.CronJob(chart, 'it', { containers, schedule: Cron.daily() })],
    ['a DaemonSet', (chart) => new kplus33.DaemonSet(chart, 'it', { containers })],
    ['a Pod', (chart) => new kplus33.Pod(chart, 'it', { containers })],
    ['Pods.withLabels', () => Pods.withLabels(LABELS)],
  ])('is that of %s', (_, workloadIn) => {
    const workload = workloadIn(chartIn('shop'));
    workload.podMetadata.addLabel('late', 'yes');
    expect(workload instanceof Pods || labelsOf(workload).late).toBeTruthy();
  });

  test('is not that of a Service, a ServiceAccount, a Namespace, a Chart or an ApiObject', () => {
    const chart = chartIn('shop');
    const deployment = ApiObject.of(new kplus.Deployment(chart, 'it', { containers }));
    const use = (workload: IWorkload): Caller => Caller.workload(workload);
    // @ts-expect-error a Service runs no pods
    use(new kplus.Service(chart, 'service', { ports: [{ port: 80 }] }));
    // @ts-expect-error nor does a ServiceAccount
    use(new kplus33.ServiceAccount(chart, 'account'));
    // @ts-expect-error nor does a Namespace
    use(new kplus.Namespace(chart, 'namespace'));
    // @ts-expect-error nor does a Chart
    use(chart);
    // @ts-expect-error an ApiObject keeps no metadata of pods
    use(deployment);
    expect(use(Pods.of(deployment))).toBeInstanceOf(Caller);
  });

  test('has the metadata of the workload\'s own pods, to which labels can be added', () => {
    const chart = chartIn('shop');
    const workload = new kplus.Deployment(chart, 'it', { containers });
    new WorkloadOverride(chart, 'override', { workload, mode: STRICT });
    Pods.of(workload).podMetadata.addLabel('late', 'yes');
    expect(only(synth(chart), 'PeerAuthentication').spec.selector.matchLabels.late).toBe('yes');
  });

  test.each<[string, (chart: Chart) => Pods]>([
    ['an ApiObject', (chart) => Pods.of(new ApiObject(chart, 'it', { apiVersion: 'apps/v1', kind: 'Deployment', spec: { template: { metadata: { labels: LABELS } } } }))],
    ['labels', () => Pods.withLabels(LABELS)],
    ['a selector', (chart) => Pods.selectedBy(kplus.Pods.select(chart, 'it', { labels: LABELS }))],
  ])('has the labels of %s', (_, podsIn) => {
    expect(labelsOf(podsIn(chartIn('shop')))).toEqual(LABELS);
  });
});
