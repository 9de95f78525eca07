import {
  Backend, CaSource, CertManagerIssuer, ClientTls, CustomCa, Destination, HttpRoute, MeshMtls, MtlsMode, NamespaceOverride, Pods,
  WorkloadOverride,
} from '../../src/index';
import { sealedValue } from '../support/certificates/cacerts';
import { chartIn, synth } from '../support/constructs/charts';

const WORDS = 'expected one of STRICT, PERMISSIVE, DISABLE, UNSET';

describe('refuses an invalid mode, which JavaScript may pass:', () => {
  test.each<[unknown, string, string]>([
    [undefined, 'missing', 'pass one of these'],
    [null, 'missing', 'pass one of these'],
    ['strict', "'strict'", "write 'STRICT'"],
    ['', 'not a known value', 'pass one of these'],
    [3, 'not a known value', 'pass one of these'],
    ['-----BEGIN PRIVATE KEY-----', 'not a known value', 'pass one of these'],
  ])('%j', (mode: any, actual, fix) => {
    for (const refused of [() => new MeshMtls(chartIn(), 'x', { mode }), () => new NamespaceOverride(chartIn('shop'), 'x', { mode })]) {
      expect(refused).toThrow(`PeerAuthentication (test/x): mtls.mode is ${actual}; ${WORDS}, because`);
      expect(refused).toThrow(`Fix: ${fix}. [API016]`);
    }
  });

  test('for a workload or a port', () => {
    const mode = 'strict' as any;
    const labels = { app: 'ratings' };
    expect(() => new WorkloadOverride(chartIn('shop'), 'x', { workload: Pods.withLabels(labels), mode })).toThrow("mtls.mode is 'strict'");
    expect(() => new WorkloadOverride(chartIn('shop'), 'x', { workload: Pods.withLabels(labels), ports: [{ port: 80, mode }] })).toThrow("portLevelMtls.80.mode is 'strict'");
    expect(() => new WorkloadOverride(chartIn('shop'), 'x', { workload: Pods.withLabels(labels), mode: MtlsMode.STRICT, ports: [{ port: 80 } as any] })).toThrow('portLevelMtls.80.mode is missing');
  });
});

describe('refuses an invalid value of another enum:', () => {
  const certManager = (props: object) => CaSource.certManager({ issuer: CertManagerIssuer.issuer('root'), ...props });
  const sealed = Object.fromEntries(['tls.crt', 'tls.key', 'ca.crt'].map((key) => [key, sealedValue()]));

  test('of a connection pool', () => {
    expect(() => new Destination(chartIn('shop'), 'x', { host: 'a', connectionPool: { http: { h2UpgradePolicy: 'upgrade' as any } } }))
      .toThrow(/connectionPool.http.h2UpgradePolicy is 'upgrade'; expected one of DEFAULT, DO_NOT_UPGRADE, UPGRADE.*Fix: write 'UPGRADE'. \[API016\]/);
  });

  test.each([
    ['privateKey.algorithm', certManager({ privateKeyAlgorithm: 'Ed25519' })],
    ['privateKey.rotationPolicy', certManager({ rotationPolicy: 'sometimes' })],
    ['scope', CaSource.sealedSecret({ encryptedData: sealed, scope: 'everywhere' as any })],
  ])('%s of a CA', (field, source) => {
    expect(() => new CustomCa(chartIn(), 'x', { source })).toThrow(new RegExp(`cacerts' \\(test/x\\): ${field} is '.*'; expected one of .*\\[API016\\]`));
  });
});

const yaml: any = { mode: 'ISTIO_MUTUAL' };

describe('refuses objects that the library\'s classes didn\'t create:', () => {
  test('a tls as in YAML, of a host, a port or a subset', () => {
    const REFUSED = 'DestinationRule (test/x): tls is a value of type object that ClientTls didn\'t create; expected a value created by ClientTls, because other values are not validated. Fix: use ClientTls. [API019]';
    expect(() => new Destination(chartIn('shop'), 'x', { host: 'a', tls: yaml })).toThrow(REFUSED);
    expect(() => new Destination(chartIn('shop'), 'x', { host: 'a', ports: [{ port: 80, tls: yaml }] })).toThrow(REFUSED);
    expect(() => new Destination(chartIn('shop'), 'x', { host: 'a', subsets: [{ name: 'v1', tls: yaml }] })).toThrow(REFUSED);
  });

  test('a credential by its name', () => {
    const tls = ClientTls.mutualByCredential('bank' as any);
    expect(() => new Destination(chartIn('shop'), 'x', { host: 'a', tls })).toThrow('DestinationRule (test/x): tls.credentialName is a value of type string that ClientCredential didn\'t create; expected a value created by ClientCredential');
  });

  test('a subset by its name, or a subset for its weighted one', () => {
    const chart = chartIn('shop');
    const destination = new Destination(chart, 'd', { host: 'a', subsets: [{ name: 'v1', labels: { v: '1' } }] });
    expect(() => new HttpRoute(chart, 'x', { to: [Backend.subset('v1' as any)] })).toThrow('to.subset is a value of type string that Destination.subset didn\'t create; expected a value created by Destination.subset');
    expect(() => new HttpRoute(chart, 'x', { to: [destination.subset('v1') as any] })).toThrow('to is a value of type object that Backend didn\'t create; expected a value created by Backend');
    expect(() => new HttpRoute(chart, 'x', { to: [Backend.service('reviews' as any)] })).toThrow('to.service is of type string, not a construct; expected a Service (v1), a ServiceEntry or an ExternalService');
    expect(() => new HttpRoute(chart, 'x', {})).toThrow("host is missing; expected a host name. Fix: pass a host name, or the Service's construct to HttpRoute.ofService. [API020]");
  });

  test('a CA without a source, or by its texts', () => {
    expect(() => new CustomCa(chartIn(), 'x', {} as any)).toThrow("Secret 'cacerts' (test/x): source is missing; expected a value created by CaSource");
    expect(() => new CustomCa(chartIn(), 'x', { source: 'text' as any })).toThrow('source is a value of type string');
  });

  test('a workload, client or Service by its name', () => {
    const reviews: any = 'reviews';
    expect(() => new WorkloadOverride(chartIn('shop'), 'x', { workload: reviews, mode: MtlsMode.STRICT })).toThrow('workload is of type string, not a construct; expected one of Deployment');
    expect(() => new Destination(chartIn('shop'), 'x', { host: 'a', client: reviews, tls: ClientTls.istioMutual() })).toThrow('client is of type string, not a construct');
    expect(() => Destination.ofService(chartIn('shop'), 'x', reviews, { tls: ClientTls.istioMutual() })).toThrow('service is of type string, not a construct; expected a Service');
  });
});

/** Everything that selects pods by labels of the user's, by its field. */
const SELECTING: [string, (labels: any) => void][] = [
  ['selector.matchLabels', (labels) => new WorkloadOverride(chartIn('shop'), 'x', { workload: Pods.withLabels(labels), mode: MtlsMode.STRICT })],
  ['workloadSelector.matchLabels', (labels) => new Destination(chartIn('shop'), 'x', { host: 'a', tls: ClientTls.istioMutual(), client: Pods.withLabels(labels) })],
  ['subsets.labels', (labels) => new Destination(chartIn('shop'), 'x', { host: 'a', subsets: [{ name: 'v1', labels }] })],
];

describe.each(SELECTING)('%s', (field, select) => {
  test.each([
    ['undefined', undefined, 'missing'],
    ['null', null, 'missing'],
    ['a number', 1, 'a number'],
  ])('refuses the value %s: left out, the label would select more pods', (_, value, actual) => {
    expect(() => select({ app: 'a', version: value })).toThrow(`${field}['version'] is ${actual}; expected a string, because a label without a value is not written, and fewer labels select more pods. Fix: write labels as in { app: 'ratings' }, with strings as values. [API017]`);
  });

  test.each([['a text', 'app=a'], ['a list', ['app']]])('refuses %s instead of a mapping', (_, labels) => {
    expect(() => select(labels)).toThrow(`${field} is not an object; expected an object of label keys and values`);
  });
});

test('a label may be empty text', () => {
  const chart = chartIn('shop');
  new WorkloadOverride(chart, 'x', { workload: Pods.withLabels({ canary: '' }), mode: MtlsMode.STRICT });
  expect(synth(chart)[0].spec.selector).toEqual({ matchLabels: { canary: '' } });
});

test('labels that change after the construct was made are not taken over', () => {
  const chart = chartIn('shop');
  const labels: Record<string, string> = { app: 'a' };
  new WorkloadOverride(chart, 'x', { workload: Pods.withLabels(labels), mode: MtlsMode.STRICT });
  delete labels.app;
  expect(synth(chart)[0].spec.selector).toEqual({ matchLabels: { app: 'a' } });
});
