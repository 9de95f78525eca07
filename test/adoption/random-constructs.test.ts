import { adopted, inOrder, objectsIn, synthOf } from '../support/adopted';
import { casesOf } from '../support/cases';
import { randomApps } from '../support/random-constructs';
import { removeFolders } from '../support/scratch';

afterAll(removeFolders);

const { seed, count } = casesOf('adoption');
const APPS = count(30);

test('what constructs emit with random properties is adopted as these constructs', () => {
  const seen = new Set<string>();
  const apps = randomApps(seed, APPS);
  expect(apps).toHaveLength(APPS);
  for (const { yaml, constructs } of apps) {
    const adoption = adopted(yaml);
    expect([yaml, adoption.constructs]).toEqual([yaml, constructs]);
    expect(inOrder(synthOf(adoption.program))).toEqual(inOrder(objectsIn(yaml)));
    for (const name of Object.keys(constructs)) seen.add(name);
  }
  expect([...seen].sort()).toEqual(['AllowedCallers', 'DefaultDeny', 'Destination', 'ExternalService', 'MeshMonitoring', 'RequiredToken', 'SidecarScope', 'SubsetRoute']);
});
