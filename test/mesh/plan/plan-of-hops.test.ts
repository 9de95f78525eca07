import { planAtOnce } from '../../../src/mesh/plan/plan';
import { BACKEND, GATEWAY, gatewayManifests } from '../../support/meshes/egress-gateway';
import { destinationRule, mesh, mode, peerAuthentication, tls } from '../../support/meshes/mesh';

/** All manifests, one by one. */
const flat = (objects: readonly unknown[]): unknown[] => objects.flatMap((one) => (Array.isArray(one) ? flat(one) : [one]));

function verdictFrom(before: unknown[], after: unknown[]): string {
  const [former, latter] = [gatewayManifests(before, { calls: false }), gatewayManifests(after, { calls: false })];
  return planAtOnce(mesh(former.objects, former.options), flat(latter.objects)).atOnce.verdict;
}

const to = (host: string, mTls: string) => destinationRule('egress/own', { host, ...tls(mTls) });
const open = peerAuthentication('shop/open', mode('PERMISSIVE'));

test.each<[string, unknown[], unknown[], string[]]>([
  ['the gateway sends plaintext to a server that takes both', [open], [open, to(BACKEND, 'DISABLE')], ['unproven']],
  ['both ends change, and states between break the call', [to(BACKEND, 'DISABLE'), open], [], ['unsafe', 'unproven']],
  ['the client and the gateway change, and each state works', [open], [open, to(GATEWAY, 'ISTIO_MUTUAL'), destinationRule('egress/backend', { host: BACKEND, ...tls('DISABLE') })], ['unproven']],
])('a call through a gateway is never proven safe: %s', (_, before, after, expected) => {
  expect(expected).toContain(verdictFrom(before, after));
});
