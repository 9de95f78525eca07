import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandsIn } from '../../../conformance/runbook/commands';
import { queriesIn } from '../../../conformance/runbook/metrics';
import { newCa } from '../../support/certificates/cacerts';
import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';
import { runbookFaults, shapesIn } from '../../support/documents/runbook-faults';
import { deployment, destinationRule, injected, namespace, peerAuthentication, service } from '../../support/meshes/mesh';

afterAll(removeFolders);

const BOUTIQUE = join(__dirname, '../../../examples/boutique');

const SHOP = [
  ...injected('shop'), deployment('shop/web'), deployment('shop/ratings', { ports: [{ containerPort: 9080 }] }), service('shop/ratings', [9080]),
  peerAuthentication('shop/default', { mtls: { mode: 'STRICT' } }),
];

const caSecret = () => {
  const { caCert, caKey, rootCert, certChain } = newCa().props;
  return { apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'istio-system', name: 'cacerts' }, stringData: { 'ca-cert.pem': caCert, 'ca-key.pem': caKey, 'root-cert.pem': rootCert, 'cert-chain.pem': certChain } };
};

async function runbook(objects: readonly object[], ...args: string[]) {
  const cwd = folderWith({ 'mesh.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }) });
  return { ...await command(['runbook', 'mesh.json', ...args], { cwd }), cwd };
}

test('RUNBOOK.md of the boutique is up to date', async () => {
  const { out, exitCode } = await command(['runbook', 'cluster.yaml'], { cwd: BOUTIQUE });
  if (process.env.WRITE_PAGES) writeFileSync(join(BOUTIQUE, 'RUNBOOK.md'), out);
  expect(exitCode).toBe(0);
  expect(out).toBe(readFileSync(join(BOUTIQUE, 'RUNBOOK.md'), 'utf8'));
});

const SUBJECTS: readonly (readonly [name: string, args: readonly string[], commands: number])[] = [
  ['the mesh', [], 15], ...([['boutique/frontend', 15], ['boutique/loadgenerator', 15], ['cronjob/batch/nightly-report', 10]] as const)
    .map(([name, commands]) => [name, ['--workload', name], commands] as const),
];

test.each(SUBJECTS)(
  'the runbook of %s has no placeholders, and only commands and queries of the conformance suite', async (_, args, commands) => {
    const { out } = await command(['runbook', 'cluster.yaml', ...args], { cwd: BOUTIQUE });
    expect(runbookFaults(out)).toEqual([]);
    const shapes = shapesIn(out);
    for (const program of ['istioctl', 'kubectl']) expect(shapes.filter((shape) => shape.startsWith(program)).length).toBeGreaterThanOrEqual(commands);
    expect(queriesIn(out)).toHaveLength(9);
  },
);

test.each([
  ['a placeholder in angle brackets', 'Fill in <name>.'],
  ['a template variable', '${name}'],
  ['the word undefined', 'undefined'],
  ['a command that istioctl lacks', '```sh\nistioctl proxy-config secrets-of web\n```\n'],
  ['a metric that Istio lacks', '```promql\nistio_request_total\n```\n'],
  ['invalid PromQL', '```promql\nsum by (x (up)\n```\n'],
])('runbookFaults finds %s: %j', (_, page) => {
  expect(runbookFaults(page)).not.toEqual([]);
});

test.each([
  ['touch y'],
  ['env'],
  ['kubectl get pods; ls'],
  ['echo $(id)'],
  ['id | jq .'],
])('commandsIn rejects a block with another program: %s', (line) => {
  expect(() => commandsIn(`\`\`\`sh\n${line}\n\`\`\`\n`)).toThrow(/is of another program: .*not found/);
});

test('commands name the mesh\'s workloads, clusters and policies', async () => {
  const { out } = await runbook(SHOP);
  expect(out).toContain('istioctl proxy-config secret deployment/web.shop\n');
  expect(out).toContain('`shop/web → shop/ratings:9080, server shop/ratings:9080`: expect **mtls**');
  expect(out).toContain('istioctl proxy-config endpoint deployment/web.shop --cluster \'outbound|9080||ratings.shop.svc.cluster.local\'');
  expect(out).toContain('spiffe://cluster.local/ns/shop/sa/default');
  expect(out).toContain('| `shop` | 2 | 2 | 0 | 1 | 0 | 0 | 0 |');
  expect(out).toContain('| `shop/default` | namespace `shop` | STRICT | all |');
});

test.each<[string, any[], string]>([
  ['a Certificate', [{ apiVersion: 'cert-manager.io/v1', kind: 'Certificate', metadata: { namespace: 'istio-system', name: 'cacerts' }, spec: { secretName: 'cacerts', isCA: true } }], 'the manifests hold `Certificate istio-system/cacerts`, which makes the Secret `cacerts`, a CA of your own.'],
  ['a Secret', [caSecret()], 'the manifests hold the Secret `cacerts`, a CA of your own.'],
  ['a Secret and the Certificate that creates it', [caSecret(), { apiVersion: 'cert-manager.io/v1', kind: 'Certificate', metadata: { namespace: 'istio-system', name: 'ca' }, spec: { secretName: 'cacerts' } }], 'the manifests hold the Secret `cacerts`, a CA of your own, and `Certificate istio-system/ca`, which makes it.'],
  ['a Secret without a key', [{ ...caSecret(), stringData: { 'ca-cert.pem': 'x' } }], 'the manifests hold the Secret `cacerts`, which istiod can\'t sign with.'],
  ['a CA that istiod generated', [{ ...caSecret(), metadata: { namespace: 'istio-system', name: 'istio-ca-secret' } }], 'the manifests hold the Secret of a CA that istiod generated.'],
  ['a Secret in another namespace', [{ ...caSecret(), metadata: { namespace: 'shop', name: 'cacerts' } }], 'the manifests hold no Secret `cacerts`, so istiod signs with a CA of its own unless the cluster has one.'],
])('names the signing CA: %s', async (_, objects, expected) => {
  expect((await runbook([...SHOP, ...objects])).out).toContain(`Who signs: ${expected} istiod logs which`);
});

test('an external host isn\'t a server of its ServiceEntry\'s namespace', async () => {
  const bank = { apiVersion: 'networking.istio.io/v1', kind: 'ServiceEntry', metadata: { namespace: 'shop', name: 'bank' }, spec: { hosts: ['bank.example'], location: 'MESH_EXTERNAL', resolution: 'DNS', ports: [{ number: 80, name: 'http', protocol: 'HTTP' }] } };
  const { out } = await runbook([...SHOP, bank]);
  expect(out).toContain('| `shop` | 2 | 2 | 0 | 1 | 0 | 0 | 0 |');
  const machine = { ...bank, spec: { ...bank.spec, location: 'MESH_INTERNAL', resolution: 'STATIC', endpoints: [{ address: '10.0.0.9' }] } };
  expect((await runbook([...SHOP, machine])).out).toContain('| `shop` | 2 | 2 | 0 | 1 | 2 | 0 | 0 |');
});

test('shows broken connections first, with reasons', async () => {
  const { out } = await runbook([...SHOP, destinationRule('shop/ratings', { host: 'ratings', trafficPolicy: { tls: { mode: 'DISABLE' } } })]);
  expect(out).toContain('- **MTLS101** error, `DestinationRule shop/ratings`');
  expect(out).toMatch(/`shop\/web → shop\/ratings:9080[^\n]*expect \*\*broken\*\*, because of `DestinationRule shop\/ratings spec\.trafficPolicy\.tls\.mode/);
});

test('says what the caller sees of broken and plaintext calls, as explain does', async () => {
  const broken = [...SHOP.slice(0, -2), service('shop/ratings', ['http:9080']), SHOP.at(-1)!, destinationRule('shop/ratings', { host: 'ratings', trafficPolicy: { tls: { mode: 'DISABLE' } } })];
  const explained = await command(['explain', 'shop/web', 'shop/ratings:9080', '-'], { input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: broken }) });
  const [, seen] = /^ {2}looks like (.*(?:\n {13}.*)*)$/m.exec(explained.out)!;
  expect(seen).toContain('UC in the log of the client\'s sidecar');
  const { out } = await runbook(broken);
  expect(out).toMatch(/expect \*\*broken\*\*[^\n]* The caller sees: [^\n]*\.\n/);
  expect(out).toContain(` The caller sees: ${seen.replace(/\n +/g, ' ')}.\n`);
  const bare = deployment('shop/ratings', { labels: { 'app': 'ratings', 'sidecar.istio.io/inject': 'false' }, ports: [{ containerPort: 9080 }] });
  const plaintext = await runbook([...injected('shop'), deployment('shop/web'), bare, service('shop/ratings', [9080])]);
  expect(plaintext.out).toMatch(/expect \*\*plaintext\*\*[^\n]*\. The caller gets a response, as with mutual TLS: see below how to tell them apart\.\n/);
  expect((await runbook(SHOP)).out).not.toContain('The caller');
});

test('says that the caller of a server-first protocol receives nothing until the detection timeout', async () => {
  const bare = deployment('shop/bare', { labels: { 'app': 'bare', 'sidecar.istio.io/inject': 'false' } });
  const objects = [...injected('shop'), namespace('istio-system'), bare, deployment('shop/db'), service('shop/db', [{ name: 'mysql', port: 3306, appProtocol: 'tcp' }])];
  const { out } = await runbook(objects, '--workload', 'shop/bare');
  expect(out).toContain('The caller sees: nothing is received until protocolDetectionTimeout expires');
});

test('shows only the worst of many namespaces and proxies', async () => {
  const many = Array.from({ length: 40 }, (_, index) => `ns${index}`).flatMap((name) => [...injected(name), deployment(`${name}/web`), service(`${name}/web`, [80])]);
  const { out } = await runbook(many);
  expect(out.length).toBeLessThan(20_000);
  expect(out).toContain('And 30 namespaces more, none of them worse.');
});

test('--workload shows its policy, its calls and calls to it', async () => {
  const { out } = await runbook([...SHOP, peerAuthentication('elsewhere/default', { mtls: { mode: 'DISABLE' } })], '--workload', 'shop/ratings');
  expect(out).toContain('# Runbook: mutual TLS of `Deployment shop/ratings`');
  expect(out).toContain('server shop/ratings:9080`: expect **mtls**');
  expect(out).toContain('destination_workload="ratings"');
  expect(out).toContain('| `shop/default` |');
  expect(out).not.toContain('elsewhere');
});

test('finds pods of a Rollout by label', async () => {
  const rollout = { ...deployment('shop/web', { labels: { app: 'web', tier: 'front' } }), apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout' };
  const { out } = await runbook([...injected('shop'), rollout, deployment('shop/ratings', { ports: [{ containerPort: 9080 }] }), service('shop/ratings', [9080])]);
  expect(out).toContain('istioctl proxy-config secret "$(kubectl get pod -n shop -l app=web -o name | head -n 1).shop"\n');
});

test.each([['$(touch x)'], ['`id`'], ['a\nb'], ['x;y'], ['--kubeconfig=x']])('never runs a name as a command: %j', async (name) => {
  const hostile = [...injected('shop'), { ...deployment('shop/web'), metadata: { namespace: 'shop', name } }, deployment('shop/ratings'), service('shop/ratings', [80])];
  const { out, cwd } = await runbook(hostile);
  for (const words of commandsIn(out)) expect(words.join(' ')).not.toContain(name);
  expect(existsSync(join(cwd, 'x'))).toBe(false);
  expect(await runbook(hostile, '--workload', `shop/${name}`)).toMatchObject({ exitCode: 2, out: '' });
});

test('leaves out namespaces with invalid names, and shows no part of a key', async () => {
  const key = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  const { out } = await runbook([deployment(`${key}/web`)]);
  expect(out).not.toContain('for namespace in');
  expect(out).not.toContain(key.split('\n')[1].slice(0, 24));
});

test('leaves invalid server names and pods without labels out of commands', async () => {
  const rtl = 'rat\u061cings';
  const { out, exitCode } = await runbook([...injected('shop'), deployment('shop/web'), deployment(`shop/${rtl}`, { labels: { app: 'ratings' } }), service('shop/ratings', [9080])]);
  expect([exitCode, out.includes('\u061c')]).toEqual([0, false]);
  const job = { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { namespace: 'shop', name: 'report' }, spec: { jobTemplate: { spec: { template: { spec: { containers: [{ name: 'app' }] } } } } } };
  const unnamed = await runbook([...injected('shop'), job, service('shop/ratings', [9080])]);
  expect([unnamed.exitCode, unnamed.out]).toEqual([0, expect.stringContaining('No workload of these manifests has a sidecar whose name is known')]);
});

test('leaves out proxy commands for a mesh without sidecars', async () => {
  const { out, exitCode } = await runbook([deployment('shop/web')]);
  expect(exitCode).toBe(0);
  expect(out).toContain('commands that ask a proxy are left out');
  expect(commandsIn(out).some((words) => words.includes('proxy-config'))).toBe(false);
});

test('writes a file, or says why it can\'t', async () => {
  const { out, exitCode, cwd } = await runbook(SHOP, '-o', 'RUNBOOK.md');
  expect([out, exitCode]).toEqual(['', 0]);
  expect(readFileSync(join(cwd, 'RUNBOOK.md'), 'utf8')).toMatch(/^# Runbook/);
  const failed = await runbook(SHOP, '-o', 'missing/RUNBOOK.md');
  expect(failed).toMatchObject({ exitCode: 2, error: expect.stringContaining('missing/RUNBOOK.md: the file is not writable') });
});

test('an unknown workload is an error that suggests the right name', async () => {
  expect(await runbook(SHOP, '--workload', 'shop/wbe')).toMatchObject({ exitCode: 2, out: '', error: expect.stringContaining('Fix: write shop/web (Deployment).') });
});
