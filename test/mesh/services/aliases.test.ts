import { Aliases } from '../../../src/mesh/services/aliases';
import { injected, mesh, service } from '../../support/meshes/mesh';

const host = (name: string) => `${name}.b.svc.cluster.local`;
const alias = (name: string, externalName: string) => service(`b/${name}`, [80], { type: 'ExternalName', externalName });

test.each([
  ['itself, if it isn\'t an ExternalName', 'x', [], 'x'],
  ['the target of an ExternalName', 'one', [alias('one', host('x'))], 'x'],
  ['the target of the last of several ExternalNames', 'one', [alias('one', host('two')), alias('two', host('x'))], 'x'],
  ['itself, if its target isn\'t a Service', 'one', [alias('one', 'x.example.com')], 'one'],
  ['itself, if it is in a circle', 'one', [alias('one', host('two')), alias('two', host('one'))], 'one'],
  ['the first Service of a circle', 'one', [alias('one', host('two')), alias('two', host('three')), alias('three', host('two'))], 'two'],
])('the service behind a Service is %s', (_, name, objects, expected) => {
  const { registry } = mesh([injected('b'), service('b/x'), objects]);
  expect(registry.aliases.serviceBehind(registry.byHost.get(host(name))![0]).name).toBe(expected);
});

test.each([
  ['missing', 'x', [], undefined],
  ['an ExternalName of a Service', 'one', [alias('one', host('x'))], host('x')],
  ['an ExternalName of another ExternalName', 'one', [alias('one', host('two')), alias('two', 'x.example.com')], 'x.example.com'],
  ['in a circle', 'one', [alias('one', host('two')), alias('two', host('one'))], undefined],
  ['before a circle', 'one', [alias('one', host('two')), alias('two', host('three')), alias('three', host('two'))], undefined],
])('the target of a name that is %s', (_, name, objects, expected) => {
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
  ['a chain', host('x')],
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
