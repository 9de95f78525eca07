import { Blocker } from '../../src/migration/blockers';
import { readMeasurement } from '../../src/migration/measurements';
import { Migration, migrationOf } from '../../src/migration/migration';
import { prometheusAnswer } from '../support/command/prometheus';
import { TODAY } from '../support/meshes/analysis';
import { BACKEND, GATEWAY, gatewayManifests, HOST } from '../support/meshes/egress-gateway';
import { deployment, destinationRule, mesh, meshConfig, mode, peerAuthentication, tls } from '../support/meshes/mesh';

const OPEN = peerAuthentication('shop/open', mode('PERMISSIVE'));
/** Makes the gateway send plaintext to the server behind it. */
const PLAIN = destinationRule('egress/backend', { host: BACKEND, ...tls('DISABLE') });
const TO_GATEWAY = destinationRule('web/gateway', { host: GATEWAY, ...tls('ISTIO_MUTUAL') });
const CALLING = deployment('web/caller', { spec: { containers: [{ name: 'app', env: [{ name: 'UPSTREAM', value: `http://${HOST}` }] }] } });
const ALL = { 'Deployment shop/backend': 1, 'Deployment egress/gateway': 1 };

function toStrict(more: unknown[], calls?: readonly string[], scope: string | undefined = 'shop'): Migration {
  const { objects, options } = gatewayManifests(more, { calls: false });
  const measurements = calls && [readMeasurement(JSON.stringify(prometheusAnswer({ scraped: ALL, calls: [...calls] })), 'calls.json', TODAY)];
  return migrationOf(mesh(objects, options), { mode: 'STRICT', scope }, measurements && { measurements, accepted: [], telemetries: [] });
}

const told = ({ client, evidence, host, server, remedy }: Blocker) => `${(client as { name: string }).name} → ${host} at ${server?.name}: ${evidence}, ${remedy}`;

describe('a mode that cuts off calls through a gateway', () => {
  test('blocks clients whose manifests name the host, until the gateway\'s rule no longer disables TLS', () => {
    const { blockers, plan } = toStrict([OPEN, PLAIN, CALLING]);
    expect(blockers.map(told)).toEqual([`caller → ${HOST} at backend: named, rule-without-tls`]);
    expect([plan!.after.summary().outcomes.broken, plan!.stages!.map(({ verdict }) => verdict)]).toEqual([0, expect.not.arrayContaining(['unsafe'])]);
  });

  test('blocks all clients of the gateway, if measurements show its plaintext', () => {
    const { blockers, possible, measured } = toStrict([OPEN, PLAIN], ['egress/gateway → shop/backend']);
    expect(blockers.map(told).sort()).toEqual(['backend', 'one', 'three', 'two'].map((name) => `${name} → ${HOST} at backend: measured, rule-without-tls`));
    expect([possible, measured!.unseen, measured!.unknown]).toEqual([[], [], []]);
  });

  test('needs a rule for the server, if auto mTLS is off', () => {
    const { blockers, plan } = toStrict([meshConfig({ enableAutoMtls: false }), OPEN, CALLING, TO_GATEWAY]);
    expect(blockers.map(told)).toEqual([`caller → ${HOST} at backend: named, rule-with-mutual-tls`]);
    expect(plan!.after.summary().outcomes.broken).toBe(plan!.before.summary().outcomes.broken);
  });

  test('makes other clients possible, or unseen if all callers of the server are measured', () => {
    expect(toStrict([OPEN, PLAIN]).possible.map(({ client: { name } }) => name).sort()).toEqual(['backend', 'one', 'three', 'two']);
    expect(toStrict([OPEN, PLAIN], []).measured!.unseen.map(({ client: { name } }) => name).sort()).toEqual(['backend', 'one', 'three', 'two']);
  });
});
