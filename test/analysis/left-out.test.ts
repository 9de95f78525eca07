import { leftOutIn, leftOutNote, leftOutText } from '../../src/analysis/left-out';
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
  expect(leftOutText(leftOut)).toBe('1 possible connection, 1 of them broken, is left out, because workloads declare their calls: Deployment shop/app, Deployment shop/web');
  expect(leftOutNote(leftOut)).toBe(`${leftOutText(leftOut)}: --all-calls judges them`);
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
  expect(leftOutText(leftOut, true)).toContain('Deployment shop/d, Deployment shop/e');
});

test('a workload whose declaration has a mistake makes every call', () => {
  expect(leftOutIn(shop(declaring('shop/web', 'shop/pya')))).toBeUndefined();
});

test('tells what is declared and not shown', () => {
  const text = (value: string, all?: boolean) => leftOutText(leftOutIn(shop(declaring('shop/web', value)))!, all).split('; ')[1];
  expect(text('shop/pay')).toBeUndefined();
  expect(text('bank/pay:443')).toBe('1 declared call isn\'t among these manifests: bank/pay:443 of Deployment shop/web');
  expect(text('bank/pay:443, api.example.com')).toBe('2 declared calls aren\'t among these manifests, such as bank/pay:443 of Deployment shop/web');
  expect(text('bank/pay:443, api.example.com', true)).toBe(
    '2 declared calls aren\'t among these manifests: bank/pay:443 of Deployment shop/web, api.example.com of Deployment shop/web');
});
