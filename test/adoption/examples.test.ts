import { App, Chart } from 'cdk8s';
import { removeFolders } from '../support/command/scratch';
import { adopted, inOrder, objectsIn, synthOf } from '../support/constructs/adopted';
import { EXAMPLES } from '../support/constructs/examples';

afterAll(removeFolders);

/** What each example is adopted as, where that isn't one object by the construct itself. */
const ADOPTED: Record<string, object> = {
  Acknowledgement: { StrictMeshMtls: 1 },
  CaRotation: { CustomCa: 1 }, // its last stage is a CustomCa
  ExternalService: { Destination: 4 },
  IstioCsr: {},
  IstioMesh: { StrictMeshMtls: 1 },
  MeshMonitoring: { MeshMonitoring: 3 },
  RequiredToken: { RequiredToken: 2 },
  SidecarScope: { Destination: 4, SidecarScope: 1 },
  StrictMeshMtls: { Destination: 3, StrictMeshMtls: 1 },
  HttpRoute: { Destination: 1, HttpRoute: 1 },
};

test.each(Object.keys(EXAMPLES))('what %s emits is adopted as what it is, and written again', (name) => {
  const app = new App();
  EXAMPLES[name](new Chart(app, 'chart', { namespace: 'shop' }));
  const yaml = app.synthYaml();
  const { program, constructs, leftOut } = adopted(yaml, name === 'IstioMesh' ? { istiodNamespace: 'mesh' } : {});
  expect(constructs).toEqual(ADOPTED[name] ?? { [name]: 1 });
  expect(leftOut).toEqual([]);
  expect(inOrder(synthOf(program))).toEqual(inOrder(objectsIn(yaml)));
});
