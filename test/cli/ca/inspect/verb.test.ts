import { closeSync, ftruncateSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { RULES } from '../../../../src/analysis/rules';
import { CA_CHECKS, CHECKS_OF_THE_WAY } from '../../../../src/certificates/ca-checks';
import { withCertificates } from '../../../support/certificates/certificates-of-examples';
import { bodyOf, shows } from '../../../support/certificates/leaks';
import { certificate, CLIENT_AUTH, newKey, SERVER_AUTH } from '../../../support/certificates/x509';
import { command, CommandResult } from '../../../support/command/command';
import { folderWith, removeFolders } from '../../../support/command/scratch';
import { validatorOf } from '../../../support/documents/schemas';

afterAll(removeFolders);

const SCHEMA = validatorOf('ca-inspect');

/** PEM of certificates, by the names that examples use. */
const pem = (names: string): string => JSON.parse(withCertificates(`"${names}"`));

const SOUND = {
  'ca-cert.pem': pem('<intermediate>'), 'ca-key.pem': pem('<key of intermediate>'), 'root-cert.pem': pem('<root>'), 'cert-chain.pem': pem('<intermediate><root>'),
};

const folderOf = (files: Readonly<Record<string, string>>) => join(folderWith(Object.fromEntries(Object.entries(files).map(([name, text]) => [`ca/${name}`, text]))), 'ca');

async function inspected(files: Readonly<Record<string, string>>, ...args: string[]): Promise<CommandResult & { readonly json: any }> {
  const folder = folderOf(files);
  const result = await command(['ca', 'inspect', folder, ...args]);
  const { out } = await command(['ca', 'inspect', folder, '-o', 'json', ...args]);
  const json = JSON.parse(out);
  expect(SCHEMA.validate(json).errors).toEqual([]);
  return { ...result, out: result.out.replaceAll(folder, 'ca'), json };
}

/** Replaces serial numbers and hashes, which differ between runs. */
const masked = (text: string) => text.replace(/(serial|SHA-256) +[0-9a-f]+/g, '$1 …');

test('prints the certificates of a CA, and each check', async () => {
  const { out, exitCode, error } = await inspected(SOUND);
  expect([exitCode, error]).toEqual([0, '']);
  expect(masked(out)).toBe(`ca

  ca-cert.pem
    CN=Istio CA
      issuer    CN=Example Root
      valid     2020-01-01T00:00:00Z to 2045-01-01T00:00:00Z, 6939 days left
      kind      CA, path length 0; keyCertSign, cRLSign
      key       EC P-256
      serial …
      SHA-256 …

  ca-key.pem
    a private key, not shown; it belongs to CN=Istio CA

  cert-chain.pem
    CN=Istio CA  (as in ca-cert.pem)
    CN=Example Root
      issuer    itself
      valid     2020-01-01T00:00:00Z to 2045-01-01T00:00:00Z, 6939 days left
      kind      CA; keyCertSign, cRLSign
      key       EC P-256
      serial …
      SHA-256 …

  root-cert.pem
    CN=Example Root  (as in cert-chain.pem)

  ok           the keys are those that istiod reads
${Object.entries(CA_CHECKS).map(([code, title]) => `  ok  ${code}  ${title}\n`).join('')}`);
});

test('docs/cli/ca-inspect.md shows the output', async () => {
  const { out } = await inspected({ ...SOUND, 'cert-chain.pem': pem('<root>') });
  const page = readFileSync(join(__dirname, '../../../../docs/cli/ca-inspect.md'), 'utf8');
  expect(page).toContain(`$ istio-mtls ca inspect ca/\n${masked(out)}\`\`\`\n`);
});

test('the checks of a CA are its rules', () => {
  expect(Object.keys(CA_CHECKS)).toEqual(RULES.map(({ code }) => code).filter((code) => /^MTLS7[01]/.test(code)));
  expect(CHECKS_OF_THE_WAY.filter((code) => !(code in CA_CHECKS))).toEqual([]);
});

test.each([
  ['a private key of another certificate', { ...SOUND, 'ca-key.pem': pem('<key of root>') }, 'MTLS701', 'refused'],
  ['a chain that lacks the certificate', { ...SOUND, 'cert-chain.pem': pem('<root>') }, 'MTLS707', 'fails'],
  ['a reversed chain', { ...SOUND, 'cert-chain.pem': pem('<root><intermediate>') }, 'MTLS708', 'unwise'],
  ['a missing file', { 'ca-cert.pem': SOUND['ca-cert.pem'], 'ca-key.pem': SOUND['ca-key.pem'], 'cert-chain.pem': SOUND['cert-chain.pem'] }, 'ADMIT702', 'refused'],
  ['files of other names', { 'ca.pem': SOUND['ca-cert.pem'], 'key.pem': SOUND['ca-key.pem'] }, 'ADMIT703', 'ignored'],
])('reports %s with the consequence', async (_, files, code, consequence) => {
  const { json: { inspected: [{ findings, checks }] }, out } = await inspected(files);
  expect(findings.map((finding: any) => [finding.code, finding.consequence])).toContainEqual([code, consequence]);
  expect(checks.some(({ holds }: any) => holds === false)).toBe(true);
  expect(out).toContain(`${code} `);
});

test('marks checks that another failure leaves undecided', async () => {
  const { json: { inspected: [{ checks }] }, out } = await inspected({ ...SOUND, 'root-cert.pem': pem('<other root>') });
  expect(checks.filter(({ holds }: any) => holds === undefined).map(({ code }: any) => code)).toEqual(CHECKS_OF_THE_WAY);
  expect(out).toContain('?   MTLS702');
});

test.each([
  ['by default', [], 0], ['with --fail-on warning', ['--fail-on', 'warning'], 1], ['with --horizon 30', ['--horizon', '30'], 0],
  ['with --horizon 30 and --fail-on warning', ['--horizon', '30', '--fail-on', 'warning'], 0], ['after its end', ['--date', '2026-03-01'], 1],
  ['after its end, with --fail-on never', ['--date', '2026-03-01', '--fail-on', 'never'], 0],
])('the exit code for a CA that expires in 39 days: %s: %j gives %i', async (_, args, expected) => {
  const name = 'intermediate that ends in February 2026';
  const files = { ...SOUND, 'ca-cert.pem': pem(`<${name}>`), 'ca-key.pem': pem(`<key of ${name}>`), 'cert-chain.pem': pem(`<${name}><root>`) };
  expect((await inspected(files, ...args)).exitCode).toBe(expected);
});

test('reads a Secret from a manifest', async () => {
  const text = withCertificates(readFileSync(join(__dirname, '../../../analysis/rules/mtls701-ca-key-mismatch/bad-ca-key-mismatch.yaml'), 'utf8'));
  const { out, exitCode } = await command(['ca', 'inspect', '-'], { input: text });
  expect(exitCode).toBe(1);
  expect(out).toMatch(/^Secret istio-system\/cacerts in <stdin>\n/);
  expect(out).toContain('error MTLS701 ca-key.pem is the private key of CN=Example Root;');
});

test('a Secret that leaves signing to istiod\'s own CA gets no CA checks, and shows its roots', async () => {
  const data = { 'ca-cert.pem': '', 'ca-key.pem': '', 'cert-chain.pem': '', 'root-cert.pem': pem('<root>'), 'istio-generated': '' };
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'cacerts', namespace: 'istio-system' }, stringData: data };
  const { out, exitCode } = await command(['ca', 'inspect', '-'], { input: JSON.stringify(secret) });
  expect([exitCode, out]).toEqual([0, expect.stringContaining('CN=Example Root')]);
  expect(out).not.toContain('MTLS7');
});

describe('certificates of a proxy', () => {
  const intermediate = { commonName: 'Istio CA', pem: pem('<intermediate>') };
  const issuer = certificate({ commonName: 'Istio CA', ca: true, keyUsage: [5], notBefore: new Date('2025-12-31T00:00:00Z'), notAfter: new Date('2026-12-31T00:00:00Z') });
  const key = newKey();
  const leaf = certificate({
    commonName: '',
    issuer,
    privateKey: key,
    names: [{ uri: 'spiffe://cluster.local/ns/shop/sa/web' }],
    ca: false,
    extendedKeyUsage: [SERVER_AUTH, CLIENT_AUTH],
    notBefore: new Date('2025-12-31T23:58:00Z'),
    notAfter: new Date('2026-01-02T00:00:00Z'),
  });
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const dump = (root: string) => JSON.stringify({
    dynamicActiveSecrets: [
      { name: 'default', secret: { name: 'default', tlsCertificate: { certificateChain: { inlineBytes: base64(leaf.pem + issuer.pem) }, privateKey: { inlineBytes: base64('[redacted]') } } } },
      { name: 'ROOTCA', secret: { name: 'ROOTCA', validationContext: { trustedCa: { inlineBytes: base64(root) } } } },
    ],
  });

  test('are shown with validity, SPIFFE name, and a check that they chain to ROOTCA', async () => {
    const { out, exitCode } = await command(['ca', 'inspect', '-'], { input: dump(issuer.pem) });
    expect(exitCode).toBe(0);
    expect(out).toContain('valid     2025-12-31T23:58:00Z to 2026-01-02T00:00:00Z, 12 h 0 min left');
    expect(out).toContain('names     spiffe://cluster.local/ns/shop/sa/web');
    expect(out).toMatch(/ok {2}default: .* chains to a root in ROOTCA/);
  });

  test('fail if they don\'t chain to ROOTCA', async () => {
    const { out, exitCode } = await command(['ca', 'inspect', '-'], { input: dump(intermediate.pem) });
    expect(exitCode).toBe(1);
    expect(out).toMatch(/no {2}default: .* chains to a root in ROOTCA/);
  });

  test('are read from the output of openssl s_client', async () => {
    const input = `CONNECTED(00000003)\n---\nCertificate chain\n 0 s:\n   i:CN = Istio CA\n${leaf.pem} 1 s:CN = Istio CA\n${issuer.pem}---\nServer certificate\n`;
    const { out, exitCode } = await command(['ca', 'inspect', '-'], { input });
    expect(exitCode).toBe(0);
    expect(out).toContain('ok  <stdin>: each certificate is signed by the next');
  });
});

test('reads a ConfigMap with roots', async () => {
  const input = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio-ca-root-cert, namespace: shop}\ndata: {root-cert.pem: ${JSON.stringify(pem('<root>'))}}\n`;
  const { out, exitCode } = await command(['ca', 'inspect', '-'], { input });
  expect([exitCode, out]).toEqual([0, expect.stringContaining('ConfigMap shop/istio-ca-root-cert in <stdin>')]);
});

test.each<[string, string, RegExp]>([
  ['a manifest without certificates', 'apiVersion: v1\nkind: Service\nmetadata: {name: x}\n', /without any certificate/],
  ['an empty manifest', '', /without any certificate/],
  ['invalid YAML', '{"dynamicActiveSecrets": [', /without any certificate/],
])('%s exits with 2', async (_, input, message) => {
  const { out, exitCode, error } = await command(['ca', 'inspect', '-'], { input });
  expect([exitCode, out, error]).toEqual([2, '', expect.stringMatching(message)]);
});

test('a missing path, a folder without PEM files and a huge file exit with 2', async () => {
  const folder = folderWith({ 'empty/readme.txt': '', 'huge.pem': '' });
  const file = openSync(join(folder, 'huge.pem'), 'w');
  ftruncateSync(file, 100_000_000);
  closeSync(file);
  for (const [path, message] of [['gone', /missing/], ['empty', /without PEM files/], ['huge.pem', /larger than 64 MB/]] as const) {
    const { exitCode, error } = await command(['ca', 'inspect', join(folder, path)]);
    expect([exitCode, error]).toEqual([2, expect.stringMatching(message)]);
  }
});

test('doesn\'t read a bundle too large for a Secret, and says so', async () => {
  const { out, json } = await inspected({ ...SOUND, 'root-cert.pem': pem('<root>').repeat(2000) });
  expect(out).toMatch(/root-cert\.pem: [\d,]+ characters, not read: a Secret holds at most/);
  expect(json.inspected[0].findings.map(({ code, text }: any) => [code, text])).toEqual([['MTLS713', 'root-cert.pem']]);
});

test('reports a file in DER format', async () => {
  const der = (text: string) => Buffer.from(bodyOf(text), 'base64');
  const { out } = await command(['ca', 'inspect', folderOf({ ...SOUND, 'root-cert.pem': der(SOUND['root-cert.pem']) as never })]);
  expect(out).toContain('root-cert.pem: DER, not PEM');
  expect(out).toContain('MTLS713 root-cert.pem is DER, not PEM');
});

test('check prints no private key in any format', async () => {
  const key = pem('<key of intermediate>');
  const stringData = { ...SOUND, 'cert-chain.pem': pem('<root>'), 'root-cert.pem': `${SOUND['root-cert.pem']}text` };
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'cacerts', namespace: 'istio-system' }, stringData };
  for (const output of ['text', 'json', 'sarif', 'junit', 'github']) {
    const { out, error } = await command(['check', '-', '-o', output, '--all'], { input: JSON.stringify(secret) });
    expect(out).toContain('MTLS707');
    expect([shows(out + error, bodyOf(key)), out.includes('ADMIT708')]).toEqual([false, false]);
  }
});

test('ca inspect prints no private key, wherever it lies', async () => {
  const key = pem('<key of intermediate>');
  const places: readonly Readonly<Record<string, string>>[] = [
    SOUND, { ...SOUND, 'cert-chain.pem': SOUND['cert-chain.pem'] + key }, { ...SOUND, 'root-cert.pem': key }, { 'tls.crt': key, 'tls.key': SOUND['ca-cert.pem'], 'ca.crt': key },
    { [`x${bodyOf(key).replace(/[^A-Za-z0-9]/g, '').slice(0, 60)}.pem`]: key }, { 'all.pem': `text ${key}` },
  ];
  for (const files of places) {
    const { out, error, json } = await inspected(files);
    expect(shows(out + error + JSON.stringify(json), bodyOf(key))).toBe(false);
  }
  const secrets = loadAll(withCertificates(readFileSync(join(__dirname, '../../../analysis/rules/mtls701-ca-key-mismatch/bad-ca-key-mismatch.yaml'), 'utf8')));
  for (const input of [key, `${JSON.stringify(secrets[0])}`, `kind: Secret\nstringData: {x: ${JSON.stringify(key)}}\n`, `kind: [\n${key}`]) {
    for (const output of ['text', 'json']) {
      const { out, error } = await command(['ca', 'inspect', '-', '-o', output], { input });
      expect([shows(out + error, bodyOf(key)), shows(out + error, bodyOf(pem('<key of root>')))]).toEqual([false, false]);
    }
  }
});

describe('unreadable certificates exit with code 2', () => {
  const root = certificate({ commonName: 'root', ca: true, keyUsage: [5, 6], notBefore: new Date('2025-01-01'), notAfter: new Date('2035-01-01') });
  const timeless = certificate({ commonName: 'a', issuer: root, notAfter: '991399000000Z' });
  const damaged = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
  const inspectedText = async (text: string) => {
    const folder = folderWith({ 'chain.pem': text });
    const [plain, json] = [await command(['ca', 'inspect', join(folder, 'chain.pem')]), await command(['ca', 'inspect', join(folder, 'chain.pem'), '-o', 'json'])];
    expect(SCHEMA.validate(JSON.parse(json.out)).errors).toEqual([]);
    const failing = JSON.parse(json.out).inspected[0].checks.filter(({ holds }: any) => holds === false);
    return { exitCode: plain.exitCode, out: plain.out, failing: failing.map(({ title }: any) => title) };
  };

  test.each([
    ['an invalid time', root.pem + timeless.pem],
    ['a damaged certificate', damaged + root.pem],
  ])('%s makes a chain unreadable', async (_, text) => {
    const { exitCode, out, failing } = await inspectedText(text);
    expect([exitCode, failing]).toEqual([2, ['every certificate can be read: not all in chain.pem']]);
    expect(out).toContain('1 certificate that can\'t be read');
  });

  test('an invalid time in a CA\'s certificate is a finding', async () => {
    const ca = certificate({ commonName: 'ca', issuer: root, ca: true, keyUsage: [5, 6], notAfter: '991399000000Z' });
    const { exitCode, json } = await inspected({ 'ca-cert.pem': ca.pem, 'ca-key.pem': ca.keyPem, 'root-cert.pem': root.pem, 'cert-chain.pem': ca.pem + root.pem });
    expect([exitCode, json.inspected[0].findings.map(({ code }: any) => code)]).toEqual([2, expect.arrayContaining(['MTLS713'])]);
  });

  test('intact chains exit with code 0', async () => {
    expect(await inspectedText(root.pem)).toMatchObject({ exitCode: 0, failing: [] });
  });
});
