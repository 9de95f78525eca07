import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import { adopted } from '../support/constructs/adopted';
import { EXAMPLES } from '../support/constructs/examples';
import { faultsIn } from '../support/documents/compiler';
import { casesOf } from '../support/random/cases';
import { randomMeshes } from '../support/random/random-meshes';

const { seed, count } = casesOf('adoption');

const ROOT = join(__dirname, '..', '..');

/** A field of metadata or of an object, of any type. */
const VALUES = ['text', 1, true, null, [], {}, ['text', null], [1], { a: 'b' }, { a: 1 }, { a: null }, [{ apiVersion: 'v1', kind: 'A', name: 'a', uid: 'u' }], [{ name: 'a', x: 1 }]];

const ODD = ['labels', 'annotations', 'finalizers', 'ownerReferences', 'generation', 'managedFields'].flatMap((field) => VALUES.map((value, index) => (
  { apiVersion: 'example.com/v1', kind: 'A', metadata: { name: `a${index}`, namespace: 'a', [field]: value }, spec: value, [field]: value })));

/** Objects with credentials, which have their own factories. */
const CREDENTIALS = [
  { workloadSelector: { matchLabels: { app: 'a' } }, trafficPolicy: { tls: { mode: 'MUTUAL', credentialName: 'cert', sni: 'x', insecureSkipVerify: true } } },
  { trafficPolicy: { tls: { mode: 'SIMPLE', credentialName: 'configmap://a/roots', sni: 'x', subjectAltNames: ['w'] } } },
].map((spec, index) => (
  { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { name: `a${index}`, namespace: 'a' }, spec: { host: `a${index}.example.com`, ...spec } }));

/** The output of each example. */
const EMITTED = Object.values(EXAMPLES).map((example) => {
  const app = new App();
  example(new Chart(app, 'chart', { namespace: 'shop' }));
  return app.synthYaml();
});

test('programs for any objects compile', () => {
  const meshes = randomMeshes(seed, count(4)).map(({ objects }) => objects);
  const programs = [ODD, CREDENTIALS, ...EMITTED, ...meshes].map((objects) => adopted(objects).program);
  expect(programs[0]).toContain('managedFields');
  expect(programs[1].match(/ByCredential/g)).toHaveLength(2);
  const files = new Map(programs.map((program, index) => [join(ROOT, `adopted-${index}.ts`), program]));
  const wrong = join(ROOT, 'adopted-wrong.ts');
  const faultsOf = faultsIn(new Map([...files, [wrong, programs[0].replace('metadata: {', 'metadata: 5, x: {')]]));
  expect([...files.keys()].flatMap(faultsOf)).toEqual([]);
  expect(faultsOf(wrong)).not.toEqual([]);
});
