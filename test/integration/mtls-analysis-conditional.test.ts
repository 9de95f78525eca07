import { ApiObject, App, Chart, Testing } from 'cdk8s';
import { loadAll } from 'js-yaml';
import { ConnectionOutcome, FailOn, MeshWideMode, MtlsAnalysis, MtlsAnalysisAttachOptions, MtlsReporter } from '../../src/index';
import { BROKEN } from '../cli/meshes';

/** Without the Namespace. */
const OPEN = BROKEN.slice(BROKEN.indexOf('---\n') + 4);

function appOf(text: string): App {
  const app = Testing.app();
  const chart = new Chart(app, 'chart');
  loadAll(text).forEach((object, index) => new ApiObject(chart, `object${index}`, object as any));
  return app;
}

const synth = (text: string, options: MtlsAnalysisAttachOptions) => () => {
  const app = appOf(text);
  MtlsAnalysis.attach(app, { reporter: MtlsReporter.silent(), ...options });
  app.synthYaml();
};

test('a finding has the values of facts with which it holds', () => {
  const { findings: [finding], presumptions } = MtlsAnalysis.ofYaml(OPEN);
  expect(finding).toMatchObject({ code: 'MTLS101', severity: 'warning', conditions: [{ fact: 'namespace', name: 'shop', holds: true }], expectation: 'weak' });
  expect(finding.message).toContain('if shop has sidecars, spec.trafficPolicy.tls.mode is DISABLE');
  expect(presumptions).toEqual(['Judged as if shop has sidecars, as PeerAuthentication shop/default suggests; errors that depend on it are warnings.']);
  expect(MtlsAnalysis.ofYaml(BROKEN)).toMatchObject({ presumptions: [] });
});

test('a connection has the outcome in each case, and is found by any of them', () => {
  const analysis = MtlsAnalysis.ofYaml(OPEN);
  const [{ outcome, branches }] = analysis.connections({ outcome: ConnectionOutcome.PLAINTEXT });
  expect(outcome).toBe('undecided');
  expect(branches).toMatchObject([
    { conditions: [{ fact: 'namespace', name: 'shop', holds: true }], outcome: 'broken', because: [{ kind: 'DestinationRule' }, { kind: 'PeerAuthentication' }] },
    { conditions: [{ fact: 'namespace', name: 'shop', holds: false }], outcome: 'plaintext' },
  ]);
  expect(analysis.connections({ outcome: ConnectionOutcome.MTLS })).toEqual([]);
  expect(MtlsAnalysis.ofYaml(BROKEN).connections()[0]).not.toHaveProperty('branches', expect.anything());
});

test('a connection with the same outcome in each case has what all of them have in common, and the hops of each', () => {
  const [{ outcome, clientTls, serverMode, branches, cases }] = MtlsAnalysis.ofYaml(OPEN.replace('STRICT', 'PERMISSIVE')).connections();
  expect([outcome, clientTls, serverMode, branches]).toEqual([ConnectionOutcome.PLAINTEXT, 'PLAINTEXT', 'UNKNOWN', undefined]);
  expect(cases).toMatchObject([
    { conditions: [{ fact: 'namespace', name: 'shop', holds: true }], hops: [{ serverMode: 'PERMISSIVE' }] },
    { conditions: [{ fact: 'namespace', name: 'shop', holds: false }], hops: [{ serverMode: 'NO_PROXY' }] },
  ]);
});

test('states the assumptions and unchecked objects of the case with sidecars', () => {
  const policy = '---\napiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: all, namespace: shop}\nspec: {rules: [{}]}\n';
  const sound = `${OPEN.replace('DISABLE', 'ISTIO_MUTUAL')}${policy}`;
  const { assumptions, unjudged, summary } = MtlsAnalysis.ofYaml(sound);
  expect([summary.undecided, assumptions.length, unjudged]).toEqual([1, 6, 'Not checked: 1 AuthorizationPolicy, which concerns 1 connection called mtls']);
  expect(MtlsAnalysis.ofYaml(sound, { injectedNamespaces: ['shop'] })).toMatchObject({ assumptions, unjudged });
  expect(MtlsAnalysis.ofYaml(sound, { uninjectedNamespaces: ['shop'] }).unjudged).toBeUndefined();
});

test('FailOn.CONDITIONAL fails a synth on what depends on the namespace', () => {
  expect(synth(OPEN, {})).not.toThrow();
  expect(synth(OPEN, { failOn: [FailOn.CONDITIONAL] })).toThrow('MtlsAnalysis: 1 connection depends on whether shop has sidecars; expected nothing to, because failOn says so. '
    + 'Fix: list namespaces in injectedNamespaces or uninjectedNamespaces, and revisions in installedRevisions, or add the Namespaces to the app, with injectionLabels of IstioMesh if their pods get sidecars.');
  expect(synth(OPEN, { failOn: [FailOn.CONDITIONAL, FailOn.UNDECIDED] })).toThrow('connections is undecided');
  expect(synth(OPEN, { failOn: [FailOn.CONDITIONAL], uninjectedNamespaces: ['shop'] })).not.toThrow();
  expect(synth(BROKEN, { failOn: [FailOn.CONDITIONAL] })).not.toThrow();
});

test('the mode of the mesh is that of the option, if no object has a policy for all of it', () => {
  const permissive = BROKEN.split('---\n').filter((text) => !text.includes('PeerAuthentication')).join('---\n');
  expect(MtlsAnalysis.ofYaml(permissive).summary.broken).toBe(0);
  expect(MtlsAnalysis.ofYaml(permissive, { meshMode: MeshWideMode.STRICT }).summary.broken).toBe(1);
  expect(synth(permissive, { meshMode: MeshWideMode.STRICT })).toThrow('[MTLS101]');
});
