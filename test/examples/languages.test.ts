// The program in TypeScript, to which `npm run languages` holds the others, and the versions that these name.
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as yaml from 'js-yaml';
import { only } from '../support/constructs/charts';

const ROOT = join(__dirname, '..', '..');
const read = (...path: string[]) => readFileSync(join(ROOT, ...path), 'utf8');
const { version, devDependencies } = JSON.parse(read('package.json'));

/** What the program writes, by file, and prints. */
function run(): { files: Record<string, any[]>; printed: string[] } {
  const outdir = mkdtempSync(join(tmpdir(), 'languages-'));
  const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  process.env.CDK8S_OUTDIR = outdir;
  try {
    jest.isolateModules(() => jest.requireActual('../../examples/languages/typescript/main'));
    const files = Object.fromEntries(readdirSync(outdir).map((file) => [file, yaml.loadAll(readFileSync(join(outdir, file), 'utf8')) as any[]]));
    return { files, printed: log.mock.calls.map(([line]) => line) };
  } finally {
    log.mockRestore();
    delete process.env.CDK8S_OUTDIR;
    rmSync(outdir, { recursive: true });
  }
}

const { files, printed } = run();

test('the mesh is strict, and its CA comes from cert-manager', () => {
  expect(only(files['platform.k8s.yaml'], 'PeerAuthentication')).toMatchObject({ metadata: { name: 'default', namespace: 'istio-system' }, spec: { mtls: { mode: 'STRICT' } } });
  expect(only(files['platform.k8s.yaml'], 'Certificate')).toMatchObject({ metadata: { name: 'cacerts', namespace: 'istio-system' }, spec: { isCA: true } });
});

test('the namespace is permissive, one workload in it strict but for its metrics', () => {
  expect(files['shop.k8s.yaml'].filter(({ kind }) => kind === 'PeerAuthentication').map(({ spec }) => spec)).toEqual([
    { mtls: { mode: 'PERMISSIVE' } },
    { mtls: { mode: 'STRICT' }, portLevelMtls: { 9090: { mode: 'PERMISSIVE' } }, selector: { matchLabels: expect.objectContaining({ app: 'ratings' }) } },
  ]);
});

test('the rule that breaks a connection is told of, fails a synth, and is left out; its own reporter is told of each synth', () => {
  expect(printed).toEqual([
    expect.stringMatching(/^broken by DestinationRule [\w-]+\/shop-legacy-\w+: 1$/),
    'decided: 1 of 1; warnings: none',
    expect.stringMatching(/Calls \(shop\/web\/Resource\): to\(shop\/ratings\) is 1 of 1 connection is broken.* \[API855\]\n[^]*spec\.trafficPolicy\.tls\.mode is DISABLE.* \[MTLS101\]$/),
    'decided: 1 of 1; warnings: none',
  ]);
  expect(files['shop.k8s.yaml'].map(({ kind }) => kind)).toEqual(['Namespace', 'ServiceAccount', 'Deployment', 'Deployment', 'Service', 'AuthorizationPolicy', 'PeerAuthentication', 'PeerAuthentication']);
});

test.each([
  ['java/pom.xml', 'cdk8s-istio-mtls', /<artifactId>cdk8s-istio-mtls<\/artifactId>\s*<version>(.+)<\/version>/],
  ['java/pom.xml', 'cdk8s-plus-28', /<artifactId>cdk8s-plus-28<\/artifactId>\s*<version>(.+)<\/version>/],
  ['go/go.mod', 'cdk8s-istio-mtls', /\/cdk8sistiomtls v(.+)/],
  ['go/go.mod', 'cdk8s-plus-28', /\/cdk8splus28\/v2 v(.+)/],
  ['go/go.mod', 'cdk8s', /\/cdk8s\/v2 v(.+)/],
])('%s names the version of %s that is here', (file, name, pattern) => {
  expect(pattern.exec(read('examples', 'languages', file))![1]).toBe({ 'cdk8s-istio-mtls': version, ...devDependencies }[name]);
});

test('docs/languages.md names the version that is here', () => {
  expect(read('docs', 'languages.md')).toContain(`cdk8s_istio_mtls-${version}-py3-none-any.whl`);
});
