import { calls, deployment, injected, service, workloadEntry } from '../../support/meshes/mesh';

const world = (...more: unknown[]) => [injected('a', 'b'), deployment('a/client'), more];
const server = deployment('b/server', { ports: [{ containerPort: 8080, name: 'http' }, { containerPort: 53, name: 'dns', protocol: 'UDP' }] });

test('an SCTP port accepts no connections, because its traffic isn\'t captured', () => {
  const ports = [{ name: 'signals', port: 3868, protocol: 'SCTP' }, { name: 'tcp', port: 80 }];
  expect(calls(world(server, service('b/server', ports)), 'a/client', 'server.b')).toEqual(['server.b:80 → b/server:80 ISTIO_MUTUAL PERMISSIVE mtls']);
});

describe('UDP and TCP on one port', () => {
  const udp = { name: 'dns', port: 53, protocol: 'UDP' };
  const tcp = { name: 'dns-tcp', port: 53 };
  test.each([['first', [tcp, udp]], ['last', [udp, tcp]]])('use the TCP port for connections, even if it is the %s', (_, ports) => {
    expect(calls(world(server, service('b/server', ports)), 'a/client', 'server.b:53')).toEqual(['server.b:53 → b/server:53 ISTIO_MUTUAL PERMISSIVE mtls']);
  });

  test('map each targetPort to the container port of its transport', () => {
    expect(calls(world(server, service('b/server', [{ ...udp, targetPort: 'dns' }, { ...tcp, targetPort: 'http' }])), 'a/client', 'server.b:53'))
      .toEqual(['server.b:53 → b/server:8080 ISTIO_MUTUAL PERMISSIVE mtls']);
  });

  test.each([['the first', [tcp, udp], 'b/vm:53 PLAINTEXT NO_PROXY plaintext'], ['not the first', [udp, tcp], 'nobody UNKNOWN UNKNOWN undecided']])(
    'WorkloadEntries serve a TCP port that is %s', (_, ports, expected) => {
      const machine = workloadEntry('b/vm', { address: '192.0.2.1', labels: { app: 'server' } });
      expect(calls(world(machine, service('b/server', ports)), 'a/client', 'server.b:53')).toEqual([`server.b:53 → ${expected}`]);
    });

  test('machines are found by the target\'s name, by the port\'s, or by number', () => {
    const machine = workloadEntry('b/vm', { address: '192.0.2.1', labels: { app: 'server' }, ports: { web: 8080, http: 8081 } });
    const behind = (port: object) => calls(world(machine, service('b/server', [port])), 'a/client', 'server.b').map((line) => line.split(' ')[2]);
    expect([{ port: 80, targetPort: 'web' }, { port: 80, targetPort: 'other' }, { port: 80, name: 'http', targetPort: 9090 }, { port: 80, name: 'x', targetPort: 9090 }, { port: 80 }, { port: 80, targetPort: 'constructor' }, { port: 80, name: 'constructor' }].flatMap(behind))
      .toEqual(['b/vm:8080', 'nobody', 'b/vm:8081', 'b/vm:9090', 'b/vm:80', 'nobody', 'b/vm:80']);
  });
});

test('a headless Service\'s name leads to all selected pods, even those without its port', () => {
  const ports = [{ port: 80, name: 'tcp', targetPort: 'http' }];
  const pods = [server, deployment('b/other', { labels: { app: 'server' } }), deployment('b/alien')];
  expect(calls(world(pods, service('b/server', ports, { clusterIP: 'None' })), 'a/client', 'server.b').map((line) => line.split(' ').slice(2).join(' ')))
    .toEqual(['b/other:80 PLAINTEXT PERMISSIVE plaintext', 'b/server:80 ISTIO_MUTUAL PERMISSIVE mtls']);
});
