import { MeshOptions } from '../../../src/mesh/mesh';
import { connections, deployment, injected, mesh, service } from '../../support/meshes/mesh';

const template = (app: string) => ({ metadata: { labels: { app } }, spec: { containers: [{ name: 'c', ports: [{ containerPort: 80 }] }] } });
const object = (apiVersion: string, kind: string, path: string, content: object, owners: string[] = []) => {
  const [namespace, name] = path.split('/');
  const ownerReferences = owners.map((owner) => { const [group, version, ofKind, ofName] = owner.split('/'); return { apiVersion: `${group}/${version}`, kind: ofKind, name: ofName }; });
  return { apiVersion, kind, metadata: { namespace, name, ownerReferences }, ...content };
};
const rollout = (path: string, workloadRef: unknown) => object('argoproj.io/v1alpha1', 'Rollout', path, { spec: { workloadRef } });
const workloads = (objects: unknown[], options: Partial<MeshOptions> = {}) => mesh([injected('a'), objects], options).workloads.map(({ kind, name, labels }) => `${kind} ${name} ${labels.app ?? ''}`.trim());

describe('a Rollout that refers to a workload', () => {
  test.each([
    ['Deployment', deployment('a/web'), { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }],
    ['ReplicaSet', object('apps/v1', 'ReplicaSet', 'a/web', { spec: { template: template('web') } }), { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web' }],
    ['PodTemplate', object('v1', 'PodTemplate', 'a/web', { template: template('web') }), { apiVersion: 'v1', kind: 'PodTemplate', name: 'web' }],
  ])('runs the pods of a %s, which are counted once', (_, referred, reference) => {
    expect(workloads([referred, rollout('a/r', reference)])).toEqual(['Rollout r web']);
  });

  test('ignores workloads of another namespace', () => {
    expect(workloads([deployment('b/web'), rollout('a/r', { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' })])).toEqual(['Rollout r', 'Deployment web web']);
  });

  test('receives calls like the workload that it refers to', () => {
    const objects = [injected('a'), deployment('a/client'), deployment('a/web', { ports: [{ containerPort: 80 }] }), service('a/web'), rollout('a/r', { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' })];
    expect(connections(objects).map(({ client, server, outcome }) => [client.name, server?.kind, outcome])).toEqual([['client', 'Rollout', 'mtls']]);
  });

  test('is undecided if the referenced workload isn\'t among the manifests', () => {
    const objects = [injected('a'), deployment('a/client'), service('a/web'), rollout('a/r', { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' })];
    expect(connections(objects).map(({ client, outcome, undecidedBecause }) => [client.name, outcome, undecidedBecause]))
      .toEqual([['client', 'undecided', 'no-endpoints'], ['r', 'undecided', 'client-proxy-unknown']]);
    const found = mesh(objects);
    expect([found.coverage.holdsWorkloadsOf('a'), found.coverage.holdsServicesOf('a')]).toEqual([false, true]);
    expect(found.missingFacts().map(({ need, subject }) => [need, subject])).toEqual([['servers', 'a/web'], ['pod-template', 'Rollout a/r']]);
  });
});

describe('kinds that the user declares', () => {
  const workloadKinds = [{ group: 'serving.knative.dev', kind: 'Service', podTemplate: ['spec', 'template'] }];
  const knative = object('serving.knative.dev/v1', 'Service', 'a/web', { spec: { template: template('web') } });

  test('run pods', () => {
    expect([workloads([knative]), workloads([knative], { workloadKinds })]).toEqual([[], ['Service web web']]);
  });

  test('have unknown pods if the field contains no template', () => {
    const bare = object('serving.knative.dev/v1', 'Service', 'a/web', { spec: { template: 'web' } });
    expect(mesh([injected('a'), bare], { workloadKinds }).workloads[0].proxy).toMatchObject({ kind: 'unknown', lacks: { fact: 'pod-template', name: 'Service a/web' } });
  });

  test('own Deployments through intermediate objects', () => {
    const revision = object('serving.knative.dev/v1', 'Revision', 'a/web-1', {}, ['serving.knative.dev/v1/Service/web']);
    const made = object('apps/v1', 'Deployment', 'a/web-1', { spec: { template: template('web') } }, ['serving.knative.dev/v1/Revision/web-1']);
    expect(workloads([knative, revision, made], { workloadKinds })).toEqual(['Service web web']);
    expect(workloads([knative, made], { workloadKinds })).toEqual(['Service web web', 'Deployment web-1 web']);
    expect(workloads([revision, made])).toEqual(['Deployment web-1 web']);
  });
});

test('an owner reference to another API group or namespace doesn\'t match', () => {
  const made = (owner: string, path = 'a/w-1') => object('apps/v1', 'ReplicaSet', path, { spec: { template: template('w') } }, [owner]);
  expect(workloads([deployment('a/w'), made('apps.kruise.io/v1/Deployment/w')])).toHaveLength(2);
  expect(workloads([deployment('a/w'), made('apps/v1/Deployment/w', 'b/w-1')])).toHaveLength(2);
});

test('objects that own each other have no owner', () => {
  const one = (name: string, owner: string) => object('example.com/v1', 'Loop', `a/${name}`, {}, [`example.com/v1/Loop/${owner}`]);
  const made = object('apps/v1', 'Deployment', 'a/w', { spec: { template: template('w') } }, ['example.com/v1/Loop/one']);
  expect(workloads([one('one', 'two'), one('two', 'one'), made])).toEqual(['Deployment w w']);
  const self = object('apps/v1', 'Deployment', 'a/self', { spec: { template: template('self') } }, ['apps/v1/Deployment/self']);
  expect(workloads([self])).toEqual(['Deployment self self']);
});
