import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';
import { validatorOf } from '../../support/documents/schemas';
import { BROKEN, declaringCalls, SOUND } from '../meshes';

afterAll(removeFolders);

const SCHEMA = validatorOf('diff');

const folders = (before: string, after: string) => folderWith({ 'old/mesh.yaml': before, 'new/mesh.yaml': after });
const diff = (before: string, after: string, ...options: string[]) => command(['diff', 'old', 'new', ...options], { cwd: folders(before, after) });

/** The output of `diff -o json`, validated against its schema. */
async function reported(before: string, after: string, ...options: string[]) {
  const { exitCode, out } = await diff(before, after, '-o', 'json', ...options);
  const report = JSON.parse(out);
  expect(SCHEMA.validate(report)).toEqual({ valid: true, errors: [] });
  return { exitCode, report, groups: report.groups.map(({ kind, from, to, connections }: any) => `${connections} ${kind} ${from} ${to}`) };
}

test('others are left out, counted, and don\'t fail', async () => {
  const [old, broken] = [SOUND, BROKEN].map((mesh) => declaringCalls(mesh, ''));
  const { exitCode, report, groups } = await reported(old, broken);
  expect([exitCode, groups]).toEqual([0, []]);
  expect(report.leftOut).toMatchObject({ connections: 1, clients: [{ name: 'web' }], worse: 1, changes: [{ kind: 'changed', from: 'mtls', to: 'broken', gates: ['new-broken'], connections: 1 }] });
  expect(report.narrowed).toBeUndefined();
  const { out } = await diff(old, broken);
  expect(out.replace(/\s+/g, ' ')).toContain('1 undeclared connection gets worse, such as');
  const { out: comment } = await diff(old, broken, '-o', 'markdown');
  expect(comment.split('\n')[0]).toBe('### istio-mtls diff: ⚠️ nothing fails, 1 undeclared connection gets worse');
  expect((await diff(old, broken, '-o', 'github')).out).toContain('::warning title=declared-calls::');
});

test('calls that end aren\'t counted among the possible ones', async () => {
  const old = declaringCalls(SOUND, '');
  const { out } = await diff(old, old.split(/^---$/m).filter((one) => !/kind: Service$/m.test(one)).join('---'));
  expect(out.replace(/\s+/g, ' ')).toMatch(/(?<!possible connections.*)\b1 undeclared connection gets worse, such as/);
});

test('--all-calls compares them', async () => {
  const { exitCode, report, groups } = await reported(declaringCalls(SOUND, ''), declaringCalls(BROKEN, ''), '--all-calls');
  expect([exitCode, report.leftOut, groups]).toEqual([1, undefined, ['1 changed mtls broken']]);
});

test('a call that leaves the declaration when it breaks still fails, and the narrowing is told', async () => {
  const { exitCode, report, groups } = await reported(declaringCalls(SOUND, 'shop/ratings'), declaringCalls(BROKEN, ''));
  expect([exitCode, groups]).toEqual([1, ['1 changed mtls broken']]);
  expect(report.narrowed).toMatchObject([{ workload: { name: 'web' }, calls: 1 }]);
  expect((await diff(SOUND, declaringCalls(SOUND, ''))).out.replace(/\s+/g, ' '))
    .toContain('Deployment shop/web now declares its calls, without 1 that it could make before: ratings.shop.svc.cluster.local:9080.');
  const { out } = await diff(declaringCalls(SOUND, 'shop/ratings'), declaringCalls(BROKEN, ''));
  expect(out.replace(/\s+/g, ' ')).toContain('Deployment shop/web no longer declares 1 call: ratings.shop.svc.cluster.local:');
});

test('the file of settings states that all calls count', async () => {
  const cwd = folders(declaringCalls(SOUND, ''), declaringCalls(BROKEN, ''));
  writeFileSync(join(cwd, 'istio-mtls.yaml'), 'allCalls: true\n');
  expect((await command(['diff', 'old', 'new'], { cwd })).exitCode).toBe(1);
});

test('names no option that compares others where there are none', async () => {
  const { out } = await diff(declaringCalls(SOUND, 'shop/ratings, bank/pay'), declaringCalls(SOUND, 'shop/ratings:9080, bank/pay'));
  expect(out.replace(/\s+/g, ' ')).toContain('1 declared call isn\'t among these manifests: bank/pay of Deployment shop/web.');
  expect(out).not.toContain('--all-calls');
});
