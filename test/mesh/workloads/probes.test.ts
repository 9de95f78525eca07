import { probesOf } from '../../../src/mesh/workloads/probes';
import { mesh } from '../../support/meshes/mesh';

const deployment = (spec: object) => ({ kind: 'Deployment', apiVersion: 'apps/v1', metadata: { name: 'w', namespace: 'a' }, spec: { template: { spec } } });
const probesIn = (spec: object) => probesOf(mesh([deployment(spec)]).workloads[0]);
const probesWith = (container: object) => probesIn({ containers: [{ name: 'c', ports: [{ containerPort: 80, name: 'web' }, { containerPort: 81 }], ...container }] });

test.each(['startupProbe', 'readinessProbe', 'livenessProbe'])('reads a %s', (field) => {
  expect(probesWith({ [field]: { httpGet: { port: 80 } } })).toEqual([{ container: 'c', field, action: 'httpGet', port: 80 }]);
});

test.each(['postStart', 'preStop'])('reads the lifecycle hook %s', (hook) => {
  expect(probesWith({ lifecycle: { [hook]: { httpGet: { port: 80 } } } })).toEqual([{ container: 'c', field: `lifecycle.${hook}`, action: 'httpGet', port: 80 }]);
});

test('reads a gRPC probe', () => {
  expect(probesWith({ livenessProbe: { grpc: { port: 81 } } })).toEqual([{ container: 'c', field: 'livenessProbe', action: 'grpc', port: 81 }]);
});

test('a probe may refer to a container port by name', () => {
  expect(probesWith({ livenessProbe: { httpGet: { port: 'web' } } })).toMatchObject([{ port: 80 }]);
  expect(probesWith({ livenessProbe: { httpGet: { port: 'other' } } })).toEqual([]);
  expect(probesWith({ livenessProbe: { httpGet: {} } })).toEqual([]);
});

test('ignores exec and tcpSocket probes, and probes of another host', () => {
  expect(probesWith({ startupProbe: { exec: { command: ['true'] } }, livenessProbe: { tcpSocket: { port: 80 } } })).toEqual([]);
  expect(probesWith({ readinessProbe: { httpGet: { host: 'example.org', port: 80 } } })).toEqual([]);
});

test('lists probes of init containers first', () => {
  const probe = (port: number) => ({ livenessProbe: { httpGet: { port } } });
  expect(probesIn({ containers: [probe(80)], initContainers: [{ name: 'i', restartPolicy: 'Always', ...probe(90) }] })).toEqual([
    { container: 'i', field: 'livenessProbe', action: 'httpGet', port: 90 },
    { container: '', field: 'livenessProbe', action: 'httpGet', port: 80 },
  ]);
});
