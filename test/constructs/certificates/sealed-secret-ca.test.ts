import { CaSource, CustomCa, SealedSecretCaProps, SealedSecretScope } from '../../../src/index';
import { sealedValue } from '../../support/certificates/cacerts';
import { chartIn, synth } from '../../support/constructs/charts';

const SEALED = sealedValue();
const FOUR = { 'ca-cert.pem': SEALED, 'ca-key.pem': SEALED, 'root-cert.pem': SEALED, 'cert-chain.pem': SEALED };
const TLS = { 'tls.crt': SEALED, 'tls.key': SEALED, 'ca.crt': SEALED };
const INDEPENDENT = { 'sealedsecrets.bitnami.com/skip-set-owner-references': 'true', 'sealedsecrets.bitnami.com/managed': 'true' };

function emit(props: SealedSecretCaProps): any {
  const chart = chartIn();
  new CustomCa(chart, 'ca', { source: CaSource.sealedSecret(props) });
  const [sealedSecret, ...others] = synth(chart);
  expect(others).toEqual([]);
  return sealedSecret;
}

describe('a sealed CA', () => {
  test('is one SealedSecret cacerts in the strict scope, and its Secret outlives it', () => {
    expect(emit({ encryptedData: FOUR })).toEqual({
      apiVersion: 'bitnami.com/v1alpha1',
      kind: 'SealedSecret',
      metadata: { name: 'cacerts', namespace: 'istio-system' },
      spec: {
        encryptedData: FOUR,
        template: { metadata: { name: 'cacerts', namespace: 'istio-system', annotations: INDEPENDENT } },
      },
    });
  });

  test.each([
    [SealedSecretScope.NAMESPACE_WIDE, { 'sealedsecrets.bitnami.com/namespace-wide': 'true' }],
    [SealedSecretScope.CLUSTER_WIDE, { 'sealedsecrets.bitnami.com/cluster-wide': 'true' }],
  ])('can be unsealed in the scope %s', (scope, annotations) => {
    const { metadata, spec } = emit({ encryptedData: FOUR, scope });
    expect(metadata.annotations).toEqual(annotations);
    expect(spec.template.metadata.annotations).toEqual({ ...annotations, ...INDEPENDENT });
  });

  test.each([['revocation lists', { ...FOUR, 'ca-crl.pem': SEALED }], ['the keys of a TLS Secret', TLS]])('may have %s', (_, encryptedData) => {
    expect(emit({ encryptedData }).spec.encryptedData).toEqual(encryptedData);
  });

  test('snapshot', () => {
    expect(emit({ encryptedData: TLS, scope: SealedSecretScope.NAMESPACE_WIDE })).toMatchSnapshot();
  });

  test('refuses keys that istiod never reads', () => {
    expect(() => emit({ encryptedData: { 'cert.pem': SEALED, 'key.pem': SEALED } })).toThrow(
      "SealedSecret 'istio-system/cacerts' (test/ca): encryptedData is for the keys 'cert.pem', 'key.pem'; expected exactly ca-cert.pem, ca-key.pem, root-cert.pem, cert-chain.pem, optionally with ca-crl.pem; or exactly tls.crt, tls.key, ca.crt, because istiod finds no CA there and signs with a CA that it generates itself. Fix: add ca-cert.pem, ca-key.pem, root-cert.pem, cert-chain.pem. [API069]",
    );
  });

  test('refuses a value that is not sealed', () => {
    expect(() => emit({ encryptedData: { ...FOUR, 'cert-chain.pem': 'AgBy3i4OJSWK' } })).toThrow(
      /encryptedData\['cert-chain\.pem'\] is not a sealed value; expected base64 as kubeseal writes it, because.*\[API070\]/,
    );
  });
});
