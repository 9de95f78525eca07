import { CallExplanation, explain } from '../../src/explain/explanation';
import { explanationText } from '../../src/explain/text/explanation-text';
import { UNPAINTED } from '../../src/explain/text/paint';
import { Mesh } from '../../src/mesh/mesh';
import { BACKEND, gatewayWorld, HOST } from '../support/meshes/egress-gateway';
import { deployment, destinationRule, mode, peerAuthentication, tls } from '../support/meshes/mesh';

const PLAIN = destinationRule('egress/backend', { host: BACKEND, ...tls('DISABLE') });
const OPEN = peerAuthentication('shop/open', mode('PERMISSIVE'));

function explained(mesh: Mesh, client = 'one'): CallExplanation {
  const call = mesh.decisions.calls.find(({ host }) => host === HOST)!;
  return explain(mesh, mesh.callers.find(({ name }) => name === client)!, call);
}

const textOf = (mesh: Mesh) => explanationText(explained(mesh), { colours: UNPAINTED, width: 120 });

describe('a call through a gateway', () => {
  test('has a step for each hop, with its sender and server', () => {
    const { connections: [{ hops, steps }] } = explained(gatewayWorld([PLAIN]));
    expect(hops.map(({ sender }) => sender!.name)).toEqual(['one', 'gateway']);
    expect(steps.map(({ decisive, tlsBy, server }) => [decisive, tlsBy, server!.object!.name]))
      .toEqual([[false, 'auto-mtls', 'gateway'], [true, 'rule', 'backend']]);
    expect(steps.map(({ tlsRule, route, rules }) => [tlsRule?.name, route?.name, rules.map(({ verdict }) => verdict)]))
      .toEqual([[undefined, 'shop', []], ['backend', undefined, ['applies']]]);
  });

  test('is explained by the first broken hop, otherwise by the worst', () => {
    const decisive = (...more: unknown[]) => explained(gatewayWorld(more)).connections
      .map(({ steps, tlsBy }) => [steps.findIndex((step) => step.decisive), tlsBy]);
    expect(decisive(PLAIN)).toEqual([[1, 'rule']]);
    expect(decisive(PLAIN, OPEN)).toEqual([[1, 'rule']]);
    expect(decisive()).toEqual([[0, 'auto-mtls']]);
    expect(decisive(destinationRule('web/gateway', { host: 'gateway.egress.svc.cluster.local', ...tls('DISABLE') }))).toEqual([[0, 'rule']]);
  });

  test('has failure and remedy of the broken hop', () => {
    const { connections: [{ failure, advice }] } = explained(gatewayWorld([PLAIN]));
    expect([failure!.kind, advice!.rule!.code, advice!.mending!.change.object.name, advice!.mending!.outcome]).toEqual(['plaintext-to-strict', 'MTLS101', 'backend', 'mtls']);
  });

  test.each<[string, string | undefined, string | undefined]>([
    ['a sidecar there, where auto mTLS decides what the gateway sends', undefined, 'mtls'],
    ['a sidecar there, where the gateway\'s rule requires mutual TLS', 'ISTIO_MUTUAL', 'mtls'],
    ['no sidecar there, where it would refuse what the gateway\'s rule sends', 'DISABLE', undefined],
  ])('has as remedy for a server without a sidecar: %s', (_, sent, outcome) => {
    const rules = sent === undefined ? [] : [destinationRule('egress/backend', { host: BACKEND, ...tls(sent) })];
    const [{ advice }] = explained(gatewayWorld(rules, { isBare: true })).connections;
    const { object: { kind, name } = {}, fields: [{ op, path }] = [{}] } = (advice!.mending?.change ?? {}) as any;
    const expected = outcome === undefined ? [undefined, undefined, undefined, undefined] : ['Deployment', 'backend', 'remove', 'sidecar.istio.io/inject'];
    expect([[kind, name, op, path?.at(-1)], advice!.mending?.outcome]).toEqual([expected, outcome]);
  });

  test('prints each hop', () => {
    const text = textOf(gatewayWorld([PLAIN]));
    const heads = ['Hop 1 of 2, from Deployment web/one', 'Hop 2 of 2, from Deployment egress/gateway: decides the outcome'];
    expect(text.split('\n').filter((line) => line.startsWith('  Hop '))).toEqual(heads.map((head) => `  ${head}`));
    const [first, second] = text.split(/ {2}Hop \d of 2.*\n/).slice(1);
    expect(first).toContain('outcome    mtls: ');
    expect([first.includes('looks like'), first.includes('fix ')]).toEqual([false, false]);
    expect(first).toMatch(/sent to {4}gateway\.egress\.svc\.cluster\.local:80, by VirtualService egress\/shop/);
    expect(second).toMatch(/rules {6}DestinationRule egress\/backend .* applies/);
    expect(second).toMatch(/server {5}Deployment shop\/backend, port 80: STRICT/);
    expect(second).toMatch(/outcome {4}broken: DestinationRule egress\/backend /);
    expect(second.replace(/\s+/g, ' ')).toContain('in the log of Deployment egress/gateway, ');
    expect(second).toContain('fix        remove ');
    expect([text.includes('bypasses any sidecar'), second.includes('outbound')]).toEqual([false, false]);
  });

  test('prints each of several ways', () => {
    const { connections } = explained(gatewayWorld([deployment('shop/more', { labels: { app: 'backend' } })]));
    expect(connections.map(({ steps }) => steps.length)).toEqual([2, 2]);
    expect(textOf(gatewayWorld([deployment('shop/more', { labels: { app: 'backend' } })])).match(/Way \d of 2/g)).toEqual(['Way 1 of 2', 'Way 2 of 2']);
  });
});
