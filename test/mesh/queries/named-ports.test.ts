import { portsIn, portsOf } from '../../../src/mesh/queries/named-ports';
import { deployment, injected, mesh, peerAuthentication, service, sidecar } from '../../support/meshes/mesh';

const led = (ports: string) => ({ annotations: { 'traffic.sidecar.istio.io/excludeInboundPorts': ports } });
const ascending = (ports: Iterable<number>) => [...ports].sort((one, other) => one - other);

test('collects ports of containers, Services, the applied policy, a Sidecar\'s listeners and annotations', () => {
  const policy = (name: string, port: number) => peerAuthentication(`shop/${name}`, {
    selector: { matchLabels: { app: 'web' } }, mtls: { mode: 'STRICT' }, portLevelMtls: { [port]: { mode: 'DISABLE' } },
  });
  const listener = { port: { number: 9080, protocol: 'HTTP', name: 'http' }, defaultEndpoint: '127.0.0.1:8080' };
  const named = portsOf(mesh([
    injected('shop'), deployment('shop/web', { ports: [{ containerPort: 8080 }], ...led('7000:7005') }), service('shop/web', [80]),
    policy('a', 9090), policy('b', 9091), sidecar('shop/default', { ingress: [listener] }), deployment('shop/other'),
  ]));
  expect([...named].map(([{ name }, ports]) => [name, ascending(ports)])).toEqual([['other', [9080]], ['web', [80, 7000, 7005, 8080, 9080, 9090]]]);
});

test('collects the ports of both states, and those next to ranges', () => {
  const states = [led('7000:7005'), led('65535'), { ports: [{ containerPort: 80 }] }].map((how) => mesh([injected('shop'), deployment('shop/web', how)]));
  expect([...portsIn(states).values()].map(ascending)).toEqual([[80, 7000, 7001, 7005, 7006, 65535]]);
});
