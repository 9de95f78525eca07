import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { ApiObject, App, Chart, JsonPatch, YamlOutputType } from 'cdk8s';
import {
  CaSource, CertManagerIssuer, CustomCa, CustomCaProps, ExternalSecretStore, IstioMesh, PemCaProps, PemFilesCaProps,
} from '../../../src/index';
import { newCa, sealedValue } from '../../support/certificates/cacerts';
import { bodyOf, privateHalf, shows } from '../../support/certificates/leaks';
import { toPem } from '../../support/certificates/x509';

const acknowledged = { iUnderstandThatThePrivateKeyIsWrittenIntoTheManifest: true };
const { props } = newCa();
const rsaPem = String(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' }));
const brokenPem = toPem('PRIVATE KEY', Buffer.from('MARKER of a private key that no parser can read, MARKER of a private key'.repeat(3)));

/** Private keys, and their parts that must never be printed. */
const KEYS: [string, string, string][] = [
  ['an EC key', props.caKey, privateHalf(props.caKey)],
  ['an RSA key', rsaPem, bodyOf(rsaPem).slice(-600)], // behind the modulus, which is public
  ['a broken key', brokenPem, bodyOf(brokenPem)],
];

const folder = mkdtempSync(join(tmpdir(), 'custom-ca-leaks-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

function fileOf(text: string): string {
  const path = join(folder, `${files++}.pem`);
  writeFileSync(path, text);
  return path;
}

/** Everything that an action shows to anybody: its output and its error, with stack and causes. */
function shown(action: () => unknown): { error?: Error; text: string } {
  const texts: string[] = [];
  const note = (...args: unknown[]) => { texts.push(...args.map((arg) => (typeof arg === 'string' ? arg : inspect(arg, { depth: Infinity })))); return true; };
  const spies = [
    ...(['log', 'info', 'warn', 'error', 'debug', 'trace'] as const).map((method) => jest.spyOn(console, method).mockImplementation(note)),
    ...[process.stdout, process.stderr].map((stream) => jest.spyOn(stream, 'write').mockImplementation(note as any)),
  ];
  let error: Error | undefined;
  try {
    action();
  } catch (thrown) {
    error = thrown as Error;
    for (let cause: any = thrown; cause; cause = cause.cause) {
      texts.push(String(cause), String(cause.stack), inspect(cause, { depth: Infinity, showHidden: true }));
      texts.push(JSON.stringify(cause, Object.getOwnPropertyNames(cause)));
    }
  } finally {
    spies.forEach((spy) => spy.mockRestore());
  }
  return { error, text: texts.join('\n') };
}

function written(outdir: string): Record<string, string> {
  const entries = readdirSync(outdir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(paths.map((path) => [path.slice(outdir.length + 1), readFileSync(path, 'utf8')]));
}

/** The error of a CustomCa with an invalid source, at creation or synth. */
function attempt(ca: CustomCaProps, yamlOutputType?: YamlOutputType): { error?: Error; text: string; manifests: string } {
  const outdir = mkdtempSync(join(folder, 'out-'));
  const app = new App({ outdir, yamlOutputType });
  const { error, text } = shown(() => {
    new CustomCa(new Chart(app, 'test'), 'ca', ca);
    app.synth();
  });
  return { error, text: `${text}\n${shown(() => console.log(app)).text}`, manifests: Object.values(written(outdir)).join('\n') };
}

const pem = (changed: Record<string, unknown>) => CaSource.pem({ ...acknowledged, ...props, ...changed } as PemCaProps);
const pemFiles = (changed: Record<string, unknown>) => CaSource.pemFiles({
  ...acknowledged,
  caCertFile: fileOf(props.caCert),
  caKeyFile: fileOf(props.caKey),
  rootCertFile: fileOf(props.rootCert),
  certChainFile: fileOf(props.certChain),
  ...changed,
} as PemFilesCaProps);
const sealed = (changed: Record<string, string>) => {
  const value = sealedValue();
  return CaSource.sealedSecret({ encryptedData: { 'ca-cert.pem': value, 'ca-key.pem': value, 'root-cert.pem': value, 'cert-chain.pem': value, ...changed } });
};
const base64 = (text: string) => Buffer.from(text).toString('base64');
const NOT_ACKNOWLEDGED = 'iUnderstandThatThePrivateKeyIsWrittenIntoTheManifest';

/** Every way to hand in a private key that is refused. */
const WRONG: [string, (key: string) => CustomCaProps, YamlOutputType?][] = [
  ['the Secret\'s name', (key) => ({ source: CaSource.fromSecret(key) })],
  ['issuer', (key) => ({ source: CaSource.certManager({ issuer: CertManagerIssuer.issuer(key) }) })],
  ['clusterIssuer', (key) => ({ source: CaSource.certManager({ issuer: CertManagerIssuer.clusterIssuer(key) }) })],
  ['an issuer as a text', (key) => ({ source: CaSource.certManager({ issuer: key as unknown as CertManagerIssuer }) })],
  ['commonName', (key) => ({ source: CaSource.certManager({ issuer: CertManagerIssuer.issuer('root'), commonName: key }) })],
  ['organizations', (key) => ({ source: CaSource.certManager({ issuer: CertManagerIssuer.issuer('root'), organizations: [key] }) })],
  ['usages', (key) => ({ source: CaSource.certManager({ issuer: CertManagerIssuer.issuer('root'), usages: [key] }) })],
  ['privateKeySize', (key) => ({ source: CaSource.certManager({ issuer: CertManagerIssuer.issuer('root'), privateKeySize: key as unknown as number }) })],
  ['secretStore', (key) => ({ source: CaSource.externalSecret({ store: ExternalSecretStore.secretStore(key), key: 'istio' }) })],
  ['clusterSecretStore', (key) => ({ source: CaSource.externalSecret({ store: ExternalSecretStore.clusterSecretStore(key), key: 'istio' }) })],
  ['the key in the vault', (key) => ({ source: CaSource.externalSecret({ store: ExternalSecretStore.secretStore('vault'), key }) })],
  ['a sealed value', (key) => ({ source: sealed({ 'ca-key.pem': key }) })],
  ['a sealed value in base64', (key) => ({ source: sealed({ 'ca-key.pem': base64(key) }) })],
  ['a sealed value without its PEM lines', (key) => ({ source: sealed({ 'ca-key.pem': bodyOf(key) }) })],
  ['the key of a sealed value', (key) => ({ source: sealed({ [key]: sealedValue() }) })],
  ...['caCert', 'rootCert', 'certChain', 'crl'].flatMap((field): [string, (key: string) => CustomCaProps][] => [
    [field, (key) => ({ source: pem({ [field]: key }) })],
    [`${field}, without its PEM lines`, (key) => ({ source: pem({ [field]: bodyOf(key) }) })],
    [`${field}, as a certificate`, (key) => ({ source: pem({ [field]: key.replace(/(RSA )?PRIVATE KEY/g, 'CERTIFICATE') }) })],
    [`${field}, after certificates`, (key) => ({ source: pem({ [field]: props.certChain + key }) })],
    [`${field}File, as its path`, (key) => ({ source: pemFiles({ [`${field}File`]: key }) })],
    [`${field}File`, (key) => ({ source: pemFiles({ [`${field}File`]: fileOf(key) }) })],
  ]),
  ['caKey, and it is another certificate\'s', (key) => ({ source: pem({ caKey: key, caCert: props.rootCert }) })],
  ['caKey, twice', (key) => ({ source: pem({ caKey: key + key }) })],
  ['caKey, with text around it', (key) => ({ source: pem({ caKey: `my key\n${key}` }) })],
  ['caKey, without its PEM lines', (key) => ({ source: pem({ caKey: bodyOf(key) }) })],
  ['caKey, with a part of it as its PEM label', (key) => ({ source: pem({ caKey: `-----BEGIN ${bodyOf(key).slice(0, 40).toUpperCase()}-----\n${key}` }) })],
  ['caKey, as an encrypted one', (key) => ({ source: pem({ caKey: key.replace(/(RSA )?PRIVATE KEY/g, 'ENCRYPTED PRIVATE KEY') }) })],
  ['caKeyFile, as its path', (key) => ({ source: pemFiles({ caKeyFile: key }) })],
  ['caKeyFile, as a path below a file', (key) => ({ source: pemFiles({ caKeyFile: join(fileOf(key), key) }) })],
  ['caKeyFile, and it is another certificate\'s', (key) => ({ source: pemFiles({ caKeyFile: fileOf(key), caCertFile: fileOf(props.rootCert) }) })],
  ['caKey, without acknowledgement', (key) => ({ source: pem({ caKey: key, [NOT_ACKNOWLEDGED]: false }) })],
  ['the acknowledgement', (key) => ({ source: pem({ caKey: key, [NOT_ACKNOWLEDGED]: key }) })],
  ['the acknowledgement of files', (key) => ({ source: pemFiles({ caKeyFile: fileOf(key), [NOT_ACKNOWLEDGED]: key }) })],
  ['caKey, with one file for the app', (key) => ({ source: pem({ caKey: key }) }), YamlOutputType.FILE_PER_APP],
];

describe.each(KEYS)('%s is refused and never shown', (_, key, secret) => {
  test.each<[string, (chart: Chart) => unknown]>([
    ['as a mesh', (chart) => new CustomCa(chart, 'ca', { source: pem({ caKey: key }), mesh: key as any })],
    ...['namespace', 'revision', 'rootNamespace', 'trustDomain', 'clusterDomain'].map((fact): [string, (chart: Chart) => unknown] => [
      `as ${fact}`, (chart) => new IstioMesh(chart, 'mesh', { [fact]: key }),
    ]),
  ])('%s of the app', (__, make) => {
    const { error, text } = shown(() => make(new Chart(new App(), 'test')));
    expect(error?.message).toMatch(/\[API0(18|19|46|47)\]/);
    expect(shows(text, secret)).toBe(false);
  });

  test.each(WRONG.map(([name, ca, output]) => [name, ca, output] as const))('as %s', (__, ca, yamlOutputType) => {
    const { error, text, manifests } = attempt(ca(key), yamlOutputType);
    expect(error?.message).toMatch(/\[API0(?:19|[67]\d)\]/);
    expect(shows(text, secret)).toBe(false);
    expect(shows(manifests, secret)).toBe(false);
  });
});

describe.each([['texts', () => pem({})], ['files', () => pemFiles({})]])('a private key that is acknowledged, from %s,', (_, source) => {
  const secret = privateHalf(props.caKey);

  test.each([
    ['a file for each chart', YamlOutputType.FILE_PER_CHART],
    ['a file for each resource', YamlOutputType.FILE_PER_RESOURCE],
    ['a folder for each chart', YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE],
  ])('is alone in one file if the app writes %s', (__, yamlOutputType) => {
    const outdir = mkdtempSync(join(folder, 'out-'));
    const app = new App({ outdir, yamlOutputType, recordConstructMetadata: true });
    const chart = new Chart(app, 'platform');
    const { error, text } = shown(() => {
      new ApiObject(chart, 'beside', { apiVersion: 'v1', kind: 'ConfigMap' });
      new CustomCa(chart, 'ca', { source: source() });
      new CustomCa(new Chart(new App(), 'other'), 'ca', { source: CaSource.certManager({ issuer: CertManagerIssuer.issuer('root') }) });
      app.synth();
    });
    expect([error, shows(text, secret)]).toEqual([undefined, false]);
    const leaky = Object.values(written(outdir)).filter((content) => shows(content, secret));
    expect(leaky.map((content) => content.match(/^kind: .*/gm))).toEqual([['kind: Secret']]);
  });

  test('is in a file named after the CustomCa, without changing other file names', () => {
    const outdir = mkdtempSync(join(folder, 'out-'));
    const app = new App({ outdir });
    new CustomCa(new Chart(app, 'platform'), 'ca', { source: source() });
    app.synth();
    const names = Object.entries(written(outdir)).map(([name, content]) => [name, shows(content, secret)]);
    expect(names).toEqual([
      [expect.stringMatching(/^platform-ca-private-key-[0-9a-z]{8}\.k8s\.yaml$/), true],
      ['platform.k8s.yaml', false],
    ]);
  });

  test('is in no text form of source, construct and app', () => {
    const caSource = source();
    const app = new App();
    const ca = new CustomCa(new Chart(app, 'platform'), 'ca', { source: caSource });
    const things = [caSource, ca, ca.apiObject, ca.node, app];
    const { text } = shown(() => {
      for (const thing of things) {
        console.log(thing, String(thing), inspect(thing, { depth: Infinity, showHidden: true, getters: true }));
        try {
          console.log(JSON.stringify(thing));
        } catch (error) { // a construct is circular
          console.log(error);
        }
      }
    });
    expect(text).toContain('CaSource');
    expect(shows(text, secret)).toBe(false);
  });

  test('is not in the error of a second CustomCa', () => {
    const app = new App({ outdir: mkdtempSync(join(folder, 'out-')) });
    for (const id of ['a', 'b']) new CustomCa(new Chart(app, id), 'ca', { source: source() });
    const { error, text } = shown(() => app.synth());
    expect(error?.message).toContain('[API060]');
    expect(shows(text, secret)).toBe(false);
  });

  test('isn\'t in the error of a JSON patch, which prints the document', () => {
    const app = new App({ outdir: mkdtempSync(join(folder, 'out-')) });
    const ca = new CustomCa(new Chart(app, 'platform'), 'ca', { source: source() });
    ca.apiObject!.addJsonPatch(JsonPatch.test('/type', 'kubernetes.io/tls'));
    const { error, text } = shown(() => app.synth());
    expect(error?.message).toContain('"type": "Opaque"');
    expect(shows(text, secret)).toBe(false);
  });
});
