import { TracedConnection, tracedConnectionOf } from '../../../src/mesh/calls/traced-connection';
import { hasServer, tracedBecauseText, tracedMeaningText, tracedText } from '../../../src/mesh/queries/traced-text';
import { deployment, injected, mesh, mode, peerAuthentication, service } from '../../support/meshes/mesh';

const OBJECTS = [injected('shop'), deployment('shop/web'), service('shop/ratings', [9080])];

/** The first connection of shop/web to shop/ratings. */
function traced(...more: unknown[]): TracedConnection {
  const { callers, decisions } = mesh([...OBJECTS, ...more]);
  const client = callers.find(({ name }) => name === 'web')!;
  const [call] = decisions.calls;
  const one = decisions.senderOf(client);
  const [path] = decisions.of(call).find(({ senders }) => senders.has(one))!.paths;
  return tracedConnectionOf({ client, one, call }, path);
}

test('the text of a connection in format 2 has its server and the reasons', () => {
  const one = traced(deployment('shop/ratings'), peerAuthentication('shop/default', mode('STRICT')));
  expect(tracedText(one, 'shop/ratings:9080')).toBe('shop/web → shop/ratings:9080, server shop/ratings:9080');
  expect(tracedBecauseText(one.transport)).toBe('PeerAuthentication shop/default spec.mtls.mode: STRICT for the namespace');
  expect(hasServer(one)).toBe(true);
});

test('the text of a connection without a server has none', () => {
  const one = traced();
  expect(tracedText(one, 'shop/ratings:9080')).toBe('shop/web → shop/ratings:9080');
  expect(tracedBecauseText(one.transport)).toMatch(/^no-endpoints\b/);
  expect(tracedMeaningText(one.transport)).toMatch(/^nothing in the manifests serves the port\b/);
  expect(hasServer(one)).toBe(false);
});
