import { readdirSync } from 'node:fs';
import { ApiObject, ApiObjectProps, App, Chart, JsonPatch, YamlOutputType } from 'cdk8s';
import { StrictMeshMtls } from '../../src/index';
import { folderWith, removeFolders } from '../support/command/scratch';

afterAll(removeFolders);

const { FILE_PER_APP, FILE_PER_CHART, FILE_PER_RESOURCE, FOLDER_PER_CHART_FILE_PER_RESOURCE } = YamlOutputType;

/** An app with a mesh and these objects, each as `chart/kind/namespace/name`. */
function appOf(yamlOutputType: YamlOutputType, ...objects: string[]): App {
  const app = new App({ yamlOutputType, outdir: folderWith({}) });
  new StrictMeshMtls(new Chart(app, 'mesh'), 'strict');
  objects.forEach((text, index) => {
    const [chart, kind, namespace, name] = text.split('/');
    const scope = app.node.tryFindChild(chart) as Chart ?? new Chart(app, chart);
    new ApiObject(scope, `object${index}`, { apiVersion: 'v1', kind, metadata: { namespace, name } } as ApiObjectProps);
  });
  return app;
}

const ENVIRONMENTS = ['dev/ConfigMap/dev/web', 'prod/ConfigMap/prod/web'];
const NAMESPACES = ['dev/ConfigMap/one/web', 'dev/ConfigMap/two/web', 'dev/ConfigMap/one/db', 'dev/ConfigMap/two/db'];

test.each<[string, YamlOutputType, string[], RegExp]>([
  ['two charts', FILE_PER_RESOURCE, ENVIRONMENTS, /^App: yamlOutputType is FILE_PER_RESOURCE; expected one that gives each object a file of its own, because ConfigMap dev\/object0 and prod\/object1 would be written to ConfigMap\.web\.k8s\.yaml, where only the last stays\. Fix: use FOLDER_PER_CHART_FILE_PER_RESOURCE or FILE_PER_CHART\. \[API862\]$/],
  ['two namespaces of a chart', FOLDER_PER_CHART_FILE_PER_RESOURCE, NAMESPACES, /written to dev\/ConfigMap\.web\.k8s\.yaml, where only the last stays; 1 more file has several objects\. Fix: use FILE_PER_CHART, or .*\[API862\]$/],
])('objects of %s with the same file are refused', (_, type, objects, message) => {
  const app = appOf(type, ...objects);
  expect(app.node.validate()).toEqual([expect.stringMatching(message)]);
  expect(() => app.synth()).toThrow('[API862]');
  expect(readdirSync(app.outdir)).toEqual([]);
});

test('the name that is written counts', () => {
  const app = appOf(FILE_PER_RESOURCE, 'dev/ConfigMap/dev/web', 'prod/ConfigMap/prod/api');
  expect(app.node.validate()).toEqual([]);
  (app.node.findChild('prod').node.findChild('object1') as ApiObject).addJsonPatch(JsonPatch.replace('/metadata/name', 'web'));
  expect(app.node.validate()).toEqual([expect.stringContaining('[API862]')]);
});

test.each<[YamlOutputType, string[]]>([
  [FILE_PER_RESOURCE, ['dev/ConfigMap/dev/web', 'dev/Secret/dev/web', 'dev/ConfigMap/dev/db']],
  [FOLDER_PER_CHART_FILE_PER_RESOURCE, ENVIRONMENTS], [FILE_PER_CHART, NAMESPACES], [FILE_PER_APP, ENVIRONMENTS],
])('others are written: %s', (type, objects) => {
  const app = appOf(type, ...objects);
  expect(app.node.validate()).toEqual([]);
});
