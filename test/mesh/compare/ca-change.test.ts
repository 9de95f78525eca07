import { Chart, Testing } from 'cdk8s';
import { caChangeText } from '../../../src/changes/ca-change-text';
import { CaRotation, CaRotationStage, CaSource, CertManagerIssuer, CustomCa, ExternalSecretStore, RotatingCa } from '../../../src/index';
import { readYaml } from '../../../src/manifests/yaml/read-yaml';
import { istiodCa } from '../../../src/mesh/certificates/istiod-ca';
import { caChanges } from '../../../src/mesh/compare/ca-change';
import { diffOf } from '../../../src/mesh/compare/diff';
import { Inventory } from '../../../src/mesh/inventory/inventory';
import { Mesh } from '../../../src/mesh/mesh';
import { planOf } from '../../../src/mesh/plan/plan';
import { newCa, sealedValue, TestCa } from '../../support/certificates/cacerts';
import { certificate } from '../../support/certificates/x509';
import { chartIn } from '../../support/constructs/charts';
import { deployment, injected } from '../../support/meshes/mesh';

const RUNNING = [...injected('shop'), deployment('shop/web')];
const ACKNOWLEDGED = { iUnderstandThatThePrivateKeyIsWrittenIntoTheManifest: true };
const FOUR = ['ca-cert.pem', 'ca-key.pem', 'root-cert.pem', 'cert-chain.pem'];
const STAGES = [CaRotationStage.TRUST_BOTH, CaRotationStage.SIGN_WITH_NEW, CaRotationStage.TRUST_NEW];

const [old, next] = [newCa(), newCa()];
const istiodRoot = certificate({ commonName: 'O=cluster.local', ca: true, keyUsage: [5, 6] });
const sibling: TestCa = (() => {
  const intermediate = certificate({ commonName: 'second CA', issuer: old.root, ca: true, pathLength: 0, keyUsage: [5, 6] });
  const certChain = intermediate.pem + old.root.pem;
  return { ...old, intermediate, props: { caCert: intermediate.pem, caKey: intermediate.keyPem, rootCert: old.root.pem, certChain } };
})();

const pem = ({ props }: TestCa) => CaSource.pem({ ...ACKNOWLEDGED, ...props });
const vault = (key: string) => CaSource.externalSecret({ store: ExternalSecretStore.clusterSecretStore('vault'), key });
const sealed = (bytes: number) => CaSource.sealedSecret({ encryptedData: Object.fromEntries(FOUR.map((key) => [key, sealedValue(bytes)])) });
const emitted = (construct: CustomCa | CaRotation): object[] => Testing.synth(Chart.of(construct.apiObject!));
const custom = (source: CaSource): object[] => emitted(new CustomCa(chartIn(), 'ca', { source }));
const stage = (from: RotatingCa, to: RotatingCa, at: CaRotationStage): object[] => emitted(new CaRotation(chartIn(), 'ca', { from, to, stage: at }));

const rootsIn = (namespace: string, roots: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name: 'istio-ca-root-cert' }, data: { 'root-cert.pem': roots } });
const secret = (name: string, data: object) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'istio-system', name }, stringData: data });

const meshOf = (objects: readonly object[]) => Mesh.of(objects, { parseYaml: readYaml });
const changes = (before: readonly object[], after: readonly object[], running: readonly object[] = RUNNING) =>
  caChanges(meshOf([...running, ...before]), Inventory.of(after).caObjects);
const steps = (before: readonly object[], after: readonly object[]) => changes(before, after).map(({ step }) => step);
const texts = (before: readonly object[], after: readonly object[]) => changes(before, after).map(caChangeText);

describe('the stages from one CA to another', () => {
  describe.each<[string, object[], RotatingCa, RotatingCa]>([
    ['from PEM to PEM', custom(pem(old)), RotatingCa.ofSource(pem(old)), RotatingCa.ofSource(pem(next))],
    ['from a vault to another', custom(vault('old')), RotatingCa.ofSource(vault('old'), old.root.pem), RotatingCa.ofSource(vault('new'), next.root.pem)],
    ['from a sealed Secret to another', custom(sealed(256)), RotatingCa.ofSource(sealed(256), old.root.pem), RotatingCa.ofSource(sealed(512), next.root.pem)],
    ['from istiod\'s own CA to PEM', [], RotatingCa.selfSigned(istiodRoot.pem), RotatingCa.ofSource(pem(next))],
    ['from istiod\'s own CA to a vault', [], RotatingCa.selfSigned(istiodRoot.pem), RotatingCa.ofSource(vault('new'), next.root.pem)],
    ['from a vault to PEM', custom(vault('old')), RotatingCa.ofSource(vault('old'), old.root.pem), RotatingCa.ofSource(pem(next))],
  ])('%s', (_, start, from, to) => {
    const states = [start, ...STAGES.map((at) => stage(from, to, at))];

    test('are expected, forward and back', () => {
      for (const [index, state] of states.slice(1).entries()) {
        expect([index, steps(states[index], state).filter((step) => step !== 'accepted')]).toEqual([index, []]);
        expect([index, steps(state, states[index]).filter((step) => step !== 'accepted')]).toEqual([index, []]);
      }
    });

    test('are all reported if they are skipped', () => {
      expect(steps(states[0], states[3])).not.toContain('accepted');
      expect(steps(states[0], states[3])).toHaveLength(1);
    });
  });

  test('a skipped stage is reported', () => {
    const [both, sign, trustNew] = STAGES.map((at) => stage(RotatingCa.ofSource(pem(old)), RotatingCa.ofSource(pem(next)), at));
    expect([steps(custom(pem(old)), sign), steps(both, trustNew), steps(trustNew, both)]).toEqual([['rejected'], ['rejected'], ['rejected']]);
  });
});

test('a CA in place of istiod\'s self-signed one', () => {
  const rotate = 'proxies with the certificates and roots of one CA reject those of the other';
  const from = (root: string) => `the istiod of istio-system will sign with CN=istiod-ca below CN=root instead of a CA that it generated itself${root}`;
  const stages = 'the 3 stages of istio-mtls ca rotate --from self-signed --to NEW_CA';
  expect(texts([], custom(pem(next)))).toEqual([`${from('')}: unless both have the same root, ${rotate}; follow the stages of istio-mtls ca rotate --from self-signed --to NEW_CA`]);
  const known = `${from(' (O=cluster.local)')}, and proxies currently trust O=cluster.local: ${rotate}; follow ${stages}`;
  expect(texts([rootsIn('shop', istiodRoot.pem), rootsIn('bank', istiodRoot.pem)], custom(pem(next)))).toEqual([known]);
  expect(texts([secret('istio-ca-secret', { 'ca-cert.pem': istiodRoot.pem, 'ca-key.pem': 'x' })], custom(pem(next)))).toEqual([known]);
  expect(texts([rootsIn('shop', istiodRoot.pem)], custom(vault('x')))).toEqual([
    `the istiod of istio-system will sign with the CA of ExternalSecret istio-system/cacerts instead of a CA that it generated itself (O=cluster.local), and proxies currently trust O=cluster.local: unless both have the same root, ${rotate}; follow the stages of istio-mtls ca rotate --from self-signed --to NEW_CA`,
  ]);
});

test('reports another CA, with another root or the same root', () => {
  expect(texts(custom(pem(old)), custom(pem(next)))).toEqual([
    'the istiod of istio-system will sign with CN=istiod-ca below CN=root instead of CN=istiod-ca below CN=root, and proxies currently trust CN=root: proxies with the certificates and roots of one CA reject those of the other; follow the 3 stages of istio-mtls ca rotate --from OLD_CA --to NEW_CA',
  ]);
  expect(texts(custom(pem(old)), custom(pem(sibling)))).toEqual([
    'the istiod of istio-system will sign with CN=second CA below CN=root instead of CN=istiod-ca below CN=root, and proxies currently trust CN=root: both have the same root, so the 2 stages of istio-mtls ca rotate --from OLD_CA --to NEW_CA are the old CA and this one',
  ]);
});

test('a stage describes its precondition', () => {
  const [both, sign] = STAGES.map((at) => stage(RotatingCa.ofSource(vault('old'), old.root.pem), RotatingCa.ofSource(vault('new'), next.root.pem), at));
  const [text] = texts(both, sign);
  expect(text).toContain('instead of the CA of ExternalSecret istio-system/cacerts, and proxies currently trust CN=root and CN=root');
  const bundle = [old, next, sibling, newCa(), newCa()].map(({ root }) => root.pem).join('');
  expect(texts([rootsIn('shop', bundle)], custom(pem(newCa())))).toEqual([expect.stringContaining('proxies currently trust CN=root and CN=root and CN=root and 1 more: proxies')]);
});

test('if the CA is removed, istiod generates one at its next start', () => {
  expect(texts(custom(pem(old)), [])).toEqual([expect.stringMatching(/will sign with a CA that it generated itself instead of CN=istiod-ca below CN=root, .* reject those of the other/)]);
});

test('compares with the roots that proxies trust, not with a Secret that istiod hasn\'t read yet', () => {
  const both = stage(RotatingCa.ofSource(pem(old)), RotatingCa.ofSource(pem(next)), CaRotationStage.TRUST_BOTH);
  const sign = stage(RotatingCa.ofSource(pem(old)), RotatingCa.ofSource(pem(next)), CaRotationStage.SIGN_WITH_NEW);
  const bundle = old.root.pem + next.root.pem;
  expect(steps([...both, rootsIn('shop', old.root.pem), rootsIn('bank', bundle)], sign)).toEqual(['rejected']);
  expect(steps([...both, rootsIn('shop', bundle)], sign)).toEqual(['accepted']);
});

test.each<[string, object[], object[]]>([
  ['the same CA', custom(pem(old)), custom(pem(old))],
  ['a CA from the same secret store', custom(vault('x')), custom(vault('x'))],
  ['a renewed CA of cert-manager', custom(CaSource.certManager({ issuer: CertManagerIssuer.issuer('a') })), custom(CaSource.certManager({ issuer: CertManagerIssuer.issuer('a') }))],
  ['no CA', [], []],
  ['a root that proxies already trust, in a snapshot without Secrets', [rootsIn('shop', next.root.pem)], custom(pem(next))],
  ['the last stage, in a snapshot without Secrets', [rootsIn('shop', old.root.pem + next.root.pem)], custom(pem(next))],
  ['an unknown CA, in a snapshot without Secrets', [rootsIn('shop', next.root.pem)], custom(vault('x'))],
  ['a cluster whose roots are hidden', [rootsIn('shop', '-----BEGIN…')], custom(pem(next))],
  ['a Secret without all keys', custom(pem(old)), [secret('cacerts', { 'ca-cert.pem': old.intermediate.pem })]],
  ['roots that exceed a Secret', [rootsIn('shop', `${istiodRoot.pem}${' '.repeat(1_100_000)}`)], custom(pem(next))],
])('nothing is reported about %s', (_, before, after) => {
  expect(changes(before, after)).toEqual([]);
});

test('nothing is reported if no proxy runs yet', () => {
  expect(changes([], custom(pem(next)), [deployment('shop/web')])).toEqual([]);
});

test('the root of another issuer of cert-manager is unknown', () => {
  expect(steps(custom(CaSource.certManager({ issuer: CertManagerIssuer.issuer('a') })), custom(CaSource.certManager({ issuer: CertManagerIssuer.issuer('b') })))).toEqual(['unknown']);
});

test('a Secret that cert-manager issued is its Certificate\'s CA and supplies the roots', () => {
  const certificateOf = (issuer: string) => custom(CaSource.certManager({ issuer: CertManagerIssuer.issuer(issuer) }));
  const filled = ({ props }: TestCa) => secret('cacerts', { 'tls.crt': props.caCert, 'tls.key': props.caKey, 'ca.crt': props.rootCert });
  expect(steps([...certificateOf('a'), filled(old)], certificateOf('a'))).toEqual([]);
  expect(steps([...certificateOf('a'), filled(old)], [...certificateOf('b'), filled(next)])).toEqual(['rejected']);
  expect(steps([...certificateOf('a'), secret('cacerts', {})], certificateOf('b'))).toEqual(['unknown']);
});

test('an istiod, or roots that it distributed, mean that the mesh runs', () => {
  const istiod = { ...deployment('istio-system/istiod') };
  expect(changes([], custom(pem(next)), [istiod]).map(({ step }) => step)).toEqual(['unknown']);
  expect(changes([rootsIn('shop', istiodRoot.pem)], custom(pem(next)), []).map(({ step }) => step)).toEqual(['rejected']);
});

test('diffs and plans include CA changes', () => {
  const before = meshOf([...RUNNING, ...custom(pem(old))]);
  const after = [...RUNNING, ...custom(pem(next))];
  expect([diffOf(before, after), planOf(before, after)].map(({ caChanges: [{ step }] }) => step)).toEqual(['rejected', 'rejected']);
});

test('reads an issuerRef that contains itself', () => {
  const issuerRef: any = { name: 'a' };
  issuerRef.self = issuerRef;
  const held = { apiVersion: 'cert-manager.io/v1', kind: 'Certificate', metadata: { namespace: 'istio-system', name: 'ca' }, spec: { secretName: 'cacerts', issuerRef } };
  expect(istiodCa(Inventory.of([held]).caObjects, 'istio-system')).toMatchObject({ kind: 'source', takenFrom: '' });
});
