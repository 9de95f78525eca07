import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';
import { inOrder, objectsIn, synthOf } from '../../support/constructs/adopted';

afterAll(removeFolders);

const POLICY = 'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: default, namespace: istio-system}\nspec: {mtls: {mode: STRICT}}\n';
const NAMESPACE = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n';
const SECRET = 'apiVersion: v1\nkind: Secret\nmetadata: {name: cacerts, namespace: istio-system}\ndata: {ca-key.pem: aHVudGVyMg==}\n';

test('adopt prints the program, and counts of objects on standard error', async () => {
  const { out, error, exitCode } = await command(['adopt', '-'], { input: [POLICY, NAMESPACE].join('---\n') });
  expect([exitCode, error]).toEqual([0, '1 object by constructs (StrictMeshMtls 1), 1 ApiObject, 0 left out.\n']);
  expect(inOrder(synthOf(out))).toEqual(inOrder(objectsIn([POLICY, NAMESPACE].join('---\n'))));
});

test('leaves out and names a Secret, prints none of its values, and exits with code 1', async () => {
  const { out, error, exitCode } = await command(['adopt', '-'], { input: [POLICY, SECRET].join('---\n') });
  expect([exitCode, error]).toEqual([1, [
    '1 object by constructs (StrictMeshMtls 1), 0 ApiObjects, 1 left out.', 'left out: Secret istio-system/cacerts: a Secret doesn\'t belong in a program', '',
  ].join('\n')]);
  expect(out).toContain('\n// Left out: Secret istio-system/cacerts: a Secret doesn\'t belong in a program\n\napp.synth();\n');
  expect(out + error).not.toMatch(/aHVudGVyMg|hunter2|ca-key/);
});

test('writes a program for a folder to a file', async () => {
  const folder = folderWith({ 'mesh/a.yaml': POLICY, 'mesh/b/list.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objectsIn(NAMESPACE) }), 'mesh/values.yaml': 'a: b\n' });
  const file = join(folder, 'main.ts');
  const { out, error, exitCode } = await command(['adopt', join(folder, 'mesh'), '-o', file]);
  expect([exitCode, out, error]).toEqual([0, '', expect.stringMatching(/^1 object by constructs/)]);
  expect(inOrder(synthOf(readFileSync(file, 'utf8')))).toEqual(inOrder([...objectsIn(POLICY), ...objectsIn(NAMESPACE)]));
});

test('reports unreadable documents, adopts the others, and exits with code 2', async () => {
  const { out, error, exitCode } = await command(['adopt', '-'], { input: `${POLICY}---\na: {{ .Values.a }}\n` });
  expect(exitCode).toBe(2);
  expect(error).toContain('ADMIT158');
  expect(out).toContain('new StrictMeshMtls(');
});

test('writes no file for a folder without objects, and exits with code 2', async () => {
  const folder = folderWith({ 'mesh/values.yaml': 'a: b\n' });
  const file = join(folder, 'main.ts');
  const { out, exitCode } = await command(['adopt', join(folder, 'mesh'), '-o', file]);
  expect([exitCode, out, existsSync(file)]).toEqual([2, '', false]);
});

test('exits with code 2 if it can\'t write the file', async () => {
  const folder = folderWith({});
  const { error, exitCode } = await command(['adopt', '-', '-o', join(folder, 'none', 'main.ts')], { input: POLICY });
  expect(exitCode).toBe(2);
  expect(error).toContain('main.ts');
});

test('--namespace applies to objects without a namespace, and mesh options to IstioMesh', async () => {
  const input = ['spec: {mtls: {mode: STRICT}}', 'spec: {mtls: {mode: DISABLE}}'].map((spec, index) =>
    `apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: default${index === 0 ? ', namespace: mesh' : ''}}\n${spec}\n`).join('---\n');
  const { out, error } = await command(['adopt', '-', '-n', 'shop', '--istiod-namespace', 'mesh', '--trust-domain', 'corp.example'], { input });
  expect(out).toContain('new IstioMesh(meshChart, \'mesh\', { namespace: \'mesh\', trustDomain: \'corp.example\' });\nnew StrictMeshMtls(meshChart, ');
  expect(out).toContain('new NamespaceOverride(shop, ');
  expect(error).not.toContain('namespace');
});

test('objects without a namespace stay without one, and standard error doesn\'t mention it', async () => {
  const { error } = await command(['adopt', '-'], { input: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n' });
  expect(error).toBe('0 objects by constructs, 1 ApiObject, 0 left out.\n');
});
