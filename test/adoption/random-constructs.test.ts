import { removeFolders } from '../support/command/scratch';
import { adopted, inOrder, objectsIn, synthOf } from '../support/constructs/adopted';
import { casesOf } from '../support/random/cases';
import { RandomApp, randomApps } from '../support/random/random-constructs';

afterAll(removeFolders);

const { seed, count } = casesOf('adoption');
const APPS = count(30);
const CONSTRUCTS = ['AllowedCallers', 'DefaultDeny', 'Destination', 'ExternalService', 'HttpRoute', 'MachineService', 'MeshMonitoring', 'RequiredToken', 'SidecarScope'];

/** Some apps that are always the same, and have each construct. */
function coveringAll(): readonly RandomApp[] {
  const missing = new Set(CONSTRUCTS);
  return randomApps(1, 40).filter(({ constructs }) => Object.keys(constructs).filter((name) => missing.delete(name)).length > 0);
}

test('adopts the output of constructs with random properties as the same constructs', () => {
  const apps = randomApps(seed, APPS);
  expect(apps).toHaveLength(APPS);
  const seen = new Set<string>();
  for (const { yaml, constructs } of [...coveringAll(), ...apps]) {
    const adoption = adopted(yaml);
    expect([yaml, adoption.constructs]).toEqual([yaml, constructs]);
    expect(inOrder(synthOf(adoption.program))).toEqual(inOrder(objectsIn(yaml)));
    for (const name of Object.keys(constructs)) seen.add(name);
  }
  expect([...seen].sort()).toEqual(CONSTRUCTS);
});
