import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Testing } from 'cdk8s';
import { Construct } from 'constructs';
import * as yaml from 'js-yaml';
import { ClientTls, Destination, MtlsAnalysis } from '../../src';
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
const [prod, dev] = ['prod', 'dev'].map((name) => Object.fromEntries(Object.entries(files).filter(([file]) => file.startsWith(`${name}-`))));
const [all, ofDev] = [prod, dev].map((own) => Object.values(own).flat());
const tests = readFileSync(join(FOLDER, 'prod-tests.yaml'), 'utf8');
const TESTS = Object.fromEntries(['mesh-tests.yaml', 'dev-tests.yaml', 'istio-mtls.yaml'].map((file) => [file, readFileSync(join(FOLDER, file), 'utf8')]));
const kept = (objects: any[], kind: string, namespace: string) => objects.filter((one) => one.kind === kind && one.metadata.namespace === namespace);
const labelsOf = (workload: any) => (workload.spec.jobTemplate ?? workload).spec.template.metadata.labels;

/** What the example writes, or other objects, as the commands of its page find them. */
function folder(objects?: Record<string, any[]>, expected = tests): string {
  const written = objects ? Object.entries(objects).map(([file, list]) => [file, list.map((one) => yaml.dump(one)).join('---\n')]) : Object.entries(texts);
  return folderWith({ ...TESTS, 'prod-tests.yaml': expected, ...Object.fromEntries(written.map(([file, text]) => [join('dist', file), text])) });
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

test('three charts for each environment, a dozen workloads of cdk8s-plus, and two charts of Helm', () => {
  const names = Object.keys(files).map((file) => file.replace(/-c[0-9a-f]{7}/, ''));
  expect(names).toEqual(['dev', 'prod'].flatMap((name) => ['payments', 'platform', 'shop'].map((chart) => `${name}-${chart}.k8s.yaml`)));
  const workloads = all.filter(({ spec }) => spec?.template?.spec?.containers || spec?.jobTemplate);
  const ofHelm = workloads.filter(({ metadata }) => metadata.labels?.['app.kubernetes.io/managed-by'] === 'Helm').map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  expect(ofHelm).toEqual(['ingress/gateway', 'shop/cart-store']);
  expect(workloads.length - ofHelm.length).toBe(12);
  expect(ofDev.filter(({ spec }) => spec?.template?.spec?.containers || spec?.jobTemplate)).toHaveLength(workloads.length);
});

const modesOf = (objects: any[]) => objects.filter(({ kind }) => kind === 'PeerAuthentication')
  .map(({ metadata: { namespace }, spec: { mtls, portLevelMtls } }) => [namespace, mtls.mode, portLevelMtls]);

test('STRICT, but for the metrics of a database, and in prod for shop', () => {
  const [mesh, store] = [['istio-system', 'STRICT', undefined], ['shop', 'STRICT', { 9121: { mode: 'PERMISSIVE' } }]];
  expect(modesOf(ofDev)).toEqual([mesh, store]);
  expect(modesOf(all)).toEqual([mesh, ['shop', 'PERMISSIVE', undefined], store]);
  const [, , { spec }] = all.filter(({ kind }) => kind === 'PeerAuthentication');
  expect(spec.selector.matchLabels).toEqual(labelsOf(only(all, 'StatefulSet', 'cart-store')));
});

test('only nightly-report of prod has no sidecar, and catalog is open for it', () => {
  const [inDev, inProd] = [ofDev, all].map((objects) => labelsOf(only(objects, 'CronJob', 'nightly-report'))['sidecar.istio.io/inject']);
  expect([inDev, inProd]).toEqual(['true', 'false']);
  const openRules = (objects: any[]) => kept(objects, 'AuthorizationPolicy', 'shop').flatMap(({ metadata, spec }) => (
    (spec.rules ?? []).filter((rule: any) => spec.action === 'ALLOW' && !rule.from).map(({ to }: any) => [metadata.name, to[0].operation.ports])));
  expect(openRules(ofDev)).toEqual([['cart-store-callers', ['9121']]]);
  expect(openRules(all)).toEqual([['catalog-callers', ['8080']], ['cart-store-callers', ['9121']]]);
});

test.each([['dev', 'dev.shop.example'], ['prod', 'shop.example']])('what is said of the mesh of %s is in all that goes by it', (name, trustDomain) => {
  const own = name === 'dev' ? ofDev : all;
  expect(own.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.labels)).toEqual(Array(3).fill({ 'istio.io/rev': '1-31' }));
  expect(only(own, 'ConfigMap').metadata).toMatchObject({ name: 'istio-1-31', namespace: 'istio-system' });
  expect(only(own, 'ConfigMap').data.mesh).toContain(`trustDomain: ${trustDomain}\n`);
  const principals = [...JSON.stringify(own).matchAll(/"([^"]*\/sa\/[^"]*)"/g)].map(([, principal]) => principal);
  expect(principals.length).toBeGreaterThan(10);
  expect(principals.filter((principal) => !principal.startsWith(`${trustDomain}/ns/`))).toEqual([]);
});

test('workloads declare their calls, and the Services that they call are closed to others', () => {
  const declared = Object.fromEntries(all.flatMap(({ kind, metadata: { namespace, name, annotations } }) => (
    annotations?.['calls.istio-mtls/to'] === undefined ? [] : [[`${kind} ${namespace}/${name}`, annotations['calls.istio-mtls/to']]])));
  expect(declared).toEqual({
    'Deployment payments/charge': 'payments/fraud, payments/ledger, api.bank.example:80',
    'Deployment payments/fraud': '',
    'StatefulSet payments/ledger': '',
    'CronJob shop/nightly-report': 'shop/catalog:80',
    'Deployment shop/cart': 'shop/cart-store:6379',
    'Deployment shop/catalog': '',
    'Deployment shop/mailer': 'api.mail.example',
    'Deployment shop/orders': 'shop/mailer, payments/charge, warehouse.shop.example',
    'Deployment shop/reviews-v1': '',
    'Deployment shop/reviews-v2': '',
    'Deployment shop/search': 'shop/catalog',
    'Deployment shop/web': 'shop/catalog, shop/search, shop/cart, shop/orders, shop/reviews',
    'StatefulSet shop/cart-store': '',
  });
  const guarded = all.filter(({ kind, metadata }) => kind === 'AuthorizationPolicy' && metadata.name.endsWith('-callers')).map(({ metadata: { namespace, name } }) => `${namespace}/${name}`);
  expect(guarded.sort()).toEqual([
    'payments/charge-callers', 'payments/fraud-callers', 'payments/ledger-callers', 'shop/cart-callers', 'shop/cart-store-callers',
    'shop/catalog-callers', 'shop/mailer-callers', 'shop/orders-callers', 'shop/reviews-callers', 'shop/search-callers', 'shop/web-callers',
  ]);
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
  const isSelected = (workload: any, labels: any) => Object.entries(labels).every(([key, value]) => labelsOf(workload)[key] === value);
  expect(workloads.filter((workload) => !guarded.some((labels) => isSelected(workload, labels)))).toEqual([]);
  expect(policies.flatMap(({ spec }) => spec.rules ?? []).every(({ from }) => from[0].source.principals.length === 1)).toBe(true);
});

test('only charge has the certificate for the bank, and may read it', () => {
  const labels = labelsOf(only(all, 'Deployment', 'charge'));
  const [mutual, others] = kept(all, 'DestinationRule', 'payments').map(({ spec }) => [spec.workloadSelector?.matchLabels, spec.trafficPolicy.portLevelSettings[0].tls.mode]);
  expect([mutual, others]).toEqual([[labels, 'MUTUAL'], [undefined, 'SIMPLE']]);
  expect(kept(all, 'RoleBinding', 'payments').flatMap(({ subjects }) => subjects)).toEqual([{ kind: 'ServiceAccount', name: 'charge', namespace: 'payments' }]);
});

test.each(['dev', 'prod'])('nothing is found in %s', async (name) => {
  expect(await told(`check dist/${name}-*`, folder())).toMatchObject({ findings: [], acknowledged: [] });
});

test('what breaks one environment leaves the other without findings', () => {
  const { DEV, Environment, PROD } = jest.requireActual('../../examples/platform/environment');
  const app = Testing.app();
  const [broken, sound] = [new Environment(app, 'dev', DEV), new Environment(app, 'prod', PROD)];
  new Destination(broken.shop, 'broken', { host: 'cart', tls: ClientTls.disable() });
  const codes = (environment: Construct) => MtlsAnalysis.of(environment).findings.map(({ code }) => code);
  expect(codes(broken)).toContain('MTLS101');
  expect(codes(sound)).toEqual([]);
});

test.each(['dev', 'prod'])('of %s, only calls by the gateway are undecided, and none is broken', async (name) => {
  const connections = (await told(`connections dist/${name}-*`, folder())).map(({ client, requested, outcome }: any) => [outcome, `${client.namespace}/${client.name}`, requested.host.replace(/\.svc\..*/, '')]);
  const found = (outcome: string) => connections.filter(([one]: string[]) => one === outcome);
  expect(found('broken')).toEqual([]);
  expect(found('plaintext').map(([, client, host]: string[]) => [client, host])).toEqual(name === 'dev' ? [] : [['shop/nightly-report', 'catalog.shop']]);
  expect(found('undecided').filter(([, client]: string[]) => client !== 'ingress/gateway')).toEqual([]);
});

test('the stages of the plan lead to a STRICT shop, whose test needs no exception', async () => {
  const cwd = folder();
  await command('plan to-strict --accept-possible --out plan dist/prod-*'.split(' '), { cwd });
  const stages = ['01', '02'].map((stage) => yaml.loadAll(readFileSync(join(cwd, 'plan', stage, 'apply.yaml'), 'utf8')) as any[]);
  expect(stages.map((stage) => stage.map(({ kind, metadata: { name } }) => `${kind} ${name}`))).toEqual([['CronJob nightly-report'], ['PeerAuthentication default']]);
  const withoutException = tests.replace(/\n    except:[^]*$/, '\n');
  expect(withoutException).not.toBe(tests);
  const failed = async (objects: Record<string, any[]>) => {
    const { tests: verdicts } = await told('test prod-tests.yaml dist', folder(objects, withoutException));
    return verdicts.filter(({ passed }: any) => !passed).map(({ test: { from, server } }: any) => [from, server]);
  };
  expect(await failed(prod)).toEqual([['shop/*', 'shop/*']]);
  const first = replaced(prod, stages[0]);
  expect(await failed(first)).toEqual([]);
  const second = replaced(first, stages[1]);
  expect(await failed(second)).toEqual([]);
  expect(kept(Object.values(second).flat(), 'PeerAuthentication', 'shop').map(({ spec }) => spec.mtls.mode)).toEqual(['STRICT', 'STRICT']);
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
