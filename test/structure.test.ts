import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { command } from './support/command/command';
import { circlesIn, importsOf } from './support/sources/imports';

const SRC = join(__dirname, '..', 'src');

/** One import may close hundreds of circles. */
const SHOWN = 10;

const shown = (circles: readonly (readonly string[])[]) => circles.map((circle) => [...circle, circle[0]].join(' → '));

test.each([
  ['src', 'cli/check/verb.ts', ['cli/findings/check.ts', 'findings/finding.ts', 'cli/program/verb.ts']],
  ['conformance', 'data-plane/data-plane.ts', ['data-plane/runner.ts', 'connections/tally.ts']],
  ['imports', 'cel-js/evaluator.ts', ['cel-js/registry.ts', 'cel-js/errors.ts']],
])('no file of %s/ leads back to itself by what it imports, types included', (folder, file, some) => {
  const root = join(SRC, '..', folder);
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  const imports = importsOf(new Map(files.map((path) => [path.split(sep).join('/'), readFileSync(join(root, path), 'utf8')])));
  expect(imports.get(file)).toEqual(expect.arrayContaining(some));
  expect(shown(circlesIn(imports)).slice(0, SHOWN)).toEqual([]);
});

describe('the test of a source file is found beside its name', () => {
  const TEST = __dirname;
  /** What tests that belong to no file of src/ have in view, by their paths. */
  const CROSS_CUTTING: Readonly<Record<string, readonly string[]>> = {
    'whatever the input': [
      'admission/hostile', 'admission/hostile-places', 'adoption/random-calls', 'adoption/random-constructs', 'adoption/random-meshes', 'analysis/every-mesh', 'analysis/hostile',
      'cli/hostile', 'cli/full-disk', 'cli/hostile-text', 'cli/secrets', 'constructs/determinism', 'explain/deciding-object', 'explain/random-meshes',
    ],
    'all rules': ['analysis/partial-namespaces', 'analysis/partial-view', 'analysis/reads', 'analysis/routes-and-calls'],
    'all constructs': ['constructs/each-construct', 'constructs/odd-values', 'constructs/authorization/verdicts', 'constructs/certificates/private-key-leaks'],
    'all of a folder': [
      'admission/regressions/regressions', 'admission/webhook/wording', 'adoption/examples', 'adoption/types', 'adoption/proposals/traffic', 'integration/json-fields',
      'mesh/recorded/recorded', 'mesh/regressions/regressions', 'mesh/services/callers',
    ],
    'the command, as users type it': [
      'cli/baseline', 'cli/bin', 'cli/configuration', 'cli/control-plane', 'cli/deciding-object', 'cli/documentation', 'cli/facts', 'cli/namespace', 'cli/undecided', 'cli/workload-kinds',
    ],
  };
  const listed = Object.values(CROSS_CUTTING).flat();
  const isThere = (path: string) => existsSync(join(SRC, `${path}.ts`));

  /** Test files of the folders that src/ has, without their ends. */
  const tests = readdirSync(SRC, { withFileTypes: true }).filter((entry) => entry.isDirectory() && existsSync(join(TEST, entry.name)))
    .flatMap(({ name }) => readdirSync(join(TEST, name), { recursive: true, encoding: 'utf8' }).map((path) => `${name}/${path.split(sep).join('/')}`))
    .filter((path) => path.endsWith('.test.ts')).map((path) => path.replace(/\.test\.ts$/, ''));

  /** `a/b` tests src/a/b.ts or src/a/b/b.ts; so does `a/b-of-something`, where a file's tests are many. */
  function hasSource(path: string): boolean {
    const [folder, name] = [dirname(path), basename(path)];
    const words = name.split('-');
    return words.some((_, index) => {
      const start = words.slice(0, index + 1).join('-');
      return isThere(`${folder}/${start}`) || isThere(`${folder}/${start}/${start}`);
    });
  }

  test('or it is listed here', () => {
    expect(tests.length).toBeGreaterThan(150);
    expect(tests.filter((path) => !hasSource(path) && !listed.includes(path))).toEqual([]);
  });

  test('what is listed is there, and has no such name', () => {
    expect(listed.filter((path) => !tests.includes(path) || hasSource(path))).toEqual([]);
  });
});

test.each([
  ['support', ['admission', 'certificates', 'command', 'constructs', 'documents', 'meshes', 'random', 'sources']],
  ['docs', ['contributing', 'every-page', 'guides', 'reference']],
])('test/%s has a folder for each thing that its files serve', (name, folders) => {
  expect(readdirSync(join(__dirname, name)).sort()).toEqual(folders);
});

describe('the command is a folder for each verb', () => {
  const CLI = join(SRC, 'cli');
  /** What several verbs share. A folder uses only those before it; verbs use all of them, and no other verb. */
  const SHARED = ['output', 'input', 'admission', 'findings', 'comparison', 'certificates', 'program'];
  /** The programs that are run, which bring the verbs together. */
  const PROGRAMS = ['start.ts', 'main.ts', 'check-main.ts'];

  const files = readdirSync(CLI, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts')).map((path) => path.split(sep).join('/')).sort();
  const imports = importsOf(new Map(files.map((path) => [path, readFileSync(join(CLI, path), 'utf8')])));
  const verbs = files.filter((path) => basename(path) === 'verb.ts' && path !== 'program/verb.ts').map(dirname);
  const top = (path: string): string => path.split('/')[0];

  test('with the name of the verb, and of a verb of it', async () => {
    const namesIn = async (...args: string[]) => [...(await command([...args, '--help'])).out.split('\nCommands:\n')[1].split('\n\n')[0].matchAll(/^ {2}([a-z-]+)/gm)].map(([, name]) => name);
    expect(verbs.filter((path) => !path.includes('/'))).toEqual((await namesIn()).filter((name) => name !== 'help').sort());
    for (const verb of new Set(verbs.filter((path) => path.includes('/')).map(dirname))) {
      expect(verbs.filter((path) => dirname(path) === verb).map((path) => basename(path))).toEqual((await namesIn(verb)).sort());
    }
  });

  test('and a page, which docs/cli.md links', () => {
    const docs = join(__dirname, '..', 'docs');
    // `ca` does nothing itself.
    const pages = verbs.filter((verb) => verb !== 'ca').map((verb) => `${verb.replaceAll('/', '-')}.md`).sort();
    expect(readdirSync(join(docs, 'cli')).sort()).toEqual(pages);
    const [, index] = /^\| verb \|.*\n\|---.*\n((?:\|.*\n)+)/m.exec(readFileSync(join(docs, 'cli.md'), 'utf8'))!;
    expect([...index.matchAll(/\]\(cli\/([^)#]+)\)/g)].map(([, page]) => page).sort()).toEqual(pages);
  });

  test('and else there are the folders that verbs share', () => {
    expect(files.filter((path) => !path.includes('/'))).toEqual([...PROGRAMS].sort());
    const folders = new Set(files.filter((path) => path.includes('/')).map(top));
    expect([...folders].filter((folder) => !verbs.includes(folder)).sort()).toEqual([...SHARED].sort());
  });

  test('what only one verb uses lies in its folder', () => {
    const usersOf = (path: string) => [...imports].filter(([, named]) => named.includes(path)).map(([user]) => top(user));
    const ofOne = files.filter((path) => SHARED.includes(top(path)) && path !== 'admission/admission-worker.ts')
      .filter((path) => new Set(usersOf(path)).size < 2 && !usersOf(path).some((user) => SHARED.includes(user) || PROGRAMS.includes(user)));
    expect(ofOne).toEqual([]);
  });

  test('whose files use it, the verb that it is one of, and what is shared', () => {
    const isAllowed = (from: string, to: string): boolean => {
      if (PROGRAMS.includes(from)) return true;
      if (SHARED.includes(top(from))) return SHARED.includes(top(to)) && SHARED.indexOf(top(to)) <= SHARED.indexOf(top(from));
      if (SHARED.includes(top(to))) return true;
      // A verb's file adds the verbs of it.
      if (basename(from) === 'verb.ts' && basename(to) === 'verb.ts' && dirname(dirname(to)) === dirname(from)) return true;
      const isVerbOfIt = verbs.includes(dirname(to)) && dirname(to) !== dirname(from);
      return top(from) === top(to) && (!isVerbOfIt || dirname(from).startsWith(`${dirname(to)}/`)) && basename(to) !== 'verb.ts';
    };
    const wrong = [...imports].flatMap(([from, named]) => named.filter((to) => !isAllowed(from, to)).map((to) => `${from} → ${to}`));
    expect(wrong).toEqual([]);
  });
});

describe('a module is loaded late by the one helper', () => {
  /** The types are those of the package that the copy is of. */
  const COPY = "late<typeof import('@marcbachmann/cel-js')>(() => require('../../../imports/cel-js/evaluator'))";
  const LATE = /late<typeof import\('([^']+)'\)>\(\s*\(\) => require\('\1'\),?\s*\)/g;
  const unlike = (text: string) => [...text.replace(COPY, '').replace(LATE, '').matchAll(/(?<!\w)require\(['"`].*|.*no-require-imports.*/g)].map(([line]) => line);

  test('whose types are those of what it loads, and no comment turns the rule off', () => {
    const texts = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts') && path !== join('modules', 'late.ts'))
      .map((path) => [path, readFileSync(join(SRC, path), 'utf8')] as const);
    expect(texts.filter(([, text]) => LATE.test(text)).length).toBeGreaterThan(30);
    expect(texts.flatMap(([path, text]) => unlike(text).map((line) => `${path}: ${line}`))).toEqual([]);
  });

  test.each([
    ["late<typeof import('./a')>(() => require('./a'))", 0],
    ["late<typeof import('./a')>(\n    () => require('./a'),\n  )", 0],
    ["late<typeof import('./a')>(() => require('./b'))", 1],
    ["require('./a') as typeof import('./a')", 1],
    ['// eslint-disable-next-line @typescript-eslint/no-require-imports', 1],
  ])('%s is unlike it: %i', (text, times) => {
    expect(unlike(text)).toHaveLength(times);
  });
});

describe('no file of the analysis parses manifests: src/mesh/ has the readers', () => {
  /** Files that have a reason to. The list may only get shorter. */
  const LOOK_INTO_YAML = [
    'analysis/acknowledgements.ts', // Annotations that are no texts acknowledge, too, and the model has texts only.
    'analysis/remedies.ts', // What changes YAML has to look at the YAML around it.
  ];

  const files = readdirSync(join(SRC, 'analysis'), { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'))
    .map((path) => `analysis/${path.split(sep).join('/')}`);
  const texts = new Map(['manifests/mapping.ts', ...files].map((path) => [path, readFileSync(join(SRC, path), 'utf8')]));

  test('by the functions that parse', () => {
    const imports = importsOf(texts);
    expect(files.filter((path) => imports.get(path)!.includes('manifests/mapping.ts')).sort()).toEqual(LOOK_INTO_YAML);
  });

  test('or by a spec of its own, which it only shows, compares as a whole, or copies', () => {
    const parsed = files.filter((path) => !LOOK_INTO_YAML.includes(path)).flatMap((path) => parsedSpecs(texts.get(path)!).map((line) => `${path}: ${line}`));
    expect(parsed).toEqual([]);
  });

  test.each([
    ['const { host } = object.spec;', 1],
    ['const { spec } = object;', 1],
    ['function hostOf({ namespace, spec }: MeshObject): string {', 1],
    ['const { spec: { host } } = object;', 1],
    ['if (object.spec.host === undefined) continue;', 1],
    ['const { mtls } = object.spec as { mtls?: object };', 1],
    ['for (const entry of (object.spec.hosts as string[])) {', 1],
    ['actual: shown(object.spec.host),', 0],
    ['actual: shown(mode ?? object.spec.host),', 0],
    ['field: [\'spec\', \'host\'],', 0],
    ['/** Where `spec.host` is. */', 0],
    [' * of which it looks at the spec', 0],
    ['actual: shown(one.name), field: object.spec.host,', 1],
  ])('%s parses: %i', (line, times) => {
    expect(parsedSpecs(line)).toHaveLength(times);
  });
});

/** Lines that take a spec apart. */
function parsedSpecs(text: string): readonly string[] {
  const harmless = /\b(?:shown|isDeepStrictEqual)\((?:[^()]|\([^()]*\))*\)|\/\/.*|^ *\/?\*.*|'[^']*'/g;
  return text.split('\n').filter((line) => /\bspec\b/.test(line.replace(harmless, '')));
}

test.each([
  ['an import', 'import { a } from \'./b\';'],
  ['an import of a type', 'import type { A } from \'./b\';'],
  ['an import of one type among others', 'import { type A } from \'./b\';'],
  ['an import for its effects', 'import \'./b\';'],
  ['an import as of CommonJS', 'import b = require(\'./b\');'],
  ['an export', 'export * from \'./b\';'],
  ['an export of a type', 'export type { A } from \'./b\';'],
  ['a type', 'let a: import(\'./b\').A;'],
  ['the type of a module', 'let a: typeof import(\'./b\');'],
  ['a late import', 'const load = () => import(\'./b\');'],
  ['a late require', 'function load() { return require(\'./b\'); }'],
  ['a folder\'s index', 'import { a } from \'./c\';'],
])('%s is seen', (_, text) => {
  expect(importsOf(new Map([['x/a.ts', text], ['x/b.ts', ''], ['x/c/index.ts', '']])).get('x/a.ts')).toEqual([text.includes('./c') ? 'x/c/index.ts' : 'x/b.ts']);
});

test('an import of a package, of a file elsewhere and one in a comment are not', () => {
  expect(importsOf(new Map([['a.ts', '// import \'./b\';\nimport \'b\'; import \'../b\'; require(name); const b = \'./b\';'], ['b.ts', '']])).get('a.ts')).toEqual([]);
});

test.each([
  ['none', { a: ['b', 'c'], b: ['c'], c: [] }, []],
  ['a file and itself', { a: ['a'] }, ['a → a']],
  ['two files', { a: ['b'], b: ['a'] }, ['a → b → a']],
  ['a long one that others lead to', { z: ['c'], c: ['b'], b: ['a', 'y'], a: ['c'], y: [] }, ['a → c → b → a']],
  ['two of one file', { a: ['b', 'c'], b: ['a'], c: ['a'] }, ['a → b → a', 'a → c → a']],
  ['a short one after a long one', { a: ['b'], b: ['c'], c: ['a'], d: ['e'], e: ['d'] }, ['d → e → d', 'a → b → c → a']],
  ['two apart', { a: ['b'], b: ['a'], c: ['d'], d: ['c'] }, ['a → b → a', 'c → d → c']],
])('of circles there are %s', (_, imports, expected) => {
  expect(shown(circlesIn(new Map(Object.entries<string[]>(imports as any))))).toEqual(expected);
});
