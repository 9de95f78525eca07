// A plan that would take minutes and gigabytes is refused, by the command and by the library.
import { MtlsAnalysis, MtlsChange } from '../../../src/index';
import { command } from '../../support/command';
import { folderWith, removeFolders } from '../../support/scratch';

afterAll(removeFolders);

/** Namespaces of three workloads and services, in the mesh or not. */
function namespaces(count: number, label: string): string {
  const workload = (name: string, namespace: string) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: ${namespace}}
spec: {selector: {matchLabels: {app: ${name}}}, template: {metadata: {labels: {app: ${name}}}, spec: {containers: [{name: x, image: x, ports: [{containerPort: 80}]}]}}}
---
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ${namespace}}
spec: {selector: {app: ${name}}, ports: [{name: http, port: 80}]}
---
`;
  return Array.from({ length: count }, (_, index) => `apiVersion: v1\nkind: Namespace\nmetadata: {name: n${index}, labels: {${label}}}\n---\n${['a', 'b', 'c'].map((name) => workload(name, `n${index}`)).join('')}`).join('');
}

const TOLD = /^the change: it is a rollout of 51 workloads that affects calls to 51 groups of hosts; expected at most 2,400 pairs of a workload and such a group, .* Fix: plan the rollouts of a few namespaces at a time\. \[MTLS090\]/;

test('17 namespaces that join the mesh at once', async () => {
  const [before, after] = [namespaces(17, ''), namespaces(17, 'istio-injection: enabled')];
  const cwd = folderWith({ 'old.yaml': before, 'new.yaml': after });
  const { exitCode, out, error } = await command(['plan', 'old.yaml', 'new.yaml'], { cwd });
  expect([exitCode, out, error]).toEqual([2, '', expect.stringMatching(TOLD)]);
  expect(() => MtlsAnalysis.ofYaml(before).whatIf([MtlsChange.apply(after)]).plan()).toThrow(TOLD);
  expect((await command(['diff', 'old.yaml', 'new.yaml', '--fail-on', 'never'], { cwd })).exitCode).toBe(0);
});

test('two namespaces are planned', async () => {
  const cwd = folderWith({ 'old.yaml': namespaces(2, ''), 'new.yaml': namespaces(2, 'istio-injection: enabled') });
  expect((await command(['plan', 'old.yaml', 'new.yaml'], { cwd })).exitCode).toBe(0);
});
