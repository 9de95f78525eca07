import { Testing } from 'cdk8s';
import { MtlsReporter } from '../../src/index';
import { attachedTo, attachTo } from '../../src/integration/attachments';
import { MeshFacts } from '../../src/integration/mesh-facts';
import { twoEnvironments } from '../support/constructs/environments';

test('options of an app and of one of its meshes add up in the order of the calls', () => {
  const { app, dev, prod } = twoEnvironments();
  expect(attachedTo(MeshFacts.of(app))).toBeUndefined();
  const reporter = MtlsReporter.silent();
  expect([attachTo(app, { namespace: 'a', injectedNamespaces: ['a'] }), attachTo(dev.shop, { namespace: 'b', injectedNamespaces: ['b'], reporter })]).toEqual([true, false]);
  const [ofDev, ofProd] = [dev, prod].map(({ stage }) => attachedTo(MeshFacts.of(stage))!);
  expect([ofDev.options, ofProd.options]).toMatchObject([{ namespace: 'b', injectedNamespaces: ['a', 'b'] }, { namespace: 'a', injectedNamespaces: ['a'] }]);
  expect([ofDev.reporter, ofProd.reporter === reporter, ofDev.scope]).toEqual([reporter, false, app]);
  expect(attachedTo(MeshFacts.of(app))).toBeUndefined(); // what no mesh owns
});

test('of an option that is no list, the last call that sets it counts', () => {
  const { app, dev } = twoEnvironments();
  attachTo(app, { constructPaths: true });
  for (const constructPaths of [undefined, false]) attachTo(dev.stage, { constructPaths });
  expect(attachedTo(MeshFacts.of(dev.stage))!.options).toMatchObject({ constructPaths: false });
});

test('meshes without a reporter share that of their app', () => {
  const { app, dev, prod } = twoEnvironments();
  for (const { stage } of [dev, prod]) attachTo(stage, {});
  const reporters = [dev, prod].map(({ stage }) => attachedTo(MeshFacts.of(stage))!.reporter);
  expect(reporters[0]).toBe(reporters[1]);
  attachTo(Testing.app(), {});
  expect(attachedTo(MeshFacts.of(app))).toBeUndefined();
});
