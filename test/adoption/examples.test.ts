import { App, Chart } from 'cdk8s';
import { removeFolders } from '../support/command/scratch';
import { adopted, inOrder, objectsIn, synthOf } from '../support/constructs/adopted';
import { EXAMPLES } from '../support/constructs/examples';

afterAll(removeFolders);

/** The constructs that adopt each example, if not a single one of the same class. */
const ADOPTED: Record<string, object> = {
  Acknowledgement: { StrictMeshMtls: 1 },
  CaRotation: { CustomCa: 1 }, // its last stage is a CustomCa
  ExternalService: { Destination: 4 },
  IstioCsr: {},
  IstioMesh: { StrictMeshMtls: 1 },
  MachineService: { MachineService: 4 },
  MeshMonitoring: { MeshMonitoring: 3 },
  RequiredToken: { RequiredToken: 2 },
  SidecarScope: { Destination: 4, SidecarScope: 1 },
  StrictMeshMtls: { Destination: 3, StrictMeshMtls: 1 },
  HttpRoute: { Destination: 1, HttpRoute: 1 },
};

test.each(Object.keys(EXAMPLES))('adopts the output of %s as the same construct, which writes it again', (name) => {
  const app = new App();
  EXAMPLES[name](new Chart(app, 'chart', { namespace: 'shop' }));
  const yaml = app.synthYaml();
  const { program, constructs, leftOut } = adopted(yaml, name === 'IstioMesh' ? { istiodNamespace: 'mesh' } : {});
  expect(constructs).toEqual(ADOPTED[name] ?? { [name]: 1 });
  expect(leftOut).toEqual([]);
  expect(inOrder(synthOf(program))).toEqual(inOrder(objectsIn(yaml)));
});
