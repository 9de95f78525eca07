import { withYamlNames } from '../../../src/manifests/mesh-config/fields';

test('keys get the names that YAML has for them, also nested, in lists and in maps', () => {
  expect(withYamlNames({
    trust_domain: 'example.com',
    mesh_mTLS: { min_protocol_version: 'TLSV1_3' },
    default_config: { proxy_metadata: { SECRET_TTL: '1h' }, tracing: { custom_tags: { a_b: { header: { default_value: 'x' } } } } },
    ca_certificates: [{ spiffe_bundle_url: 'https://a' }],
  })).toEqual({
    trustDomain: 'example.com',
    meshMTLS: { minProtocolVersion: 'TLSV1_3' },
    defaultConfig: { proxyMetadata: { SECRET_TTL: '1h' }, tracing: { customTags: { a_b: { header: { defaultValue: 'x' } } } } },
    caCertificates: [{ spiffeBundleUrl: 'https://a' }],
  });
});

test('of two spellings of a key the one of YAML wins, in any order', () => {
  expect(withYamlNames({ trustDomain: 'a', trust_domain: 'b' })).toEqual({ trustDomain: 'a' });
  expect(withYamlNames({ trust_domain: 'b', trustDomain: 'a' })).toEqual({ trustDomain: 'a' });
});

test('unknown keys and values of wrong types are kept', () => {
  const odd = { no_such: { a_b: 1 }, caCertificates: 'x', defaultConfig: 7, meshMTLS: null };
  expect(withYamlNames(odd)).toEqual(odd);
  expect(withYamlNames('x')).toBe('x');
});
