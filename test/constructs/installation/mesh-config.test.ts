import { App, ApiObject, Chart, Yaml } from 'cdk8s';
import { load } from 'js-yaml';
import {
  AccessLogEncoding, DiscoverySelectorOperator, MeshCaCertificate, MeshConfig, MeshConfigProps, OutboundTrafficPolicyMode, TlsProtocol,
} from '../../../src';
import { chartIn, meshWith, only, synth } from '../../support/constructs/charts';

const MESH_MTLS = { minProtocolVersion: TlsProtocol.TLSV1_3 };

/** What Istio's chart would write by itself. */
const CHART = {
  rootNamespace: 'istio-system',
  defaultConfig: { discoveryAddress: 'istiod.istio-system.svc:15012' },
  defaultProviders: { metrics: ['prometheus'] },
};

function construct(props?: MeshConfigProps): MeshConfig {
  return new MeshConfig(chartIn(), 'config', props);
}

function configMap(props?: MeshConfigProps): any {
  const chart = chartIn('shop');
  new MeshConfig(chart, 'config', props);
  return only(synth(chart), 'ConfigMap');
}

const mesh = (props?: MeshConfigProps): any => load(configMap(props).data.mesh);

describe('the ConfigMap', () => {
  test('is named istio, in istiod\'s namespace whatever the chart\'s', () => {
    const { metadata, data, apiVersion } = configMap();
    expect([apiVersion, metadata, Object.keys(data)]).toEqual(['v1', { name: 'istio', namespace: 'istio-system' }, ['mesh']]);
  });

  test('has the same defaults as Istio\'s chart', () => {
    expect(mesh()).toEqual(CHART);
  });

  test('bears the revision in its name and in istiod\'s address', () => {
    const { metadata, data } = configMap({ mesh: meshWith({ revision: '1-31', namespace: 'mesh' }) });
    expect(metadata).toEqual({ name: 'istio-1-31', namespace: 'mesh' });
    expect(load(data.mesh)).toMatchObject({ rootNamespace: 'mesh', defaultConfig: { discoveryAddress: 'istiod-1-31.mesh.svc:15012' } });
  });

  test('of revision default has no suffix, as in istiod', () => {
    const { metadata, data } = configMap({ mesh: meshWith({ revision: 'default' }) });
    expect([metadata.name, load(data.mesh)]).toEqual(['istio', CHART]);
  });

  test('has the given properties instead of the chart\'s defaults', () => {
    expect(mesh({
      mesh: meshWith({ rootNamespace: 'root' }),
      defaultConfig: { discoveryAddress: 'istiod.example.com:15012' },
      otherFields: { defaultProviders: { accessLogging: ['envoy'] } },
    })).toEqual({
      rootNamespace: 'root',
      defaultConfig: { discoveryAddress: 'istiod.example.com:15012' },
      defaultProviders: { accessLogging: ['envoy'] },
    });
  });

  test('can be adjusted by its apiObject', () => {
    const chart = chartIn();
    new MeshConfig(chart, 'config').apiObject!.metadata.addLabel('istio.io/rev', 'default');
    expect(only(synth(chart), 'ConfigMap').metadata.labels).toEqual({ 'istio.io/rev': 'default' });
  });

  test('isn\'t emitted with emitConfigMap false', () => {
    const chart = chartIn();
    expect(new MeshConfig(chart, 'config', { emitConfigMap: false }).apiObject).toBeUndefined();
    expect(synth(chart)).toEqual([]);
  });
});

describe('the properties', () => {
  test('are written by Istio\'s names', () => {
    expect(mesh({
      accessLogFile: '/dev/stdout',
      accessLogEncoding: AccessLogEncoding.JSON,
      enableAutoMtls: false,
      meshMtls: { ...MESH_MTLS, cipherSuites: ['ECDHE-RSA-AES256-GCM-SHA384'] },
      tlsDefaults: { ecdhCurves: ['P-256'] },
      mesh: meshWith({ trustDomain: 'example.com', clusterDomain: 'k8s.example' }),
      trustDomainAliases: ['cluster.local'],
      caCertificates: [
        MeshCaCertificate.pem('PEM', { trustDomains: ['other.example'] }), MeshCaCertificate.spiffeBundle('https://other.example/bundle', { certSigners: [] }),
      ],
      outboundTrafficPolicyMode: OutboundTrafficPolicyMode.REGISTRY_ONLY,
      discoverySelectors: [{}, { matchLabels: { mesh: 'yes' } }, { matchExpressions: [{ key: 'team', operator: DiscoverySelectorOperator.EXISTS }] }],
      defaultServiceExportTo: ['.'],
      defaultVirtualServiceExportTo: [],
      defaultDestinationRuleExportTo: ['.', 'istio-system'],
      defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'true' }, holdApplicationUntilProxyStarts: true },
    })).toEqual({
      ...CHART,
      accessLogFile: '/dev/stdout',
      accessLogEncoding: 'JSON',
      enableAutoMtls: false,
      meshMTLS: { minProtocolVersion: 'TLSV1_3', cipherSuites: ['ECDHE-RSA-AES256-GCM-SHA384'] },
      tlsDefaults: { ecdhCurves: ['P-256'] },
      trustDomain: 'example.com',
      trustDomainAliases: ['cluster.local'],
      caCertificates: [{ pem: 'PEM', trustDomains: ['other.example'] }, { spiffeBundleUrl: 'https://other.example/bundle', certSigners: [] }],
      outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
      discoverySelectors: [{}, { matchLabels: { mesh: 'yes' } }, { matchExpressions: [{ key: 'team', operator: 'Exists' }] }],
      defaultServiceExportTo: ['.'],
      defaultVirtualServiceExportTo: [],
      defaultDestinationRuleExportTo: ['.', 'istio-system'],
      defaultConfig: { ...CHART.defaultConfig, proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'true' }, holdApplicationUntilProxyStarts: true },
    });
  });

  test('are left out if undefined, and kept if empty', () => {
    expect(mesh({ accessLogFile: '', accessLogFormat: undefined, meshMtls: {}, defaultConfig: { proxyMetadata: {}, holdApplicationUntilProxyStarts: undefined } })).toEqual({
      ...CHART, accessLogFile: '', meshMTLS: {}, defaultConfig: { ...CHART.defaultConfig, proxyMetadata: {} },
    });
  });

  test('are merged with other fields, under their names in YAML', () => {
    expect(mesh({
      outboundTrafficPolicyMode: OutboundTrafficPolicyMode.ALLOW_ANY_DYNAMIC_DNS,
      defaultConfig: { proxyMetadata: { A: '1' } },
      otherFields: { outboundTrafficPolicy: { tls: { mode: 'SIMPLE' } }, defaultConfig: { proxyMetadata: { B: '2' }, concurrency: 0 }, path_normalization: { normalization: 'BASE' } },
    })).toEqual({
      ...CHART,
      outboundTrafficPolicy: { mode: 'ALLOW_ANY_DYNAMIC_DNS', tls: { mode: 'SIMPLE' } },
      defaultConfig: { ...CHART.defaultConfig, proxyMetadata: { A: '1', B: '2' }, concurrency: 0 },
      pathNormalization: { normalization: 'BASE' },
    });
  });
});

describe('the text', () => {
  const EXAMPLE: MeshConfigProps = {
    accessLogFile: '/dev/stdout',
    defaultConfig: { proxyMetadata: { ISTIO_META_CERT_SDS_CACHE_SIZE: '1024' } },
  };

  test('quotes strings that look like numbers, and sorts keys', () => {
    expect(configMap(EXAMPLE).data.mesh).toBe([
      'accessLogFile: /dev/stdout',
      'defaultConfig:',
      '  discoveryAddress: istiod.istio-system.svc:15012',
      '  proxyMetadata:',
      '    ISTIO_META_CERT_SDS_CACHE_SIZE: "1024"',
      'defaultProviders:',
      '  metrics:',
      '    - prometheus',
      'rootNamespace: istio-system',
      '',
    ].join('\n'));
  });

  const SHORT = ['yes', 'on', 'n', 'null', '~', '012', '1_000', '12:30', '1e3', '0x1f', 'a: b', '# c', ' x'].map((value) => [`'${value}'`, value]);
  test.each([...SHORT, ['of 401 characters', 'x'.repeat(200) + ' ' + 'y'.repeat(200)]])('keeps the string %s a string', (_, value) => {
    expect(mesh({ defaultConfig: { proxyMetadata: { A: value } } }).defaultConfig.proxyMetadata.A).toBe(value);
  });

  test('keeps a certificate\'s lines', () => {
    const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
    expect(mesh({ caCertificates: [MeshCaCertificate.pem(pem)] }).caCertificates).toEqual([{ pem }]);
  });

  test('doesn\'t depend on the order of fields', () => {
    const one = construct({ accessLogFile: '/a', otherFields: { ca: { istiodSide: true, address: 'ca:1' }, dnsRefreshRate: '5s' } });
    const other = construct({ otherFields: { dnsRefreshRate: '5s', ca: { address: 'ca:1', istiodSide: true } }, accessLogFile: '/a' });
    expect([one.helmValues, one.istioOperator]).toEqual([other.helmValues, other.istioOperator]);
  });

  test('for Helm has only the given fields', () => {
    expect(construct(EXAMPLE).helmValues).toBe([
      'meshConfig:',
      '  accessLogFile: /dev/stdout',
      '  defaultConfig:',
      '    proxyMetadata:',
      '      ISTIO_META_CERT_SDS_CACHE_SIZE: "1024"',
      '',
    ].join('\n'));
    expect(Yaml.stringify(load(construct({ mesh: meshWith({ revision: 'canary', namespace: 'mesh' }) }).helmValues) as any)).toBe(
      'global:\n  istioNamespace: mesh\nmeshConfig: {}\nrevision: canary\n',
    );
  });

  test('for istioctl is an IstioOperator', () => {
    expect(load(construct({ ...EXAMPLE, mesh: meshWith({ revision: 'canary', namespace: 'mesh' }) }).istioOperator)).toEqual({
      apiVersion: 'install.istio.io/v1alpha1',
      kind: 'IstioOperator',
      spec: {
        meshConfig: EXAMPLE,
        revision: 'canary',
        values: { global: { istioNamespace: 'mesh' } },
      },
    });
    expect(load(construct(EXAMPLE).istioOperator)).toMatchObject({ spec: { meshConfig: EXAMPLE } });
    expect(Object.keys((load(construct(EXAMPLE).istioOperator) as any).spec)).toEqual(['meshConfig']);
  });

  test('snapshot', () => {
    const chart = chartIn();
    const caCertificates = [MeshCaCertificate.spiffeBundle('https://other.example/bundle', { trustDomains: ['other.example'] })];
    const props = { ...EXAMPLE, caCertificates, outboundTrafficPolicyMode: OutboundTrafficPolicyMode.REGISTRY_ONLY, meshMtls: MESH_MTLS };
    const config = new MeshConfig(chart, 'config', { ...props, mesh: meshWith({ revision: 'canary', trustDomain: 'example.com' }) });
    expect([synth(chart), config.helmValues, config.istioOperator]).toMatchSnapshot();
  });
});

describe('it refuses', () => {
  test('an unknown field, and suggests the intended one', () => {
    expect(() => construct({ otherFields: { trustDomian: 'td' } })).toThrow(
      "MeshConfig 'istio-system/istio' (test/config): trustDomian is not a field that istiod knows; expected 'trustDomain', "
      + "because istiod silently ignores it. Fix: did you mean 'trustDomain'? Write that. [API040]",
    );
  });

  test('an unknown nested field, also one of a proxy at the top', () => {
    expect(() => construct({ otherFields: { ca: { istioSide: true } } })).toThrow(/ca\.istioSide is not a field.*'ca\.istiodSide'.*\[API040\]/);
    expect(() => construct({ otherFields: { proxyMetadata: {} } })).toThrow(/'defaultConfig\.proxyMetadata'.*\[API040\]/);
  });

  test('default_config, which istiod parses and drops', () => {
    expect(() => construct({ otherFields: { default_config: { concurrency: 1 } } })).toThrow(/default_config is written by its name in the API's source.*\[API040\]/);
  });

  test('a value that makes istiod reject the whole mesh config, before other faults', () => {
    expect(() => construct({ otherFields: { bogus: 1, connectTimeout: 10 } })).toThrow(/connectTimeout is 10 \(a number\); expected a duration.*Fix: name the unit: "10s"\. \[API041\]/);
    expect(() => construct({ trustDomainAliases: ['spiffe://td'] })).toThrow(/trustDomainAliases\[0\] is 'spiffe:\/\/td'; expected DNS labels.*\[API041\]/);
    expect(() => construct({ otherFields: { meshMTLS: { ecdhCurves: ['P-256'] } } })).toThrow(/meshMTLS\.ecdhCurves is.*expected none.*\[API041\]/);
  });

  test('metadata of the proxies that is no string', () => {
    expect(() => construct({ otherFields: { defaultConfig: { proxyMetadata: { A: 1024 } } } })).toThrow(/proxyMetadata\.A is 1024 \(a number\); expected a string.*put it in quotes: "1024".*\[API041\]/);
    expect(() => construct({ defaultConfig: { proxyMetadata: { A: true } as any } })).toThrow(/proxyMetadata\.A is true \(a boolean\); expected a string.*\[API041\]/);
  });

  test.each([['a double quote', 'a"b'], ['a backslash', 'a\\b'], ['a line end', 'a\nb']])('metadata of the proxies with %s, which would break injection', (_, value) => {
    expect(() => construct({ defaultConfig: { proxyMetadata: { A: value } } })).toThrow(/proxyMetadata\.A is a string with a double quote.*injection would fail for every sidecar.*\[API044\]/);
  });

  test('a field given twice', () => {
    expect(() => construct({ accessLogFile: '/a', otherFields: { access_log_file: '/a' } })).toThrow(/accessLogFile is set by a property and by 'otherFields'.*\[API042\]/);
    expect(() => construct({ defaultConfig: { proxyMetadata: { A: '1' } }, otherFields: { defaultConfig: { proxyMetadata: { A: '1' } } } }))
      .toThrow(/defaultConfig\.proxyMetadata\.A is set by a property.*\[API042\]/);
  });

  test('an empty root, and a root that MeshCaCertificate didn\'t create', () => {
    expect(() => construct({ caCertificates: [MeshCaCertificate.pem('x'), MeshCaCertificate.pem('')] })).toThrow(/caCertificates\[1\] is empty; expected a root, or the URL of one.*\[API045\]/);
    expect(() => construct({ caCertificates: [{ pem: 'x', spiffeBundleUrl: 'https://a' } as any] })).toThrow(/caCertificates\[0\] is a value of type object that MeshCaCertificate didn't create; expected a value created by MeshCaCertificate.*\[API019\]/);
  });

  test.each<[string, object]>([
    ['rootNamespace', { rootNamespace: 'policies' }], ['trustDomain', { otherFields: { trust_domain: 'a' } }],
  ])('the field %s, which IstioMesh sets', (field, props) => {
    expect(() => construct(props)).toThrow(
      `MeshConfig 'istio-system/istio' (test/config): ${field} is set by a MeshConfig; expected an IstioMesh that sets it, because other constructs use it too. Fix: create new IstioMesh(chart, 'mesh', { ${field}: … }) before all other constructs. [API042]`,
    );
  });
});

describe('a second MeshConfig in the app', () => {
  function two(first: MeshConfigProps, second: MeshConfigProps): Chart {
    const app = new App();
    new MeshConfig(new Chart(app, 'a'), 'config', first);
    const chart = new Chart(app, 'b');
    new MeshConfig(chart, 'config', second);
    return chart;
  }

  test.each<[string, MeshConfigProps, MeshConfigProps]>([
    ['with equal properties', {}, {}], ['with revision default', {}, { mesh: meshWith({ revision: 'default' }) }], ['after another without a ConfigMap', { emitConfigMap: false }, {}],
  ])('for the same istiod is refused: one %s', (_, first, second) => {
    expect(() => synth(two(first, second))).toThrow(/MeshConfig 'istio-system\/istio' \(b\/config\): metadata is a second one, after a\/config.*\[API043\]/);
  });

  test.each<[string, MeshConfigProps, MeshConfigProps]>([['of another revision', {}, { mesh: meshWith({ revision: 'canary' }) }], ['in another namespace', {}, { mesh: meshWith({ namespace: 'other' }) }]])('for an istiod %s is accepted', (_, first, second) => {
    expect(synth(two(first, second)).map(({ kind }) => kind)).toEqual(['ConfigMap']);
  });
});

test('ApiObject.of finds the ConfigMap', () => {
  const config = construct();
  expect(ApiObject.of(config)).toBe(config.apiObject);
});
describe('untyped JavaScript values', () => {
  const config = (props: object) => () => new MeshConfig(chartIn(), 'config', props);

  test('an unknown property is refused, not dropped', () => {
    expect(config({ acessLogFile: '/dev/stdout' })).toThrow(/acessLogFile is .*accessLogFile.*\[API040\]/);
  });

  test('accepts a property by Istio\'s own name', () => {
    expect(new MeshConfig(chartIn(), 'config', { meshMTLS: { minProtocolVersion: 'TLSV1_3' } } as any).helmValues).toContain('minProtocolVersion: TLSV1_3');
  });

  test('ignores undefined and null in otherFields', () => {
    const { helmValues } = new MeshConfig(chartIn(), 'config', { accessLogFile: '/a', otherFields: { pathNormalization: undefined } });
    expect(helmValues).not.toContain('pathNormalization');
    expect(config({ otherFields: null })).not.toThrow();
  });
});
