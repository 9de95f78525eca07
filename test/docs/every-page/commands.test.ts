// Each command of README.md and docs/ is run here, or listed with the file that runs it.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { certificate } from '../../support/certificates/x509';
import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';
import { callsIn, commandsOf, documentedCommands } from '../../support/documents/documented-commands';

const ROOT = join(__dirname, '..', '..', '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** Commands that need a cluster, a registry or Istio's samples, and the file that runs them there, or checks them with the program's own help. */
const ELSEWHERE: readonly (readonly [pattern: RegExp, file: string])[] = [
  [/^istio-mtls snapshot\b/, 'test/cli/snapshot/verb.test.ts'],
  [/^istio-mtls check platform\/kube networking$/, 'conformance/noise/printed.ts'],
  [/^kubectl (apply|delete) -f plan\//, 'conformance/plans/plans.ts'],
  [/^(helm template|kustomize build|kubectl get|curl) /, 'conformance/documented/recipes.ts'],
  [/^istioctl proxy-config secret /, 'conformance/cas/commands.ts'],
  [/^kubectl (logs|exec) /, 'conformance/runbook/runbook.ts'],
  [/^openssl s_client /, 'test/docs/guides/custom-ca.test.ts'],
  [/^npm (ci|run compile|pack|install)\b/, 'package-test/instructions.mjs'],
  [/^(npx (--no-install )?)?cdk8s synth/, 'package-test/instructions.mjs'],
  [/^npx --no-install jsii-(rosetta|pacmak) /, 'package-test/languages/run.mjs'],
  [/^git (init|add|commit) /, 'package-test/newcomer.mjs'],
  [/^npm (run demo|cit)\b/, 'tools/ci/steps.cjs'],
];

/** Commands that no test runs, as docs/README.md says: they take hours. */
const NOT_RUN = [/^(npx stryker run|node tools\/mutation-report\.mjs)\b/];

/** Placeholders for the reader's names. */
const NAMES: Readonly<Record<string, string>> = {
  'ca inspect PATH': 'ca inspect ca/',
  'ca rotate --from OLD --to NEW': 'ca rotate --from ca/ --to new/',
  'PATH…': 'dist/',
  'PATH': 'dist/',
  'OLD': 'old/',
  'NEW': 'dist/',
  'CLIENT': 'shop/web',
  'SERVICE[:PORT]': 'shop/ratings:9080',
  'SERVICE:PORT': 'shop/ratings:9080',
  'SERVICE': 'shop/ratings',
  'EXPECTATIONS': 'mesh-tests.yaml',
  'CODE': 'MTLS101',
  'QUERY': 'plaintext',
  'plan to-trust-domain NAME': 'plan to-trust-domain new.example',
};
const named = (text: string) => Object.entries(NAMES).reduce((line, [name, value]) => line.replace(new RegExp(`(?<=^|\\s)${name.replace(/[[\]]/g, '\\$&')}(?=\\s|$)`, 'g'), value), text);

const all = documentedCommands();
const calls = callsIn(all.map(({ text }) => named(text)));
/** Each program that a command calls, as its words. */
const programs = all.flatMap((documented, index) => calls[index].map((words) => ({ ...documented, words: ownOf(words) })));
const ours = programs.filter(({ words, text }) => words[0] === 'istio-mtls' && !ELSEWHERE.some(([pattern]) => pattern.test(text)));

afterAll(removeFolders);

/** `npx --no-install istio-mtls` is also the command. */
function ownOf(words: readonly string[]): readonly string[] {
  return words.slice(0, 3).join(' ') === 'npx --no-install istio-mtls' ? words.slice(2) : words;
}

const isVerb = (word: string) => /^[a-z]+(-[a-z]+)*$/.test(word);

/** In a sentence, a verb by itself, or with an option that is spoken of: then `--help` must have both. */
const isMention = ({ isFenced, words }: { isFenced: boolean; words: readonly string[] }) =>
  !isFenced && words.slice(1).every((word, index, { length }) => isVerb(word) || index === length - 1 && /^--horizon$/.test(word));

const report = 'apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: report, namespace: shop}\nspec: {jobTemplate: {spec: {template: {metadata: {labels: {app: report}}}}}}\n';
const example = /```yaml\n([^]*?)```/.exec(read('docs/cli/check.md'))![1];
const before = example.slice(0, example.lastIndexOf('---\n'));
const root = certificate({ commonName: 'root', ca: true, keyUsage: [5, 6] });
const ca = { 'root-cert.pem': root.pem, 'ca-cert.pem': root.pem, 'ca-key.pem': root.keyPem, 'cert-chain.pem': root.pem };
const otherRoot = certificate({ commonName: 'other root', ca: true, keyUsage: [5, 6] });
const otherCa = { 'root-cert.pem': otherRoot.pem, 'ca-cert.pem': otherRoot.pem, 'ca-key.pem': otherRoot.keyPem, 'cert-chain.pem': otherRoot.pem };

/** The files that commands name, in a repository with a branch main. */
function world(): string {
  const under = (folder: string, files: Record<string, string>) => Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]));
  const folder = folderWith({
    'dist/shop.k8s.yaml': before,
    'old/shop.k8s.yaml': before,
    'to-strict/shop.k8s.yaml': before,
    'mesh/shop.yaml': example,
    'early/reviews.yaml': example,
    'mesh.yaml': example,
    'shop.yaml': example,
    'cluster.yaml': read('examples/boutique/cluster.yaml'),
    'calls.json': read('examples/boutique/calls.json'),
    'after.yaml': before,
    'cluster.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items: loadAll(read('examples/boutique/cluster.yaml')) }),
    'change.yaml': example,
    'mesh-tests.yaml': 'tests:\n  - { from: shop/web, to: shop/ratings:9080, is: mtls }\n',
    'istiod-values.yaml': 'meshConfig: {enableAutoMtls: true}\n',
    'istio-mtls.yaml': 'paths: [dist]\n',
    'meshes.yaml': 'meshes: {dev: [old], prod: [dist]}\n',
    'istio-mtls-baseline.yaml': 'format: 1\nfindings: []\n',
    ...under('ca', ca),
    ...under('new', otherCa),
  });
  const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', '-c', 'init.defaultBranch=main', ...args], { cwd: folder, stdio: 'pipe' });
  git('init', '-q');
  git('add', '-A');
  git('commit', '-qm', 'one');
  git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  writeFileSync(join(folder, 'dist', 'shop.k8s.yaml'), example);
  writeFileSync(join(folder, 'dist', 'report.yaml'), report);
  return folder;
}

test('every command of istio-mtls in the documentation does something', async () => {
  const cwd = world();
  const faults: string[] = [];
  const seen = new Set<string>();
  for (const { page, words, ...rest } of ours) {
    if (seen.has(words.join(' '))) continue;
    seen.add(words.join(' '));
    const written = words[words.indexOf('--out') + 1];
    if (words.includes('--out')) rmSync(join(cwd, written), { recursive: true, force: true });
    const args = [...words.slice(1), ...words.includes('--mesh') ? ['--config', 'meshes.yaml'] : []];
    const input = args[0] === 'ca' ? root.pem : example;
    const mentions = isMention({ words, ...rest });
    const { exitCode, out, error } = await command(mentions ? [...args.filter(isVerb), '--help'] : args, { cwd, input });
    const isKnown = !mentions || args.every((word) => isVerb(word) || out.includes(word));
    if (exitCode > 1 || !isKnown) faults.push(`${page}: ${words.join(' ')}: ${error}`);
  }
  expect(seen.size).toBeGreaterThan(60);
  expect(faults).toEqual([]);
});

test('an existing file runs each command of other programs, except the few that no test runs', () => {
  const others = programs.filter(({ words, isFenced }) => isFenced && words[0] !== 'istio-mtls').map(({ page, words }) => ({ page, text: words.join(' ') }));
  const patterns = [...ELSEWHERE.map(([pattern]) => pattern), ...NOT_RUN];
  expect(others.length).toBeGreaterThan(20);
  expect(others.filter(({ text }) => !patterns.some((pattern) => pattern.test(text)))).toEqual([]);
  expect(ELSEWHERE.filter(([, file]) => !existsSync(join(ROOT, file)))).toEqual([]);
  expect(patterns.filter((pattern) => !programs.some(({ words, text }) => pattern.test(words.join(' ')) || pattern.test(text)))).toEqual([]);
});

test('scripts and tasks of this repository that the documentation names are there', () => {
  const { scripts } = JSON.parse(read('package.json'));
  const { tasks } = JSON.parse(read('.projen/tasks.json'));
  const isThere = (words: readonly string[]) => {
    const [program, first, name] = words;
    if (program === 'npm' && first === 'run') return name.startsWith('-') || name in scripts;
    if (program === 'npx' && first === 'projen') return name === undefined || name in tasks; // by itself it makes the project files
    if (program === 'node' && first === 'conformance') return name === 'run' || existsSync(join(ROOT, 'conformance', `${name}.ts`));
    return true;
  };
  expect(programs.filter(({ words }) => !isThere(words)).map(({ page, words }) => `${page}: ${words.join(' ')}`)).toEqual([]);
});

describe('commands', () => {
  test.each([
    ['```sh\nnpm ci # all\n```', ['npm ci']],
    ['```\n$ istio-mtls check a\nSee istio-mtls rules MTLS101.\n```', ['istio-mtls check a']],
    ['```yaml\n      - run: npx --no-install istio-mtls check dist/\n```', ['npx --no-install istio-mtls check dist/']],
    ['say `istio-mtls rules` or `spec.mtls`', ['istio-mtls rules']],
    ['```ts\nistio-mtls check\n```', []],
  ])('%s', (text, expected) => {
    expect(commandsOf('a.md', text).map((found) => found.text)).toEqual(expected);
  });

  test('are split by a shell', () => {
    expect(callsIn(['helm template shop ./chart | istio-mtls check -n shop - > "a b"', 'curl "$(istio-mtls queries plaintext)"'])).toEqual([
      expect.arrayContaining([['helm', 'template', 'shop', './chart'], ['istio-mtls', 'check', '-n', 'shop', '-']]),
      [['istio-mtls', 'queries', 'plaintext'], ['curl', '']],
    ]);
  });
});
