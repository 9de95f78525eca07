// No way has several hops yet: what the model says of such ways is held here, so that it holds when there are some.
import { connectionOf } from '../../../src/mesh/connections/connection';
import { hopsOf, Leg, legKey, transportOf } from '../../../src/mesh/connections/leg';
import { Outcome, worst } from '../../../src/mesh/connections/outcome';
import { deployment, injected, mesh, peerAuthentication, service } from '../../support/mesh';

function ways() {
  const { decisions } = mesh([
    injected('a'), deployment('a/client'), deployment('a/server'), service('a/server', ['http:80'], { selector: { app: 'server' } }), peerAuthentication('a/p', { mtls: { mode: 'STRICT' } }),
  ]);
  const [{ call, legs: [leg] }] = decisions.all();
  const [one] = decisions.of(call)[0].classes;
  const caller = { client: one.one, one, call };
  const toWaypoint: Leg = { ...leg, endpoint: undefined, server: undefined, clientTls: 'PLAINTEXT', tlsReason: 'no-sidecar', outcome: 'plaintext' };
  const twoHops: Leg = { ...leg, before: [toWaypoint] };
  return { caller, leg, toWaypoint, twoHops };
}

test('a way of one hop is that hop', () => {
  const { leg } = ways();
  expect(hopsOf(leg)).toEqual([leg]);
  expect(transportOf(leg)).toBe(leg);
});

test('a way of several hops has the transport of its worst, what its client sends, and the mode of its server', () => {
  const { caller, leg, toWaypoint, twoHops } = ways();
  expect(hopsOf(twoHops)).toEqual([toWaypoint, twoHops]);
  expect(transportOf(twoHops)).toBe(toWaypoint);
  expect(connectionOf(caller, twoHops)).toMatchObject({ clientTls: 'PLAINTEXT', serverMode: 'STRICT', outcome: 'plaintext', server: { name: 'server' } });
  expect(connectionOf(caller, twoHops).because).toEqual(connectionOf(caller, leg).because);
  expect(legKey(twoHops)).not.toBe(legKey(leg));
});

test.each<[Outcome[], Outcome]>([
  [['mtls', 'mtls'], 'mtls'], [['mtls', 'tls'], 'tls'], [['plaintext', 'tls'], 'plaintext'], [['plaintext', 'undecided'], 'undecided'], [['undecided', 'broken', 'mtls'], 'broken'],
])('hops that come to %s come to %s', (outcomes, outcome) => {
  expect(worst(outcomes.map((each) => ({ outcome: each })))).toEqual({ outcome });
});
