import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as yaml from 'js-yaml';
import { command } from '../support/command/command';
import { folderWith, removeFolders } from '../support/command/scratch';
import { only } from '../support/constructs/charts';
import { exampleTexts, objectsIn } from '../support/constructs/example-app';

afterAll(removeFolders);

const FOLDER = join(__dirname, '../../examples/platform');
const README = join(FOLDER, 'README.md');

// The analysis at synth has its own tests.
const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
const texts = exampleTexts('platform');
stderr.mockRestore();

const files = objectsIn(texts);
const all = Object.values(files).flat();
const tests = readFileSync(join(FOLDER, 'mesh-tests.yaml'), 'utf8');
const kept = (objects: any[], kind: string, namespace: string) => objects.filter((one) => one.kind === kind && one.metadata.namespace === namespace);
const labelsOf = (workload: any) => (workload.spec.jobTemplate ?? workload).spec.template.metadata.labels;

/** What the example writes, or other objects, as the commands of its page find them. */
function folder(objects?: Record<string, any[]>, expected = tests): string {
  const written = objects ? Object.entries(objects).map(([file, list]) => [file, list.map((one) => yaml.dump(one)).join('---\n')]) : Object.entries(texts);
  return folderWith({ 'mesh-tests.yaml': expected, ...Object.fromEntries(written.map(([file, text]) => [join('dist', file), text])) });
}

/** The objects after some of them were applied anew. */
function replaced(objects: Record<string, any[]>, applied: readonly any[]): Record<string, any[]> {
  const key = ({ kind, metadata: { namespace, name } }: any) => [kind, namespace, name].join();
  const news = new Map(applied.map((one) => [key(one), one]));
  return Object.fromEntries(Object.entries(objects).map(([file, list]) => [file, list.map((one) => news.get(key(one)) ?? one)]));
}

async function told(args: string, cwd: string): Promise<any> {
  return JSON.parse((await command([...args.split(' '), '-o', 'json'], { cwd })).out);
}

test('three charts, a dozen workloads of cdk8s-plus, and two charts of Helm', () => {
  expect(Object.keys(files)).toEqual(['payments.k8s.yaml', 'platform.k8s.yaml', 'shop.k8s.yaml']);
  const workloads = all.filter(({ spec }) => spec?.template?.spec?.containers || spec?.jobTemplate);
  const ofHelm = workloads.filter(({ metadata }) => metadata.labels?.['app.kubernetes.io/managed-by'] === 'Helm').map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  expect(ofHelm).toEqual(['ingress/gateway', 'shop/cart-store']);
  expect(workloads.length - ofHelm.length).toBe(12);
});

test('STRICT, but for shop and the metrics of its database', () => {
  const policies = all.filter(({ kind }) => kind === 'PeerAuthentication');
  expect(policies.map(({ metadata: { namespace }, spec: { mtls, portLevelMtls } }) => [namespace, mtls.mode, portLevelMtls])).toEqual([
    ['istio-system', 'STRICT', undefined],
    ['shop', 'PERMISSIVE', undefined],
    ['shop', 'STRICT', { 9121: { mode: 'PERMISSIVE' } }],
  ]);
  expect(policies[2].spec.selector.matchLabels).toEqual(labelsOf(only(all, 'StatefulSet', 'cart-store')));
});

test('what is said of the mesh is in all that goes by it', () => {
  expect(all.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.labels)).toEqual(Array(3).fill({ 'istio.io/rev': '1-31' }));
  expect(only(all, 'ConfigMap').metadata).toMatchObject({ name: 'istio-1-31', namespace: 'istio-system' });
  expect(only(all, 'ConfigMap').data.mesh).toContain('trustDomain: shop.example\n');
  const principals = [...JSON.stringify(all).matchAll(/"([^"]*\/sa\/[^"]*)"/g)].map(([, principal]) => principal);
  expect(principals).toHaveLength(6);
  expect(principals.filter((principal) => !principal.startsWith('shop.example/ns/'))).toEqual([]);
});

test('the CA is made by cert-manager, and no key or other Secret is in a file', () => {
  expect(only(all, 'Certificate')).toMatchObject({
    metadata: { namespace: 'istio-system' },
    spec: { isCA: true, secretName: 'cacerts', issuerRef: { kind: 'ClusterIssuer', name: only(all, 'ClusterIssuer').metadata.name } },
  });
  expect(all.filter(({ kind }) => kind === 'Secret')).toEqual([]);
  expect(Object.values(texts).join()).not.toContain('PRIVATE KEY');
});

test('each workload of payments is closed, and so is one that is added', () => {
  const policies = kept(all, 'AuthorizationPolicy', 'payments');
  const [deny] = policies.filter(({ spec }) => !spec.selector);
  expect([deny.spec, deny.metadata.annotations]).toEqual([{}, undefined]);
  const guarded = policies.flatMap(({ spec }) => (spec.selector && spec.action === 'ALLOW' ? [spec.selector.matchLabels] : []));
  const workloads = ['Deployment', 'StatefulSet'].flatMap((kind) => kept(all, kind, 'payments'));
  expect(workloads).toHaveLength(3);
  expect(guarded).toEqual(expect.arrayContaining(workloads.map(labelsOf)));
  expect(policies.flatMap(({ spec }) => spec.rules ?? []).every(({ from }) => from[0].source.principals.length === 1)).toBe(true);
});

test('only charge has the certificate for the bank, and may read it', () => {
  const labels = labelsOf(only(all, 'Deployment', 'charge'));
  const [mutual, others] = kept(all, 'DestinationRule', 'payments').map(({ spec }) => [spec.workloadSelector?.matchLabels, spec.trafficPolicy.portLevelSettings[0].tls.mode]);
  expect([mutual, others]).toEqual([[labels, 'MUTUAL'], [undefined, 'SIMPLE']]);
  expect(kept(all, 'RoleBinding', 'payments').flatMap(({ subjects }) => subjects)).toEqual([{ kind: 'ServiceAccount', name: 'charge', namespace: 'payments' }]);
});

test('nothing is found but what the page argues', async () => {
  const { findings, acknowledged } = await told('check dist', folder());
  const shown = (list: any[]) => list.map(({ code, severity, object: { kind, namespace, name } }: any) => `${severity} ${code} ${kind} ${namespace}/${name.replace(/-c[0-9a-f]{7}$/, '')}`);
  expect(shown(findings)).toEqual([
    'info ADMIT468 AuthorizationPolicy shop/shop-orders-users-policy',
    'info MTLS103 CronJob shop/nightly-report',
  ]);
  expect(shown(acknowledged)).toEqual(['info MTLS106 Sidecar payments/payments-charge-scope']);
});

test('what istiod warns of is left out by its severity, as the page says', async () => {
  const cwd = folder();
  writeFileSync(join(cwd, 'istio-mtls.yaml'), 'severities: {ADMIT468: off}\n');
  expect((await told('check dist', cwd)).findings.map(({ code }: any) => code)).toEqual(['MTLS103']);
});

test('calls to the gateway, to outside and to STRICT servers aren\'t among those that the plan may cut off', async () => {
  const { undecided } = await told('plan to-strict dist', folder());
  const ofGateway = (await told('connections --client ingress/gateway dist', folder())).filter(({ server, serverMode }: any) => server?.namespace === 'shop' && serverMode === 'PERMISSIVE');
  // The other one is to the gateway, of the workload that gets a sidecar.
  expect(undecided).toBe(ofGateway.length + 1);
  expect((await told('plan to-strict --scope payments dist', folder())).undecided).toBe(0);
});

test('what is broken, in plaintext and undecided is what the page says', async () => {
  const connections = (await told('connections dist', folder())).map(({ client, requested, outcome }: any) => [outcome, `${client.namespace}/${client.name}`, requested.host.replace(/\.svc\..*/, '')]);
  const others = (outcome: string, isTold: (client: string, host: string) => boolean) => {
    const found = connections.filter(([one]: string[]) => one === outcome);
    expect(found.length).toBeGreaterThan(0);
    return found.filter(([, client, host]: string[]) => !isTold(client, host));
  };
  expect(others('broken', (client, host) => client === 'payments/charge' || (client === 'shop/nightly-report' && (host.endsWith('.payments') || host === 'cart-store.shop')))).toEqual([]);
  expect(others('plaintext', (client, host) => client === 'shop/nightly-report' || (client.startsWith('shop/') && host === 'api.bank.example'))).toEqual([]);
  expect(others('undecided', (client, host) => client === 'ingress/gateway' || host === 'gateway.ingress')).toEqual([]);
});

test('the stages of the plan lead to a STRICT shop, whose test needs no exception', async () => {
  const cwd = folder();
  await command('plan to-strict --accept-possible --out plan dist'.split(' '), { cwd });
  const stages = ['01', '02'].map((stage) => yaml.loadAll(readFileSync(join(cwd, 'plan', stage, 'apply.yaml'), 'utf8')) as any[]);
  expect(stages.map((stage) => stage.map(({ kind, metadata: { name } }) => `${kind} ${name}`))).toEqual([['CronJob nightly-report'], ['PeerAuthentication default']]);
  const withoutException = tests.replace(/\n    except:[^]*$/, '\n');
  expect(withoutException).not.toBe(tests);
  const failed = async (objects: Record<string, any[]>) => {
    const { tests: verdicts } = await told('test mesh-tests.yaml dist', folder(objects, withoutException));
    return verdicts.filter(({ passed }: any) => !passed).map(({ test: { from, server } }: any) => [from, server]);
  };
  expect(await failed(files)).toEqual([['shop/*', 'shop/*']]);
  const first = replaced(files, stages[0]);
  expect(await failed(first)).toEqual([]);
  const second = replaced(first, stages[1]);
  expect(await failed(second)).toEqual([]);
  expect(kept(second['shop.k8s.yaml'], 'PeerAuthentication', 'shop').map(({ spec }) => spec.mtls.mode)).toEqual(['STRICT', 'STRICT']);
});

test('every run writes the same bytes', () => {
  const quiet = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  expect(exampleTexts('platform')).toEqual(texts);
  quiet.mockRestore();
});

describe('its page', () => {
  const page = readFileSync(README, 'utf8');

  test('shows what its commands print', async () => {
    const cwd = folder();
    let shown = page;
    for (const [block, given] of page.matchAll(/```console\n\$ istio-mtls ([^\n]*)\n[^]*?```/g)) {
      const { out, error, exitCode } = await command(given.split(' '), { cwd });
      expect([error, exitCode]).toEqual(['', 0]);
      shown = shown.replace(block, () => `\`\`\`console\n$ istio-mtls ${given}\n${out}\`\`\``);
    }
    // To write the page anew: WRITE_PAGES=1 npx jest test/examples/platform
    if (process.env.WRITE_PAGES) writeFileSync(README, shown);
    expect(shown).toBe(page);
  });

  test('shows lines of the programs', () => {
    const programs = readdirSync(FOLDER).filter((name) => name.endsWith('.ts')).map((name) => readFileSync(join(FOLDER, name), 'utf8'));
    const fences = [...page.matchAll(/^```ts\n([^]*?)^```$/gm)].map(([, code]) => code);
    expect(fences.length).toBeGreaterThan(0);
    expect(fences.filter((code) => !programs.some((program) => program.includes(code)))).toEqual([]);
  });

  test('names every file of the folder, and leads to pages and headings that exist', () => {
    const links = [...page.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link.split('#'));
    for (const [path, heading] of links) {
      expect([path, existsSync(join(FOLDER, path))]).toEqual([path, true]);
      if (heading === undefined) continue;
      const headings = [...readFileSync(join(FOLDER, path), 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, words]) => words.toLowerCase().replace(/[^\w -]/g, '').replaceAll(' ', '-'));
      expect([heading, headings.includes(heading)]).toEqual([heading, true]);
    }
    const there = readdirSync(FOLDER).filter((name) => !['README.md', 'cdk8s.yaml', 'dist'].includes(name));
    expect(there.filter((name) => !links.some(([path]) => path === name))).toEqual([]);
  });
});
