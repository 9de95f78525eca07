// Manifests may hold anything: every verb and format reports what it can, and never throws.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Schema, Validator } from '@cfworker/json-schema';
import { SOUND } from './meshes';
import { MtlsAnalysis } from '../../src/index';
import { command } from '../support/command/command';
import { folderWith, removeFolders } from '../support/command/scratch';
import { validatorOf } from '../support/documents/schemas';
import { casesOf } from '../support/random/cases';
import { fc } from '../support/random/fast-check';
import { spoiledManifests } from '../support/random/spoiled-manifests';

afterAll(removeFolders);

const { seed, count } = casesOf('hostile');

/** The other state for `diff` and `plan`. */
const OTHER = folderWith({ 'mesh.yaml': SOUND });

/** Expectations for `test`. */
const EXPECTED = join(__dirname, '../../fuzz/expectations.yaml');


const SCHEMAS: { readonly [commandLine: string]: Validator } = {
  'check -o json': validatorOf('check'),
  'check -o sarif': new Validator(JSON.parse(readFileSync(join(__dirname, '../schemas/sarif-2.1.0.json'), 'utf8')) as Schema, '4'),
  'connections -o json': validatorOf('connections'),
  'connections -o json --format 2': validatorOf('connections-2'),
  [`diff -o json ${OTHER}`]: validatorOf('diff'),
  [`plan -o json ${OTHER}`]: validatorOf('plan'),
  [`test -o json ${EXPECTED}`]: validatorOf('test'),
  'validate -o json': validatorOf('validate'),
};

const COMMAND_LINES = [...Object.keys(SCHEMAS), 'check', 'check -o junit', 'check -o github', 'connections', 'connections -o csv', 'validate', ...['text', 'markdown', 'github'].map((format) => `diff -o ${format} ${OTHER}`),
  ...['text', 'markdown'].map((format) => `plan -o ${format} ${OTHER}`), ...['text --all', 'junit'].map((format) => `test -o ${format} ${EXPECTED}`)];

/** Manifests as JSON, unless JSON has no text for them. */
function textOf(manifests: unknown[]): string | undefined {
  try {
    return manifests.map((manifest) => JSON.stringify(manifest) ?? 'null').join('\n---\n');
  } catch {
    return undefined;
  }
}

test('every format reports invalid manifests with valid output', async () => {
  await fc.assert(fc.asyncProperty(spoiledManifests, fc.constantFrom(...COMMAND_LINES), async (manifests, commandLine) => {
    const input = textOf(manifests);
    fc.pre(input !== undefined);
    const { exitCode, out } = await command([...commandLine.split(' '), '-'], { input });
    expect([0, 1, 2]).toContain(exitCode);
    expect(out).not.toMatch(/\[object Object\]|TypeError/);
    if (commandLine in SCHEMAS) expect(SCHEMAS[commandLine].validate(JSON.parse(out))).toEqual({ valid: true, errors: [] });
  }), { seed, numRuns: count(400), interruptAfterTimeLimit: 8000 });
});

const SHOP = `apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {metadata: {labels: {app: web}}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: client, namespace: shop}
spec: {template: {metadata: {labels: {app: client}}}}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{name: http, port: 80}]}
---
`;

test.each([
  ['a Service named *', 'apiVersion: v1\nkind: Service\nmetadata: {name: "*", namespace: shop}\nspec: {selector: {app: web}, ports: [{name: http, port: 80}]}\n'],
  ['a ServiceEntry resolution that can\'t be converted to a string', 'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: {name: a, namespace: shop}\nspec: {hosts: [a.b], resolution: {toString: 1}}\n'],
  ['owner references that can\'t be converted to strings', 'apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: shop, ownerReferences: [{kind: {toString: 1}, name: {toString: 1}}]}\n'],
])('%s doesn\'t crash a verb', async (_, manifest) => {
  for (const verb of ['check', 'connections', 'validate']) expect([0, 1]).toContain((await command([verb, '-'], { input: SHOP + manifest })).exitCode);
  expect(MtlsAnalysis.ofYaml(SHOP + manifest).summary.connections).toBeGreaterThan(0);
});

test.each(['shop/web\n', '\n', 'shop/web:80\n', ''])('a service called %j isn\'t found', async (name) => {
  const { exitCode, error } = await command(['connections', '--service', name, '-'], { input: SHOP });
  expect(exitCode).toBe(2);
  expect(error).toContain('is not a service in these manifests');
});
