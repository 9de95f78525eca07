import { judgeForeignMetadata } from '../../../src/admission/metadata/foreign-metadata';
import { fieldText } from '../../../src/findings/finding';
import { objectionsOf } from '../../support/admission/objections';

/** `code field` of each objection to an object. */
function objections(object: unknown, severity = 'error'): string[] {
  return objectionsOf((at) => judgeForeignMetadata(at, object))
    .filter((objection) => objection.severity === severity).map(({ code, field }) => `${code} ${fieldText(field)}`);
}

const API_VERSIONS: Readonly<Record<string, string>> = {
  Deployment: 'apps/v1',
  StatefulSet: 'apps/v1',
  CronJob: 'batch/v1',
  Job: 'batch/v1',
  HTTPRoute: 'gateway.networking.k8s.io/v1',
  ClusterRole: 'rbac.authorization.k8s.io/v1',
  IngressClass: 'networking.k8s.io/v1',
  Rollout: 'argoproj.io/v1alpha1',
};

const of = (kind: string, metadata: unknown, fields: object = {}) => ({ apiVersion: API_VERSIONS[kind] ?? 'v1', kind, metadata, ...fields });

const INDEXED = { spec: { completionMode: 'Indexed', completions: 12, parallelism: 1 } };

describe('the API server accepts', () => {
  test.each<[string, unknown]>([
    ['dots in a Deployment\'s name', of('Deployment', { name: 'web.v1', namespace: 'shop' })],
    ['dots in a ServiceAccount\'s name', of('ServiceAccount', { name: 'web.v1' })],
    ['a Service\'s name of 63 characters', of('Service', { name: 'a'.repeat(63) })],
    ['generateName', of('Pod', { generateName: 'web-' })],
    ['a ReplicationController\'s generateName that is a name with five letters only', of('ReplicationController', { generateName: 'web.' })],
    ['any generateName beside a ReplicationController\'s name', of('ReplicationController', { name: 'web', generateName: 'Web_' })],
    ['dots in an indexed Job\'s generateName beside its name', of('Job', { name: 'web', generateName: 'web.shop' }, INDEXED)],
    ['a ClusterRole\'s name with a colon', of('ClusterRole', { name: 'system:Web' })],
    ['labels and annotations', of('Service', { name: 'web', labels: { app: 'Web_1', none: '' }, annotations: { 'example.com/A': 'any text' } })],
    ['the namespace of an object that is in none, which it ignores', of('IngressClass', { name: 'web', namespace: 'Shop' })],
    ['labels in the pod template of a custom resource', of('Rollout', { name: 'web' }, { spec: { template: { metadata: { labels: { app: 'a b' } } } } })],
    ['an object of another project with any name', { apiVersion: 'example.com/v1', kind: 'Service', metadata: { name: 'Web', namespace: 'Shop', labels: { app: 'a b' } } }],
  ])('%s', (_, object) => {
    expect(objections(object)).toEqual([]);
  });
});

describe('the API server rejects', () => {
  test.each<[string, unknown, string[]]>([
    ['capitals in a Service\'s name', of('Service', { name: 'Web', namespace: 'shop' }), ['ADMIT503 metadata.name']],
    ['a dot in a Service\'s name', of('Service', { name: 'web.v1' }), ['ADMIT503 metadata.name']],
    ['a dot in a Namespace\'s name', of('Namespace', { name: 'shop.test' }), ['ADMIT503 metadata.name']],
    ['a dot in a StatefulSet\'s name', of('StatefulSet', { name: 'web.v1' }), ['ADMIT503 metadata.name']],
    ['capitals in a Deployment\'s name', of('Deployment', { name: 'Web' }), ['ADMIT503 metadata.name']],
    ['capitals in a ServiceAccount\'s name', of('ServiceAccount', { name: 'Web' }), ['ADMIT503 metadata.name']],
    ['an underscore in a Secret\'s name', of('Secret', { name: 'a_b' }), ['ADMIT503 metadata.name']],
    ['capitals in an HTTPRoute\'s name', of('HTTPRoute', { name: 'Web' }), ['ADMIT503 metadata.name']],
    ['a CronJob\'s name of 53 characters', of('CronJob', { name: 'a'.repeat(53) }), ['ADMIT503 metadata.name']],
    ['capitals in generateName', of('Pod', { generateName: 'Web-' }), ['ADMIT504 metadata.generateName']],
    ['capitals in a ReplicationController\'s generateName', of('ReplicationController', { generateName: 'Web-' }), ['ADMIT504 metadata.generateName']],
    ['a slash in a ReplicationController\'s generateName beside its name', of('ReplicationController', { name: 'web', generateName: 'a/b' }), ['ADMIT504 metadata.generateName']],
    ['dots in an indexed Job\'s generateName', of('Job', { generateName: 'web.shop' }, INDEXED), ['ADMIT504 metadata.generateName']],
    ['a Pod\'s generateName that is a name with five letters only', of('Pod', { generateName: 'web.' }), ['ADMIT504 metadata.generateName']],
    ['capitals in a namespace', of('Service', { name: 'web', namespace: 'Shop' }), ['ADMIT505 metadata.namespace']],
    ['a space in a label', of('Service', { name: 'web', labels: { app: 'my web' } }), ['ADMIT508 metadata.labels.app']],
    ['a label key with two slashes', of('Namespace', { name: 'shop', labels: { 'a/b/c': '' } }), ['ADMIT507 metadata.labels[a/b/c]']],
    ['a number as a label', of('Service', { name: 'web', labels: { version: 1 } }), ['ADMIT506 metadata.labels.version']],
    ['an annotation key with two slashes', of('Service', { name: 'web', annotations: { 'a/b/c': '' } }), ['ADMIT509 metadata.annotations[a/b/c]']],
    ['a space in a label of a pod template', of('Deployment', { name: 'web' }, { spec: { template: { metadata: { labels: { app: 'a b' } } } } }),
      ['ADMIT508 spec.template.metadata.labels.app']],
    ['a number as a label of a CronJob\'s pods', of('CronJob', { name: 'web' }, { spec: { jobTemplate: { spec: { template: { metadata: { labels: { version: 1 } } } } } } }),
      ['ADMIT506 spec.jobTemplate.spec.template.metadata.labels.version']],
    ['no name', of('Service', {}), ['ADMIT502 metadata.name']],
    ['a ClusterRole without a name', of('ClusterRole', {}), ['ADMIT502 metadata.name']],
    ['a number as generateName beside a name', of('Service', { name: 'web', generateName: 1 }), ['ADMIT500 metadata.generateName']],
    ['a boolean as a name', of('Service', { name: true }), ['ADMIT500 metadata.name']],
    ['one of Istio\'s labels with a space, reported once', of('Service', { name: 'web', labels: { 'istio.io/rev': 'a b' } }), ['ADMIT508 metadata.labels[istio.io/rev]']],
  ])('%s', (_, object, expected) => {
    expect(objections(object)).toEqual(expected);
  });
});

test('a Service\'s name that starts with a digit is a warning, since Kubernetes 1.36 accepts it', () => {
  expect(['1web', 'web1'].map((name) => objections(of('Service', { name }), 'warning'))).toEqual([['ADMIT515 metadata.name'], []]);
  expect(objections(of('Service', { generateName: '1web-' }), 'warning')).toEqual(['ADMIT515 metadata.generateName']);
  expect(objections(of('Service', { name: '1web' }))).toEqual([]);
  expect(objections(of('Deployment', { name: '1web' }), 'warning')).toEqual([]);
});

test.each<[unknown, string]>([
  [of('Service', { name: 'Web.v1' }), 'name it \'web-v1\''],
  [of('Deployment', { name: 'Web.v1' }), 'name it \'web.v1\''],
  [of('CronJob', { name: 'a'.repeat(60) }), `name it '${'a'.repeat(52)}'`],
])('suggests a name that the kind may have: %j', (object, fix) => {
  expect(objectionsOf((at) => judgeForeignMetadata(at, object)).map((objection) => objection.fix)).toEqual([fix]);
});

test('prints no label of a Secret', () => {
  const printed = JSON.stringify(objectionsOf((at) => judgeForeignMetadata(at, of('Secret', { name: 'a', labels: { password: 'hunter2 is mine' } }))));
  expect([printed.includes('ADMIT508'), printed.includes('hunter2')]).toEqual([true, false]);
});
