import { adopted, inOrder, objectsIn, synthOf } from '../support/adopted';
import { randomApps } from '../support/random-constructs';
import { removeFolders } from '../support/scratch';
import { TIMES } from '../support/times';

afterAll(removeFolders);

const APPS = 30 * TIMES;

test('what constructs emit with random properties is adopted as these constructs', () => {
  const seen = new Set<string>();
  const apps = randomApps(Number(process.env.SEED), APPS);
  expect(apps).toHaveLength(APPS);
  for (const { yaml, constructs } of apps) {
    const adoption = adopted(yaml);
    expect([yaml, adoption.constructs]).toEqual([yaml, constructs]);
    expect(inOrder(synthOf(adoption.program))).toEqual(inOrder(objectsIn(yaml)));
    for (const name of Object.keys(constructs)) seen.add(name);
  }
  expect([...seen].sort()).toEqual(['AllowedCallers', 'DefaultDeny', 'Destination', 'ExternalService', 'MeshMonitoring', 'RequiredToken', 'SidecarScope', 'SubsetRoute']);
});
