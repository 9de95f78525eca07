// A plan that would take gigabytes is refused, by the command and by the library.
import { MtlsAnalysis, MtlsChange } from '../../../src/index';
import { planOf } from '../../../src/mesh/plan/plan';
import { StageCheck } from '../../../src/mesh/plan/stage-check';
import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';
import { deployment, injected, mesh, mode, namespace as space, peerAuthentication, service as serviceOf } from '../../support/meshes/mesh';

afterAll(removeFolders);

const workload = (name: string, namespace: string) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: ${namespace}}
spec: {selector: {matchLabels: {app: ${name}}}, template: {metadata: {labels: {app: ${name}}}, spec: {containers: [{name: x, image: x, ports: [{containerPort: 80}]}]}}}
---
`;
const service = (name: string, namespace: string) => `apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ${namespace}}
spec: {selector: {app: ${name}}, ports: [{name: http, port: 80}]}
---
`;
const labelled = (name: string, label: string) => `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}, labels: {${label}}}\n---\n`;

/** Namespaces of three workloads and services, in the mesh or not. */
function namespaces(count: number, label: string): string {
  const made = (namespace: string) => ['a', 'b', 'c'].map((name) => workload(name, namespace) + service(name, namespace));
  return Array.from({ length: count }, (_, index) => labelled(`n${index}`, label) + made(`n${index}`).join('')).join('');
}

/** One namespace of so many workloads, and services for some of them. */
function large(workloads: number, services: number, label: string): string {
  const names = Array.from({ length: workloads }, (_, index) => `w${index}`);
  return [labelled('shop', label), ...names.map((name) => workload(name, 'shop')), ...names.slice(0, services).map((name) => service(name, 'shop'))].join('');
}

const TOLD = /^the change: it is a rollout of 1,001 workloads that affects calls to 1,000 groups of hosts; expected at most 640,000 pairs of a workload and such a group, .* Fix: plan the rollouts of a few namespaces at a time\. \[API090\]/;

test('1,001 workloads that join the mesh at once and call each other are planned', async () => {
  const [before, after] = [large(1_001, 1_000, ''), large(1_001, 1_000, 'istio-injection: enabled')];
  const cwd = folderWith({ 'old.yaml': before, 'new.yaml': after });
  const { exitCode, out, error } = await command(['plan', 'old.yaml', 'new.yaml'], { cwd });
  expect([exitCode, out, error]).toEqual([2, '', expect.stringMatching(TOLD)]);
  expect(() => MtlsAnalysis.ofYaml(before).whatIf([MtlsChange.apply(after)]).plan()).toThrow(TOLD);
});

test.each([2, 17])('a change of %i namespaces is planned', async (count) => {
  const cwd = folderWith({ 'old.yaml': namespaces(count, ''), 'new.yaml': namespaces(count, 'istio-injection: enabled') });
  expect((await command(['plan', 'old.yaml', 'new.yaml'], { cwd })).exitCode).toBe(0);
});

test('the plan searches no order if a single group of changes has too many states', () => {
  const names = Array.from({ length: 8 }, (_, index) => `w${index}`);
  const pods = names.map((name) => deployment(`shop/${name}`, { labels: { app: 'all', name }, ports: [{ containerPort: 80 }] }));
  const others = names.map((name) => [...injected(name), deployment(`${name}/server`), serviceOf(`${name}/server`, ['http:80'])]);
  const fixed = [...pods, serviceOf('shop/all', ['http:80']), ...others.flat()];
  const policies = (value: string) => names.map((name) => peerAuthentication(`${name}/default`, mode(value)));
  const checking = jest.spyOn(StageCheck.prototype, 'check');
  const { atOnce, stages } = planOf(mesh([...fixed, space('shop'), ...policies('PERMISSIVE')]), [...fixed, ...injected('shop'), ...policies('STRICT')]);
  expect([atOnce.verdict, stages]).toEqual(['unsafe', undefined]);
  expect(checking.mock.calls.length).toBeLessThan(100);
  checking.mockRestore();
});
