// Assumptions and unchecked objects in diff and plan, in each format and in the library.
import { MtlsAnalysis, MtlsChange } from '../../src/index';
import { BROKEN, SOUND } from '../cli/meshes';
import { command } from '../support/command/command';
import { folderWith, removeFolders } from '../support/command/scratch';
import { validatorOf } from '../support/documents/schemas';

afterAll(removeFolders);

const SCHEMAS = { diff: validatorOf('diff'), plan: validatorOf('plan') };

const POLICY = '---\napiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: all, namespace: shop}\nspec: {rules: [{}]}\n';
/** For a host without callers: no effect. */
const RULE = '---\napiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: other, namespace: shop}\nspec: {host: other.example.com}\n';
const MESH_WIDE = '---\napiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: default, namespace: istio-system}\nspec: {mtls: {mode: STRICT}}\n';
const PERMISSIVE = SOUND.replace('mode: STRICT', 'mode: PERMISSIVE');
const UNSET = SOUND.replace('mode: STRICT', 'mode: UNSET');
/** Its calls aren't decided, whoever has a sidecar. */
const UNKNOWN = SOUND.replace('istio-injection: enabled', 'istio.io/dataplane-mode: ambient');

const NOT_JUDGED = 'Not checked: 1 AuthorizationPolicy, which concerns 1 connection called mtls';
const ASSUMED = 'Assumed: Istio 1.31; the default mesh config; no EnvoyFilter or policy beyond those shown; the sidecar injector runs; '
  + 'pods are newer than the last change of injection; no other webhook changes pods (docs/assumptions.md)';

const run = async (verb: 'diff' | 'plan', before: string, after: string, ...options: string[]) =>
  (await command([verb, 'old', 'new', ...options], { cwd: folderWith({ 'old/mesh.yaml': before, 'new/mesh.yaml': after }) })).out;

async function reported(verb: 'diff' | 'plan', before: string, after: string) {
  const report = JSON.parse(await run(verb, before, after, '-o', 'json'));
  expect(SCHEMAS[verb].validate(report)).toEqual({ valid: true, errors: [] });
  return report;
}

const namesOf = async (before: string, after: string): Promise<string[]> => (await reported('diff', before, after)).assumptions.map(({ name }: any) => name);

test.each(['text', 'markdown', 'github'])('diff as %s states assumptions and unchecked objects of a change without effect', async (format) => {
  const out = await run('diff', `${SOUND}${POLICY}`, `${SOUND}${POLICY}${RULE}`, '-o', format);
  expect(out).toContain(NOT_JUDGED);
  expect(out).toContain(ASSUMED);
});

test.each(['text', 'markdown'])('plan as %s states assumptions and unchecked objects of a proven plan', async (format) => {
  const out = await run('plan', `${PERMISSIVE}${POLICY}`, `${SOUND}${POLICY}`, '-o', format);
  expect(out).toContain(NOT_JUDGED);
  expect(out).toContain(ASSUMED);
});

test.each(['diff', 'plan'] as const)('JSON of %s and of the library has the assumptions and unchecked objects of check', async (verb) => {
  const [before, after] = [`${PERMISSIVE}${POLICY}`, `${SOUND}${POLICY}`];
  const report = await reported(verb, before, after);
  const checked = JSON.parse((await command(['check', '-', '-o', 'json'], { input: after })).out);
  expect(report.assumptions).toEqual(checked.assumptions);
  expect(report.assumptions).toHaveLength(6);
  expect(report.unjudgedAfter).toEqual(checked.unjudged);
  const found = MtlsAnalysis.ofYaml(before).whatIf([MtlsChange.replaceAll(after)]);
  const { assumptions, unjudgedAfter } = JSON.parse((verb === 'diff' ? found.diff : found.plan()).json);
  expect([assumptions, unjudgedAfter]).toEqual([report.assumptions, report.unjudgedAfter]);
});

test('diff states the assumptions of both states', async () => {
  expect(await namesOf(UNSET, `${UNSET}${MESH_WIDE}`)).toContain('mesh-wide-mode');
  expect(await namesOf(`${UNSET}${MESH_WIDE}`, UNSET)).toContain('mesh-wide-mode');
  expect(await namesOf(`${UNSET}${MESH_WIDE}`, `${UNSET}${MESH_WIDE}${RULE}`)).not.toContain('mesh-wide-mode');
});

test.each(['diff', 'plan'] as const)('%s of equal states has no assumptions', async (verb) => {
  const { assumptions, unjudgedAfter } = await reported(verb, `${BROKEN}${POLICY}`, `${BROKEN}${POLICY}`);
  expect([assumptions, unjudgedAfter]).toEqual([[], { objects: [], connections: 0, gateways: [] }]);
});

describe('without the Namespace', () => {
  const without = (mesh: string) => mesh.slice(mesh.indexOf('---\n') + 4);
  const [BEFORE, AFTER] = [`${without(PERMISSIVE)}${POLICY}`, `${without(SOUND)}${POLICY}`];

  test.each(['diff', 'plan'] as const)('%s states the assumptions and unchecked objects of the case with sidecars', async (verb) => {
    const out = await run(verb, BEFORE, AFTER);
    expect(out).toContain(NOT_JUDGED);
    expect(out).toContain(ASSUMED);
  });

  test.each(['diff', 'plan'] as const)('JSON of %s and of the library has those of check', async (verb) => {
    const { assumptions, unjudgedAfter, missing } = await reported(verb, BEFORE, AFTER);
    const checked = JSON.parse((await command(['check', '-', '-o', 'json'], { input: AFTER })).out);
    expect([missing.length, assumptions.length, unjudgedAfter.connections]).toEqual([1, 6, 1]);
    expect([assumptions, unjudgedAfter]).toEqual([checked.assumptions, checked.unjudged]);
    const found = MtlsAnalysis.ofYaml(BEFORE).whatIf([MtlsChange.replaceAll(AFTER)]);
    expect(JSON.parse((verb === 'diff' ? found.diff : found.plan()).json)).toMatchObject({ assumptions, unjudgedAfter });
  });

  test('an object that is changed in each case counts once', async () => {
    const denied = AFTER.replace('rules: [{}]', 'action: DENY, rules: [{}]');
    for (const verb of ['diff', 'plan'] as const) {
      expect((await reported(verb, AFTER, denied)).unjudgedAfter).toEqual({ objects: [{ kind: 'AuthorizationPolicy', count: 1 }], connections: 1, gateways: [] });
    }
  });
});

test('texts state assumptions only if something is harmless', async () => {
  expect(await run('diff', SOUND, BROKEN)).not.toContain('Assumed');
  expect(await run('diff', SOUND, BROKEN, '--fail-on', 'never')).toContain(ASSUMED);
  expect(await run('diff', SOUND, `${BROKEN}${RULE}`)).toContain(ASSUMED);
  const unproven = await run('plan', UNKNOWN.replace('mode: STRICT', 'mode: PERMISSIVE'), UNKNOWN);
  expect(unproven).toContain('not proven');
  expect(unproven).not.toContain('Assumed');
});
