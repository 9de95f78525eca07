import { BROKEN } from './meshes';
import { command } from '../support/command/command';
import { folderWith, removeFolders } from '../support/command/scratch';

afterAll(removeFolders);

/** A client and a server with sidecars, and more objects. */
const mesh = (...more: string[]) => [`apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: web}]}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  selector: {matchLabels: {app: api}}
  template: {metadata: {labels: {app: api}}, spec: {containers: [{name: api, image: api}]}}
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec: {selector: {app: api}, ports: [{name: http, port: 80}]}
`, ...more].join('---\n');
const policy = (namespace: string) => `apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: default, namespace: ${namespace}}\nspec: {mtls: {mode: STRICT}}\n`;
const configMap = (namespace: string, text = '{}') => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: ${namespace}}\ndata: {mesh: "${text}"}\n`;
const NO_AUTO = 'meshConfig: {enableAutoMtls: false}\n';

async function outcomes(files: Record<string, string>, args: readonly string[]) {
  const { out, error, exitCode } = await command(['check', 'a.yaml', ...args, '-o', 'json', '--fail-on', 'never'], { cwd: folderWith(files) });
  const report = out === '' ? undefined : JSON.parse(out);
  const found = Object.entries(report?.connections.outcomes ?? {}).filter(([, count]) => count).map(([outcome, count]) => `${count} ${outcome}`);
  return { found, error, exitCode, report, notes: report?.notes };
}

test.each<[string, Record<string, string>, string[], string[]]>([
  ['no settings', { 'a.yaml': mesh() }, [], ['1 mtls']],
  ['Helm values without auto mTLS', { 'a.yaml': mesh(), 'values.yaml': NO_AUTO }, ['--mesh-config', 'values.yaml'], ['1 plaintext']],
  ['Helm values without auto mTLS, in the configuration file', { 'a.yaml': mesh(), 'values.yaml': NO_AUTO, 'istio-mtls.yaml': 'meshConfigs: [values.yaml]\n' }, [], ['1 plaintext']],
  ['Helm values without auto mTLS, and STRICT', { 'a.yaml': mesh(policy('istio-system')), 'values.yaml': NO_AUTO }, ['--mesh-config', 'values.yaml'], ['1 broken']],
  ['a policy of another namespace', { 'a.yaml': mesh(policy('policies')), 'values.yaml': NO_AUTO }, ['--mesh-config', 'values.yaml'], ['1 plaintext']],
  ['--root-namespace with a policy there', { 'a.yaml': mesh(policy('policies')), 'values.yaml': NO_AUTO }, ['--mesh-config', 'values.yaml', '--root-namespace', 'policies'], ['1 broken']],
  ['--istiod-namespace with a policy there', { 'a.yaml': mesh(policy('policies')), 'values.yaml': NO_AUTO }, ['--mesh-config', 'values.yaml', '--istiod-namespace', 'policies'], ['1 broken']],
  ['a rule for a host of another domain', { 'a.yaml': mesh(rule('corp.local')) }, [], ['1 mtls']],
  ['--cluster-domain with a rule for a host of it', { 'a.yaml': mesh(rule('corp.local')) }, ['--cluster-domain', 'corp.local'], ['1 plaintext']],
  ['clusterDomain in the configuration file', { 'a.yaml': mesh(rule('corp.local')), 'istio-mtls.yaml': 'clusterDomain: corp.local\n' }, [], ['1 plaintext']],
  ['clusterDomain in Helm values', { 'a.yaml': mesh(rule('corp.local')), 'v.yaml': 'global: {proxy: {clusterDomain: corp.local}}\n' }, ['--mesh-config', 'v.yaml'], ['1 plaintext']],
  ['a mesh config with a removed field', { 'a.yaml': mesh(configMap('istio-system', '{mixerAddress: x, enableAutoMtls: false}')) }, [], ['1 plaintext']],
  ['a mesh config with a removed field, in a file', { 'a.yaml': mesh(), 'v.yaml': 'mixerAddress: x\nenableAutoMtls: false\n' }, ['--mesh-config', 'v.yaml'], ['1 plaintext']],
  ['a mesh config that istiod can\'t read', { 'a.yaml': mesh(configMap('istio-system', '{trustDomain: 5, enableAutoMtls: false}')) }, [], ['2 undecided']],
  ['a mesh config that isn\'t YAML', { 'a.yaml': mesh(configMap('istio-system', '{enableAutoMtls: false')) }, [], ['2 undecided']],
])('decides connections with %s', async (_, files, args, expected) => {
  expect((await outcomes(files, args)).found).toEqual(expected);
});

test.each([
  ['a warning for a field that istiod ignores', '{mixerAddress: x}', 'warning', 'ADMIT602', 0], ['an error for a value that istiod can\'t read', '{trustDomain: 5}', 'error', 'ADMIT603', 1], ['an error for invalid YAML', '{', 'error', 'ADMIT601', 1],
])('a mesh config gets %s, and isn\'t rejected', async (_, text, severity, code, errors) => {
  const { report } = await outcomes({ 'a.yaml': mesh(configMap('istio-system', text)) }, []);
  expect(report.findings.filter((one: { code: string }) => one.code.startsWith('ADMIT'))).toMatchObject([{ code, severity }]);
  expect(report.summary).toMatchObject({ refused: 0, errors });
});

function rule(domain: string): string {
  return `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: api, namespace: shop}\nspec: {host: api.shop.svc.${domain}, trafficPolicy: {tls: {mode: DISABLE}}}\n`;
}

test('--trust-domain sets the trust domain of all identities', async () => {
  const files = {
    'a.yaml': mesh(`apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: api, namespace: shop}
spec: {host: api, trafficPolicy: {tls: {mode: ISTIO_MUTUAL, subjectAltNames: [spiffe://corp/ns/shop/sa/default]}}}\n`),
  };
  expect([(await outcomes(files, [])).found, (await outcomes(files, ['--trust-domain', 'corp'])).found]).toEqual([['1 broken'], ['1 mtls']]);
});

test('a mesh config in the manifests overrides --mesh-config, and a note says so', async () => {
  const files = { 'a.yaml': mesh(configMap('istio-system')), 'values.yaml': NO_AUTO };
  const text = 'ConfigMap istio-system/istio is what istiod reads, with enableAutoMtls true; values.yaml says false, which doesn\'t count';
  const { found, notes } = await outcomes(files, ['--mesh-config', 'values.yaml']);
  expect([found, notes]).toEqual([['1 mtls'], [{ about: 'control plane', text }]]);
  const args = ['a.yaml', '--mesh-config', 'values.yaml'];
  expect((await command(['check', ...args], { cwd: folderWith(files) })).out).toContain(`\n${text}\n`);
  expect((await command(['connections', ...args], { cwd: folderWith(files) })).error).toContain(`${text}\n`);
});

test('a finding about --mesh-config names ConfigMap istio', async () => {
  const { report } = await outcomes({ 'a.yaml': mesh(policy('istio-system')), 'values.yaml': NO_AUTO }, ['--mesh-config', 'values.yaml']);
  expect(report.findings).toEqual([expect.objectContaining({ object: expect.objectContaining({ kind: 'ConfigMap', namespace: 'istio-system', name: 'istio' }), actual: 'enableAutoMtls: false' })]);
});

test.each(['text', 'json', 'sarif', 'junit', 'github'])('reports enableAutoMtls of --mesh-config in %s', async (format) => {
  const files = { 'a.yaml': mesh(policy('istio-system')), 'values.yaml': NO_AUTO };
  const { out, exitCode } = await command(['check', 'a.yaml', '--mesh-config', 'values.yaml', '-o', format], { cwd: folderWith(files) });
  expect([exitCode, out]).toEqual([1, expect.stringContaining('enableAutoMtls')]);
});

test('a --mesh-config file that istiod would reject exits with 2', async () => {
  const { exitCode, error, report } = await outcomes({ 'a.yaml': BROKEN, 'v.yaml': 'meshConfig: {enableAutoMtls: "no"}\n' }, ['--mesh-config', 'v.yaml']);
  expect([exitCode, report, error]).toEqual([2, undefined, expect.stringMatching(/^v\.yaml:1:14: meshConfig\.enableAutoMtls is 'no'; .* \[API098\]\n$/)]);
});

test('the --mesh-config file isn\'t checked as a manifest', async () => {
  const operator = `apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec: {${NO_AUTO.trim()}}\n`;
  const cwd = folderWith({ 'a.yaml': mesh(), 'operator.yaml': operator });
  const { out } = await command(['check', '.', '--mesh-config', 'operator.yaml', '-o', 'json'], { cwd });
  expect(JSON.parse(out)).toMatchObject({ summary: { files: 1, objects: 4 }, connections: { outcomes: { plaintext: 1 } } });
});

test('validate finds the mesh config in the namespace of istiod that --mesh-config names', async () => {
  const files = { 'a.yaml': configMap('mesh', 'trustDomain: 1'), 'v.yaml': 'global: {istioNamespace: mesh}\n' };
  const codes = async (args: string[]) => JSON.parse((await command(['validate', 'a.yaml', ...args, '-o', 'json'], { cwd: folderWith(files) })).out).summary.errors;
  expect([await codes([]), await codes(['--mesh-config', 'v.yaml'])]).toEqual([0, 1]);
});

test.each<[string, Record<string, string>, string[]]>([
  ['an option', {}, ['--istio-version', '1.29']], ['the configuration file', { 'istio-mtls.yaml': 'istioVersion: v1.29.3\n' }, []],
  ['the installer\'s file', { 'v.yaml': 'global: {tag: 1.29.0}\n' }, ['--mesh-config', 'v.yaml']],
])('warns about another Istio minor, set by %s', async (_, files, args) => {
  const { report, found } = await outcomes({ 'a.yaml': mesh(), ...files }, args);
  expect([report.istio, found, report.notes]).toEqual(['1.31', ['1 mtls'], [{ about: 'control plane', text: expect.stringMatching(/^This version decides as Istio 1\.31, and istiod is 1\.29: there, .*; for a host/) }]]);
  expect((await outcomes({ 'a.yaml': mesh(), ...files }, [...args, '--istio-version', '1.31.4'])).notes).toEqual([]);
});

test.each<[string, Record<string, string>, string[]]>([
  ['an option', {}, ['--istiod-env', 'INJECT_ENABLED=false']], ['the configuration file', { 'istio-mtls.yaml': 'istiodEnv: {INJECT_ENABLED: false}\n' }, []],
  ['the installer\'s file', { 'v.yaml': 'pilot: {env: {INJECT_ENABLED: "false"}}\n' }, ['--mesh-config', 'v.yaml']],
])('an istiod variable, set by %s, leaves affected calls undecided', async (_, files, args) => {
  const { report, found } = await outcomes({ 'a.yaml': mesh(), ...files }, args);
  expect([found, report.notes]).toEqual([['1 undecided'], [{ about: 'control plane', text: 'istiod\'s INJECT_ENABLED is "false": it injects no sidecars; calls that this may affect are undecided' }]]);
  expect((await outcomes({ 'a.yaml': mesh(), ...files }, [...args, '--istiod-env', 'INJECT_ENABLED=true'])).found).toEqual(['1 mtls']);
});

test.each([['--istiod-env', 'INJECT_ENABLED'], ['--istiod-env', 'inject=false'], ['--istio-version', 'latest'], ['--cluster-domain', 'a..b'], ['--trust-domain', 'spiffe://x'], ['--root-namespace', 'A'], ['--mesh-config', '-']])('rejects %s %s', async (...args) => {
  expect((await command(['check', 'a.yaml', ...args], {})).exitCode).toBe(2);
});
