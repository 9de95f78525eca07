import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { folderWith, removeFolders } from '../support/command/scratch';

const TOOL = join(__dirname, '..', '..', 'tools', 'same-output.mjs');
const moduleOf = (name: string) => JSON.stringify(pathToFileURL(join(__dirname, '..', '..', 'tools', 'same-output', name)).href);

afterAll(removeFolders);

/** A command that prints a few lines and its working directory, and says or does something else where its arguments name it. */
function build(differs: string): string {
  return folderWith({
    'package.json': JSON.stringify({ version: '1.0.0' }),
    'lib/command/main.js': `exports.run = async (args, packaged, terminal) => {
      const one = (name) => (args.includes(name) ? ${JSON.stringify(differs)} : 'the same');
      if (args.includes('thrown')) throw new Error(one('thrown'));
      if (args.includes('alike')) throw new Error('both');
      if (args.includes('silent')) return 0;
      await terminal.out('a\\n' + one('out') + '\\nz ' + process.cwd() + '\\n');
      terminal.error(one('error') + '\\n');
      if (terminal.isTerminal) terminal.out(one('colours'));
      return args.includes('exit') ? ${differs.length} : 0;
    };`,
  });
}

interface Run {
  readonly args: readonly string[];
  readonly isTerminal?: boolean;
}

interface Compared {
  readonly printed: readonly string[];
  readonly same: number;
  readonly differ: number;
  readonly isWell: boolean;
  readonly summary: string;
}

/** The output and result of a comparison of runs, in a separate process, since jest doesn't load ES modules. */
function compared(runs: readonly Run[]): Compared {
  const script = `import { compare, endsWell, summaryOf } from ${moduleOf('comparison.mjs')};
    import { Side } from ${moduleOf('side.mjs')};
    const sides = ${JSON.stringify([build('before'), build('now')])}.map((root) => new Side(root, ${JSON.stringify(folderWith({}))}));
    const printed = [];
    const counts = await compare(${JSON.stringify(runs)}, sides, (text) => printed.push(text));
    for (const side of sides) side.end();
    console.log(JSON.stringify({ printed, ...counts, isWell: endsWell(counts), summary: summaryOf(counts) }));`;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', stdio: 'pipe' }));
}

test('distinguishes runs with equal output from others, and prints the differences', () => {
  const { printed, same, differ, isWell, summary } = compared([
    { args: ['check', 'x'] },
    { args: ['check', 'out'] },
    { args: ['check', 'error'] },
    { args: ['check', 'exit'] },
    { args: ['check', 'thrown'] },
    { args: ['check', 'colours'] },
    { args: ['check', 'colours'], isTerminal: true },
  ]);
  expect({ same, differ, isWell }).toEqual({ same: 2, differ: 5, isWell: false });
  expect(summary.split('\n').at(-1)).toBe('2 runs the same, 5 differ');
  expect(printed).toEqual([
    'istio-mtls check out\n  standard output\n  line 2\n  - "before"\n  + "now"',
    'istio-mtls check error\n  standard error\n  line 1\n  - "before"\n  + "now"',
    'istio-mtls check exit\n  exit code\n  line 1\n  - "6"\n  + "3"',
    'istio-mtls check thrown: exit code none: it threw Error: now',
    'istio-mtls check thrown\n  exit code\n  line 1\n  - "none: it threw Error: before"\n  + "none: it threw Error: now"',
    expect.stringContaining('istio-mtls check colours, on a terminal\n  standard output\n'),
  ]);
});

test('only the first differences are shown, and all are counted', () => {
  const { printed, same, differ } = compared(Array.from({ length: 100 }, (_, index) => ({ args: [index === 50 ? 'x' : 'out'] })));
  expect({ shown: printed.length, same, differ }).toEqual({ shown: 5, same: 1, differ: 99 });
});

test.each([
  ['the same output', [{ args: ['x'] }], true],
  ['a run that throws in both', [{ args: ['x'] }, { args: ['alike'] }], false],
  ['no run', [], false],
  ['runs none of which prints anything', [{ args: ['silent'] }], false],
])('reports whether %s end as expected', (_, runs, isWell) => {
  expect(compared(runs)).toMatchObject({ isWell, differ: 0, same: runs.length });
});

test('every verb runs in each of its formats, also on a terminal, with valid arguments', () => {
  const root = folderWith({
    'lib/src/cli/formats.js': 'exports.REPORT_FORMATS = ["text", "json"]; exports.CONNECTION_FORMATS = ["table", "json"]; exports.JSON_FORMATS = ["2"];',
  });
  const script = `import { formatsOf, runsOf } from ${moduleOf('runs.mjs')};
    const inputs = [{ path: 'a.yaml', istiodEnv: { X: '1' }, clusterDomain: 'b.c', facts: 'd.yaml' }, { path: 'e.yaml', only: ['--client', 'f/g'], verbs: ['connections'] }];
    console.log(runsOf(inputs, formatsOf(${JSON.stringify(root)})).map(({ args, isTerminal }) => args.join(' ') + (isTerminal ? ' !' : '')).join('\\n'));`;
  const facts = '--with d.yaml --cluster-domain b.c';
  expect(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }).trimEnd().split('\n')).toEqual([
    `check -o text ${facts} --istiod-env X=1 a.yaml`,
    `check -o text ${facts} --istiod-env X=1 a.yaml !`,
    `check -o json ${facts} --istiod-env X=1 a.yaml`,
    `validate -o text ${facts} a.yaml`,
    `validate -o text ${facts} a.yaml !`,
    `validate -o json ${facts} a.yaml`,
    `connections -o table ${facts} --istiod-env X=1 a.yaml`,
    `connections -o table ${facts} --istiod-env X=1 a.yaml !`,
    `connections -o json ${facts} --istiod-env X=1 a.yaml`,
    `connections -o json --format 2 ${facts} --istiod-env X=1 a.yaml`,
    'connections -o table --client f/g e.yaml',
    'connections -o table --client f/g e.yaml !',
    'connections -o json --client f/g e.yaml',
    'connections -o json --format 2 --client f/g e.yaml',
  ]);
});

test('a side that ends before its runs is no success', () => {
  const broken = folderWith({ 'package.json': '{}', 'lib/command/main.js': 'process.exit(0);' });
  const script = `import { Side } from ${moduleOf('side.mjs')}; await new Side(${JSON.stringify(broken)}, '.').digests([]);`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(status).not.toBe(0);
  expect(stderr).toContain('a side ended by exit code 0 before all its runs');
});

test.each([
  ['no commit', [], 'no commit is named'],
  ['a number that is none', ['HEAD', '--meshes', 'x'], '--meshes is \'x\''],
])('%s ends with 2', (_, args, message) => {
  const { status, stderr } = spawnSync(process.execPath, [TOOL, ...args], { encoding: 'utf8' });
  expect(status).toBe(2);
  expect(stderr).toContain(`same-output: ${message}`);
});
