import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MtlsAnalysis, MtlsChange } from '../../../src/index';
import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';
import { validatorOf } from '../../support/documents/schemas';
import { BROKEN, SOUND } from '../meshes';

afterAll(removeFolders);

const SCHEMA = validatorOf('plan');

/** A mesh without its Namespace. */
const unlabelled = (mesh: string) => mesh.slice(mesh.indexOf('---\n') + 4);
const NAMESPACE = SOUND.slice(0, SOUND.indexOf('---\n') + 4);
/** With sidecars, listeners are removed: no call of the namespace is decided. */
const FILTER = '---\napiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\nmetadata: {name: all, namespace: shop}\nspec: {configPatches: [{applyTo: LISTENER, patch: {operation: REMOVE}}]}\n';
const PERMISSIVE = unlabelled(SOUND).replace('mode: STRICT', 'mode: PERMISSIVE');

const STATED = 'To state it: --injected-namespace shop or --uninjected-namespace shop, or add the Namespace.';

const plan = (before: string, after: string, ...options: string[]) => (
  command(['plan', 'old', 'new', ...options], { cwd: folderWith({ 'old/mesh.yaml': before, 'new/mesh.yaml': after }) }));

async function planned(before: string, after: string) {
  const { out, exitCode } = await plan(before, after, '-o', 'json');
  const report = JSON.parse(out);
  expect(SCHEMA.validate(report)).toEqual({ valid: true, errors: [] });
  return { report, exitCode };
}

test('stages that hold in every case are proven, and what is worse at once in one case names it', async () => {
  const { report, exitCode } = await planned(unlabelled(BROKEN), unlabelled(SOUND));
  const [sidecars, none] = [true, false].map((holds) => [{ fact: 'namespace', name: 'shop', holds }]);
  expect([exitCode, report.stages.map(({ verdict }: any) => verdict), report.atOnce.verdict]).toEqual([0, ['safe'], 'safe']);
  const way = await planned(unlabelled(SOUND), unlabelled(BROKEN));
  const rest = { plaintext: 0, undecided: 0, lost: 0, exposed: 0 };
  expect(way.report.worsened).toEqual({ broken: 1, ...rest, varying: { broken: { least: 0, if: sidecars } } });
  const { report: unsafe } = await planned(PERMISSIVE.replace('mode: PERMISSIVE', 'mode: DISABLE'), unlabelled(SOUND));
  expect([unsafe.atOnce.verdict, unsafe.atOnce.if, unsafe.atOnce.witness.if]).toEqual(['unsafe', none, sidecars]);
  expect(unsafe.stages.map(({ verdict }: any) => verdict)).toEqual(['safe', 'safe', 'safe', 'safe']);
});

test('texts tell the case in which all changes at once, or a stage, are proven, and how to state it', async () => {
  const { out, exitCode } = await plan(`${PERMISSIVE}${FILTER}`, `${unlabelled(SOUND)}${FILTER}`);
  expect([exitCode, out]).toEqual([1, expect.stringContaining('⚠ Safe at once if shop has none; if shop has sidecars, 2 connections that ~ PeerAuthentication shop/default may concern are undecided')]);
  expect(out).toContain('⚠ proven if shop has none, in any order; if shop has sidecars, 2 connections');
  expect(out).toContain(`Neither state shows whether shop has sidecars. ${STATED}`);
  const markdown = (await plan(`${PERMISSIVE}${FILTER}`, `${unlabelled(SOUND)}${FILTER}`, '-o', 'markdown')).out;
  expect(markdown).toContain('⚠️ not always safe at once; 1 stage, not all proven');
  expect(markdown).toContain(`\`Neither state shows whether shop has sidecars. ${STATED}\``);
});

test('the folder\'s README tells the case in which a stage is proven, and says nothing of one that always is', async () => {
  const writtenFor = async (filter: string) => {
    const cwd = folderWith({ 'old/mesh.yaml': `${PERMISSIVE}${filter}`, 'new/mesh.yaml': `${unlabelled(SOUND)}${filter}` });
    await command(['plan', 'old', 'new', '--out', 'plan'], { cwd });
    return readFileSync(join(cwd, 'plan', 'README.md'), 'utf8');
  };
  expect(await writtenFor(FILTER)).toContain('\nFolder `01`: `proven if shop has none, in any order; if shop has sidecars, 2 connections that ~ PeerAuthentication shop/default may concern are undecided');
  expect(await writtenFor('')).not.toContain('Folder `01`:');
});

test('a plan on which nothing depends says so, and restarts name their case', async () => {
  expect((await plan(PERMISSIVE, unlabelled(SOUND))).out).toContain('Nothing of this depends on whether shop has sidecars.');
  const joined = await plan(PERMISSIVE, `${NAMESPACE}${PERMISSIVE}`);
  expect([joined.exitCode, joined.out]).toEqual([0, expect.stringContaining('↻ restart Deployment shop/web  if shop has none')]);
  expect((await plan(`${NAMESPACE}${PERMISSIVE}`, SOUND)).out).not.toMatch(/Nothing of this|Neither state/);
});

test('connections that get worse in one case are told with it', async () => {
  const { out } = await plan(unlabelled(SOUND), unlabelled(BROKEN));
  expect(out).toContain('The change itself breaks 1 connection if shop has sidecars, in any order: see istio-mtls diff.');
  const markdown = (await plan(unlabelled(SOUND), unlabelled(BROKEN), '-o', 'markdown')).out;
  expect(markdown).toContain('`The change itself breaks 1 connection if shop has sidecars, in any order: see istio-mtls diff.`');
});

test('the library has the conditions of all changes at once and of a stage', () => {
  const [before, after] = [`${PERMISSIVE}${FILTER}`, `${unlabelled(SOUND)}${FILTER}`];
  const { atOnceConditions, atOnceBecause, stages } = MtlsAnalysis.ofYaml(before).whatIf([MtlsChange.replaceAll(after)]).plan();
  const none = [{ fact: 'namespace', name: 'shop', holds: false }];
  expect([atOnceConditions, stages![0].conditions]).toEqual([none, none]);
  expect(atOnceBecause).toContain('if shop has sidecars, 2 connections');
});
