import { ApiObject } from 'cdk8s';
import { ClientTls, Destination, MtlsMode, NamespaceOverride, Pods, WorkloadOverride } from '../../src/index';
import { chartIn } from '../support/constructs/charts';

const mode = MtlsMode.STRICT;

describe('a namespace', () => {
  test.each([
    ['in uppercase', 'Shop'], ['with a dot', 'a.b'], ['with an underscore', 'a_b'], ['that begins with a dash', '-a'], ['of 64 characters', 'a'.repeat(64)],
  ])('%s is refused', (_, namespace) => {
    const REFUSED = `metadata.namespace is '${namespace}'; expected at most 63 lowercase letters, digits and dashes, because no other namespace can exist. Fix: correct the name. [API018]`;
    const chart = chartIn();
    expect(() => new NamespaceOverride(chart, 'namespace', { mode, namespace })).toThrow(REFUSED);
    expect(() => new WorkloadOverride(chart, 'labels', { mode, workload: Pods.withLabels({ app: 'a' }), namespace })).toThrow(REFUSED);
    expect(() => new Destination(chart, 'host', { host: 'a.example', tls: ClientTls.istioMutual(), namespace })).toThrow(`DestinationRule (test/host): ${REFUSED}`);
    const workload = new ApiObject(chart, 'app', { apiVersion: 'v1', kind: 'Pod', metadata: { namespace, labels: { app: 'a' } } });
    expect(() => new WorkloadOverride(chart, 'workload', { mode, workload: Pods.of(workload) })).toThrow(REFUSED);
  });

  test('of 63 characters is accepted', () => {
    expect(new NamespaceOverride(chartIn(), 'namespace', { mode, namespace: 'a'.repeat(63) }).namespace).toHaveLength(63);
  });
});
