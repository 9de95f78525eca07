import { App, Chart, Testing } from 'cdk8s';
import {
  CaRotation, CaRotationProps, CaRotationStage, CaSource, CertManagerIssuer, CustomCa, ExternalSecretStore, IstioMesh, MtlsAnalysis, RotatingCa,
} from '../../../src/index';
import { newCa, sealedValue } from '../../support/certificates/cacerts';
import { privateHalf, shows } from '../../support/certificates/leaks';
import { certificate } from '../../support/certificates/x509';
import { chartIn, meshWith, synth } from '../../support/constructs/charts';

const { TRUST_BOTH, SIGN_WITH_NEW, TRUST_NEW } = CaRotationStage;
const acknowledged = { iUnderstandThatThePrivateKeyIsWrittenIntoTheManifest: true };
const [old, next] = [newCa(), newCa()];
const own = certificate({ commonName: 'istiod', ca: true, keyUsage: [5, 6] });
const [crl, otherCrl] = [old.crl, next.crl];

const pem = ({ props }: typeof old, changed: object = {}) => RotatingCa.ofSource(CaSource.pem({ ...acknowledged, ...props, ...changed }));
const vault = (rootCert?: string) => RotatingCa.ofSource(CaSource.externalSecret({ store: ExternalSecretStore.clusterSecretStore('vault'), key: 'istio/cacerts' }), rootCert);
const FOUR = ['ca-cert.pem', 'ca-key.pem', 'root-cert.pem', 'cert-chain.pem'];
const sealed = (rootCert?: string, keys = FOUR) =>
  RotatingCa.ofSource(CaSource.sealedSecret({ encryptedData: Object.fromEntries(keys.map((key) => [key, sealedValue()])) }), rootCert);

/** The object of a stage, with decoded values. */
function stage(props: CaRotationProps, chart: Chart = chartIn()): any {
  const rotation = new CaRotation(chart, 'ca', props);
  const [object, ...others] = Testing.synth(Chart.of(rotation.apiObject!));
  expect(others).toEqual([]);
  const data = object.data && Object.fromEntries(Object.entries(object.data).map(([key, value]) => [key, Buffer.from(value as string, 'base64').toString()]));
  return { ...object, ...data && { data } };
}

const refusalOf = (props: CaRotationProps): string => {
  try {
    new CaRotation(chartIn(), 'ca', props);
  } catch (error) {
    return (error as Error).message;
  }
  return 'taken';
};

/** What differs each time, by what it is. */
function named(value: unknown): unknown {
  const names: [string, string][] = [
    ['old root', old.root.pem], ['new root', next.root.pem], ['old CA', old.intermediate.pem], ['new CA', next.intermediate.pem], ['istiod', own.pem],
    ['key of old CA', old.props.caKey], ['key of new CA', next.props.caKey],
  ];
  if (typeof value === 'string') return names.reduce((text, [name, one]) => text.replaceAll(one, `<${name}>`), value.replaceAll(sealedValue(), '<sealed>'));
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(named);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, named(one)]));
}

describe('from a plugged-in CA', () => {
  const both = old.root.pem + next.root.pem;

  test('the old CA signs first, then the new one, and both roots are trusted by the same text', () => {
    expect(stage({ from: pem(old), to: pem(next), stage: TRUST_BOTH }).data).toEqual({
      'ca-cert.pem': old.props.caCert, 'ca-key.pem': old.props.caKey, 'cert-chain.pem': old.props.certChain, 'root-cert.pem': both,
    });
    expect(stage({ from: pem(old), to: pem(next), stage: SIGN_WITH_NEW }).data).toEqual({
      'ca-cert.pem': next.props.caCert, 'ca-key.pem': next.props.caKey, 'cert-chain.pem': next.props.certChain, 'root-cert.pem': both,
    });
  });

  test('the last stage is the CustomCa of the new source', () => {
    const chart = chartIn();
    const custom = new CustomCa(chart, 'ca', { source: CaSource.pem({ ...acknowledged, ...next.props }) });
    const rotation = new CaRotation(chartIn(), 'ca', { from: pem(old), to: pem(next), stage: TRUST_NEW });
    expect(rotation.apiObject!.toJson()).toEqual(custom.apiObject!.toJson());
  });

  test('trusts a common root once, whatever its line endings', () => {
    const from = pem(old, { rootCert: old.root.pem + next.root.pem.replaceAll('\n', '\r\n') });
    expect(stage({ from, to: pem(next), stage: TRUST_BOTH }).data['root-cert.pem']).toBe(both);
  });

  test('revocation lists of both are joined', () => {
    const from = pem(old, { crl });
    expect(stage({ from, to: pem(next, { crl: otherCrl }), stage: SIGN_WITH_NEW }).data['ca-crl.pem']).toBe(crl + otherCrl);
    expect(stage({ from, to: pem(next, { crl: otherCrl }), stage: TRUST_NEW }).data['ca-crl.pem']).toBe(otherCrl);
    expect(refusalOf({ from, to: pem(next), stage: TRUST_BOTH })).toMatch(/crl is given only for 'from'; expected revocation lists of both CAs.*\[API058\]/);
  });

  test('every stage passes admission and the analysis', () => {
    for (const one of Object.values(CaRotationStage)) {
      const rotation = new CaRotation(chartIn(), 'ca', { from: pem(old), to: pem(next), stage: one });
      expect(MtlsAnalysis.ofYaml(JSON.stringify(rotation.apiObject!.toJson())).findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    }
  });
});

describe('from the CA that istiod generated', () => {
  const from = RotatingCa.selfSigned(own.pem);

  test('the first stage has the roots, no key and the mark istio-generated', () => {
    const { data, metadata, type } = stage({ from, to: pem(next), stage: TRUST_BOTH });
    expect(data).toEqual({ 'ca-cert.pem': '', 'ca-key.pem': '', 'cert-chain.pem': '', 'root-cert.pem': own.pem + next.root.pem, 'istio-generated': '' });
    expect([metadata.namespace, metadata.name, type]).toEqual(['istio-system', 'cacerts', 'Opaque']);
  });

  test('the second stage is the new CA with both roots, without the mark', () => {
    expect(stage({ from, to: pem(next), stage: SIGN_WITH_NEW }).data).toEqual({
      'ca-cert.pem': next.props.caCert, 'ca-key.pem': next.props.caKey, 'cert-chain.pem': next.props.certChain, 'root-cert.pem': own.pem + next.root.pem,
    });
  });

  test('the analysis accepts the first stage only with its mark', () => {
    const manifest = new CaRotation(chartIn(), 'ca', { from, to: pem(next), stage: TRUST_BOTH }).apiObject!.toJson();
    const codesOf = (object: any) => MtlsAnalysis.ofYaml(JSON.stringify(object)).findings.map(({ code }) => code);
    expect(codesOf(manifest)).toEqual([]);
    const { 'istio-generated': _, ...unmarked } = manifest.data;
    expect(codesOf({ ...manifest, data: unmarked })).toContain('MTLS713');
  });

  test('a new CA under istiod\'s own root also has three stages', () => {
    const intermediate = certificate({ commonName: 'istiod-ca', issuer: own, ca: true, pathLength: 0, keyUsage: [5, 6] });
    const { pem: caCert, keyPem: caKey } = intermediate;
    const to = RotatingCa.ofSource(CaSource.pem({ ...acknowledged, caCert, caKey, rootCert: own.pem, certChain: caCert + own.pem }));
    expect(Object.values(CaRotationStage).map((one) => stage({ from, to, stage: one }).data['root-cert.pem'])).toEqual([own.pem, own.pem, own.pem]);
  });

  test('the reverse rotation is refused', () => {
    expect(refusalOf({ from: pem(old), to: from, stage: TRUST_BOTH })).toMatch(/to is the CA that istiod generated; expected a CA of a source.*\[API057\]/);
  });
});

describe('sources that can\'t be read', () => {
  test('an ExternalSecret copies all keys except the roots, and all in the last stage', () => {
    const { spec: { target, dataFrom } } = stage({ from: vault(old.root.pem), to: vault(next.root.pem), stage: TRUST_BOTH });
    expect(target.template.data).toEqual({
      'ca-cert.pem': '{{ index . "ca-cert.pem" }}',
      'ca-key.pem': '{{ index . "ca-key.pem" }}',
      'cert-chain.pem': '{{ index . "cert-chain.pem" }}',
      'root-cert.pem': old.root.pem + next.root.pem,
    });
    expect(dataFrom).toEqual([{ extract: { key: 'istio/cacerts' } }]);
    expect(stage({ from: vault(old.root.pem), to: vault(next.root.pem), stage: TRUST_NEW }).spec.target.template).toBeUndefined();
  });

  test('a SealedSecret gets the roots next to the sealed values', () => {
    const { spec: { template, encryptedData } } = stage({ from: sealed(old.root.pem), to: vault(next.root.pem), stage: TRUST_BOTH });
    expect(template.data).toEqual({ 'root-cert.pem': old.root.pem + next.root.pem });
    expect(Object.keys(encryptedData).sort()).toEqual([...FOUR].sort());
  });

  test.each<[string, CaRotationProps, RegExp]>([
    ['cert-manager', { from: RotatingCa.ofSource(CaSource.certManager({ issuer: CertManagerIssuer.clusterIssuer('root') }), old.root.pem), to: vault(next.root.pem), stage: TRUST_BOTH },
      /source is CaSource\.certManager; expected .* the roots of two CAs, because cert-manager writes one root into ca\.crt.*\[API055\]/],
    ['an existing Secret', { from: RotatingCa.ofSource(CaSource.fromSecret(), old.root.pem), to: vault(next.root.pem), stage: TRUST_BOTH }, /source is CaSource\.fromSecret;.*\[API055\]/],
    ['a sealed TLS Secret', { from: pem(old), to: sealed(next.root.pem, ['tls.crt', 'tls.key', 'ca.crt']), stage: SIGN_WITH_NEW }, /with the keys of a TLS Secret;.*\[API055\]/],
    ['a vault without roots', { from: vault(), to: pem(next), stage: TRUST_BOTH }, /from's rootCert is missing; expected the roots of the CA as PEM.*\[API057\]/],
  ])('%s is refused', (_, props, message) => {
    expect(refusalOf(props)).toMatch(message);
  });

  test('CAs under the same root replace each other, including cert-manager\'s', () => {
    const from = RotatingCa.ofSource(CaSource.fromSecret(), old.root.pem);
    const to = RotatingCa.ofSource(CaSource.certManager({ issuer: CertManagerIssuer.clusterIssuer('root') }), old.root.pem);
    expect(new CaRotation(chartIn(), 'ca', { from, to, stage: TRUST_BOTH }).apiObject).toBeUndefined();
    expect(stage({ from, to, stage: SIGN_WITH_NEW }).kind).toBe('Certificate');
  });
});

describe('below the same root', () => {
  const intermediate = certificate({ commonName: 'istiod-ca', issuer: old.root, ca: true, pathLength: 0, keyUsage: [5, 6] });
  const rootCert = old.root.pem.replaceAll('\n', '\r\n');
  const to = pem(old, { caCert: intermediate.pem, caKey: intermediate.keyPem, certChain: intermediate.pem + old.root.pem, rootCert });

  test('there are two stages, and the text of the root stays', () => {
    expect(stage({ from: pem(old), to, stage: TRUST_BOTH }).data['ca-cert.pem']).toBe(old.props.caCert);
    const { data } = stage({ from: pem(old), to, stage: SIGN_WITH_NEW });
    expect([data['ca-cert.pem'], data['root-cert.pem']]).toEqual([intermediate.pem, old.root.pem]);
  });

  test('there is no third stage', () => {
    const expected = /stage is 'trust-new'; expected one of trust-both, sign-with-new, because both CAs have the same roots.*\[API059\]/;
    expect(refusalOf({ from: pem(old), to, stage: TRUST_NEW })).toMatch(expected);
    expect(refusalOf({ from: pem(old), to, stage: SIGN_WITH_NEW, previousStage: TRUST_NEW })).toContain('[API056]');
  });
});

describe('a rotation', () => {
  test.each([[TRUST_BOTH, TRUST_NEW], [TRUST_NEW, TRUST_BOTH]])('refuses a jump from %s to %s', (previousStage, one) => {
    expect(refusalOf({ from: pem(old), to: pem(next), stage: one, previousStage })).toBe(
      `Secret 'istio-system/cacerts' (test/ca): stage is '${one}' after '${previousStage}'; expected 'sign-with-new' between the two, because proxies that trust only one of the two CAs would reject certificates of the other. Fix: apply stage 'sign-with-new' first, and wait until every proxy has its certificates and roots. [API056]`,
    );
  });

  const steps = [
    [TRUST_BOTH, TRUST_BOTH], [TRUST_BOTH, SIGN_WITH_NEW], [SIGN_WITH_NEW, TRUST_BOTH], [SIGN_WITH_NEW, TRUST_NEW], [TRUST_NEW, SIGN_WITH_NEW],
  ];
  test.each(steps)('accepts a step from %s to %s', (previousStage, one) => {
    expect(refusalOf({ from: pem(old), to: pem(next), stage: one, previousStage })).toBe('taken');
  });

  test.each<[string, CaRotationProps, RegExp]>([
    ['the old CA as the new one', { from: pem(old), to: pem(old), stage: TRUST_BOTH }, /to is CN=istiod-ca, the certificate that istiod already signs with; expected another CA.*\[API057\]/],
    ['the root of the other CA', { from: pem(old, { rootCert: next.root.pem }), to: pem(next), stage: TRUST_BOTH }, /from's root-cert\.pem is without the root that its chain leads to.*\[API057\]/],
    ['a root that differs from the source\'s', { from: RotatingCa.ofSource(CaSource.pem({ ...acknowledged, ...old.props }), next.root.pem), to: pem(next), stage: TRUST_BOTH }, /from's rootCert is different from the roots of the source.*\[API057\]/],
    ['an intermediate as the root', { from: RotatingCa.selfSigned(old.intermediate.pem), to: pem(next), stage: TRUST_BOTH }, /from's rootCert is CN=istiod-ca, which is not self-signed.*\[API057\]/],
    ['a root that is no CA', { from: RotatingCa.selfSigned(certificate({ commonName: 'web' }).pem), to: pem(next), stage: TRUST_BOTH }, /from's rootCert is CN=web, which is not a CA.*\[API057\]/],
    ['a root that is no PEM', { from: RotatingCa.selfSigned('root'), to: pem(next), stage: TRUST_BOTH }, /from's rootCert is text without a PEM block.*\[API073\]/],
    ['an empty CA certificate', { from: pem(old), to: pem(next, { caCert: '' }), stage: TRUST_BOTH }, /ca-cert\.pem is empty.*\[API073\]/],
    ['an unknown stage', { from: pem(old), to: pem(next), stage: 'trust-old' as CaRotationStage }, /stage is 'trust-old'; expected one of.*\[API016\]/],
    ['an unknown previous stage', { from: pem(old), to: pem(next), stage: TRUST_BOTH, previousStage: 'before' as CaRotationStage }, /previousStage is 'before'.*\[API016\]/],
    ['a source in place of a CA', { from: CaSource.fromSecret() as unknown as RotatingCa, to: pem(next), stage: TRUST_BOTH }, /from is a value of type object that RotatingCa didn't create; expected a value created by RotatingCa.*\[API019\]/],
    ['a plain object in place of a source', { from: pem(old), to: RotatingCa.ofSource({} as CaSource), stage: TRUST_BOTH }, /to's source is a value of type object.*\[API019\]/],
    ['a string in place of the mesh', { from: pem(old), to: pem(next), stage: TRUST_BOTH, mesh: 'istio-system' as any }, /mesh is a value of type string; expected an IstioMesh.*\[API019\]/],
    ['a private key without acknowledgement', { from: RotatingCa.ofSource(CaSource.pem({ ...old.props } as any)), to: pem(next), stage: TRUST_BOTH }, /\[API071\]/],
  ])('refuses %s', (_, props, message) => {
    expect(refusalOf(props)).toMatch(message);
  });

  test('refuses a CustomCa in the same app', () => {
    const app = new App();
    new CaRotation(new Chart(app, 'a'), 'ca', { from: vault(old.root.pem), to: vault(next.root.pem), stage: TRUST_BOTH });
    const other = new Chart(app, 'b');
    new CustomCa(other, 'ca', { source: CaSource.fromSecret() });
    expect(() => synth(other)).toThrow(/a second CA, after Secret 'istio-system\/cacerts' \(a\/ca\).*\[API060\]/);
  });
});

test('the Secret is in istiod\'s namespace', () => {
  const chart = chartIn();
  new IstioMesh(chart, 'mesh', { namespace: 'mesh' });
  const props = { from: vault(old.root.pem), to: vault(next.root.pem), stage: TRUST_BOTH };
  expect(new CaRotation(chart, 'ca', props).namespace).toBe('mesh');
  const mesh = meshWith({ namespace: 'istiod-ns' });
  expect(stage({ ...props, mesh }).metadata.namespace).toBe('istiod-ns');
});

test('the same stage gives the same manifest again', () => {
  const text = () => JSON.stringify(stage({ from: RotatingCa.selfSigned(own.pem), to: pem(next), stage: SIGN_WITH_NEW }));
  expect(text()).toBe(text());
});

test.each(Object.values(CaRotationStage))('stage %s', (one) => {
  const starts = { 'self-signed': RotatingCa.selfSigned(own.pem), 'pem': pem(old) };
  const stages = Object.entries(starts).map(([name, from]) => [name, named(stage({ from, to: pem(next), stage: one }))]);
  expect(Object.fromEntries(stages)).toMatchSnapshot();
});

test.each(Object.values(CaRotationStage))('stage %s of an ExternalSecret', (one) => {
  expect(named(stage({ from: vault(old.root.pem), to: vault(next.root.pem), stage: one }))).toMatchSnapshot();
});

describe('a private key', () => {
  const keys = [old, next].map(({ props }) => privateHalf(props.caKey));

  test('that is passed for a root is refused and not shown', () => {
    const key = next.props.caKey;
    const wrong: CaRotationProps[] = [
      { from: RotatingCa.selfSigned(key), to: pem(next), stage: TRUST_BOTH },
      { from: vault(key), to: pem(next), stage: TRUST_BOTH },
      { from: RotatingCa.selfSigned(own.pem + key), to: pem(next), stage: TRUST_BOTH },
      { from: pem(old), to: pem(next, { rootCert: key }), stage: TRUST_BOTH },
      { from: pem(old), to: pem(next, { certChain: next.props.certChain + key }), stage: SIGN_WITH_NEW },
      { from: pem(old), to: pem(next), stage: key as CaRotationStage },
      { from: pem(old), to: pem(next), stage: TRUST_BOTH, previousStage: key as CaRotationStage },
      { from: pem(old), to: pem(next), stage: TRUST_BOTH, mesh: key as any },
    ];
    for (const props of wrong) {
      const message = refusalOf(props);
      expect(message).toMatch(/\[API0\d\d\]$/);
      expect(keys.some((one) => shows(message, one))).toBe(false);
    }
  });

  test('of the CA that signs is in the Secret only, and that of the other nowhere', () => {
    for (const [one, signs] of [[TRUST_BOTH, 0], [SIGN_WITH_NEW, 1], [TRUST_NEW, 1]] as const) {
      const chart = chartIn();
      const rotation = new CaRotation(chart, 'ca', { from: pem(old), to: pem(next), stage: one });
      expect(keys.map((key) => shows(JSON.stringify(Testing.synth(Chart.of(rotation.apiObject!))), key))).toEqual([signs === 0, signs === 1]);
      expect(keys.some((key) => shows(JSON.stringify(synth(chart)), key))).toBe(false);
    }
  });
});
