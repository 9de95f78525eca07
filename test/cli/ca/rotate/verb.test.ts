import { execFileSync, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { withCertificates } from '../../../support/certificates/certificates-of-examples';
import { bodyOf, privateHalf, shows } from '../../../support/certificates/leaks';
import { certificate } from '../../../support/certificates/x509';
import { command } from '../../../support/command/command';
import { folderWith, removeFolders } from '../../../support/command/scratch';

afterAll(removeFolders);

const pem = (names: string): string => JSON.parse(withCertificates(`"${names}"`));

/** Valid at the fixed clock of tested commands. */
const ALWAYS = { ca: true, keyUsage: [5, 6], notBefore: new Date('2020-01-01'), notAfter: new Date('2045-01-01') };

function caOf(name: string) {
  const root = certificate({ ...ALWAYS, commonName: `${name} root` });
  const intermediate = certificate({ ...ALWAYS, commonName: `${name} CA`, issuer: root, pathLength: 0 });
  return { root, props: { caCert: intermediate.pem, caKey: intermediate.keyPem, rootCert: root.pem, certChain: intermediate.pem + root.pem } };
}

const [old, next] = [caOf('Old'), caOf('New')];
const filesOf = ({ props }: typeof old) => ({ 'ca-cert.pem': props.caCert, 'ca-key.pem': props.caKey, 'cert-chain.pem': props.certChain, 'root-cert.pem': props.rootCert });
const istiodCa = certificate({ ...ALWAYS, commonName: 'O=cluster.local' });
const sibling = certificate({ ...ALWAYS, commonName: 'Second CA', issuer: old.root, pathLength: 0 });
const folder = folderWith({
  'istiod.json': JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'istio-ca-secret', namespace: 'istio-system' }, data: { 'ca-cert.pem': Buffer.from(istiodCa.pem).toString('base64') } }),
  'sibling/ca-cert.pem': sibling.pem,
  'sibling/cert-chain.pem': sibling.pem + old.root.pem,
  'sibling/root-cert.pem': old.root.pem,
  ...Object.fromEntries(Object.entries(filesOf(old)).map(([name, text]) => [`old/${name}`, text])),
  ...Object.fromEntries(Object.entries(filesOf(next)).map(([name, text]) => [`new/${name}`, text])),
  'public/ca-cert.pem': next.props.caCert,
  'public/cert-chain.pem': next.props.certChain,
  'public/root-cert.pem': next.props.rootCert,
});
const path = (name: string): string => join(folder, name);

/** Replaces folder names and hashes, which differ between runs. */
const masked = (text: string): string => text.replaceAll(`${folder}/`, '').replace(/\b[0-9a-f]{64}\b/g, (hash, at) => `<SHA-256 ${text.slice(0, at).includes(hash) ? 'as before' : 'of a certificate'}>`);

const rotate = async (...args: string[]) => {
  const { out, ...rest } = await command(['ca', 'rotate', ...args]);
  return { ...rest, out: masked(out) };
};

const secret = (name: string, data: Readonly<Record<string, string>>): string => JSON.stringify({
  apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'istio-system' }, data: Object.fromEntries(Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString('base64')])),
});

describe.each(['text', 'markdown'])('as %s', (format) => {
  test.each([
    ['self-signed', ['--from', 'self-signed']],
    ['plugged in', ['--from', path('old')]],
    ['plugged in, with ISTIO_MULTIROOT_MESH', ['--from', path('old'), '--multi-root-mesh', '--certificate-hours', '1']],
  ])('from a CA that is %s', async (_, args) => {
    const found = await rotate(...args, '--to', path('new'), '-o', format);
    expect([found.exitCode, found.error]).toEqual([0, '']);
    expect(found.out).toMatchSnapshot();
    expect(await rotate(...args, '--to', path('new'), '-o', format)).toEqual(found);
  });
});

const stagesOf = (text: string): string[] => Array.from(text.matchAll(/^Stage \d of \d, ([a-z-]+):/gm), ([, stage]) => stage);

test('a CA below the same root needs two stages', async () => {
  const intermediate = certificate({ ...ALWAYS, commonName: 'another', issuer: old.root, pathLength: 0 });
  const to = folderWith({ 'ca-cert.pem': intermediate.pem, 'cert-chain.pem': intermediate.pem + old.root.pem, 'root-cert.pem': old.root.pem });
  const { out, exitCode } = await rotate('--from', path('old'), '--to', to);
  expect([exitCode, stagesOf(out)]).toEqual([0, ['trust-both', 'sign-with-new']]);
  expect(out).toContain('root-cert.pem   the root, byte for byte as before');
});

test('the new CA\'s private key is optional', async () => {
  const { out, exitCode } = await rotate('--from', path('old'), '--to', path('public'));
  expect([exitCode, stagesOf(out).length]).toEqual([0, 3]);
});

test('reads a Secret from a manifest, and takes istio-ca-secret as istiod\'s own CA', async () => {
  const own = certificate({ ...ALWAYS, commonName: 'istiod' });
  const input = secret('istio-ca-secret', { 'ca-cert.pem': own.pem, 'ca-key.pem': own.keyPem, 'cert-chain.pem': '', 'root-cert.pem': '' });
  const { out, exitCode } = await command(['ca', 'rotate', '--from', '-', '--to', path('new')], { input });
  expect(exitCode).toBe(0);
  expect(out).toMatch(/^✔ From the CA that istiod generated, CN=istiod to CN=New CA below CN=New root: 3 stages/);
  expect(out).toContain('USE_CACERTS_FOR_SELF_SIGNED_CA=true');
  expect(out).not.toContain('OLD_ROOT_SHA256');
});

test('reads PEM certificates without file names', async () => {
  const { out, exitCode } = await command(['ca', 'rotate', '--from', '-', '--to', path('new')], { input: old.props.certChain });
  expect([exitCode, out.split('\n')[0]]).toEqual([0, '✔ From CN=Old CA below CN=Old root to CN=New CA below CN=New root: 3 stages, each safe to stay in.']);
  const keys = secret('cacerts', { 'tls.crt': next.props.caCert, 'tls.key': next.props.caKey, 'ca.crt': next.props.rootCert });
  expect((await command(['ca', 'rotate', '--from', path('old'), '--to', '-'], { input: keys })).exitCode).toBe(0);
});

describe('there is no plan to', () => {
  test.each<[string, () => string, RegExp]>([
    ['the same CA', () => path('old'), /is CN=Old CA, the certificate that istiod already signs with; .*\[API057\]/],
    ['a root that isn\'t the chain\'s', () => folderWith({ 'ca-cert.pem': next.props.caCert, 'cert-chain.pem': next.props.caCert, 'root-cert.pem': old.props.rootCert }), /is CN=New CA, which doesn't chain to its roots;.*\[API057\]/],
    ['a CA without a root', () => folderWith({ 'ca-cert.pem': next.props.caCert, 'cert-chain.pem': '', 'root-cert.pem': '' }), /is without a root certificate;.*\[API057\]/],
    ['a root-cert.pem that exceeds a Secret', () => folderWith({ 'root-cert.pem': `${next.props.rootCert}${'\n'.repeat(1_048_576)}` }), /is with a larger file; expected at most 1,048,576 characters.*\[API057\]/],
    ['a CA with another certificate\'s private key', () => folderWith({ ...filesOf(next), 'ca-key.pem': old.props.caKey }), /ca-key\.pem is the private key of another certificate; .*\[MTLS701\]/],
    ['an expired CA', () => folderWith({ 'ca-cert.pem': pem('<intermediate that ended in 2025>'), 'ca-key.pem': pem('<key of intermediate that ended in 2025>'), 'cert-chain.pem': pem('<intermediate that ended in 2025><root>'), 'root-cert.pem': pem('<root>') }), /\[MTLS702\]/],
  ])('%s', async (_, to, message) => {
    for (const format of ['text', 'markdown']) {
      const { out, exitCode } = await command(['ca', 'rotate', '--from', path('old'), '--to', to(), '-o', format]);
      expect([exitCode, out]).toEqual([1, expect.stringMatching(message)]);
      expect(stagesOf(out)).toEqual([]);
    }
  });

  test('istiod\'s own CA', async () => {
    const { out, exitCode } = await command(['ca', 'rotate', '--from', path('old'), '--to', '-'], { input: secret('istio-ca-secret', filesOf(next)) });
    expect([exitCode, out]).toEqual([1, expect.stringMatching(/is Secret istio-ca-secret; expected a CA for Secret cacerts/)]);
  });
});

test.each([
  ['a missing --to path', ['--from', 'self-signed', '--to', '/nowhere'], /\/nowhere.*\[ADMIT\d+\]/],
  ['a missing --from path', ['--from', '/nowhere', '--to', 'new'], /\/nowhere.*\[ADMIT\d+\]/],
  ['no --from', ['--to', 'new'], /required option '--from <path>'/],
  ['--certificate-hours 0', ['--from', 'self-signed', '--to', 'new', '--certificate-hours', '0'], /whole number of hours from 1 to 2160/],
  ['an invalid --istiod-namespace', ['--from', 'self-signed', '--to', 'new', '--istiod-namespace', 'a; ls'], /--istiod-namespace is no namespace/],
])('%s exits with 2: %j', async (_, args, message) => {
  const { exitCode, error, out } = await command(['ca', 'rotate', ...args.map((arg) => (arg === 'new' ? path('new') : arg))]);
  expect([exitCode, out, error]).toEqual([2, '', expect.stringMatching(message)]);
});

test('prints no private key, even in errors', async () => {
  const key = bodyOf(next.props.caKey);
  const misplaced = folderWith({ ...filesOf(next), 'root-cert.pem': next.props.caKey });
  const joined = folderWith({ ...filesOf(next), 'ca-cert.pem': next.props.caCert + next.props.caKey });
  for (const to of [path('new'), misplaced, joined, next.props.caKey]) {
    for (const args of [['--from', path('old'), '--to', to], ['--from', to, '--to', path('old')], ['--from', 'self-signed', '--to', to, '-o', 'markdown'], ['--from', 'self-signed', '--to', path('new'), '--istiod-namespace', to]]) {
      const { out, error } = await command(['ca', 'rotate', ...args]);
      expect(shows(out + error, key)).toBe(false);
    }
  }
});

test('docs/ca-rotation.md shows the first stage', async () => {
  const page = readFileSync(join(__dirname, '../../../../docs/ca-rotation.md'), 'utf8');
  const { out } = await rotate('--from', 'self-signed', '--to', path('new'));
  const [head, first] = out.split('\n\n');
  expect(page).toContain(`${head}\n\n${first.split('\n').slice(0, 10).join('\n')}\n`);
});

const HAS_JQ = spawnSync('jq', ['--version']).status === 0;

describe('--out', () => {
  const written = async (...args: string[]) => {
    const out = join(folderWith({}), 'rotation');
    const { exitCode, error } = await command(['ca', 'rotate', ...args, '--out', out]);
    expect([exitCode, error]).toEqual([0, '']);
    const paths = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(out, name)).isFile()).sort();
    return { out, files: Object.fromEntries(paths.map((name) => [name, readFileSync(join(out, name), 'utf8')])) };
  };
  const sha = (pemText: string): string => new X509Certificate(pemText).fingerprint256.replaceAll(':', '').toLowerCase();
  const folderNames = (files: object): string[] => [...new Set(Object.keys(files).map((name) => name.split('/').slice(0, -1).join('/')))].sort();

  test('writes the public files of each Secret of a plugged-in CA', async () => {
    const { out, files } = await written('--from', path('old'), '--to', path('new'));
    expect(folderNames(files)).toEqual(['', '01', '02', '03', 'rollback/01', 'rollback/02', 'rollback/03']);
    const bundle = old.root.pem + next.root.pem;
    const stage = (folderName: string) => ['ca-cert.pem', 'cert-chain.pem', 'root-cert.pem'].map((name) => files[`${folderName}/${name}`]);
    expect(stage('01')).toEqual([old.props.caCert, old.props.certChain, bundle]);
    expect(stage('02')).toEqual([next.props.caCert, next.props.certChain, bundle]);
    expect(stage('03')).toEqual([next.props.caCert, next.props.certChain, next.root.pem]);
    expect([stage('rollback/01'), stage('rollback/02')]).toEqual([stage('02'), stage('01')]);
    expect(files['rollback/03/APPLY-YOURSELF.txt']).toBe('Secret istio-system/cacerts: as it was before\n');
    expect(Object.keys(files).filter((name) => name.endsWith('.yaml'))).toEqual([]);
    for (const name of Object.keys(files).filter((one) => one.endsWith('.sh'))) {
      expect(statSync(join(out, name)).mode % 0o1000).toBe(0o755);
      execFileSync('sh', ['-n', join(out, name)]);
    }
  });

  test('each verify.sh checks the roots and signer of its stage, and those of rollback the reverse', async () => {
    const { files } = await written('--from', path('old'), '--to', path('new'));
    const [newRoot, oldRoot, newSigner] = [next.root.pem, old.root.pem, next.props.caCert].map(sha);
    const asks = (name: string): string[] => Object.entries({ newRoot, oldRoot, newSigner }).flatMap(([of, hash]) => (files[`${name}/verify.sh`].includes(hash) ? [of] : []));
    expect([asks('01'), asks('02'), asks('03'), asks('rollback/01'), asks('rollback/02')]).toEqual([['newRoot'], ['newSigner'], ['oldRoot'], ['newRoot'], ['newSigner']]);
    expect([files['02/verify.sh'].includes('has a certificate of the old CA'), files['rollback/02/verify.sh'].includes('has a certificate of the new CA')]).toEqual([true, true]);
  });

  test('istiod\'s self-signed CA gets a first Secret without a key, as a manifest', async () => {
    const { files } = await written('--from', path('istiod.json'), '--to', path('new'));
    const [first] = loadAll(files['01/apply.yaml']) as any[];
    expect(first).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { namespace: 'istio-system', name: 'cacerts' },
      stringData: { 'ca-cert.pem': '', 'ca-key.pem': '', 'cert-chain.pem': '', 'root-cert.pem': istiodCa.pem + next.root.pem, 'istio-generated': '' },
    });
    expect(loadAll(files['rollback/03/delete.yaml'])).toEqual([{ apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'istio-system', name: 'cacerts' } }]);
    expect(files['rollback/02/apply.yaml']).toBe(files['01/apply.yaml']);
    expect(files['01/APPLY-YOURSELF.txt']).toBeUndefined();
  });

  test('for an unknown CA writes no root, and the last verify.sh asks for the old root\'s hash', async () => {
    const { out, files } = await written('--from', 'self-signed', '--to', path('new'));
    expect(Object.keys(files).filter((name) => /^0[12]\/(?:root-cert|apply)/.test(name))).toEqual([]);
    expect(files['01/APPLY-YOURSELF.txt']).toContain('  root-cert.pem    the old root, then the new one\n');
    expect(() => execFileSync('sh', [join(out, '03/verify.sh')], { stdio: 'pipe' })).toThrow('OLD_ROOT_SHA256 isn\'t known');
  });

  test('below the same root the Secret changes once, and its root stays', async () => {
    const { files } = await written('--from', path('old'), '--to', path('sibling'));
    expect(folderNames(files)).toEqual(['', '01', 'rollback/01']);
    expect(Object.keys(files).sort()).toEqual(['01/APPLY-YOURSELF.txt', '01/ca-cert.pem', '01/cert-chain.pem', '01/verify.sh', 'README.md', 'rollback/01/APPLY-YOURSELF.txt']);
    expect(files['README.md']).toContain('the first stage is the existing Secret, and has no folder');
  });

  test('writes no private key, and the same files for the same CAs', async () => {
    const { files } = await written('--from', path('old'), '--to', path('new'));
    const all = Object.values(files).join('');
    for (const key of [old.props.caKey, next.props.caKey]) expect(shows(all, privateHalf(key))).toBe(false);
    expect(all).not.toContain('PRIVATE KEY-----');
    expect((await written('--from', path('old'), '--to', path('new'))).files).toEqual(files);
  });

  test('doesn\'t write to a folder with files, and writes nothing without a plan', async () => {
    const { exitCode, error } = await command(['ca', 'rotate', '--from', path('old'), '--to', path('new'), '--out', folder]);
    expect([exitCode, error]).toEqual([2, expect.stringContaining('isn\'t empty; expected a new or empty folder')]);
    const none = await command(['ca', 'rotate', '--from', path('old'), '--to', path('old'), '--out', path('nowhere')]);
    expect([none.exitCode, none.error]).toEqual([1, expect.stringContaining('nowhere isn\'t written, since there are no stages')]);
  });

  /** Runs verify.sh with stub programs that report the roots of two proxies. */
  (HAS_JQ ? test : test.skip).each([[[old, next], [old, next], 0], [[old, next], [old], 1], [[], [], 1]] as const)('verify.sh checks that every proxy has its stage: %#', async (first, second, code) => {
    const { out } = await written('--from', path('old'), '--to', path('new'));
    const bytes = (text: string): string => Buffer.from(text).toString('base64');
    const dump = (roots: readonly (typeof old)[]): string => JSON.stringify({
      dynamicActiveSecrets: [
        { name: 'default', secret: { tlsCertificate: { certificateChain: { inlineBytes: bytes(old.props.certChain) } } } },
        { name: 'ROOTCA', secret: { validationContext: { trustedCa: { inlineBytes: bytes(roots.map(({ root }) => root.pem).join('')) } } } },
      ],
    });
    const configMap = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'shop', name: 'istio-ca-root-cert' }, data: { 'root-cert.pem': old.root.pem + next.root.pem } });
    const bin = folderWith({
      'istioctl': `#!/bin/sh\ncase "$1-$3" in\nproxy-status-*) printf 'NAME\\n${first.length > 0 ? 'a\\nb\\n' : ''}';;\n*-a) echo '${dump(first)}';;\n*) echo '${dump(second)}';;\nesac\n`,
      'kubectl': `#!/bin/sh\necho '${configMap}'\n`,
      'istio-mtls': `#!/bin/sh\nexec ${process.execPath} ${join(__dirname, '../../../../bin/istio-mtls')} "$@"\n`,
    });
    for (const name of readdirSync(bin)) chmodSync(join(bin, name), 0o755);
    const { status, stderr } = spawnSync('sh', [join(out, '01/verify.sh')], { encoding: 'utf8', env: { PATH: `${bin}:${process.env.PATH}` } });
    expect([status, stderr]).toEqual([code, code === 0 ? '' : first.length > 0 ? 'b doesn\'t trust the new root\n' : 'istiod has no connected proxy: istioctl proxy-status\n']);
  });
});
