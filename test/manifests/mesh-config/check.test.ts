import { checkMeshConfig } from '../../../src/manifests/mesh-config/check';
import { MESH_CONFIG } from '../../../src/manifests/mesh-config/fields';

/** The problems' paths, with what istiod does. */
function pathsOf(config: unknown): string[] {
  return checkMeshConfig(config).map(({ path, consequence }) => `${path} ${consequence}`);
}

test('the schema is that of the vendored version of istio.io/api', () => {
  expect(MESH_CONFIG.source).toMatch(/^istio\.io\/api@v\d/);
  expect(MESH_CONFIG.messages[MESH_CONFIG.root].fields.meshMTLS).toEqual({ proto: 'mesh_mTLS', type: 'message', of: 'istio.mesh.v1alpha1.MeshConfig.TLSConfig' });
  expect(MESH_CONFIG.enums['istio.mesh.v1alpha1.MeshConfig.TLSConfig.TLSProtocol']).toEqual({ TLS_AUTO: 0, TLSV1_2: 1, TLSV1_3: 2 });
});

describe('no problem is reported in', () => {
  test.each([
    ['an empty mesh config', {}],
    ['no mesh config', null],
    ['names in snake case, as in the API\'s source', { trust_domain: 'td', mesh_mTLS: { min_protocol_version: 'TLSV1_3' } }],
    ['null for a field, an item or a map\'s value', { trustDomain: null, trustDomainAliases: null, caCertificates: [null], defaultConfig: { proxyMetadata: { A: null } } }],
    ['numbers in quotes', { proxyListenPort: '15001', defaultConfig: { tracing: { sampling: '10.5', stackdriver: { maxNumberOfAttributes: '200' } } } }],
    ['an enum by number', { accessLogEncoding: 1 }],
    ['durations', { connectTimeout: '1.5s', dnsRefreshRate: '1h30m' }],
    ['any value in a Struct', { extensionProviders: [{ name: 'a', envoyFileAccessLog: { logFormat: { labels: { x: { y: [1, true, null] } } } } }] }],
    ['trust domains as Istio allows them', { trustDomain: 'Example.com.', trustDomainAliases: ['cluster.local', 'old-td'] }],
  ])('%s', (_, config) => {
    expect(checkMeshConfig(config)).toEqual([]);
  });
});

describe('an unknown key', () => {
  test('is reported with the intended name', () => {
    expect(checkMeshConfig({ trustDomian: 'td' })).toEqual([{
      path: 'trustDomian',
      actual: 'not a field that istiod knows',
      expected: "'trustDomain'",
      because: 'istiod silently ignores it',
      fix: "did you mean 'trustDomain'? Write that",
      suggestion: 'trustDomain',
      consequence: 'ignored',
    }]);
  });

  test.each([
    ['in a message', { meshMTLS: { minProtocolVersions: 'TLSV1_3' } }, 'meshMTLS.minProtocolVersions', 'meshMTLS.minProtocolVersion'],
    ['in a list', { caCertificates: [{}, { pemm: 'x' }] }, 'caCertificates[1].pemm', 'caCertificates[1].pem'],
    ['in a map', { defaultConfig: { tracing: { customTags: { a: { headers: {} } } } } }, 'defaultConfig.tracing.customTags.a.headers', 'defaultConfig.tracing.customTags.a.header'],
    ['in a message of another API', { tcpKeepalive: { probe: 1 } }, 'tcpKeepalive.probe', 'tcpKeepalive.probes'],
    ['that belongs to the proxy config', { proxyMetadata: {} }, 'proxyMetadata', 'defaultConfig.proxyMetadata'],
    ['that belongs to the mesh config', { defaultConfig: { trustDomain: 'td' } }, 'defaultConfig.trustDomain', 'trustDomain'],
    ['whose value is null', { trustDomian: null }, 'trustDomian', 'trustDomain'],
    ['without a similar name', { bogus: 1 }, 'bogus', undefined],
    ['named like a method of JavaScript objects', { toString: 'x' }, 'toString', undefined],
  ])('is found: %s', (_, config, path, suggestion) => {
    expect(checkMeshConfig(config)).toEqual([expect.objectContaining({ path, suggestion, consequence: 'ignored' })]);
  });

  test.each(['mixerAddress', 'mixer_address', 'sdsUdsPath', 'enableSdsTokenMount'])('%s is reported as removed', (key) => {
    expect(checkMeshConfig({ [key]: 'x' })).toEqual([expect.objectContaining({ path: key, because: expect.stringContaining('Istio has removed it'), fix: 'remove it' })]);
  });
});

describe('a value of the wrong type makes istiod reject the whole mesh config', () => {
  test.each([
    ['a number for a string', { defaultConfig: { proxyMetadata: { A: 1024 } } }, 'defaultConfig.proxyMetadata.A', '1024 (a number)', 'a string', 'put it in quotes: "1024"'],
    ['a boolean for a string', { defaultConfig: { proxyMetadata: { A: true } } }, 'defaultConfig.proxyMetadata.A', 'true (a boolean)', 'a string', 'put it in quotes: "true"'],
    ['a string for a boolean', { enableAutoMtls: 'True' }, 'enableAutoMtls', "'True'", 'true or false', 'write true without quotes'],
    ['a number for a duration', { connectTimeout: 10 }, 'connectTimeout', '10 (a number)', 'a duration such as "10s" or "1h30m"', 'name the unit: "10s"'],
    ['days in a duration', { dnsRefreshRate: '1d' }, 'dnsRefreshRate', "'1d'", 'a duration such as "10s" or "1h30m"', 'write numbers, each with one of the units ns, us, ms, s, m and h'],
    ['a fraction for an integer', { proxyHttpPort: 1.5 }, 'proxyHttpPort', '1.5 (a number)', 'a whole number from -2147483648 to 2147483647', 'write a whole number in that range'],
    ['text for a number', { defaultConfig: { tracing: { sampling: 'all' } } }, 'defaultConfig.tracing.sampling', "'all'", 'a number', 'write a number'],
    ['a string for a list', { trustDomainAliases: 'a' }, 'trustDomainAliases', "'a'", 'a list', 'write a list'],
    ['a list for a mapping', { meshMTLS: [] }, 'meshMTLS', 'the list []', 'a mapping', 'write a mapping'],
    ['a list for a map', { defaultConfig: { proxyMetadata: ['A=1'] } }, 'defaultConfig.proxyMetadata', 'the list ["A=1"]', 'a mapping', 'write a mapping'],
    ['a string for a struct', { extensionProviders: [{ envoyFileAccessLog: { logFormat: { labels: 'x' } } }] }, 'extensionProviders[0].envoyFileAccessLog.logFormat.labels', "'x'", 'a mapping', 'write a mapping'],
    ['a string for the whole mesh config', 'trustDomain=td', 'mesh', "'trustDomain=td'", 'a mapping', 'write a mapping'],
  ])('%s', (_, config, path, actual, expected, fix) => {
    expect(checkMeshConfig(config)).toEqual([{
      path, actual, expected, fix, suggestion: undefined, consequence: 'rejected', because: 'istiod rejects the whole mesh config, and reports it only in its log',
    }]);
  });

  test('an unknown enum member is reported with the intended one', () => {
    expect(checkMeshConfig({ meshMTLS: { minProtocolVersion: 'TLSv1.3' } })).toEqual([expect.objectContaining({
      path: 'meshMTLS.minProtocolVersion', expected: 'one of TLS_AUTO, TLSV1_2, TLSV1_3', fix: 'did you mean TLSV1_3? Write that', suggestion: 'TLSV1_3', consequence: 'rejected',
    })]);
  });

  test('an unknown enum number is ignored, unless it exceeds 32 bits', () => {
    expect(pathsOf({ accessLogEncoding: 7 })).toEqual(['accessLogEncoding ignored']);
    expect(pathsOf({ accessLogEncoding: 2 ** 31 })).toEqual(['accessLogEncoding rejected']);
  });

  test('a long value is shortened in the message', () => {
    const [{ actual }] = checkMeshConfig({ enableAutoMtls: 'x'.repeat(500) });
    expect(actual.length).toBeLessThan(70);
  });
});

describe('a field that istiod ignores is reported', () => {
  test('the spelling in snake case, beside the one in camel case', () => {
    expect(pathsOf({ trustDomain: 'a', trust_domain: 7 })).toEqual(['trust_domain ignored']);
    expect(pathsOf({ trustDomain: null, trust_domain: 'b' })).toEqual(['trust_domain ignored']);
  });

  test.each(['default_config', 'default_providers'])('%s, which istiod parses and then drops', (key) => {
    expect(pathsOf({ [key]: {} })).toEqual([`${key} ignored`]);
  });

  test('a field of a oneof that a later one replaces', () => {
    expect(pathsOf({ caCertificates: [{ spiffeBundleUrl: 'https://a', pem: 'x' }] })).toEqual(['caCertificates[0].pem ignored']);
  });
});

describe('istiod\'s own validation', () => {
  test.each([
    ['an empty trust domain', { trustDomain: '' }, 'trustDomain'],
    ['a trust domain with a scheme', { trustDomain: 'spiffe://td' }, 'trustDomain'],
    ['a trust domain with an underscore', { trust_domain: 'a_b' }, 'trustDomain'],
    ['a trust domain with an empty label', { trustDomain: 'a..b' }, 'trustDomain'],
    ['a trust domain with a label over 63 characters', { trustDomain: `${'a'.repeat(64)}.com` }, 'trustDomain'],
    ['an alias that is no domain', { trustDomainAliases: ['ok', 'not ok'] }, 'trustDomainAliases[1]'],
    ['an unknown curve', { meshMTLS: { ecdhCurves: ['P-256'] } }, 'meshMTLS.ecdhCurves'],
    ['port 0', { proxyListenPort: 0 }, 'proxyListenPort'],
    ['a port over 65535', { defaultConfig: { statusPort: 70000 } }, 'defaultConfig.statusPort'],
    ['a negative port', { defaultConfig: { proxyAdminPort: -1 } }, 'defaultConfig.proxyAdminPort'],
    ['a timeout under a millisecond', { connectTimeout: '500us' }, 'connectTimeout'],
    ['a timeout with fractions of a millisecond', { connectTimeout: '1.5ms' }, 'connectTimeout'],
    ['a timeout over an hour', { connectTimeout: '2h' }, 'connectTimeout'],
    ['a discovery address without a port', { defaultConfig: { discoveryAddress: 'istiod' } }, 'defaultConfig.discoveryAddress'],
    ['an empty discovery address', { defaultConfig: { discoveryAddress: '' } }, 'defaultConfig.discoveryAddress'],
  ])('rejects %s', (_, config, path) => {
    expect(pathsOf(config)).toEqual([`${path} rejected`]);
  });

  test('accepts an empty list of curves and an IPv6 discovery address', () => {
    expect(checkMeshConfig({ meshMTLS: { ecdhCurves: [] }, defaultConfig: { discoveryAddress: '[fd00::1]:15012' } })).toEqual([]);
  });

  test('isn\'t applied to a value of the wrong type', () => {
    expect(pathsOf({ trustDomainAliases: [7], connectTimeout: 'x', proxyListenPort: 'x' })).toEqual(['trustDomainAliases[0] rejected', 'connectTimeout rejected', 'proxyListenPort rejected']);
  });
});
