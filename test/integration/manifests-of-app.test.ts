import { ApiObject, App, Chart, Lazy } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { manifestsOf } from '../../src/integration/manifests-of-app';

const containers = [{ image: 'app:1', portNumber: 8080 }];

test('gives every object of the app, nested charts included', () => {
  const app = new App();
  const chart = new Chart(app, 'a');
  new ApiObject(chart, 'one', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one' } });
  new ApiObject(new Chart(chart, 'nested', { namespace: 'shop' }), 'two', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'two' } });
  expect(manifestsOf(app).map(({ manifest }) => manifest)).toEqual([
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one' } },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'two', namespace: 'shop' } },
  ]);
});

test.each(['Deployment', 'StatefulSet', 'DaemonSet'] as const)('asking leaves the output of a %s spread over nodes as it is', (kind) => {
  const yaml = (asked: number) => {
    const app = new App();
    const chart = new Chart(app, 'a');
    new kplus[kind](chart, 'it', { containers, spread: true, service: new kplus.Service(chart, 'service', { ports: [{ port: 80 }] }) } as any);
    for (let time = 0; time < asked; time++) manifestsOf(app);
    return app.synthYaml();
  };
  expect(yaml(3)).toBe(yaml(0));
});

test('what was scheduled by the user stays', () => {
  const app = new App();
  const deployment = new kplus.Deployment(new Chart(app, 'a'), 'it', { containers });
  deployment.scheduling.spread({ topology: kplus.Topology.ZONE });
  manifestsOf(app);
  expect(app.synthYaml()).toContain('topology.kubernetes.io/zone');
});

test('an object that can\'t be serialized says so, and its scheduling is put back all the same', () => {
  const app = new App();
  const deployment = new kplus.Deployment(new Chart(app, 'a'), 'it', { containers, spread: true });
  let fails = true;
  deployment.metadata.addAnnotation('a', Lazy.any({ produce: () => { if (fails) throw new Error('not yet'); return 'b'; } }) as any);
  expect(() => manifestsOf(app)).toThrow('not yet');
  fails = false;
  expect(app.synthYaml().match(/topologyKey/g)).toHaveLength(2);
});
