import { ApiObject, App, Chart, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-33';
import { loadAll } from 'js-yaml';
import { MtlsAnalysis, MtlsAnalysisAttachOptions, MtlsChange, MtlsReporter } from '../../src/index';
import { command } from '../support/command/command';
import { DeclaringShop } from '../support/constructs/declaring-shop';
import { twoEnvironments } from '../support/constructs/environments';

const KEY = 'constructs.istio-mtls/path';
const reporter = MtlsReporter.silent();

/** `kind/name: path` of each object with the annotation, as a synth emits it. */
const pathsIn = (objects: readonly any[]): string[] => objects.flatMap(({ kind, metadata: { name, annotations } }) => (
  annotations?.[KEY] === undefined ? [] : [`${kind}/${name}: ${annotations[KEY]}`]));
const emitted = (app: App): any[] => loadAll(app.synthYaml());

/** A client and a server whose names say nothing of their paths. */
function shop(options?: MtlsAnalysisAttachOptions): DeclaringShop {
  const made = new DeclaringShop();
  if (options) MtlsAnalysis.attach(made.app, { reporter, ...options });
  const web = made.deployment('front');
  made.service('basket', made.deployment('cart'));
  web.metadata.addAnnotation('of', 'the user');
  return made;
}

test.each<[string, MtlsAnalysisAttachOptions | undefined]>([['without an analysis', undefined], ['by default', {}], ['if it is declined', { constructPaths: false }]])(
  'nothing is written %s', (_, options) => {
    expect(pathsIn(emitted(shop(options).app))).toEqual([]);
  });

test('workloads name the construct that emits them, in their own metadata, and nothing else changes', () => {
  const { app } = shop({ constructPaths: true });
  const objects = emitted(app);
  expect(pathsIn(objects)).toEqual(['Deployment/front: shop/front/Resource', 'Deployment/cart: shop/cart/Resource']);
  expect(objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'front').metadata.annotations).toEqual({ of: 'the user', [KEY]: 'shop/front/Resource' });
  const without = JSON.parse(JSON.stringify(objects), (key, value) => {
    if (key === 'annotations') delete value[KEY];
    return key === 'annotations' && Object.keys(value).length === 0 ? undefined : value;
  });
  expect(without).toEqual(emitted(shop({}).app));
  expect(emitted(app)).toEqual(objects);
});

test('what is decided stays, and a diff has no effect', () => {
  const [before, after] = [shop({}).app, shop({ constructPaths: true }).app].map((app) => app.synthYaml());
  const { diff } = MtlsAnalysis.ofYaml(before).whatIf([MtlsChange.replaceAll(after)]);
  expect([diff.groups, JSON.parse(diff.json).unknownEffects ?? []]).toEqual([[], []]);
  const analysesOf = (text: string) => [MtlsAnalysis.ofYaml(text)].map(({ findings, summary }) => ({ findings, summary }));
  expect(analysesOf(after)).toEqual(analysesOf(before));
});

test('the state of an app is the one that its synth emits', () => {
  const { app } = shop({ constructPaths: true });
  const { diff } = MtlsAnalysis.ofYaml(shop({ constructPaths: true }).app.synthYaml()).whatIf([MtlsChange.replaceAllWith(app)]);
  expect(JSON.parse(diff.json)).toMatchObject({ summary: { objects: { changed: 0, added: 0, removed: 0 } } });
});

test('pods, workloads of declared kinds and objects of a chart that is synthesized alone have it', () => {
  const app = new App();
  const chart = new Chart(app, 'a', { namespace: 'shop' });
  MtlsAnalysis.attach(chart, { reporter, constructPaths: true, workloadKinds: [{ group: 'apps.kruise.io', kind: 'CloneSet' }] });
  new kplus.Pod(chart, 'pod', { metadata: { name: 'one' }, containers: [{ image: 'app:1' }] });
  const spec = { template: { metadata: { labels: { app: 'x' } }, spec: { containers: [] } } };
  new ApiObject(chart, 'clones', { apiVersion: 'apps.kruise.io/v1', kind: 'CloneSet', metadata: { name: 'two' }, spec } as object as { apiVersion: string; kind: string });
  new ApiObject(chart, 'other', { apiVersion: 'example.com/v1', kind: 'CloneSet', metadata: { name: 'three' } });
  expect(pathsIn(Testing.synth(chart))).toEqual(['Pod/one: a/pod/Resource', 'CloneSet/two: a/clones']);
});

test('only the mesh whose analysis asks for it has it', () => {
  const { app, dev, prod } = twoEnvironments();
  for (const [{ stage }, constructPaths] of [[dev, true], [prod, false]] as const) MtlsAnalysis.attach(stage, { reporter, constructPaths });
  expect(pathsIn(emitted(app))).toEqual(['Deployment/web: dev/shop/object1', 'Deployment/api: dev/shop/object2']);
});

test('the command takes the path of a construct, or of one around it, for the workload', async () => {
  const explain = async (client: string, options: MtlsAnalysisAttachOptions) => (
    command(['explain', client, 'shop/basket', '-'], { input: renamed(shop(options).app.synthYaml()) }));
  for (const client of ['shop/front', 'shop/front/Resource']) {
    expect(await explain(client, { constructPaths: true })).toMatchObject({ exitCode: 0, out: expect.stringContaining('Deployment shop/other') });
  }
  expect(await explain('shop/front', {})).toMatchObject({ exitCode: 2, error: expect.stringContaining("client 'shop/front' is not a workload in these manifests") });
});

/** The client with a name that its construct's path doesn't have. */
const renamed = (yaml: string): string => yaml.replace(/name: front$/gm, 'name: other');
