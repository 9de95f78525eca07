// Sources that are rendered, from the command line to each format. The programs are stubs: node conformance rendered runs the real ones.
import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';
import { validatorOf } from '../../support/documents/schemas';
import { BROKEN } from '../meshes';

const PATH = process.env.PATH;
afterEach(() => { process.env.PATH = PATH; });
afterAll(removeFolders);

const rule = BROKEN.slice(BROKEN.indexOf('apiVersion: networking.istio.io'));
const others = BROKEN.slice(0, BROKEN.indexOf('apiVersion: networking.istio.io'));

/** Prints the template of the chart with its first value, and says that it ran. */
const HELM = `#!${process.execPath}
const { readFileSync, writeFileSync } = require('node:fs');
const args = process.argv.slice(2);
if (args[0] === 'version') { console.log('v3.99'); process.exit(); }
const mode = readFileSync(args[args.indexOf('--values') + 1], 'utf8').trim();
process.stdout.write(readFileSync(args[args.length - 1] + '/templates/rule.yaml', 'utf8').replace('MODE', mode));
`;

function site(files: Readonly<Record<string, string>> = {}) {
  const programs = folderWith({ helm: HELM });
  chmodSync(join(programs, 'helm'), 0o755);
  process.env.PATH = `${programs}:${PATH}`;
  return folderWith({
    'istio-mtls.yaml': 'meshes:\n  dev: [k8s/base.yaml]\n  prod: {sources: [{path: k8s}, {helm: {chart: chart, values: [prod.txt], namespace: shop, release: shop}}]}\n',
    'k8s/base.yaml': others,
    'prod.txt': 'DISABLE',
    'chart/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
    'chart/templates/rule.yaml': rule.replace(/ {2}namespace: shop\n/, '').replace('mode: DISABLE', 'mode: MODE'),
    ...files,
  });
}

const codesIn = (report: any) => report.findings.map(({ code, file, line, object }: any) => [code, file, line, object.namespace]);

test.each([
  [['check']],
  [['check', '--mesh', 'prod']],
  [['connections', '--mesh', 'prod']],
  [['diff', '--mesh', 'prod', 'git:HEAD']],
  [['plan', '--mesh', 'prod', 'git:HEAD', '-o', 'json']],
  [['report', '--mesh', 'prod']],
  [['explain', 'shop/web', 'shop/ratings', '--mesh=prod', '--config', 'istio-mtls.yaml']],
])('%j without --render runs nothing and names the same command with it', async (args) => {
  const { exitCode, error, out } = await command(args, { cwd: site() });
  expect([exitCode, out, error.split('\n')[0]]).toEqual([
    2, '', `error: mesh prod has sources that helm must render, and programs run only with --render. Fix: add --render, as in istio-mtls ${args.join(' ')} --render`,
  ]);
});

test.each([
  ['a word with spaces and quotes', ['connections', '--mesh', 'prod', '--with', 'shop/it\'s web'], 'connections --mesh prod --with \'shop/it\'\\\'\'s web\' --render'],
  ['a pattern', ['connections', '--mesh', 'prod', '--with', '*.yaml'], 'connections --mesh prod --with \'*.yaml\' --render'],
  ['characters for the terminal', ['connections', '--mesh', 'prod', '--with', 'x\u001b[31mz'], 'connections --mesh prod --with \'x\\u001b[31mz\' --render'],
  ['-- before paths', ['diff', '--mesh', 'prod', '--', 'git:HEAD'], 'diff --mesh prod --render -- git:HEAD'],
])('the command that is named can be pasted into a shell: %s', async (_, args, named) => {
  const { error } = await command(args, { cwd: site() });
  expect(error.split('\n')[0]).toMatch(/as in istio-mtls /);
  expect(error.split('\n')[0].split('as in istio-mtls ')[1]).toBe(named);
});

test.each([[['connections']], [['diff']], [['report']]])('%j asks which of several meshes before anything of rendering, which the chosen one may not need', async (args) => {
  const cwd = site();
  const { exitCode, error } = await command(args, { cwd });
  expect([exitCode, error.split('\n')[0]]).toEqual([2, 'error: istio-mtls.yaml names 2 meshes; expected one of them. Fix: pass --mesh dev|prod']);
  expect((await command(['connections', '--mesh', 'dev'], { cwd })).exitCode).toBe(0);
});

test('with --render, findings of rendered objects name their source and object, and no line', async () => {
  const cwd = site();
  const json = await command(['check', '--mesh', 'prod', '--render', '-o', 'json'], { cwd });
  const report = JSON.parse(json.out);
  expect(validatorOf('check').validate(report).errors).toEqual([]);
  expect([json.exitCode, codesIn(report)]).toEqual([1, [['MTLS101', 'chart', undefined, 'shop']]]);
  expect(report.notes).toEqual([{ about: 'rendered', path: 'chart', text: 'chart is rendered by helm v3.99' }]);
  const printed = async (format: string) => (await command(['check', '--mesh', 'prod', '--render', '-o', format], { cwd })).out;
  expect(await printed('text')).toMatch(/✖ error {2}chart {2}MTLS101\n[^]*fix: {6}remove spec\.trafficPolicy\n\n[^]*\nchart is rendered by helm v3\.99\n/);
  const [{ results: [{ locations, fixes }] }] = JSON.parse(await printed('sarif')).runs;
  expect([locations[0].physicalLocation, locations[0].logicalLocations[0].fullyQualifiedName, fixes]).toEqual([{ artifactLocation: { uri: 'chart' } }, 'DestinationRule shop/ratings', undefined]);
  expect(await printed('github')).toMatch(/^::error file=chart,title=MTLS101 in mesh prod::DestinationRule shop\/ratings: /);
  expect(await printed('junit')).toMatch(/<failure [^>]*>chart<\/failure>/);
  expect((await command(['report', '--mesh', 'prod', '--render'], { cwd })).exitCode).toBe(0);
  expect((await command(['runbook', '--mesh', 'prod', '--render'], { cwd })).out).toContain('(`chart`)');
});

test.each([
  ['paths and a chart', '', ['--mesh', 'prod', '--render'], '`k8s`, `chart`', '--mesh prod --render', 1],
  ['a chart alone', 'meshes: {prod: {sources: [{helm: {chart: chart, values: [prod.txt], namespace: shop, release: shop}}]}}\n', ['--render'], '`chart`', '--render', 0],
  ['paths of the command line', '', ['k8s', '--mesh', 'prod'], '`k8s`', 'k8s', 0],
])('a runbook and a report name what they are made from, and a runbook checks it again: %s', async (_, configuration, args, sources, checked, exitCode) => {
  const cwd = site(configuration ? { 'istio-mtls.yaml': configuration } : {});
  const { out } = await command(['runbook', ...args], { cwd });
  expect(out).toContain(`Made by \`istio-mtls runbook\` from ${sources}, for Istio `);
  expect(out).toContain(`\nistio-mtls check ${checked} --all\n`);
  expect((await command(['check', ...checked.split(' '), '--all'], { cwd })).exitCode).toBe(exitCode);
  const { out: page } = await command(['report', ...args], { cwd });
  expect(page).toContain(`"paths":${JSON.stringify(sources.split(', ').map((source) => source.slice(1, -1)))}`);
});

test('paths on the command line replace all sources, so nothing is rendered', async () => {
  const { exitCode, out } = await command(['check', '--mesh', 'prod', 'k8s', '-o', 'json'], { cwd: site() });
  expect([exitCode, JSON.parse(out).summary.files]).toEqual([0, 1]);
});

test('a source that can\'t be rendered ends the run with 2, and the rest is checked', async () => {
  const cwd = site({ 'prod.txt': 'DISABLE', 'istio-mtls.yaml': 'meshes: {prod: {sources: [k8s, {helm: {chart: none, namespace: shop, release: shop}}]}}\n' });
  const { exitCode, out } = await command(['check', '--render', '-o', 'json'], { cwd });
  const [report] = JSON.parse(out).meshes;
  expect([exitCode, report.unreadable.map(({ code, file }: any) => [code, file]), report.summary.objects > 0]).toEqual([2, [['ADMIT170', 'none']], true]);
});

describe('in a commit', () => {
  const committed = (files: Readonly<Record<string, string>> = {}) => {
    const cwd = site(files);
    for (const args of [['init', '-q'], ['add', '-A'], ['commit', '-qm', 'one']]) execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd, stdio: 'pipe' });
    return cwd;
  };
  const diff = async (cwd: string) => command(['diff', '--mesh', 'prod', 'git:HEAD', '--render', '-o', 'json'], { cwd });

  test('sources are rendered from its files', async () => {
    const cwd = committed();
    writeFileSync(join(cwd, 'prod.txt'), 'ISTIO_MUTUAL');
    const { out } = await diff(cwd);
    const report = JSON.parse(out);
    expect(report.groups.map(({ from, to }: any) => [from, to])).toEqual([['broken', 'mtls']]);
    expect(report.groups[0].causes.map(({ file, line }: any) => [file, line])).toEqual([['chart', undefined]]);
    expect(report.notes.map(({ text }: any) => text)).toEqual(expect.arrayContaining(['git:HEAD:chart is rendered by helm v3.99', 'chart is rendered by helm v3.99']));
    expect((await command(['diff', '--mesh', 'prod', 'git:HEAD', '--render'], { cwd })).out).toContain('~ DestinationRule shop/ratings  chart  spec.trafficPolicy.tls.mode DISABLE → ISTIO_MUTUAL');
  });

  test('what it lacks is reported by its name there', async () => {
    const cwd = committed({ '.gitignore': 'prod.txt\n' });
    const { exitCode, out } = await diff(cwd);
    expect([exitCode, JSON.parse(out).unreadable.map(({ file, actual }: any) => [file, actual])]).toEqual([2, [['git:HEAD:chart', 'given values from git:HEAD:prod.txt']]]);
  });
});
