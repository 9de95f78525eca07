import { ApiObject, App, Chart, YamlOutputType } from 'cdk8s';
import { CaSource, CustomCa, ExternalSecretStore, IstioMesh } from '../../../src/index';
import { newCa } from '../../support/certificates/cacerts';
import { chartIn, meshWith, synth } from '../../support/constructs/charts';

const external = () => CaSource.externalSecret({ store: ExternalSecretStore.secretStore('vault'), key: 'istio' });
const acknowledged = { iUnderstandThatThePrivateKeyIsWrittenIntoTheManifest: true };

describe('CustomCa', () => {
  test('provides Secret cacerts in istio-system, whatever the chart\'s namespace', () => {
    const chart = chartIn('shop');
    const ca = new CustomCa(chart, 'ca', { source: external() });
    expect([ca.secretName, ca.namespace]).toEqual(['cacerts', 'istio-system']);
    expect(synth(chart)[0].metadata).toEqual({ name: 'cacerts', namespace: 'istio-system' });
  });

  test('is in istiod\'s namespace', () => {
    const chart = chartIn();
    new IstioMesh(chart, 'mesh', { namespace: 'istiod-ns' });
    const ca = new CustomCa(chart, 'ca', { source: external() });
    expect(ca.namespace).toBe('istiod-ns');
    expect(synth(chart)[0].metadata.namespace).toBe('istiod-ns');
  });

  test('is in the namespace of the given mesh if there are several', () => {
    const chart = chartIn();
    const [stable, canary] = ['stable', 'canary'].map((name) => new IstioMesh(chart, name, { namespace: name, rootNamespace: 'stable' }));
    expect(new CustomCa(chart, 'ca', { source: external(), mesh: canary }).namespace).toBe('canary');
    expect(stable.customCa(CaSource.fromSecret()).namespace).toBe('stable');
    expect(() => new CustomCa(chart, 'other', { source: external() })).toThrow(
      "Secret (test/other): mesh is not given; expected one IstioMesh of the mesh, such as test/stable or test/canary, because they differ in namespace: 'stable' and 'canary'. Fix: pass 'mesh', or use the methods of the right IstioMesh. [API049]",
    );
  });

  test('can be adjusted by its apiObject', () => {
    const chart = chartIn();
    const ca = new CustomCa(chart, 'ca', { source: external() });
    expect(ApiObject.of(ca)).toBe(ca.apiObject);
    ca.apiObject!.metadata.addLabel('team', 'platform');
    expect(synth(chart)[0].metadata.labels).toEqual({ team: 'platform' });
  });

  test('has its apiObject in its scope, also with a private key', () => {
    const ca = new CustomCa(chartIn(), 'ca', { source: CaSource.pem({ ...acknowledged, ...newCa().props }) });
    expect(ApiObject.of(ca)).toBe(ca.apiObject);
  });
});

describe('an existing Secret', () => {
  test.each([['default', CaSource.fromSecret()], ['given', CaSource.fromSecret('cacerts')]])('is left alone under its %s name', (_, source) => {
    const chart = chartIn();
    const ca = new CustomCa(chart, 'ca', { source });
    expect(ca.apiObject).toBeUndefined();
    expect(synth(chart)).toEqual([]);
  });

  test('is refused under a name that istiod never reads', () => {
    expect(() => new CustomCa(chartIn(), 'ca', { source: CaSource.fromSecret('custom-ca') })).toThrow(
      "Secret 'istio-system/cacerts' (test/ca): secretName is 'custom-ca'; expected 'cacerts', because istiod reads only Secret 'cacerts': it would continue to sign with a CA that it generates. Fix: store the CA as Secret 'cacerts' in namespace 'istio-system'. [API061]",
    );
  });
});

describe('a second CustomCa in one app', () => {
  const second = (app: App, namespace?: string) => {
    const [a, b] = [new Chart(app, 'a'), new Chart(app, 'b')];
    new CustomCa(a, 'ca', { source: external() });
    const mesh = namespace === undefined ? undefined : meshWith({ namespace });
    new CustomCa(b, 'ca', { source: CaSource.fromSecret(), mesh });
    return a;
  };

  test.each([['the same istiod', undefined], ['an istiod in another namespace', 'istiod-ns']])('is refused for %s', (_, namespace) => {
    expect(() => synth(second(new App(), namespace))).toThrow(
      `Secret '${namespace ?? 'istio-system'}/cacerts' (b/ca): source is a second CA, after Secret 'istio-system/cacerts' (a/ca); expected one CustomCa in a mesh, because`,
    );
    expect(() => synth(second(new App(), namespace))).toThrow(/\[API060\]/);
  });

  test('is accepted in another app', () => {
    const charts = [chartIn(), chartIn()];
    for (const chart of charts) new CustomCa(chart, 'ca', { source: external() });
    expect(charts.map((chart) => synth(chart).length)).toEqual([1, 1]);
  });
});

describe('one file for the app', () => {
  test.each([
    ['a private key', () => CaSource.pem({ ...acknowledged, ...newCa().props }), /yamlOutputType of the App is FILE_PER_APP; expected FILE_PER_CHART.*\[API072\]/],
  ])('is refused with %s', (_, source, message) => {
    const app = new App({ yamlOutputType: YamlOutputType.FILE_PER_APP });
    expect(() => new CustomCa(new Chart(app, 'test'), 'ca', { source: source() })).toThrow(message);
  });

  test('is accepted without a private key', () => {
    const app = new App({ yamlOutputType: YamlOutputType.FILE_PER_APP });
    expect(new CustomCa(new Chart(app, 'test'), 'ca', { source: external() }).apiObject?.kind).toBe('ExternalSecret');
  });
});
