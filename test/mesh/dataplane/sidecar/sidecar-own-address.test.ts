import { deployment, injected, mesh, service } from '../../../support/meshes/mesh';

test('a headless pod uses the listeners of its peers, but has none for its own address', () => {
  const { decisions, workloads } = mesh([injected('a'), { ...deployment('a/db'), kind: 'StatefulSet' }, service('a/db', ['tcp:80'], { clusterIP: 'None' })]);
  const [{ call }] = decisions.all();
  const departures = decisions.outboundMatches(workloads[0], call);
  expect(departures.map(({ kind, hops }) => [kind, hops.map(({ received: { endpoint }, sent: { tls: clientTls } }) => `${endpoint?.workload?.name} ${clientTls}`)])).toEqual([['tcp', ['db ISTIO_MUTUAL']], ['tcp', []]]);
});
