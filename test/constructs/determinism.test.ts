import { App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import * as library from '../../src';
import { EXAMPLES } from '../support/constructs/examples';

function appOf(name: string): App {
  const app = new App();
  EXAMPLES[name](new Chart(app, 'shop', { namespace: 'shop' }));
  return app;
}

test('there is an example of every construct', () => {
  const constructs = Object.entries(library).filter(([, it]) => typeof it === 'function' && it.prototype instanceof Construct).map(([name]) => name);
  expect(Object.keys(EXAMPLES)).toEqual(constructs.sort());
});

test.each(Object.keys(EXAMPLES))('%s: two synths of an app and of equal apps are byte-identical', (name) => {
  const [one, other] = [appOf(name), appOf(name)];
  const first = one.synthYaml();
  expect(first).not.toBe('');
  expect(one.synthYaml()).toBe(first);
  expect(other.synthYaml()).toBe(first);
});
