import { ApiObject, ApiObjectProps, App, Chart, Testing, YamlOutputType } from 'cdk8s';
import { loadAll } from 'js-yaml';
import { SidecarScope } from '../../../src/index';
import { folderWith, removeFolders } from '../../support/command/scratch';

afterAll(removeFolders);

const HOST = 'web.shop.svc.cluster.local';
const ROOT = 'istio-system/*';
const [ALONE, ROUTED] = [[`shop/${HOST}`, ROOT], [`shop/${HOST}`, `routes/${HOST}`, ROOT]];

function route(chart: Chart, namespace: string, ...hosts: string[]): ApiObject {
  const spec = { hosts, http: [{ route: [{ destination: { host: HOST } }] }] };
  return new ApiObject(chart, namespace, { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { namespace, name: 'it' }, spec } as ApiObjectProps);
}

function scope(chart: Chart, namespace: string, ...hosts: string[]): SidecarScope {
  return new SidecarScope(chart, `scope-${namespace}`, { namespace, name: namespace, hosts });
}

const hostsIn = (objects: readonly any[]): string[][] => objects.filter(({ kind }) => kind === 'Sidecar').map(({ spec }) => spec.egress[0].hosts);

const SYNTHS: readonly [string, (chart: Chart, app: App) => void, object][] = [
  ...Object.values(YamlOutputType).filter((type): type is string => typeof type === 'string')
    .map((type): typeof SYNTHS[number] => [type, (_, app) => app.synth(), { yamlOutputType: YamlOutputType[type as keyof typeof YamlOutputType] }]),
  ['synthYaml()', (_, app) => app.synthYaml(), {}], ['a synth of one chart', (chart) => Testing.synth(chart), {}],
];

test.each(SYNTHS)('%s reads routes as often for many Sidecars as for one', (_, synth, props) => {
  const readsOf = (sidecars: number): number[] => {
    const app = new App({ outdir: folderWith({}), ...props });
    const chart = new Chart(app, 'shop');
    const virtualService = route(chart, 'routes', HOST);
    for (let index = 0; index < sidecars; index++) scope(chart, `space-${index}`, `shop/${HOST}`);
    const toJson = jest.spyOn(virtualService, 'toJson');
    return [1, 2].map(() => {
      synth(chart, app);
      return toJson.mock.calls.splice(0).length;
    });
  };
  expect(readsOf(20)).toEqual(readsOf(1));
});

test('a route that is added after a synth counts outside of one and in the next one', () => {
  const app = new App();
  const chart = new Chart(app, 'shop');
  const sidecar = scope(chart, 'a', `shop/${HOST}`);
  expect(hostsIn(loadAll(app.synthYaml()))).toEqual([ALONE]);
  route(chart, 'routes', HOST);
  expect(hostsIn([sidecar.toJson()])).toEqual([ROUTED]);
  expect([hostsIn(loadAll(app.synthYaml())), hostsIn(Testing.synth(chart))]).toEqual([[ROUTED], [ROUTED]]);
});

test('a validation that runs before the library\'s sees the objects as they are, also in a chart that it synthesizes', () => {
  const app = new App();
  const chart = new Chart(app, 'shop');
  const seen: string[][] = [];
  let isWithin = false;
  app.node.addValidation({
    validate: () => {
      if (isWithin) return [];
      isWithin = true;
      seen.push(...hostsIn([sidecar.toJson(), ...chart.toJson()]));
      isWithin = false;
      return [];
    },
  });
  const sidecar = scope(chart, 'a', `shop/${HOST}`);
  app.synthYaml();
  expect(seen.splice(0)).toContainEqual(ALONE);
  route(chart, 'routes', HOST);
  app.synthYaml();
  expect(seen[0]).toEqual(ROUTED);
  expect(seen).not.toContainEqual(ALONE);
});

test.each([
  [['shop/a.example.com', 'shop/b.example.com'], ['one/b.example.com', 'two/a.example.com', 'two/b.example.com', 'three/a.example.com']],
  [['shop/*.example.com'], ['one/b.example.com', 'two/*.example.com', 'three/a.example.com', 'five/*.deep.example.com']],
  [['shop/x.deep.example.com', 'shop/x.org'], ['two/x.deep.example.com', 'five/x.deep.example.com']],
])('for %j, routes are listed in the order of the app', (hosts, expected) => {
  const chart = new Chart(new App(), 'shop');
  scope(chart, 'a', ...hosts);
  route(chart, 'one', 'b.example.com');
  route(chart, 'two', '*.example.com');
  route(chart, 'three', 'a.example.com');
  route(chart, 'four', 'other.example.org');
  route(chart, 'five', '*.deep.example.com');
  expect(hostsIn(Testing.synth(chart))).toEqual([[...hosts, ...expected, ROOT]]);
});
