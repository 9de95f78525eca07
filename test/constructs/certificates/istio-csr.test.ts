import { ApiObject, Chart, Duration } from 'cdk8s';
import { load } from 'js-yaml';
import { flags } from '../../../imports/istiod-flags.json';
import { CaSource, CustomCa, IstioCsr, IstioCsrIssuer, IstioCsrProps, IstiodCertificateSource, IstioMesh, MtlsAnalysis } from '../../../src/index';
import { unknownValues } from '../../support/certificates/istio-csr-chart';
import { chartIn, meshWith, synth } from '../../support/constructs/charts';
import { EXAMPLES } from '../../support/constructs/examples';

const ISSUER = { issuer: IstioCsrIssuer.clusterIssuer('company') };
const OWN_CA = { issuer: IstioCsrIssuer.ownCa() };
const ADDRESS = 'cert-manager-istio-csr.cert-manager.svc:443';

const make = (props: IstioCsrProps = ISSUER) => new IstioCsr(chartIn(), 'csr', props);
const valuesOf = (props?: IstioCsrProps): any => load(make(props).helmValues);

function emitted(props: IstioCsrProps = ISSUER): any[] {
  const chart = chartIn();
  new IstioCsr(chart, 'csr', props);
  return synth(chart);
}

describe('istiod', () => {
  test('signs nothing, and proxies ask istio-csr', () => {
    const { istiodHelmValues, istioOperator, caAddress } = make();
    const values = { global: { caAddress: ADDRESS }, pilot: { env: { ENABLE_CA_SERVER: 'false' } } };
    expect(caAddress).toBe(ADDRESS);
    expect(load(istiodHelmValues)).toEqual(values);
    expect(load(istioOperator)).toEqual({ apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', spec: { values } });
  });

  test('has the variable that turns its CA off', () => {
    expect(flags).toHaveProperty('ENABLE_CA_SERVER', 'true');
  });

  test('sets namespace, cluster and trust domain if they aren\'t the defaults', () => {
    const { istiodHelmValues, istioOperator } = make({ ...ISSUER, mesh: meshWith({ namespace: 'mesh', trustDomain: 'corp.example' }), istioCsrNamespace: 'pki', clusterId: 'west' });
    const global = { caAddress: 'cert-manager-istio-csr.pki.svc:443', istioNamespace: 'mesh', multiCluster: { clusterName: 'west' } };
    expect(load(istiodHelmValues)).toMatchObject({ global, meshConfig: { trustDomain: 'corp.example' } });
    expect(load(istioOperator)).toMatchObject({ spec: { values: { global }, meshConfig: { trustDomain: 'corp.example' } } });
  });

  test('serves by a certificate of the same issuer, in the Secret that its chart mounts', () => {
    expect(emitted()).toEqual([{
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate',
      metadata: { name: 'istiod-tls', namespace: 'istio-system' },
      spec: {
        secretName: 'istiod-tls',
        commonName: 'istiod.istio-system.svc',
        dnsNames: ['istiod.istio-system.svc'],
        uris: ['spiffe://cluster.local/ns/istio-system/sa/istiod-service-account'],
        duration: '1h',
        renewBefore: '30m',
        privateKey: { rotationPolicy: 'Always', algorithm: 'RSA', size: 2048 },
        revisionHistoryLimit: 1,
        issuerRef: { group: 'cert-manager.io', kind: 'ClusterIssuer', name: 'company' },
      },
    }]);
    expect(valuesOf().app.tls.istiodCertificateEnable).toBe(false);
  });

  test('has the names of all revisions, and a common name unless it would be too long', () => {
    const namespace = 'n'.repeat(60);
    const [{ spec }] = emitted({ ...ISSUER, revisions: ['1-31', 'default'], mesh: meshWith({ namespace }) });
    expect(spec).toMatchObject({ dnsNames: [`istiod-1-31.${namespace}.svc`, `istiod.${namespace}.svc`] });
    expect(spec).not.toHaveProperty('commonName');
    expect(emitted({ ...ISSUER, mesh: meshWith({ revision: '1-31' }) })[0].spec.commonName).toBe('istiod-1-31.istio-system.svc');
  });

  test('may get its certificate from istio-csr at runtime', () => {
    const props = { ...ISSUER, istiodCertificate: IstiodCertificateSource.DYNAMIC };
    expect([emitted(props), valuesOf(props).app.tls.istiodCertificateEnable, make(props).istiodCertificate]).toEqual([[], 'dynamic', undefined]);
  });
});

describe('istio-csr', () => {
  test('sets the issuer, istiod\'s namespace, the trust domain and its own name', () => {
    expect(valuesOf()).toEqual({
      app: {
        certmanager: { namespace: 'istio-system', issuer: { group: 'cert-manager.io', kind: 'ClusterIssuer', name: 'company' } },
        controller: { leaderElectionNamespace: 'istio-system' },
        istio: { namespace: 'istio-system', revisions: ['default'] },
        server: {},
        tls: { trustDomain: 'cluster.local', certificateDNSNames: ['cert-manager-istio-csr.cert-manager.svc'], istiodCertificateEnable: false },
      },
    });
  });

  test.each<[string, IstioCsrProps, object]>([
    ['an Issuer', { issuer: IstioCsrIssuer.issuer('company') }, { group: 'cert-manager.io', kind: 'Issuer', name: 'company' }],
    ['its own root', OWN_CA, { group: 'cert-manager.io', kind: 'Issuer', name: 'istio-ca' }],
    ['another API\'s issuer', { issuer: IstioCsrIssuer.external({ group: 'awspca.cert-manager.io', kind: 'AWSPCAClusterIssuer', name: 'company' }) },
      { group: 'awspca.cert-manager.io', kind: 'AWSPCAClusterIssuer', name: 'company' }],
  ])('and istiod\'s certificate use %s', (_, props, issuer) => {
    expect(valuesOf(props).app.certmanager.issuer).toEqual(issuer);
    expect(emitted(props).find(({ metadata }) => metadata.name === 'istiod-tls').spec.issuerRef).toEqual(issuer);
  });

  test('hands out the roots of a Secret', () => {
    const { app, volumes, volumeMounts } = valuesOf({ ...ISSUER, rootSecret: 'company-root' });
    expect([app.tls.rootCAFile, volumes, volumeMounts]).toEqual([
      '/var/run/secrets/istio-csr/ca.pem', [{ name: 'root-ca', secret: { secretName: 'company-root' } }],
      [{ name: 'root-ca', mountPath: '/var/run/secrets/istio-csr', readOnly: true }],
    ]);
  });

  test('trusts ztunnel in ambient mode, and ztunnel uses it as its CA', () => {
    const { helmValues, ztunnelHelmValues, istioOperator } = make({ ...ISSUER, ambient: true, mesh: meshWith({ namespace: 'mesh' }) });
    expect((load(helmValues) as any).app.server.caTrustedNodeAccounts).toBe('mesh/ztunnel');
    expect(load(ztunnelHelmValues!)).toEqual({ caAddress: ADDRESS, istioNamespace: 'mesh' });
    expect(load(make({ ...ISSUER, ambient: true }).ztunnelHelmValues!)).toEqual({ caAddress: ADDRESS });
    const ofRevision = make({ ...ISSUER, ambient: true, clusterId: 'west', mesh: meshWith({ revision: '1-31' }) });
    expect(load(ofRevision.ztunnelHelmValues!)).toEqual({ caAddress: ADDRESS, revision: '1-31', multiCluster: { clusterName: 'west' } });
    expect(load(istioOperator)).toMatchObject({ spec: { values: { ztunnel: { caAddress: ADDRESS } } } });
    expect(make().ztunnelHelmValues).toBeUndefined();
  });

  const everything: IstioCsrProps = {
    issuer: IstioCsrIssuer.ownCa({ commonName: 'Mesh root', duration: Duration.days(365), organizations: ['Example'] }),
    mesh: meshWith({ namespace: 'mesh', trustDomain: 'corp.example' }),
    istioCsrNamespace: 'pki',
    revisions: ['1-31', '1-30'],
    clusterId: 'west',
    maxCertificateDuration: Duration.hours(12),
    istiodCertificate: IstiodCertificateSource.MANIFEST,
    rootSecret: 'company-root',
    replicas: 3,
    ambient: true,
  };

  test.each<[string, IstioCsrProps]>([
    ['by default', ISSUER], ['with all properties', everything],
    ['with all properties and a certificate issued at runtime', { ...everything, istiodCertificate: IstiodCertificateSource.DYNAMIC }],
  ])('gets only values that its chart has, %s', (_, props) => {
    expect(unknownValues(valuesOf(props))).toEqual([]);
  });

  test('the check of values finds unknown values and values of other types', () => {
    expect(unknownValues({ app: { tls: { trustDomains: 'x', certificateDNSNames: 'x', trustDomain: true } }, volumes: ['x'], replicaCount: [] }))
      .toEqual(['.app.tls.trustDomains: unknown', '.app.tls.certificateDNSNames: no list', '.app.tls.trustDomain: no string', '.volumes[0]: no object', '.replicaCount: no number']);
  });

  test('snapshot', () => {
    const chart = chartIn();
    const { helmValues, istiodHelmValues, istioOperator, ztunnelHelmValues } = new IstioCsr(chart, 'csr', everything);
    expect(synth(chart)).toMatchSnapshot();
    expect({ helmValues, istiodHelmValues, istioOperator, ztunnelHelmValues }).toMatchSnapshot('values');
  });
});

describe('its own root', () => {
  const objects = emitted(OWN_CA);

  test('comes from a self-signed Issuer and signs for a CA Issuer', () => {
    const signer = ({ selfSigned, ca, issuerRef }: any) => selfSigned ?? ca ?? issuerRef.name;
    expect(objects.map(({ kind, metadata: { namespace, name }, spec }) => [kind, namespace, name, signer(spec)])).toEqual([
      ['Issuer', 'istio-system', 'istio-ca-root', {}],
      ['Certificate', 'istio-system', 'istio-ca', 'istio-ca-root'],
      ['Issuer', 'istio-system', 'istio-ca', { secretName: 'istio-ca' }],
      ['Certificate', 'istio-system', 'istiod-tls', 'istio-ca'],
    ]);
  });

  test('keeps its key at renewal', () => {
    expect(objects[1].spec).toMatchObject({ isCA: true, commonName: 'istio-ca', duration: '87600h', privateKey: { rotationPolicy: 'Never' } });
    expect(objects[1].spec.usages).toEqual(['digital signature', 'cert sign', 'crl sign']);
  });

  test('can be adjusted, and so can istiod\'s certificate', () => {
    const { caCertificate, istiodCertificate, node } = make(OWN_CA);
    expect([caCertificate!.name, istiodCertificate!.name]).toEqual(['istio-ca', 'istiod-tls']);
    expect(ApiObject.of(node.scope!.node.findChild('csr'))).toBe(istiodCertificate);
  });
});

describe('the IstioMesh', () => {
  test('of the app gives namespace and trust domain', () => {
    const chart = chartIn();
    new IstioMesh(chart, 'mesh', { namespace: 'mesh', trustDomain: 'corp.example' });
    const csr = new IstioCsr(chart, 'csr', ISSUER);
    expect([csr.namespace, csr.trustDomain, (load(csr.helmValues) as any).app.tls.trustDomain]).toEqual(['mesh', 'corp.example', 'corp.example']);
    expect(synth(chart)).toHaveLength(1);
  });
});

describe('another CA in the app', () => {
  test.each<[string, (chart: Chart) => unknown, string]>([
    ['a CustomCa', (chart) => new CustomCa(chart, 'ca', { source: CaSource.fromSecret() }), "(test/csr): istio-csr is beside Secret 'istio-system/cacerts' (test/ca); expected one IstioCsr, and neither a CustomCa nor a CaRotation, in a mesh"],
    ['a CaRotation', (chart) => EXAMPLES.CaRotation(chart), "(test/csr): istio-csr is beside Secret 'istio-system/cacerts' (test/it); expected one IstioCsr, and"],
    ['a second IstioCsr', (chart) => new IstioCsr(chart, 'other', { issuer: IstioCsrIssuer.issuer('company') }), '(test/other): istio-csr is a second IstioCsr, after test/csr; expected one IstioCsr'],
  ])('%s is refused', (_, add, message) => {
    const chart = chartIn();
    new IstioCsr(chart, 'csr', ISSUER);
    add(chart);
    expect(() => synth(chart)).toThrow(message);
    expect(() => synth(chart)).toThrow(/\[API086\]/);
  });
});

test.each<[string, IstioCsrProps, string]>([
  ['a missing issuer', {} as any, 'IstioCsr (test/csr): issuer is missing; expected a value created by IstioCsrIssuer, because other values are not validated. Fix: use IstioCsrIssuer. [API019]'],
  ['a string in place of an issuer', { issuer: 'company' } as any, 'issuer is a value of type string'],
  ['an Issuer with an invalid name', { issuer: IstioCsrIssuer.issuer('A b') }, 'issuer.name is a string of 3 characters that isn\'t a name'],
  ['a ClusterIssuer with an invalid name', { issuer: IstioCsrIssuer.clusterIssuer('-a') }, 'issuer.name is a string of 2 characters that isn\'t a name'],
  ['an external issuer without a group', { issuer: IstioCsrIssuer.external({ group: '', kind: 'K', name: 'n' }) }, 'issuer.group'],
  ['an external issuer without a kind', { issuer: IstioCsrIssuer.external({ group: 'g', kind: '', name: 'n' }) }, 'issuer.kind is empty'],
  ['an external issuer without a name', { issuer: IstioCsrIssuer.external({ group: 'g', kind: 'K', name: '' }) }, 'issuer.name'],
  ['an invalid namespace of istio-csr', { ...ISSUER, istioCsrNamespace: 'a.b' }, "istioCsrNamespace is 'a.b'; expected a namespace"],
  ['an invalid name of the Secret with the roots', { ...ISSUER, rootSecret: 'A' }, 'rootSecret'],
  ['an empty cluster ID', { ...ISSUER, clusterId: '' }, 'clusterId is empty'],
  ['an istio-csr without replicas', { ...ISSUER, replicas: 0 }, 'replicas is 0; expected an integer of at least 1, because without a pod of istio-csr, no workload gets a certificate. Fix: correct \'replicas\'. [API084]'],
  ['a certificate duration below a minute', { ...ISSUER, maxCertificateDuration: Duration.seconds(59) }, 'maxCertificateDuration is 59s; expected at least 1m, because proxies would renew certificates constantly. Fix: correct \'maxCertificateDuration\'. [API064]'],
  ['an own root with a duration below an hour', { issuer: IstioCsrIssuer.ownCa({ duration: Duration.minutes(59) }) }, 'issuer.duration is 59m; expected at least 1h'],
  ['an own root with an empty common name', { issuer: IstioCsrIssuer.ownCa({ commonName: '' }) }, 'issuer.commonName is empty'],
  ['an own root with an organization of 65 characters', { issuer: IstioCsrIssuer.ownCa({ organizations: ['x'.repeat(65)] }) }, 'issuer.organizations is a text of 65 characters, not shown'],
  ['an unknown source of istiod\'s certificate', { ...ISSUER, istiodCertificate: 'dynamics' as IstiodCertificateSource }, "istiodCertificate is 'dynamics'; expected one of manifest, dynamic"],
  ['an empty list of revisions', { ...ISSUER, revisions: [] }, 'revisions is empty; expected each revision once'],
  ['an invalid revision', { ...ISSUER, revisions: ['1.31'] }, "revisions is '1.31'; expected each revision once"],
  ['the same revision twice', { ...ISSUER, revisions: ['a', 'a'] }, "revisions is given twice as 'a'; expected each revision once, in lowercase letters, digits and dashes; 'default' for the istiod without one, because istiod's certificate has the Service name of each revision. Fix: correct 'revisions'. [API085]"],
])('%s is refused', (_, props, message) => {
  expect(() => make(props)).toThrow(message);
});

test('the analysis reports nothing about its output', () => {
  const chart = chartIn();
  new IstioCsr(chart, 'csr', OWN_CA);
  MtlsAnalysis.attach(chart);
  expect(() => synth(chart)).not.toThrow();
});
