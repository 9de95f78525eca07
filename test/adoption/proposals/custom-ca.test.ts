import { App, Chart } from 'cdk8s';
import { CaSource, CertManagerIssuer, CustomCa, ExternalSecretStore } from '../../../src';
import { removeFolders } from '../../support/command/scratch';
import { adopted, inOrder, objectsIn, synthOf } from '../../support/constructs/adopted';

afterAll(removeFolders);

/** The program for a CustomCa's output with this source, verified to write the same output. */
function proven(source: CaSource): string {
  const app = new App();
  new CustomCa(new Chart(app, 'chart'), 'ca', { source });
  const yaml = app.synthYaml();
  const { program, constructs } = adopted(yaml);
  expect(constructs).toEqual({ CustomCa: 1 });
  expect(inOrder(synthOf(program))).toEqual(inOrder(objectsIn(yaml)));
  return program;
}

test.each([
  ['issuer: CertManagerIssuer.issuer(\'company\')', CertManagerIssuer.issuer('company')],
  ['issuer: CertManagerIssuer.clusterIssuer(\'company\')', CertManagerIssuer.clusterIssuer('company')],
])('a CA of cert-manager has its %s', (expected, issuer) => {
  expect(proven(CaSource.certManager({ issuer }))).toContain(expected);
});

test.each([
  ['store: ExternalSecretStore.secretStore(\'vault\')', ExternalSecretStore.secretStore('vault')],
  ['store: ExternalSecretStore.clusterSecretStore(\'vault\')', ExternalSecretStore.clusterSecretStore('vault')],
])('a CA in a vault has its %s', (expected, store) => {
  expect(proven(CaSource.externalSecret({ key: 'a/b', store }))).toContain(expected);
});
