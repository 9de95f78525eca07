import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as yaml from 'js-yaml';
import * as ts from 'typescript';
import { stepsOf } from '../../../tools/page-steps.cjs';
import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';

afterAll(removeFolders);

const read = (path: string) => readFileSync(join(__dirname, '..', '..', '..', path), 'utf8');
const README = read('README.md');

/** The first fence of a language after a heading. */
function fence(heading: string, language: string): string {
  const after = README.slice(README.indexOf(heading));
  return new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(after)![1];
}

/** The files that a program writes. */
function filesOf(program: string): Record<string, string> {
  const { outputText } = ts.transpileModule(program, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } });
  const outdir = mkdtempSync(join(tmpdir(), 'readme-'));
  process.env.CDK8S_OUTDIR = outdir;
  try {
    new Function('require', 'exports', outputText)((name: string) => jest.requireActual(name), {});
    return Object.fromEntries(readdirSync(outdir).sort().map((file) => [`dist/${file}`, readFileSync(join(outdir, file), 'utf8')]));
  } finally {
    delete process.env.CDK8S_OUTDIR;
    rmSync(outdir, { recursive: true });
  }
}

const written = (program: string) => Object.values(filesOf(program)).join('---\n');

const APP = '## You have a cdk8s app';
const example = fence(APP, 'ts');

test('the first example writes the YAML that is shown', () => {
  const objects = yaml.loadAll(written(example)) as any[];
  expect(objects.filter(({ kind }) => kind === 'PeerAuthentication')).toEqual(yaml.loadAll(fence(APP, 'yaml')));
});

test('the first example has one connection to decide, which is mutual TLS, and no finding', async () => {
  const { out, exitCode } = await command(['check', '-', '-o', 'json'], { input: written(example) });
  const { connections, findings } = JSON.parse(out);
  expect({ exitCode, findings, connections }).toMatchObject({ exitCode: 0, findings: [], connections: { connections: 1, outcomes: { mtls: 1 } } });
});

test('check prints the output in docs/getting-started.md', async () => {
  const [step] = stepsOf(read('docs/getting-started.md'), '## With cdk8s').filter((one) => 'command' in one && one.command.endsWith('istio-mtls check dist/'));
  const { out } = await command(['check', 'dist/'], { cwd: folderWith(filesOf(example)) });
  expect(step).toMatchObject({ printed: out });
});

test('the rule that is added stops the synth as is shown', () => {
  const added = [...fence(APP, 'diff').matchAll(/^\+(.*)$/gm)].map(([, line]) => line);
  expect(added).toHaveLength(1);
  const broken = example.replace('{ MtlsAnalysis', '{ ClientTls, Destination, MtlsAnalysis').replace('app.synth();', () => `${added[0]}\napp.synth();`);
  expect(() => written(broken)).toThrow(new Error(/^```\n(Validation failed [^]*?)\n```$/m.exec(README)![1]));
});

test('the numbers equal those that the conformance suite recorded', () => {
  const recorded = (row: string) => Number(new RegExp(`^\\| ${row} \\| \\**(\\d+)\\** \\|$`, 'm').exec(read('docs/conformance.md'))![1]);
  const [, connections, meshes, differences] = /of the ([\d,]+) connections that both decide in ([\d,]+) random meshes, \*\*(\d+)\*\*/.exec(README)!;
  expect([connections, meshes, differences].map((number) => Number(number.replaceAll(',', '')))).toEqual([
    recorded('agreed in all three'), recorded('meshes judged'), recorded('\\*\\*differences\\*\\*'),
  ]);
});

test('every verb of the command is in the table', async () => {
  const { out } = await command(['--help']);
  const verbs = [...out.split('\nCommands:\n')[1].matchAll(/^ {2}([a-z]+)\b/gm)].map(([, verb]) => verb).filter((verb) => verb !== 'help');
  expect(verbs.length).toBeGreaterThan(8);
  expect(verbs.filter((verb) => !README.includes(`[\`${verb}\`](`))).toEqual([]);
});

test('the first block is for the reader\'s own YAML; commands that need a clone are together', () => {
  const blocks = [...README.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, block]) => block);
  expect(blocks[0]).toMatch(/^npx --no-install istio-mtls check /);
  expect(README.indexOf('docs/images/check.svg')).toBeLessThan(README.indexOf(blocks[0]));
  expect(fence('## Try it in a clone', 'sh')).toMatch(/^npm run demo .*\nnpm cit .*\n$/);
  expect(README.match(/npm cit/g)).toHaveLength(1);
});
