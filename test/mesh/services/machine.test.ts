import { readObject } from '../../../src/mesh/inventory/object';
import { looksLikeIpAddress, machineOfEntry, machinesListedBy } from '../../../src/mesh/services/machine';
import { serviceEntry, workloadEntry } from '../../support/meshes/mesh';

const TLS_MODE = 'security.istio.io/tlsMode';

test.each([
  ['192.0.2.1', true], ['192.0.2.10', true], ['::1', true], ['2001:db8::A', true], ['::ffff:192.0.2.1', true],
  ['x.example.com', false], ['unix:///run/x', false], ['192.0.2', false], ['192.0.2.1.5', false], ['192.0.2.1.example.com', false], ['x192.0.2.1', false],
  ['1920.0.2.1', false], ['192.0.2.1000', false], ['host:80', false], ['fe80::x', false], ['abc', false], ['', false],
])('%p is an IP address: %p', (address, expected) => {
  expect(looksLikeIpAddress(address)).toBe(expected);
});

test.each([
  [{}, {}, 'disabled'], [{ serviceAccount: 'x' }, {}, 'istio'], [{ serviceAccount: '' }, {}, 'disabled'],
  [{ serviceAccount: 'x', labels: { [TLS_MODE]: 'disabled' } }, {}, 'disabled'], [{ labels: { [TLS_MODE]: 'istio' } }, {}, 'istio'],
  [{ labels: { [TLS_MODE]: 'istio' } }, { [TLS_MODE]: 'disabled' }, 'disabled'],
])('a WorkloadEntry with spec %j and labels %j has tlsMode %s', (spec, labels, expected) => {
  expect(machineOfEntry(readObject(workloadEntry('a/vm', spec, { labels }))!).tlsMode).toBe(expected);
});

test('reads a WorkloadEntry\'s fields and defaults', () => {
  const object = readObject(workloadEntry('a/vm', { address: '192.0.2.1', serviceAccount: 'x', ports: { http: 80, https: '443', bad: 'x' } }))!;
  expect(machineOfEntry(object)).toEqual({
    entry: { cluster: 'Kubernetes', group: 'networking.istio.io', kind: 'WorkloadEntry', namespace: 'a', name: 'vm', object },
    namespace: 'a',
    labels: {},
    address: '192.0.2.1',
    serviceAccount: 'x',
    ports: new Map([['http', 80], ['https', 443], ['bad', 0]]),
    tlsMode: 'istio',
  });
  expect(machinesListedBy(readObject(serviceEntry('a/out', { endpoints: [{}] }))!)).toEqual([{ namespace: 'a', labels: {}, address: '', serviceAccount: '', ports: new Map(), tlsMode: 'disabled' }]);
});
