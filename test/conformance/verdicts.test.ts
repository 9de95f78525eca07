// Compares the model's connections with the referee's, which can't judge all of them.
import type { MeshVerdict, RefereeConnection } from '../../conformance/connections/verdict';
import { compareConnections } from '../../conformance/connections/verdicts';
import type { Connection } from '../../src/mesh/calls/connections';

const to = (server: string | null, words: Partial<RefereeConnection> = {}): Connection => ({
  client: { kind: 'Deployment', namespace: 'a', name: 'client' },
  requested: { host: 'web.a.svc.cluster.local', port: 80 },
  service: { namespace: 'a', name: 'web', host: 'web.a.svc.cluster.local', port: 80 },
  server: server === null ? null : { kind: 'Deployment', namespace: 'a', name: server, port: 80 },
  clientTls: 'ISTIO_MUTUAL',
  serverMode: 'STRICT',
  outcome: 'mtls',
  because: [],
  ...words,
});

function compared(ours: readonly Connection[], unjudged: readonly Connection[], connections: readonly Connection[] = []) {
  const verdict: MeshVerdict = { serverModes: [], connections, unjudged: unjudged.map((one) => ({ ...one, why: 'a reason' })), refused: [] };
  return compareConnections(ours, verdict, new Map());
}

test('an unjudged connection to one server doesn\'t hide one to another', () => {
  const { differences, unjudged, agreed } = compared([to('one'), to('two')], [to('one')]);
  expect({ unjudged, agreed, texts: differences.map(({ words }) => words) })
    .toEqual({ unjudged: 1, agreed: 0, texts: ['no such connection | ISTIO_MUTUAL STRICT mtls'] });
});

test('an unjudged connection without a server hides only connections that the referee lacks', () => {
  expect(compared([to('one'), to('two')], [to(null)])).toMatchObject({ unjudged: 2, differences: [] });
  expect(compared([to('one', { outcome: 'broken' })], [to(null)], [to('one')]).differences).toHaveLength(1);
});
