import { Calls, Services } from '../../../src/index';
import { DeclaringShop } from '../../support/constructs/declaring-shop';

/** What is said of a Service with a selector, beside Deployments with labels. */
function refusalFor(selector: object, pods: Record<string, Record<string, string>>): string {
  const shop = new DeclaringShop();
  const web = shop.deployment('web');
  for (const [name, labels] of Object.entries(pods)) {
    const made = shop.deployment(name);
    for (const [key, value] of Object.entries(labels)) made.podMetadata.addLabel(key, value);
  }
  Calls.of(web).to(Services.of(shop.object('lost', 'v1', 'Service', 'lost', { selector, ports: [{ port: 80, name: 'http' }] })));
  const [found, ...others] = shop.refusals;
  expect(others).toEqual([]);
  return found;
}

test('names the selector, and the workload whose labels come nearest', () => {
  const pods = { cart: { app: 'cart', tier: 'back' }, orders: { app: 'orders', tier: 'back' } };
  expect(refusalFor({ app: 'crat', tier: 'back' }, pods)).toMatch(
    /to\(shop\/lost\) is 1 of 1 connection is undecided: .*because selector app=crat,tier=back of Service lost selects no pods\. Fix: correct the selector, or the labels: those that come nearest are app=cart,tier=back of Deployment shop\/cart\. \[API855\]$/);
  expect(refusalFor({ app: 'cart', tier: 'front' }, { cart: { app: 'cart' } })).toMatch(/come nearest are app=cart of Deployment shop\/cart\. /);
});

test('names no workload without a label in common', () => {
  expect(refusalFor({ role: 'db' }, { cart: { app: 'cart' } })).toMatch(
    /because selector role=db of Service lost selects no pods\. Fix: correct the selector, or add the workload behind the Service to namespace shop\. \[API855\]$/);
});
