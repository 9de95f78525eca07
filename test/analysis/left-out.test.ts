import { leftOutIn, leftOutNotes, leftOutText } from '../../src/analysis/left-out';
import { DECLARED_CALLS } from '../../src/manifests/kinds';
import { deployment, destinationRule, injected, mesh, mode, peerAuthentication, service, tls } from '../support/meshes/mesh';

const declaring = (path: string, value: string) => {
  const workload = deployment(path);
  return { ...workload, metadata: { ...workload.metadata, annotations: { [DECLARED_CALLS]: value } } };
};

const shop = (...more: unknown[]) => mesh([injected('shop'), deployment('shop/pay'), service('shop/pay'), more], { onlyDeclaredCalls: true });

test('a mesh whose workloads declare no calls leaves none out', () => {
  expect(leftOutIn(shop(deployment('shop/web')))).toBeUndefined();
});

test('counts what all calls would add, by outcome, and names those who declare', () => {
  const broken = [peerAuthentication('shop/default', mode('STRICT')), destinationRule('shop/pay', { host: 'pay', ...tls('DISABLE') })];
  const leftOut = leftOutIn(shop(declaring('shop/web', ''), declaring('shop/app', 'shop/pay'), deployment('shop/cron'), broken))!;
  expect(leftOut).toMatchObject({ connections: 1, outcomes: { broken: 1, mtls: 0 }, clients: [{ name: 'app' }, { name: 'web' }] });
  expect(leftOutText(leftOut)).toBe('1 possible connection, broken, is left out, because workloads declare their calls: Deployment shop/app, Deployment shop/web');
  expect(leftOutNotes(leftOut)).toEqual([`${leftOutText(leftOut)} (--all-calls judges them)`]);
  expect(leftOutNotes({ ...leftOut, connections: 0 })).toEqual([]);
});

test('counts undecided ones, which may be broken, too', () => {
  const ghost = service('shop/ghost', ['http:80'], { selector: { app: 'nobody' } });
  const broken = [peerAuthentication('shop/default', mode('STRICT')), destinationRule('shop/pay', { host: 'pay', ...tls('DISABLE') })];
  const text = (...more: unknown[]) => leftOutText(leftOutIn(shop(declaring('shop/web', ''), declaring('shop/pay', ''), ghost, more))!);
  expect(text()).toContain('3 possible connections, 2 of them undecided, are left out');
  expect(text(broken)).toContain('3 possible connections, 1 of them broken and 2 undecided, are left out');
});

test('names a few of many workloads, or all', () => {
  const leftOut = leftOutIn(shop(['a', 'b', 'c', 'd', 'e'].map((name) => declaring(`shop/${name}`, ''))))!;
  expect(leftOutText(leftOut)).toBe(
    '5 possible connections are left out, because workloads declare their calls: Deployment shop/a, Deployment shop/b, Deployment shop/c and 2 others');
  expect(leftOutText(leftOut, undefined, true)).toContain('Deployment shop/d, Deployment shop/e');
});

test('a workload whose declaration has a mistake makes every call', () => {
  expect(leftOutIn(shop(declaring('shop/web', 'shop/pya')))).toBeUndefined();
});

test('tells what is declared and not shown', () => {
  const text = (value: string, all?: boolean) => leftOutText(leftOutIn(shop(declaring('shop/web', value)))!, undefined, all).split('; ')[1];
  expect(text('shop/pay')).toBeUndefined();
  expect(text('bank/pay:443')).toBe('1 declared call isn\'t among these manifests: bank/pay:443 of Deployment shop/web');
  expect(text('bank/pay:443, api.example.com')).toBe('2 declared calls aren\'t among these manifests, such as bank/pay:443 of Deployment shop/web');
  expect(text('bank/pay:443, api.example.com', true)).toBe(
    '2 declared calls aren\'t among these manifests: bank/pay:443 of Deployment shop/web, api.example.com of Deployment shop/web');
});

test('tells what is declared and isn\'t TCP', () => {
  const dns = service('shop/dns', [{ name: 'dns', port: 53, protocol: 'UDP' }, { name: 'dns-tcp', port: 53 }, { name: 'quic', port: 443, protocol: 'UDP' }], { selector: { app: 'pay' } });
  const text = (value: string, all?: boolean) => leftOutText(leftOutIn(shop(declaring('shop/web', value), dns))!, undefined, all).split('; ').slice(1).join('; ');
  expect(text('shop/pay')).toBe('');
  expect(text('dns:443')).toBe('1 declared call isn\'t TCP, and isn\'t judged: dns:443/UDP of Deployment shop/web');
  expect(text('shop/dns')).toBe('2 declared calls aren\'t TCP, and aren\'t judged, such as shop/dns:53/UDP of Deployment shop/web');
  expect(text('shop/dns, bank/pay', true)).toBe('1 declared call isn\'t among these manifests: bank/pay of Deployment shop/web; '
    + '2 declared calls aren\'t TCP, and aren\'t judged: shop/dns:53/UDP of Deployment shop/web, shop/dns:443/UDP of Deployment shop/web');
});

test('says nothing of none, except what isn\'t shown', () => {
  const text = (value: string) => leftOutText(leftOutIn(shop(declaring('shop/web', value)))!, 'allCalls judges them');
  expect(text('shop/pay')).toBe('');
  expect(text('shop/pay, bank/pay')).toBe('1 declared call isn\'t among these manifests: bank/pay of Deployment shop/web');
  expect(text('')).toBe('1 possible connection is left out, because workloads declare their calls: Deployment shop/web (allCalls judges them)');
  const further = (value: string) => leftOutText(leftOutIn(shop(declaring('shop/web', value)))!, 'allCalls judges them', false, ['1 ends']);
  expect(further('shop/pay')).toBe('1 ends (allCalls judges them)');
  expect(further('')).toMatch(/: Deployment shop\/web; 1 ends \(allCalls judges them\)$/);
});

describe('with a Sidecar that imports what is declared only', () => {
  const strict = peerAuthentication('shop/default', mode('STRICT'));
  const scope = { apiVersion: 'networking.istio.io/v1', kind: 'Sidecar', metadata: { name: 'web', namespace: 'shop' }, spec: { egress: [{ hosts: ['istio-system/*'] }] } };
  const text = (...more: unknown[]) => leftOutText(leftOutIn(shop(strict, declaring('shop/web', ''), more))!);

  test('says that others break because of it', () => {
    expect(text(scope)).toMatch(/^1 possible connection, broken \(the client's Sidecar doesn't import the host\), is left out, /);
    expect(text(scope, declaring('shop/app', ''))).toMatch(/^2 possible connections, 2 of them broken \(the client's Sidecar .*\), are left out, /);
  });

  test('tells them from those that break for another reason', () => {
    const outside = { ...declaring('bank/job', ''), metadata: { ...declaring('bank/job', '').metadata, namespace: 'bank' } };
    const text2 = text(scope, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'bank' } }, outside);
    expect(text2).toMatch(/^2 possible connections, 2 of them broken \(1 because the client's Sidecar doesn't import the host\), are left out, /);
  });
});
