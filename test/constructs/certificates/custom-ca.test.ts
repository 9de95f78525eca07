import { ApiObject, App, Chart, YamlOutputType } from 'cdk8s';
import { CaSource, CustomCa, MeshConfig } from '../../../src/index';
import { newCa } from '../../support/cacerts';
import { chartIn, synth } from '../../support/charts';

const external = () => CaSource.externalSecret({ secretStore: 'vault', key: 'istio' });
const acknowledged = { iUnderstandThatThePrivateKeyIsWrittenIntoTheManifest: true };

describe('CustomCa', () => {
  test('provides Secret cacerts in istio-system, whatever the chart\'s namespace', () => {
    const chart = chartIn('shop');
    const ca = new CustomCa(chart, 'ca', { source: external() });
    expect([ca.secretName, ca.namespace]).toEqual(['cacerts', 'istio-system']);
    expect(synth(chart)[0].metadata).toEqual({ name: 'cacerts', namespace: 'istio-system' });
  });

  test('lies in istiod\'s namespace', () => {
    const chart = chartIn();
    const ca = new CustomCa(chart, 'ca', { source: external(), namespace: 'istiod-ns' });
    expect(ca.namespace).toBe('istiod-ns');
    expect(synth(chart)[0].metadata.namespace).toBe('istiod-ns');
  });

  test('lies in the namespace of the MeshConfig that is made before it, unless told', () => {
    const [chart, other] = [chartIn(), chartIn()];
    for (const one of [chart, other]) new MeshConfig(one, 'config', { namespace: 'mesh' });
    expect(new CustomCa(chart, 'ca', { source: external() }).namespace).toBe('mesh');
    expect(new CustomCa(other, 'ca', { source: external(), namespace: 'istiod-ns' }).namespace).toBe('istiod-ns');
  });

  test('refuses a namespace that is no name', () => {
    expect(() => new CustomCa(chartIn(), 'ca', { source: external(), namespace: 'Istio System' })).toThrow(
      "Secret 'cacerts' (test/ca): namespace is a text of 12 characters that is no name; expected a namespace: at most 63 small letters, digits and dashes. Fix: correct 'namespace'. [MTLS063]",
    );
  });

  test('refuses a namespace with a dot, which no namespace has', () => {
    expect(() => new CustomCa(chartIn(), 'ca', { source: external(), namespace: 'istio.system' })).toThrow("namespace is 'istio.system'; expected a namespace: at most 63 small letters");
  });

  test('can be adjusted by its apiObject', () => {
    const chart = chartIn();
    const ca = new CustomCa(chart, 'ca', { source: external() });
    expect(ApiObject.of(ca)).toBe(ca.apiObject);
    ca.apiObject!.metadata.addLabel('team', 'platform');
    expect(synth(chart)[0].metadata.labels).toEqual({ team: 'platform' });
  });

  test('has its apiObject below itself with a private key, too', () => {
    const ca = new CustomCa(chartIn(), 'ca', { source: CaSource.pem({ ...acknowledged, ...newCa().props }) });
    expect(ApiObject.of(ca)).toBe(ca.apiObject);
  });
});

describe('an existing Secret', () => {
  test.each([[CaSource.fromSecret()], [CaSource.fromSecret('cacerts')]])('is left alone', (source) => {
    const chart = chartIn();
    const ca = new CustomCa(chart, 'ca', { source });
    expect(ca.apiObject).toBeUndefined();
    expect(synth(chart)).toEqual([]);
  });

  test('is refused under a name that istiod never reads', () => {
    expect(() => new CustomCa(chartIn(), 'ca', { source: CaSource.fromSecret('custom-ca') })).toThrow(
      "Secret 'istio-system/cacerts' (test/ca): secretName is 'custom-ca'; expected 'cacerts', because istiod mounts the Secret 'cacerts' and never reads another: it would go on signing with a CA that it makes itself. Fix: store the CA as Secret 'cacerts' in namespace 'istio-system'. [MTLS061]",
    );
  });
});

describe('a second CustomCa in one app', () => {
  const second = (app: App, namespace?: string) => {
    const [a, b] = [new Chart(app, 'a'), new Chart(app, 'b')];
    new CustomCa(a, 'ca', { source: external() });
    new CustomCa(b, 'ca', { source: CaSource.fromSecret(), namespace });
    return a;
  };

  test.each([undefined, 'istiod-ns'])('is refused, in namespace %s, too', (namespace) => {
    expect(() => synth(second(new App(), namespace))).toThrow(
      `Secret '${namespace ?? 'istio-system'}/cacerts' (b/ca): source is a second CA beside Secret 'istio-system/cacerts' (a/ca); expected one CustomCa in an app, because`,
    );
    expect(() => synth(second(new App(), namespace))).toThrow(/\[MTLS060\]/);
  });

  test('in another app is fine', () => {
    const charts = [chartIn(), chartIn()];
    for (const chart of charts) new CustomCa(chart, 'ca', { source: external() });
    expect(charts.map((chart) => synth(chart).length)).toEqual([1, 1]);
  });
});

describe('one file for the app', () => {
  test.each([
    ['a private key', () => CaSource.pem({ ...acknowledged, ...newCa().props }), /yamlOutputType of the App is FILE_PER_APP; expected FILE_PER_CHART.*\[MTLS072\]/],
  ])('is refused with %s', (_, source, message) => {
    const app = new App({ yamlOutputType: YamlOutputType.FILE_PER_APP });
    expect(() => new CustomCa(new Chart(app, 'test'), 'ca', { source: source() })).toThrow(message);
  });

  test('is fine without one', () => {
    const app = new App({ yamlOutputType: YamlOutputType.FILE_PER_APP });
    expect(new CustomCa(new Chart(app, 'test'), 'ca', { source: external() }).apiObject?.kind).toBe('ExternalSecret');
  });
});
