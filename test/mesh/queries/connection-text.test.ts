import { becauseText, callText, connectionText, workloadText } from '../../../src/mesh/queries/connection-text';
import { connections, deployment, injected, mesh, mode, namespace, peerAuthentication, service, serviceEntry } from '../../support/meshes/mesh';

test('the text of a workload has its kind unless it is a Deployment', () => {
  expect(workloadText({ kind: 'Deployment', namespace: 'shop', name: 'web' })).toBe('shop/web');
  expect(workloadText({ kind: 'CronJob', namespace: 'shop', name: 'backup' })).toBe('CronJob shop/backup');
  expect(workloadText({ kind: 'Node', namespace: '', name: 'one' })).toBe('Node one');
});

test('a Service is called by its name, any other host by itself', () => {
  const { decisions } = mesh([service('shop/web', [80]), serviceEntry('shop/api', { hosts: ['api.example.com'], ports: [{ number: 443, name: 'tls', protocol: 'TLS' }] })]);
  expect(decisions.calls.map(callText)).toEqual(['api.example.com:443', 'shop/web:80']);
});

test('a connection\'s text has its server, if any, and the reasons', () => {
  const objects = [injected('shop'), deployment('shop/web'), deployment('shop/ratings'), service('shop/ratings', [9080]), peerAuthentication('shop/default', mode('STRICT'))];
  const [one] = connections(objects);
  expect(connectionText(one, 'shop/ratings:9080')).toBe('shop/web → shop/ratings:9080, server shop/ratings:9080');
  expect(connectionText({ ...one, server: null }, 'shop/ratings:9080')).toBe('shop/web → shop/ratings:9080');
  expect(becauseText(one)).toBe('PeerAuthentication shop/default spec.mtls.mode: STRICT for the namespace');
  const [unknown] = connections([namespace('shop'), ...objects.slice(1, 4), deployment('bank/web')]).filter(({ client }) => client.namespace === 'bank');
  expect(becauseText(unknown)).toMatch(/^client-proxy-unknown; Deployment bank\/web proxy: /);
});
