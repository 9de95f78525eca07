import { importedService, listeningServices } from '../../../src/mesh/control-planes/imported-service';
import { readObject } from '../../../src/mesh/inventory/object';
import { kubernetesService } from '../../../src/mesh/services/kubernetes-service';
import { Service } from '../../../src/mesh/services/service';
import { servicesOfEntry } from '../../../src/mesh/services/service-entry';
import { service, serviceEntry } from '../../support/meshes/mesh';

const HOST = 'x.b.svc.cluster.local';
const port = (number: number) => ({ number, name: `http-${number}`, protocol: 'HTTP' });
const entry = (path: string, ports: number[] = [80], spec = {}, labels = {}) => (): Service =>
  servicesOfEntry(readObject(serviceEntry(path, { hosts: [HOST], resolution: 'STATIC', ports: ports.map(port), ...spec }, { labels }))!)[0];
const kubernetes = (): Service => kubernetesService(readObject(service('b/x'))!);
/** Which one a proxy of namespace `a` knows, with its ports. */
const known = (...candidates: (() => Service)[]) => {
  const found = importedService(listeningServices(candidates.map((make) => make()), 'a'));
  return found && `${found.registry} ${found.namespace}/${found.name}: ${found.ports.map(({ number }) => number).join()}`;
};

describe('of several services with one host, a proxy knows', () => {
  test.each([
    ['none if there are none', [], undefined],
    ['the only one', [entry('b/e')], 'ServiceEntry b/e: 80'],
    ['the first one of other namespaces', [entry('c/e'), entry('b/e')], 'ServiceEntry c/e: 80'],
    ['the one of its own namespace', [entry('c/e'), entry('a/e'), entry('b/e')], 'ServiceEntry a/e: 80'],
    ['the ServiceEntry of its own namespace before a Service', [entry('a/e'), kubernetes], 'ServiceEntry a/e: 80'],
    ['the ServiceEntry of its own namespace before an earlier Service', [kubernetes, entry('a/e')], 'ServiceEntry a/e: 80'],
    ['a Service before a ServiceEntry', [entry('c/e'), kubernetes], 'Kubernetes b/x: 80'],
    ['a Service before a later ServiceEntry', [kubernetes, entry('c/e')], 'Kubernetes b/x: 80'],
    ['a Service before ServiceEntries of the same namespace, without their ports', [entry('b/e', [81]), kubernetes, entry('b/f', [82])], 'Kubernetes b/x: 80'],
  ])('%s', (_, candidates, expected) => {
    expect(known(...candidates)).toBe(expected);
  });
});

describe('ServiceEntries of one namespace', () => {
  test('add their ports to the first, each number once', () => {
    expect(known(entry('a/e'), entry('a/f', [80, 81]), entry('a/g', [82]))).toBe('ServiceEntry a/e: 80,81,82');
  });

  test('don\'t merge with those of another namespace', () => {
    expect(known(entry('b/e'), entry('c/f', [81]))).toBe('ServiceEntry b/e: 80');
  });

  test.each([
    ['resolution', entry('a/f', [81], { resolution: 'DNS' })],
    ['exportTo', entry('a/f', [81], { exportTo: ['a'] })],
    ['selector', entry('a/f', [81], { workloadSelector: { labels: { app: 'y' } } })],
    ['labels', entry('a/f', [81], {}, { team: 'y' })],
  ])('don\'t merge if their %s differ', (_, other) => {
    expect(known(entry('a/e'), other)).toBe('ServiceEntry a/e: 80');
  });

  test('merge whatever the order of exportTo, labels and selector', () => {
    const [one, other] = [
      entry('a/e', [80], { exportTo: ['c', 'a', 'b'], workloadSelector: { labels: { x: '1', y: '2' } } }, { p: '1', q: '2' }),
      entry('a/f', [81], { exportTo: ['b', 'a', 'c', 'b'], workloadSelector: { labels: { y: '2', x: '1' } } }, { q: '2', p: '1' }),
    ];
    expect(known(one, other)).toBe('ServiceEntry a/e: 80,81');
  });

  test('with the same ports return the first unchanged', () => {
    const first = entry('a/e')();
    expect(importedService([first, entry('a/f')()])).toBe(first);
  });
});
