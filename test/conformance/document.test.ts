import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { documentFile, documentOf, readFacts } from '../../conformance/document';

const ROOT = join(__dirname, '..', '..');
const recorded = (part: string): any => JSON.parse(readFileSync(join(ROOT, 'conformance', 'recorded', `${part}.json`), 'utf8'));

test('docs/conformance.md is generated from the recorded facts', () => {
  expect(readFileSync(documentFile, 'utf8')).toBe(documentOf(readFacts()));
});

test('20,000 meshes or more were judged without a difference', () => {
  const { differences, meshes } = recorded('connections');
  expect(differences).toBe(0);
  expect(meshes).toBeGreaterThanOrEqual(20_000);
});

test('5,000 pairs of states or more were judged without a difference', () => {
  const { differences, meshes } = recorded('mixed');
  expect(differences).toBe(0);
  expect(meshes).toBeGreaterThanOrEqual(5000);
});

test('2,000 meshes without some of their Namespaces or nearly so many were judged both ways without a difference', () => {
  const { differences, partialMeshes, completions, conditional, agreed, lost } = recorded('partial');
  expect(differences).toBe(0);
  expect(partialMeshes).toBeGreaterThanOrEqual(1900);
  expect(completions.without).toBeGreaterThanOrEqual(1900);
  expect(completions.mixed).toBeGreaterThan(500);
  expect(Math.min(...['mtls', 'tls', 'plaintext', 'broken', 'absent'].map((outcome) => conditional[outcome]))).toBeGreaterThan(1000);
  expect(lost / (lost + agreed)).toBeLessThan(0.05);
});

test('nearly 500 meshes or more were run without a difference', () => {
  const { differences, meshes, agreed } = recorded('data-plane');
  expect(differences).toBe(0);
  expect(meshes).toBeGreaterThanOrEqual(490);
  expect(agreed).toBeGreaterThanOrEqual(15_000);
});

test('at least 20 plans ran without a broken call, while applying their changes at once broke some', () => {
  const { plans } = recorded('convergence');
  const sum = (part: string, name: string): number => plans.reduce((total: number, one: any) => total + one[part][name], 0);
  expect(plans.length).toBeGreaterThanOrEqual(20);
  expect(['broken', 'exposed', 'letIn'].map((name) => sum('inStages', name))).toEqual([0, 0, 0]);
  expect(sum('inStages', 'calls')).toBeGreaterThanOrEqual(10_000);
  expect(sum('atOnce', 'broken') + sum('atOnce', 'exposed')).toBeGreaterThan(0);
  expect(plans.filter(({ example }: any) => example === 'held')).toEqual([]);
});

test('15 rotations or more were carried out, from each start, without a call that fails or an open connection that is lost', () => {
  const { rotations } = recorded('rotations');
  const sum = (part: string, name: string): number => rotations.reduce((total: number, one: any) => total + one[part][name], 0);
  expect(rotations.length).toBeGreaterThanOrEqual(15);
  expect(new Set(rotations.map(({ start }: any) => start)).size).toBe(3);
  expect([sum('inStages', 'failed'), sum('meanwhile', 'failed'), sum('kept', 'lost')]).toEqual([0, 0, 0]);
  expect(sum('inStages', 'calls')).toBeGreaterThanOrEqual(10_000);
  const jumps = rotations.flatMap((one: any) => one.jumps);
  expect(jumps.length).toBeGreaterThan(50);
  // One, two, then all of three sidecars have changed: 4 of 6 pairs are mixed in each of the first two of 3 steps.
  expect(jumps.filter(({ calls, failed }: any) => failed !== calls * 8 / 18)).toEqual([]);
  expect(jumps.filter(({ lost }: any) => lost > 0)).toEqual([]);
});

test('the model left at most 3 % undecided of connections whose objects it has', () => {
  const { connections, alone } = recorded('connections').plain;
  expect(connections).toBeGreaterThan(100_000);
  expect(alone / connections).toBeLessThanOrEqual(0.03);
});

test('20,000 objects or more were judged without a difference', () => {
  const { differences, objects } = recorded('admission');
  expect(differences).toBe(0);
  expect(objects).toBeGreaterThanOrEqual(20_000);
});

test('1,000,000 texts or more were read as kubectl and istiod read them', () => {
  const { kubectl, istiod, texts } = recorded('yaml');
  expect([kubectl.difference, istiod.difference]).toEqual([0, 0]);
  expect(texts).toBeGreaterThanOrEqual(1_000_000);
});

test('plans with objects to delete were made in a live cluster', () => {
  const { plans, snapshots } = recorded('plans');
  expect([plans.length, snapshots]).toEqual([2, 3]);
  expect(plans.every(({ stages, applied }: any) => stages > 1 && applied > 1)).toBe(true);
  expect(plans.some(({ deleted }: any) => deleted > 0)).toBe(true);
});

test('a live cluster accepted all emitted objects', () => {
  const { refused, applied } = recorded('live');
  expect(refused).toBe(0);
  expect(Object.keys(applied).length).toBeGreaterThan(10);
});

test('check took at most half as long as istioctl analyze', () => {
  const { costs } = recorded('peers').sizes.find(({ resources }: { resources: number }) => resources === 11_000);
  expect(costs['istio-mtls check'].seconds / costs['istioctl analyze'].seconds).toBeLessThanOrEqual(0.5);
});

test('Helm and istioctl rendered Istio\'s charts, and each fault in their values was detected', () => {
  const { rendered, faults } = recorded('charts');
  expect(rendered.length).toBeGreaterThanOrEqual(5);
  expect(rendered.filter(({ objects }: any) => !(objects.helm > 0 && objects.istioctl > 0))).toEqual([]);
  expect(faults.flatMap(({ seen }: any) => seen)).toEqual(expect.arrayContaining(['MTLS732 is found', 'MTLS733 is found']));
});

test('documented lines were run, each alert fired, and Helm without its namespace was found', () => {
  const { lines, alerts, faults } = recorded('documented');
  expect(lines.length).toBeGreaterThan(20);
  expect(lines.filter(({ trials }: any) => trials.length === 0)).toEqual([]);
  expect(alerts.length).toBe(5);
  expect(faults).toEqual(expect.arrayContaining(['helm template shop ./chart | istio-mtls check -n shop -']));
});
