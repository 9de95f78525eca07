import { readFileSync } from 'node:fs';
import { cdk, javascript } from 'projen';
import { KEYWORDS } from './.projen/keywords';
import { workflows } from './.projen/workflows';

// Placeholders until the project has a home; docs/releasing.md says what follows from them, and what else must be there.
const OWNER = 'cdk8s-istio-mtls';
const CONTACT = 'maintainers@cdk8s-istio-mtls.example';

const NAME = 'cdk8s-istio-mtls';
const PUBLIB = '0.2.1061'; // publishes what jsii packs
const version = /^## (\d+\.\d+\.\d+) /m.exec(readFileSync('CHANGELOG.md', 'utf8'))![1];

const project = new cdk.JsiiProject({
  name: NAME,
  description: 'CDK8s constructs for Istio mutual TLS',
  author: `The ${NAME} authors`,
  authorAddress: CONTACT,
  authorOrganization: true,
  repositoryUrl: `https://github.com/${OWNER}/${NAME}.git`,
  homepage: `https://github.com/${OWNER}/${NAME}#readme`,
  stability: version.startsWith('0.') ? cdk.Stability.EXPERIMENTAL : cdk.Stability.STABLE,
  defaultReleaseBranch: 'main',
  license: 'Apache-2.0',
  copyrightOwner: `The ${NAME} authors`,
  keywords: KEYWORDS,

  projenrcTs: true,
  projenrcTsOptions: { projenCodeDir: '.projen' },
  packageManager: javascript.NodePackageManager.NPM,
  minNodeVersion: '20.19.0',
  jsiiVersion: '6.0.16',
  typescriptVersion: '~6.0.0',
  projenVersion: '0.103.25',
  github: false,
  release: false,
  depsUpgrade: false,
  readme: { contents: '# cdk8s-istio-mtls\n' }, // only when there is none

  // What users bring (peers) and what this repository works with (dev); docs/decisions.md says why cdk8s-plus is one of these.
  peerDeps: ['cdk8s@^2.70.0', 'constructs@^10.3.0'],
  peerDependencyOptions: { pinnedDevDependency: false },
  bundledDeps: ['asn1js@^3.1.0'], // what node:crypto doesn't tell of certificates
  devDeps: [
    'commander@^14.0.3', 'picocolors@^1.1.1', 'tinyglobby@^0.2.17', // of the command, whose files hold their code
    'cdk8s@2.70.106', 'constructs@10.8.1', 'cdk8s-cli@2.207.60', 'cdk8s-plus-28@2.5.6', 'cdk8s-plus-33@2.5.57',
    'jsii-docgen@10.12.6', 'jsii-pacmak@1.140.0', 'jsii-rosetta@6.0.17',
    'js-yaml@^4.3.2', '@types/js-yaml@4', // for tests, and to be measured against
    // Ships as imports/cel-js; `npm run import -- --cel VERSION` changes the version.
    '@marcbachmann/cel-js@8.0.0',
    'esbuild@0.28.2', // makes one file of the command
    'knip@6.44.2', // finds exports that nothing imports
    '@dagrejs/dagre@3.1.3', // lays out the graph of the report's page, into which it is bundled
    'sucrase@3.35.1', // strips types from tests and the conformance suite, some ten times faster than TypeScript
    '@cfworker/json-schema@4.1.6', 'fast-check@4', '@stryker-mutator/core@9.6.1', '@stryker-mutator/jest-runner@9.6.1',
    // The alerts' PromQL is parsed by Prometheus' own grammar.
    '@prometheus-io/lezer-promql@0.315.0', '@lezer/common@1.5.5', '@lezer/lr@1.4.12', '@lezer/highlight@1.2.5',
  ],

  // src/ and imports/ both lie at the top, so lib/ mirrors both.
  entrypoint: 'lib/src/index.js',
  bin: { 'istio-mtls': 'bin/istio-mtls', 'cdk8s-istio-mtls': 'bin/istio-mtls' }, // the second is what npx looks for
  tsconfig: {
    compilerOptions: { rootDir: '.', outDir: 'lib', module: 'node20', inlineSourceMap: false, inlineSources: false },
    include: ['src/**/*.ts', 'imports/**/*.ts'],
  },
  // Tests load the conformance suite, which uses more of Node than the library.
  tsconfigDev: { compilerOptions: { allowJs: true, lib: ['es2022', 'es2023.array', 'es2024.string'] } },

  publishToPypi: { distName: NAME, module: 'cdk8s_istio_mtls' },
  publishToMaven: {
    javaPackage: `io.github.${OWNER.replaceAll('-', '')}`,
    mavenGroupId: `io.github.${OWNER}`,
    mavenArtifactId: NAME,
  },
  publishToGo: { moduleName: `github.com/${OWNER}/${NAME}-go`, packageName: 'cdk8sistiomtls' },

  jestOptions: {
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    coverageText: false,
    junitReporting: false,
    jestConfig: {
      maxWorkers: '100%', // else jest leaves one of two cores idle
      testTimeout: 60_000, // a busy machine fails no test: what must be quick is measured by bench/, in processor time
      collectCoverage: false,
      moduleNameMapper: { '^cdk8s-istio-mtls$': '<rootDir>/src/index.ts' },
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testEnvironment: '<rootDir>/tools/jest/environment.cjs',
      runtime: '<rootDir>/tools/jest/runtime.cjs',
      // Scratch trees of the tests themselves (a packed app, a fresh clone) are not ours to test.
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/lib/'],
      modulePathIgnorePatterns: ['<rootDir>/lib/', '<rootDir>/dist/', '<rootDir>/.cache/'],
      snapshotFormat: { escapeString: false, printBasicPrototype: false },
    },
  },
  eslintOptions: { dirs: ['src'], devdirs: ['test', 'conformance', 'exploration', 'package-test', 'examples', 'bench', 'report-page', '.projen', 'tools'], ignorePatterns: ['lib/', 'dist/', 'imports/', '*.js', '*.mjs', '*.d.ts', 'node_modules/', 'coverage/', 'test/.tmp/'], commandOptions: { fix: false } },

  gitignore: ['.jsii.tabl.json', '*.cpuprofile', 'examples/*/dist/', '.DS_Store'],
});
project.package.addVersion(version);
for (const path of ['/.cache/', '/.dockerignore', '/.pre-commit-hooks.yaml', '/Dockerfile', '/SECURITY.md', '*.cpuprofile', '/examples/', '/bench/', '/fuzz/', '/exploration/', '/action/', '/action.yml', '/docs/*', '/conformance/', '/package-test/', '/report-page/', '/tools/', '/stryker.config.mjs', '/imports/', '/.ci/', '/API.md', '/CONTRIBUTING.md', '/CHANGELOG.md', '.jsii.tabl.json', '/tsconfig.json']) project.addPackageIgnore(path);
for (const path of ['!/docs/rules/', '!/docs/refusals.md', '!/docs/schemas/']) project.addPackageIgnore(path); // istio-mtls rules prints them; editors read schemas
project.addPackageIgnore('/docs/rules/coverage.md'); // of Kiali's codes and istioctl's, which the command doesn't print
// What nobody loads or names isn't packed: the command and MtlsAnalysis have the engine in files of their own, and the
// constructs need little of it beside. test/tools/packed-files.test.ts holds this to what the packed files import.
for (const folder of ['analysis', 'baseline', 'changes', 'configuration', 'expectations', 'explain', 'mesh']) project.addPackageIgnore(`/lib/src/${folder}/**/*.js`);
for (const path of ['mesh/collections.js', 'mesh/config/*.js', 'mesh/inventory/*.js', 'mesh/names/*.js']) project.addPackageIgnore(`!/lib/src/${path}`);
const unnamedTypes = Object.entries({ 'analysis': ['authorization', 'beaten-routes', 'calls', 'client-tls', 'identities', 'missing-sidecar', 'mistaken-host', 'outside', 'precedence', 'remedies', 'subset-mistakes', 'texts', 'trials'], 'manifests/yaml': ['block-scalar', 'characters', 'flow-scalar', 'json', 'key-identities', 'parser', 'place-index', 'scalar', 'scanner', 'tokens', 'values'], 'mesh/authorization': ['callers', 'facts', 'guard', 'normal-form', 'open', 'request', 'residual', 'verdict'], 'mesh/dataplane/sidecar': ['egress-listeners', 'foreign-routes', 'inbound-protocols', 'shared-listener', 'sharers', 'sidecar', 'sidecar-receivers'], 'mesh/plan': ['bridges', 'call-check', 'callers', 'fallen', 'minimum-protection', 'namespace-labels', 'port-check', 'sender-classes', 'service-reach', 'undecided', 'unit-manifests'], 'mesh/services': ['api-server-calls', 'ingress', 'kubernetes-service', 'monitor', 'rival-lists', 'service-entry', 'slices'], 'mesh/workloads': ['injected-labels', 'metrics', 'probes', 'replicas', 'runs-alike', 'scalers', 'workloads'], 'mesh/calls': ['affected-namespaces', 'calls', 'plaintext', 'request-filters', 'undecided-meanings'], 'mesh/compare': ['client-calls', 'footprint', 'pods-of-objects', 'read-fields', 'taken-over', 'undecided-path'], 'mesh/dataplane': ['client-tls', 'no-proxy'], 'mesh/certificates': ['ca-sources', 'istiod-variables', 'spire'], 'mesh/change': ['acceptance', 'impact', 'no-worse'], 'mesh/queries': ['connection-text', 'served-ports', 'traced-text'] }).flatMap(([folder, names]) => names.map((name) => `src/${folder}/${name}.d.ts`));
for (const path of [...unnamedTypes, 'src/cli/', 'src/migration/', 'src/report/', 'src/integration/analysis-settings.js', 'src/integration/edited-manifests.js', 'src/admission/**/*.d.ts', 'src/adoption/**/*.d.ts', 'src/analysis/rules/*.d.ts', 'src/manifests/mesh-config/*.d.ts', 'imports/specs.*', 'imports/cel-js/*.d.ts']) project.addPackageIgnore(`/lib/${path}`);
for (const name of ['admission/catalogue', 'admission/undefined-subsets', 'certificates/ca-step', 'certificates/rotation-plan', 'mesh/config/istiods', 'mesh/inventory/namespaces', 'mesh/names/export-to']) project.addPackageIgnore(`/lib/src/${name}.js`);
// Types are checked by `typecheck`; where tests run, they are only stripped.
project.deps.removeDependency('ts-jest');
project.jest!.config.transform = { '\\.ts$': '<rootDir>/tools/strip-types.cjs' };
project.addFields({
  type: 'commonjs',
  types: 'lib/src/index.d.ts',
  // With exports the package can name itself, so that the examples import it as a user's program does.
  exports: {
    '.': { types: './lib/src/index.d.ts', default: './lib/src/index.js' },
    './package.json': './package.json',
    './.jsii': './.jsii',
    './lib/*': './lib/*',
  },
  jsiiRosetta: { exampleDependencies: { 'cdk8s-plus-28': '2.5.6', 'cdk8s-plus-33': '2.5.57' } },
});

// ---------------------------------------------------------------------------------------------- tasks
project.addScripts({
  // These run in a fresh clone, before anything is installed: plain node, no projen.
  'demo': 'node examples/demo.mjs',
  'conformance': 'node conformance/command.js',
  'explore': 'node exploration/command.js',
  // Plain node too: what projen adds to the environment is none of a user's.
  'package-test': 'node package-test/run.mjs',
  'languages': 'node package-test/languages/run.mjs',
  // npm runs these before and after it packs.
  'prepack': 'node tools/readme-links.cjs absolute',
  'postpack': 'node tools/readme-links.cjs relative',
  // The steps of .github/workflows/release.yml; what publishes runs without the project's dependencies.
  'release:version': 'node tools/release.cjs version',
  'release:notes': 'node tools/release.cjs notes',
  'release:build': 'projen compile && projen rosetta && projen package-all',
  'release:dry-run': 'node tools/release.cjs dry-run',
  'release:npm': 'npm publish --provenance --access public dist/js/*.tgz',
  'release:pypi': `npx --yes --package publib@${PUBLIB} publib-pypi dist/python`,
  'release:maven': `npx --yes --package publib@${PUBLIB} publib-maven dist/java`,
  'release:go': `npx --yes --package publib@${PUBLIB} publib-golang dist/go`,
  'lint:workflows': 'node tools/lint-workflows.mjs',
  'report-test': 'node report-page/test/run.mjs',
});
workflows(project);
project.addTask('import', { description: 'Make imports/ again from the vendored CRDs', exec: 'node tools/import-bindings.mjs', receiveArgs: true });
project.addTask('bench', { description: 'Measure what the README and docs claim', exec: 'node bench/run.mjs', receiveArgs: true });
project.addTask('fuzz', { description: 'Change manifests at random, and see every verb and format survive', exec: 'node fuzz/run.mjs', receiveArgs: true });

project.compileTask.prependSpawn(project.addTask('rules-list', { description: 'List the rules, from their files', exec: 'node tools/rules-list.mjs' }));
project.compileTask.exec('node tools/readme-links.cjs assembly');
for (const tool of ['lazy-exports', 'internal-members']) project.compileTask.exec(`node tools/${tool}.mjs`);
project.compileTask.spawn(project.addTask('bundle', { description: 'Make one file of the command, and one of the analysis', exec: 'node tools/bundle-command.mjs' }));
project.tasks.tryFind('docgen')!.reset('node tools/api-docs.mjs');
const rosetta = project.addTask('rosetta', {
  description: 'Compile the examples of README and docstrings, strictly',
  exec: 'jsii-rosetta extract --strict --fail',
});
project.postCompileTask.spawn(rosetta);
project.postCompileTask.spawn(project.addTask('rules-index', { description: 'Make docs/rules/README.md from the catalogue of rules', exec: 'node tools/rules-index.mjs' }));
project.postCompileTask.spawn(project.addTask('report-schemas', { description: 'Make the schemas of reports of the types that state them', exec: 'node tools/report-schemas.mjs' }));
project.postCompileTask.spawn(project.addTask('admission-page', { description: 'Make the tables of docs/admission.md from the catalogue of codes', exec: 'node tools/admission-page.mjs' }));
project.postCompileTask.spawn(project.addTask('construct-pages', { description: 'Make docs/constructs/ of docstrings and what their examples emit', exec: 'node tools/construct-pages.mjs' }));
project.postCompileTask.spawn(project.addTask('picture', { description: 'Draw what the command prints, for the README', exec: 'node tools/terminal-picture.mjs' }));
project.addTask('mutation', { description: 'Break src/mesh in small ways, and see test/mesh notice', exec: 'stryker run', receiveArgs: true });
project.addTask('coverage', {
  description: 'Fail when tests of the engine and its rules leave a line of them out',
  env: { COVERAGE: 'engine' },
  exec: 'node tools/jest.cjs',
});


const typecheck = project.addTask('typecheck', { description: 'Type-check tests, the conformance suite, examples and the program of package-test', exec: 'tsc --noEmit -p test/tsconfig.json' });
typecheck.exec('tsc --noEmit -p conformance/tsconfig.json');
typecheck.exec('tsc --noEmit -p examples/tsconfig.json');
typecheck.exec('tsc --noEmit -p package-test/tsconfig.json');
typecheck.exec('tsc --noEmit -p report-page/tsconfig.json');
const unused = project.addTask('unused', { description: 'Fail when an export is imported nowhere, or only by tests', exec: 'knip --config tools/knip.mjs' });
unused.exec('knip --config tools/knip.mjs --production');
project.testTask.reset();
project.testTask.spawn(project.compileTask);
project.testTask.exec('node tools/jest.cjs', { receiveArgs: true });
// Not a part of the tests: who installs and tests the project waits for neither.
project.postCompileTask.spawn(typecheck);
project.postCompileTask.spawn(project.tasks.tryFind('eslint')!);
project.postCompileTask.spawn(unused);

project.packageTask.prependSpawn(project.addTask('check-generated', {
  description: 'Fail when a generated file differs from what is committed or staged',
  exec: 'node tools/check-generated.mjs',
}));
project.preCompileTask.spawn(project.tasks.tryFind('import')!);

// ----------------------------------------------------------------------------------------------- lint
// Arrows between folders point one way: docs/architecture.md draws them.
const layers = [
  ['modules'],
  ['findings'],
  ['manifests', 'certificates'],
  ['admission', 'mesh'],
  ['analysis'],
  ['migration'],
  ['explain'],
  ['configuration'],
  ['baseline', 'expectations', 'changes', 'report'],
  ['integration'],
  ['constructs'],
  ['adoption'],
  ['cli'],
];
/** The command needs cdk8s for one verb alone, which loads it late. */
const apart: Readonly<Record<string, readonly string[]>> = { cli: ['integration', 'constructs'] };
const zones = layers.flatMap((folders, level) => folders.map((folder) => ({
  target: `./src/${folder}`,
  from: [...layers.slice(level + 1).flat(), ...folders.filter((other) => other !== folder), ...apart[folder] ?? []].map((other) => `./src/${other}`),
  message: 'Arrows between the folders of src/ point one way, see docs/architecture.md.',
}))).filter(({ from }) => from.length > 0);
/** What src/mesh consists of: each uses only those before it. test/structure-of-mesh.test.ts reads this list, and holds types to it, too. */
const meshLayers = [
  'collections.ts', 'names', 'inventory', 'config', 'workloads', 'services', 'routes', 'policies', 'authorization', 'control-planes', 'model', 'reasons', 'dataplane', 'calls', 'mesh.ts',
  'queries', 'certificates', 'change', 'compare', 'plan', 'worlds',
];
const meshZones = meshLayers.slice(0, -1).map((layer, level) => ({
  target: `./src/mesh/${layer}`,
  from: meshLayers.slice(level + 1).map((other) => `./src/mesh/${other}`),
  message: 'Arrows between the folders of src/mesh point one way, see docs/architecture.md.',
}));
const withoutCdk8s = layers.flat().filter((folder) => !['integration', 'constructs', 'adoption'].includes(folder));

const NO_CDK8S_PLUS = { group: ['cdk8s-plus-*', 'cdk8s-plus-*/**'], message: 'cdk8s-plus is never loaded at run time: take any construct and ApiObject.of(it).' };
project.eslint!.addRules({
  'import/no-restricted-paths': ['error', { zones: [...zones, ...meshZones, { target: './src', from: ['./test', './examples', './bench'] }] }],
  '@typescript-eslint/no-explicit-any': 'off', // of tests; of src it is an error, below
  'max-lines': ['error', { max: 300 }],
  'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
});
project.eslint!.addOverride({
  files: ['src/**/*.ts'],
  rules: {
    'no-restricted-imports': ['error', { patterns: [NO_CDK8S_PLUS] }],
    '@typescript-eslint/no-explicit-any': 'error',
    '@stylistic/max-len': ['error', { code: 140, ignoreUrls: true, ignoreRegExpLiterals: true }], // of the others: 150, without texts and comments
    'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
    'import/no-cycle': 'error', // doesn't see `import type` and `require`: test/structure.test.ts does
    '@typescript-eslint/no-require-imports': 'off', // but only for `late`, next
    'no-restricted-syntax': ['error', {
      selector: ":not(CallExpression[callee.name='late'] > ArrowFunctionExpression) > CallExpression[callee.name='require']",
      message: "Import the module, or load it late: late<typeof import('./x')>(() => require('./x')), of src/modules/late.ts.",
    }],
  },
});
project.eslint!.addOverride({
  files: withoutCdk8s.map((folder) => `src/${folder}/**/*.ts`),
  rules: {
    'no-restricted-imports': ['error', {
      patterns: [NO_CDK8S_PLUS, { group: ['cdk8s', 'constructs', '**/imports/*.istio.io'], message: 'Only integration, constructs and adoption load cdk8s: the rest works from plain objects.' }],
    }],
  },
});
// tools/bundle-command.mjs puts what the command and the library need into their files.
project.eslint!.addOverride({
  files: ['src/cli/**/*.ts', 'src/configuration/manifest-files.ts'],
  rules: { 'import/no-extraneous-dependencies': ['error', { devDependencies: true, optionalDependencies: false, peerDependencies: true }] },
});
// What the suite judges is compiled: of the sources it knows the types.
project.eslint!.addOverride({
  files: ['conformance/**/*.ts'],
  rules: {
    '@typescript-eslint/no-restricted-imports': ['error', {
      patterns: [{ group: ['**/src/**', '**/lib/**'], allowTypeImports: true, message: 'conformance/library.ts loads the compiled library; import types alone.' }],
    }],
    '@stylistic/object-property-newline': 'off', // manifests and tables of words have several a line
    'no-bitwise': 'off', // random numbers and addresses
  },
});
project.addDevDeps('eslint-plugin-jest@^29');
project.eslint!.addPlugins('jest');
// They name the package itself, which the order rule takes for one thing before a build and for another after it.
project.eslint!.addOverride({ files: ['examples/**/*.ts', 'package-test/**/*.ts'], rules: { 'import/order': 'off' } });
project.eslint!.addOverride({
  files: ['test/**/*.ts', 'test/**/*.test.ts'],
  rules: {
    'max-lines-per-function': 'off',
    'no-restricted-imports': ['error', { paths: [{ name: 'fast-check', message: 'test/support/random/fast-check.ts has it, with a committed seed.' }] }],
    'jest/expect-expect': ['error', { assertFunctionNames: ['expect', 'expect*', 'fc.assert'] }],
    'jest/valid-expect': 'error',
    'jest/no-focused-tests': 'error',
    'jest/no-disabled-tests': 'error',
    'jest/no-identical-title': 'error',
  } as any,
});


project.synth();
