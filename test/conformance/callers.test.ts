// How a real sidecar enforced the constructs' policies, compared with the tests' own evaluation of policies.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CallerFacts } from '../../conformance/callers';
import { policySets } from '../../conformance/data-plane/policy-sets';
import * as library from '../../src';
import { passes, SeenRequest } from '../support/meshes/authorization';

const recorded: CallerFacts = JSON.parse(readFileSync(join(__dirname, '..', '..', 'conformance', 'recorded', 'callers.json'), 'utf8'));
const SETS = policySets(library);

/** As curl, or a client that sends lines, calls the server. */
function requestOf(client: string, kind: string): SeenRequest {
  const [namespace, name] = client.split('/');
  const principal = namespace === 'shop' ? `cluster.local/ns/shop/sa/${name}` : undefined;
  return kind === 'tcp' ? { port: 9000, principal } : { port: 8080, principal, http: { method: 'GET', path: '/', host: 'server.shop.svc.cluster.local' } };
}

test('the constructs still emit the recorded policies', () => {
  expect(recorded.sets.map(({ calls, ...set }) => set)).toEqual(SETS);
});

test.each(recorded.sets.map(({ name, policies, calls }) => ({ name, policies, calls })))('$name: recorded calls pass as evaluated', ({ policies, calls }) => {
  expect(calls).toHaveLength(6);
  const guarding = policies.filter(({ kind }) => kind === 'AuthorizationPolicy');
  expect(calls.map(({ client, kind }) => ({ client, kind, passed: passes(guarding, requestOf(client, kind)) }))).toEqual(calls);
});
