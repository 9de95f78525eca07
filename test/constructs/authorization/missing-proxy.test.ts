import { ApiObject, App, Chart } from 'cdk8s';
import { AllowedCallers, Caller, FailOn, MtlsAnalysis, Pods } from '../../../src/index';

interface ClientParts {
  readonly labels?: object;
  readonly spec?: object;
  readonly namespace?: string;
  /** The labels of its namespace; undefined if the app lacks it. */
  readonly asked?: object;
}

/** Why a caller has no proxy, and what to do. */
function refusalFor({ labels, spec, namespace = 'shop', asked }: ClientParts): string {
  const chart = new Chart(new App(), 'shop', { namespace });
  MtlsAnalysis.attach(chart.node.root, { failOn: [FailOn.NEVER], reporter: { report: () => undefined } });
  if (asked) new ApiObject(chart, 'namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: asked as any } });
  const template = { metadata: { labels: { app: 'web', ...labels } }, spec: { containers: [{ name: 'web', image: 'web:1' }], ...spec } };
  const web = new ApiObject(chart, 'web', {
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: { selector: { matchLabels: { app: 'web' } }, template },
  });
  new AllowedCallers(chart, 'callers', { workload: Pods.withLabels({ app: 'ratings' }), callers: [Caller.workload(Pods.of(web))] });
  const [found, ...others] = chart.node.root.node.validate();
  expect(others).toEqual([]);
  return /whose pods have no proxy (\(.*\)); .* Fix: (.*); or, if they shall stay without a proxy, call through a workload that has one\. \[API802\]$/
    .exec(found)!.slice(1).join(' ');
}

const [OUT, ENABLED] = [{ 'sidecar.istio.io/inject': 'false' }, { 'istio-injection': 'enabled' }];
const LABEL = 'label Namespace shop for injection, as injectionLabels of IstioMesh do';

test.each<[string, ClientParts, string]>([
  ['the namespace', { asked: {} }, `(neither the namespace nor the pod asks for a sidecar) ${LABEL}`],
  ['the namespace, which refuses', { asked: { 'istio-injection': 'disabled' } }, `(the namespace's label istio-injection is disabled) ${LABEL}`],
  ['a label', { labels: OUT, asked: ENABLED }, '(sidecar.istio.io/inject is false) remove sidecar.istio.io/inject from its pods'],
  ['a label, whatever the namespace', { labels: OUT }, '(sidecar.istio.io/inject is false) remove sidecar.istio.io/inject from its pods'],
  ['a label and the namespace', { labels: OUT, asked: {} }, `(sidecar.istio.io/inject is false) remove sidecar.istio.io/inject from its pods, and ${LABEL}`],
  ['the host\'s network', { spec: { hostNetwork: true }, asked: ENABLED }, '(hostNetwork is true) remove hostNetwork from its pods'],
  ['the host\'s network and the namespace', { spec: { hostNetwork: true }, asked: {} }, `(hostNetwork is true) remove hostNetwork from its pods, and ${LABEL}`],
  ['the host\'s network and a label', { labels: OUT, spec: { hostNetwork: true }, asked: ENABLED },
    '(hostNetwork is true and sidecar.istio.io/inject is false) remove hostNetwork and sidecar.istio.io/inject from its pods'],
  ['a namespace that the injector skips', { namespace: 'kube-system', asked: ENABLED }, '(the injector skips namespace kube-system) move it to another namespace'],
])('the fix is for what decides: %s', (_, parts, expected) => {
  expect(refusalFor(parts)).toBe(expected);
});
