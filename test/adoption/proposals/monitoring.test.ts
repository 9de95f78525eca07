import { App, Chart, Duration } from 'cdk8s';
import { MeshMonitoring, MeshMonitoringProps, MtlsAlerts, MtlsAlertsProps } from '../../../src/index';
import { removeFolders } from '../../support/command/scratch';
import { body, proven } from '../../support/constructs/adopted';

afterAll(removeFolders);

const OFF = { enabled: false };

/** The adopted constructs of MeshMonitoring objects, and the program in one line. */
function adoptedOf(...all: readonly MeshMonitoringProps[]): { readonly constructs: object; readonly program: string } {
  const app = new App();
  const chart = new Chart(app, 'chart');
  all.forEach((props, number) => new MeshMonitoring(chart, `it-${number}`, props));
  return inOneLine(proven(app.synthYaml()));
}

function adoptedAlerts(props: MtlsAlertsProps): string {
  const app = new App();
  new MtlsAlerts(new Chart(app, 'chart'), 'it', props);
  const { constructs, program } = inOneLine(proven(app.synthYaml()));
  expect(constructs).toEqual({ MtlsAlerts: 1 });
  return program;
}

function inOneLine({ constructs, program }: { readonly constructs: object; readonly program: string }) {
  return { constructs, program: body(program).replace(/\s+/g, ' ').replaceAll(', }', ' }') };
}

test('a monitor of istiod alone is a MeshMonitoring without the rest', () => {
  const istiod = { app: 'pilot', name: 'pilot', namespace: 'monitoring', labels: { a: '1' }, interval: Duration.seconds(15) };
  expect(adoptedOf({ istiod, sidecars: OFF, alerts: false })).toEqual({
    constructs: { MeshMonitoring: 1 },
    program: expect.stringContaining("istiod: { namespace: 'monitoring', name: 'pilot', labels: { a: '1' }, interval: Duration.seconds(15), app: 'pilot' }, sidecars: { enabled: false }, alerts: false }"),
  });
  expect(adoptedOf({ sidecars: OFF, alerts: false }).program).toContain("'istiod-service-monitor', { sidecars: { enabled: false }, alerts: false }");
});

test('a monitor of sidecars alone is also a MeshMonitoring', () => {
  expect(adoptedOf({ sidecars: { podNamespaces: ['b', 'a'], statusPort: 16020 }, istiod: OFF, alerts: false })).toEqual({
    constructs: { MeshMonitoring: 1 },
    program: expect.stringContaining("{ sidecars: { podNamespaces: ['b', 'a'], statusPort: 16020 }, istiod: { enabled: false }, alerts: false }"),
  });
  expect(adoptedOf({ istiod: OFF, alerts: false }).program).toContain('{ istiod: { enabled: false }, alerts: false }');
});

test('all three parts become MeshMonitoring, with their differing properties', () => {
  const props = { namespace: 'monitoring', name: 'mtls', labels: { a: '1' }, interval: Duration.seconds(15) };
  expect(adoptedOf({ ...props, istiod: { app: 'pilot' }, sidecars: { name: 'proxies' }, plaintext: { threshold: 1 } })).toEqual({
    constructs: { MeshMonitoring: 3 },
    program: expect.stringContaining("{ namespace: 'monitoring', name: 'mtls', labels: { a: '1' }, interval: Duration.seconds(15), istiod: { app: 'pilot' }, sidecars: { name: 'proxies' }, plaintext: { threshold: 1 } }"),
  });
  expect(adoptedOf({ istiod: { interval: Duration.minutes(1) } }).program).toContain('{ istiod: { interval: Duration.minutes(1) } }');
  expect(adoptedOf({ sidecars: { interval: Duration.minutes(1) } }).program).toContain('{ sidecars: { interval: Duration.minutes(1) } }');
  expect(adoptedOf({}).program).not.toContain('{');
});

test.each<[string, MeshMonitoringProps]>([
  ['another namespace', { istiod: { namespace: 'monitoring' } }],
  ['other labels', { sidecars: { labels: { a: '1' } } }],
])('with %s each is by itself', (_, props) => {
  expect(adoptedOf(props).constructs).toEqual({ MeshMonitoring: 2, MtlsAlerts: 1 });
});

test('annotations are added to the part that has them', () => {
  const app = new App();
  const { sidecars } = new MeshMonitoring(new Chart(app, 'chart'), 'it');
  sidecars!.metadata.addAnnotation('a', 'b');
  const { constructs, program } = inOneLine(proven(app.synthYaml()));
  expect(constructs).toEqual({ MeshMonitoring: 3 });
  expect(program).toContain("istiodServiceMonitor.sidecars!.metadata.addAnnotation('a', 'b')");
});

test('an unrelated ServiceMonitor or PodMonitor stays an ApiObject', () => {
  const { constructs } = proven([
    'apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: a, namespace: shop}\nspec: {selector: {matchLabels: {app: web}}, endpoints: [{port: http}]}\n',
    'apiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\nmetadata: {name: b, namespace: shop}\nspec: {selector: {matchLabels: {app: web}}, podMetricsEndpoints: [{port: http}]}\n',
  ].join('---\n'));
  expect(constructs).toEqual({});
});

describe('the alert on workload certificates', () => {
  test('has a threshold below half of the usual lifetime', () => {
    expect(adoptedAlerts({ workloadCertificates: { threshold: Duration.hours(3), severity: 'page' } }))
      .toContain("workloadCertificates: { severity: 'page', threshold: Duration.seconds(10800) } }");
  });

  test('is for a longer lifetime where the threshold is no less than that', () => {
    expect(adoptedAlerts({ workloadCertificateLifetime: Duration.hours(72) })).toContain('{ workloadCertificateLifetime: Duration.seconds(259200) }');
  });

  test('omits the default certificate lifetime', () => {
    expect(adoptedAlerts({})).not.toContain('{');
  });
});
