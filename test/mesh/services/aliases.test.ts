import { Aliases } from '../../../src/mesh/services/aliases';
import { injected, mesh, service } from '../../support/meshes/mesh';

const host = (name: string) => `${name}.b.svc.cluster.local`;
const alias = (name: string, externalName: string) => service(`b/${name}`, [80], { type: 'ExternalName', externalName });

test.each([
  ['itself', 'x', [], 'x'],
  ['what it stands for', 'one', [alias('one', host('x'))], 'x'],
  ['what the last of several stands for', 'one', [alias('one', host('two')), alias('two', host('x'))], 'x'],
  ['itself, if what it stands for is no Service', 'one', [alias('one', 'x.example.com')], 'one'],
  ['itself, if it goes in circles', 'one', [alias('one', host('two')), alias('two', host('one'))], 'one'],
  ['where it enters a circle', 'one', [alias('one', host('two')), alias('two', host('three')), alias('three', host('two'))], 'two'],
])('behind a Service is %s', (_, name, objects, expected) => {
  const { registry } = mesh([injected('b'), service('b/x'), objects]);
  expect(registry.aliases.serviceBehind(registry.byHost.get(host(name))![0]).name).toBe(expected);
});

test.each([
  ['no ExternalName', 'x', [], undefined],
  ['one of a Service', 'one', [alias('one', host('x'))], host('x')],
  ['one of another one', 'one', [alias('one', host('two')), alias('two', 'x.example.com')], 'x.example.com'],
  ['one in a circle', 'one', [alias('one', host('two')), alias('two', host('one'))], undefined],
  ['one that leads into a circle', 'one', [alias('one', host('two')), alias('two', host('three')), alias('three', host('two'))], undefined],
])('the target of an ExternalName that is %s', (_, name, objects, expected) => {
  const { registry } = mesh([injected('b'), service('b/x'), objects]);
  expect(registry.aliases.targetOf(host(name))).toBe(expected);
});

test.each([
  ['all are known', ['one', 'two'], 'x.example.com'],
  ['the second isn\'t known', ['one'], host('two')],
  ['the first isn\'t known', ['two'], undefined],
])('the target of a chain of two ExternalNames if %s', (_, known, expected) => {
  const { registry } = mesh([injected('b'), alias('one', host('two')), alias('two', 'x.example.com')]);
  const aliases = new Aliases((name) => registry.kubernetesService(name), ({ name }) => known.includes(name));
  expect(aliases.targetOf(host('one'))).toBe(expected);
});

test.each([
  ['a row', host('x')],
  ['a circle', host('e0')],
])('each name of %s is looked up a few times only, however many there are', (_, end) => {
  const many = 2000;
  const { registry } = mesh([injected('b'), service('b/x'), ...Array.from({ length: many }, (__, index) => alias(`e${index}`, index + 1 < many ? host(`e${index + 1}`) : end))]);
  let lookups = 0;
  const aliases = new Aliases((name) => {
    lookups++;
    return registry.kubernetesService(name);
  });
  for (const name of registry.byHost.keys()) aliases.targetOf(name);
  expect(lookups).toBeLessThan(4 * many);
});
