import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, App, Chart, Include, JsonPatch, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { IstioAdmission, IstioMesh, MtlsAnalysis, MtlsMode, MtlsReporter, networking, security } from '../../src/index';
import { EXAMPLES } from '../support/constructs/examples';

const BAD = { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name: 'bad', namespace: 'bank' }, spec: { mtls: { mod: 'STRICT' } } };
const REFUSED = "PeerAuthentication 'bank/bad' (other/bad): spec.mtls.mod is an unknown field";

function appWith(add: (chart: Chart) => unknown): App {
  const app = new App();
  IstioAdmission.attach(app);
  add(new Chart(app, 'other', { namespace: 'shop' }));
  return app;
}

test.each(Object.keys(EXAMPLES))('%s makes the app check all its objects', (name) => {
  const app = new App();
  EXAMPLES[name](new Chart(app, 'shop', { namespace: 'shop' }));
  expect(() => app.synthYaml()).not.toThrow();
  new ApiObject(new Chart(app, 'other'), 'bad', BAD);
  expect(() => app.synthYaml()).toThrow(REFUSED);
});

test('an app without our constructs is judged only when asked', () => {
  const app = new App();
  const chart = new Chart(app, 'other');
  new ApiObject(chart, 'bad', BAD);
  expect(() => Testing.synth(chart)).not.toThrow();
  IstioAdmission.attach(chart);
  expect(() => Testing.synth(chart)).toThrow(REFUSED);
});

test('one error lists all objections, each with construct, field, reason and fix', () => {
  const app = appWith((chart) => {
    new ApiObject(chart, 'bad', BAD);
    new ApiObject(chart, 'worse', { ...BAD, kind: 'MeshPolicy', apiVersion: 'authentication.istio.io/v1alpha1' });
  });
  expect(() => app.synthYaml()).toThrow(/Validation failed with the following errors:\n {2}\[other\/bad\] PeerAuthentication 'bank\/bad' \(other\/bad\): spec\.mtls\.mod is .*expected .*Fix: .*mode.* \[ADMIT201\]\n {2}\[other\/worse\] MeshPolicy 'bank\/bad' \(other\/worse\): kind is .*PeerAuthentication.* \[ADMIT104\]$/);
});

test('writes no files if an object is refused', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'admission-'));
  const app = new App({ outdir });
  IstioAdmission.attach(app);
  new ApiObject(new Chart(app, 'a'), 'good', { apiVersion: 'v1', kind: 'ConfigMap' });
  new ApiObject(new Chart(app, 'other'), 'bad', BAD);
  expect(() => app.synth()).toThrow(REFUSED);
  const written = readdirSync(outdir);
  rmSync(outdir, { recursive: true });
  expect(written).toEqual([]);
});

describe('judges', () => {
  test('fields that a binding drops', () => {
    const app = appWith((chart) => new security.PeerAuthentication(chart, 'binding', { spec: { mtls: { mod: 'STRICT' } } as any }));
    expect(() => app.synthYaml()).toThrow(/\(other\/binding\): spec\.mtls\.mod is .*\[ADMIT201\]/);
  });

  test('fields that a JSON patch adds to a binding', () => {
    const app = appWith((chart) => {
      const rule = new networking.DestinationRule(chart, 'binding', { spec: { host: 'a' } });
      rule.addJsonPatch(JsonPatch.add('/spec/trafficPolicy', { tls: { mode: 'ISTIO_MUTUAL', maxSessionAge: '300s' } }));
    });
    expect(() => app.synthYaml()).toThrow(/spec\.trafficPolicy\.tls\.maxSessionAge is .*maxConnectionDuration/);
  });

  test('included YAML', () => {
    const folder = mkdtempSync(join(tmpdir(), 'include-'));
    const url = join(folder, 'bad.yaml');
    writeFileSync(url, JSON.stringify(BAD));
    const app = appWith((chart) => new Include(chart, 'include', { url }));
    rmSync(folder, { recursive: true });
    expect(() => app.synthYaml()).toThrow(/'bank\/bad' \(other\/include\/bad-peerauthentication-bank\): spec\.mtls\.mod/);
  });

  test('Istio\'s annotations on a cdk8s-plus workload', () => {
    const app = appWith((chart) => new kplus.Deployment(chart, 'app', {
      containers: [{ image: 'app:1' }],
      podMetadata: { annotations: { 'traffic.sidecar.istio.io/excludeInboundPorts': 'metrics' } },
    }));
    expect(() => app.synthYaml()).toThrow(/\(other\/app\/Resource\): spec\.template\.metadata\.annotations\[traffic\.sidecar\.istio\.io\/excludeInboundPorts\] is 'metrics'.*\[ADMIT540\]/);
  });

  test('the mesh config and the CA in istiodNamespace, which can be set at any time', () => {
    const app = appWith((chart) => {
      new ApiObject(chart, 'config', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'istio', namespace: 'mesh' }, data: { mesh: 'trustDomain: 1' } });
    });
    expect(() => app.synthYaml()).not.toThrow();
    new IstioMesh(new Chart(app, 'platform'), 'mesh', { namespace: 'mesh' });
    expect(() => app.synthYaml()).toThrow(/data\.mesh\.trustDomain is .*\[ADMIT603\]/);
    IstioAdmission.attach(app);
    expect(() => app.synthYaml()).toThrow('ADMIT603');
  });

  test('not the own fields of objects that aren\'t Istio\'s', () => {
    const app = appWith((chart) => new ApiObject(chart, 'x', { apiVersion: 'example.com/v1', kind: 'X', spec: { nothing: 1 } }));
    expect(() => app.synthYaml()).not.toThrow();
  });
});

test('a warning doesn\'t stop a synth', () => {
  const app = appWith((chart) => new ApiObject(chart, 'old', { apiVersion: 'security.istio.io/v1beta1', kind: 'PeerAuthentication', spec: { mtls: { mode: MtlsMode.STRICT } } }));
  expect(app.synthYaml()).toContain('v1beta1');
});

test('attaching leaves the output byte-identical', () => {
  const yaml = (attached: boolean) => {
    const app = new App();
    const chart = new Chart(app, 'shop', { namespace: 'shop' });
    new kplus.Deployment(chart, 'app', { containers: [{ image: 'app:1', portNumber: 80 }], spread: true }).exposeViaService();
    new security.PeerAuthentication(chart, 'binding', { spec: { mtls: {}, selector: {} } });
    new ApiObject(chart, 'raw', { apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy', spec: { rules: [{}] } });
    if (attached) IstioAdmission.attach(app);
    return [app.synthYaml(), JSON.stringify(Testing.synth(chart)), app.synthYaml()];
  };
  const [first, second, third] = yaml(true);
  expect([first, second, third]).toEqual(yaml(false));
});

test('the output includes the latest change', () => {
  const app = new App();
  IstioAdmission.attach(app);
  const [a, b] = [new Chart(app, 'a'), new Chart(app, 'b')];
  const object = new ApiObject(b, 'it', { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', spec: {} });
  Testing.synth(a);
  object.addJsonPatch(JsonPatch.add('/spec/mtls', { mode: 'STRICT' }));
  expect(Testing.synth(b)[0].spec).toEqual({ mtls: { mode: 'STRICT' } });
  object.addJsonPatch(JsonPatch.replace('/spec/mtls/mode', 'strict'));
  expect(() => Testing.synth(b)).toThrow('ADMIT204');
  object.addJsonPatch(JsonPatch.replace('/spec/mtls/mode', 'DISABLE'));
  expect(app.synthYaml()).toContain('DISABLE');
});

describe('warnings', () => {
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'custom-ca', namespace: 'istio-system' }, stringData: { 'ca-cert.pem': 'x', 'ca-key.pem': 'y' } };
  const written = (attach: (app: App) => void, synth = (app: App): void => void app.synthYaml()): string => {
    const app = new App();
    attach(app);
    const chart = new Chart(app, 'other', { namespace: 'shop' });
    IstioAdmission.attach(app);
    new ApiObject(chart, 'ca', secret);
    const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      synth(app);
      synth(app);
      return stderr.mock.calls.map(([text]) => String(text)).join('');
    } finally {
      stderr.mockRestore();
    }
  };

  test('of a raw Secret that istiod won\'t read are printed once at synth', () => {
    expect(written(() => undefined)).toMatch(/^warning: Secret 'istio-system\/custom-ca' \(other\/ca\): metadata\.name is 'custom-ca'; expected 'cacerts'.*\[ADMIT709\]\n$/);
    expect(written((app) => MtlsAnalysis.attach(app))).toContain('[ADMIT709]');
  });

  test('aren\'t printed by Testing.synth or with a silent reporter', () => {
    expect(written(() => undefined, (app) => void Testing.synth(app.charts[0]))).toBe('');
    expect(written((app) => MtlsAnalysis.attach(app, { reporter: MtlsReporter.silent() }))).toBe('');
  });
});
