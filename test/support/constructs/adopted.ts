import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transform } from 'sucrase';
import { adopt, Adoption } from '../../../src/adoption/adoption';
import { readManifests } from '../../../src/manifests/manifests';
import { ControlPlaneFacts } from '../../../src/mesh/config/control-plane-facts';
import { folderWith } from '../command/scratch';

/** Objects as a text of YAML has them. */
export function objectsIn(text: string): readonly any[] {
  const { documents, problems } = readManifests(text, 'a.yaml');
  expect(problems).toEqual([]);
  return documents.map(({ object }) => object);
}

/** The program of objects, or of a text of YAML. */
export function adopted(objects: string | readonly any[], facts: ControlPlaneFacts = {}): Adoption {
  return adopt(typeof objects === 'string' ? objectsIn(objects) : objects, facts);
}

/** The objects that a program writes. */
export function synthOf(program: string): readonly any[] {
  const { code } = transform(program, { transforms: ['typescript', 'imports'], disableESTransforms: true });
  const outdir = folderWith({});
  const before = process.env.CDK8S_OUTDIR;
  process.env.CDK8S_OUTDIR = outdir;
  try {
    new Function('require', 'exports', code)((name: string) => jest.requireActual(name), {});
    return readdirSync(outdir).sort().flatMap((file) => objectsIn(readFileSync(join(outdir, file), 'utf8')));
  } finally {
    if (before === undefined) delete process.env.CDK8S_OUTDIR;
    else process.env.CDK8S_OUTDIR = before;
  }
}

/** Objects as texts, in the order of the alphabet, whatever the order of their keys. */
export function inOrder(objects: readonly any[]): readonly string[] {
  return objects.map((object) => JSON.stringify(sorted(object))).sort();
}

function sorted(value: any): any {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}

/** The lines of a program between its first chart and its end. */
export const body = (program: string) => program.slice(program.indexOf('new Chart(')).split('\n').slice(1, -3).join('\n');

/** The program for a text, after a check that it writes the same objects. */
export function proven(text: string, facts: ControlPlaneFacts = {}): Adoption {
  const adoption = adopted(text, facts);
  expect(adoption.leftOut).toEqual([]);
  expect(inOrder(synthOf(adoption.program))).toEqual(inOrder(objectsIn(text)));
  return adoption;
}

const objectText = (apiVersion: string, kind: string) => (name: string, spec: string, namespace = 'shop', metadata = '') =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${name}, namespace: ${namespace}${metadata}}\nspec: ${spec}\n`;

export const policyText = objectText('security.istio.io/v1', 'PeerAuthentication');
export const ruleText = objectText('networking.istio.io/v1', 'DestinationRule');
export const routeText = objectText('networking.istio.io/v1', 'VirtualService');
export const authorizationText = objectText('security.istio.io/v1', 'AuthorizationPolicy');
export const authenticationText = objectText('security.istio.io/v1', 'RequestAuthentication');
export const entryText = objectText('networking.istio.io/v1', 'ServiceEntry');
export const workloadEntryText = objectText('networking.istio.io/v1', 'WorkloadEntry');
export const workloadGroupText = objectText('networking.istio.io/v1', 'WorkloadGroup');
export const sidecarText = objectText('networking.istio.io/v1', 'Sidecar');

/** A ConfigMap with a mesh config. */
export const configText = (name: string, mesh: string, namespace = 'istio-system') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, namespace: ${namespace}}\ndata:\n  mesh: |\n${mesh.split('\n').map((line) => `    ${line}\n`).join('')}`;

export const documents = (...texts: string[]) => texts.join('---\n');

export const REVIEWS = 'reviews.shop.svc.cluster.local';
