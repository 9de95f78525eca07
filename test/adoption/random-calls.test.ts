import { removeFolders } from '../support/command/scratch';
import { adopted, inOrder, objectsIn, synthOf } from '../support/constructs/adopted';
import { callApp } from '../support/random/call-apps';
import { casesOf } from '../support/random/cases';

const { seed, count } = casesOf('adoption');

afterAll(removeFolders);

test('adopts the output of apps with declared calls as the same calls', () => {
  let policies = 0;
  for (let index = 0; index < count(50); index++) {
    const app = callApp(seed + index);
    const { program, constructs, leftOut } = adopted(app.yaml, { trustDomain: app.trustDomain });
    const isAll = app.app.node.validate().length === 0;
    const found = { seed: seed + index, leftOut, calls: constructs.Calls ?? 0, hasAnnotation: program.includes('calls.istio-mtls/to') };
    if (isAll) expect(found).toEqual({ seed: seed + index, leftOut: [], calls: app.policies, hasAnnotation: false });
    expect([found, inOrder(synthOf(program))]).toEqual([found, inOrder(objectsIn(app.yaml))]);
    if (isAll) policies += app.policies;
  }
  expect(policies).toBeGreaterThan(0);
});
