import { join } from 'node:path';
import { BROKEN } from './meshes';
import { command } from '../support/command/command';
import { folderWith, removeFolders } from '../support/command/scratch';

afterAll(removeFolders);

const CONFIGURATION = 'workloadKinds:\n  - {group: apps.kruise.io, kind: CloneSet}\n';
/** BROKEN with the client as another kind. */
const as = (apiVersion: string, kind: string) => BROKEN.replace('apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web', `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: web`);
const KRUISE = as('apps.kruise.io/v1alpha1', 'CloneSet');

async function clients(files: Record<string, string>, ...args: string[]) {
  const { out } = await command(['connections', '.', '-o', 'json', ...args], { cwd: folderWith(files) });
  return JSON.parse(out).map(({ client: { kind, namespace, name }, outcome }: any) => `${kind} ${namespace}/${name} ${outcome}`);
}

test('calls of a Rollout are decided and reported like those of a Deployment', async () => {
  expect(await clients({ 'a.yaml': as('argoproj.io/v1alpha1', 'Rollout') })).toEqual(['Rollout shop/web broken']);
  const { out } = await command(['check', '-o', 'json', '-'], { input: as('argoproj.io/v1alpha1', 'Rollout') });
  expect(JSON.parse(out).findings.map(({ code, because }: any) => [code, because.includes('calls from Rollout shop/web')])).toEqual([['MTLS101', true]]);
});

test('only kinds of the configuration are workloads', async () => {
  expect(await clients({ 'a.yaml': KRUISE })).toEqual([]);
  expect(await clients({ 'a.yaml': KRUISE, 'istio-mtls.yaml': CONFIGURATION })).toEqual(['CloneSet shop/web broken']);
  expect(await clients({ 'a.yaml': KRUISE, 'istio-mtls.yaml': CONFIGURATION }, '--client', 'CloneSet/shop/web')).toHaveLength(1);
});

test.each(['check', 'validate', 'connections'])('%s applies --namespace to configured kinds', async (verb) => {
  const files = { 'a.yaml': KRUISE.replaceAll(/^ {2}namespace: shop\n/gm, ''), 'istio-mtls.yaml': CONFIGURATION };
  const note = async (...args: string[]) => {
    const { out, error } = await command([verb, 'a.yaml', ...args], { cwd: folderWith(files) });
    return /(\d+) objects? names? no namespace/.exec(out + error)?.[1];
  };
  expect([await note(), await note('--no-config'), await note('-n', 'shop')]).toEqual(['5', '4', undefined]);
  if (verb === 'connections') expect(await clients(files, '-n', 'shop')).toEqual(['CloneSet shop/web broken']);
});

test('an unknown kind with a group is checked, and one without apiVersion is skipped', async () => {
  const files = { 'a.yaml': as('argoproj.io/v1alpha1', 'Rollout'), 'b.yaml': 'kind: Rollout\nmetadata: {name: b}\n', 'istio-mtls.yaml': CONFIGURATION };
  const { out } = await command(['validate', '.', '--list-skipped'], { cwd: folderWith(files) });
  expect(out).toContain('b.yaml:1  a kind without apiVersion');
  expect(out).not.toContain('a.yaml:');
});

test('a finding about a Rollout\'s pods is at the workload that has their template', async () => {
  const pods = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    metadata:
      labels: {app: web, sidecar.istio.io/inject: "false"}
    spec:
      containers: [{name: web}]
---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: web, namespace: shop}
spec:
  workloadRef: {apiVersion: apps/v1, kind: Deployment, name: web}
`;
  const folder = folderWith({ 'a.yaml': BROKEN.split('---\n').filter((one) => !one.includes('name: web')).join('---\n'), 'pods.yaml': pods });
  const { out } = await command(['check', join(folder, 'a.yaml'), join(folder, 'pods.yaml'), '-o', 'json'], {});
  const found = JSON.parse(out).findings.find(({ code }: any) => code === 'MTLS103');
  expect(found).toMatchObject({ object: { kind: 'Deployment', name: 'web' }, field: 'spec.template.metadata.labels[sidecar.istio.io/inject]', file: join(folder, 'pods.yaml'), line: 7 });
  expect(found.because).toContain('calls from Rollout shop/web to');
});
