// The steps of CI, in the order in which they may start; CONTRIBUTING.md has them as a table.
const { spawnSync } = require('node:child_process');

const succeeds = (program, ...args) => spawnSync(program, args, { stdio: 'ignore' }).status === 0;

/** Nothing that the library's own generators write is read before it is known to be what is committed. */
const GENERATED = ['projen check-generated'];
const REFEREES = ['referees'];
const BOTH = [...GENERATED, ...REFEREES];

const withoutBrowser = () => (succeeds('chromium', '--version') && succeeds('openssl', 'version') ? undefined : 'there is no Chromium or no openssl');
const withoutNetworks = () => (process.getuid?.() === 0 && succeeds('unshare', '--net', 'true') ? undefined : 'only root makes network namespaces');

const projen = (...tasks) => ['sh', '-ec', tasks.map((task) => `npx --no-install projen ${task}`).join('\n')];
const script = (...words) => ['npm', 'run', '--silent', ...words];
const suite = (...words) => ['node', 'conformance', ...words];

/**
 * A step: how its tests are counted (counts.cjs); the cores that it keeps busy and the MB that it takes; the seconds that it
 * should take on two cores, where the referees are built; what has to end before it; and what it proves, for CONTRIBUTING.md.
 *
 * Two cores are for what runs in parallel itself, for what measures time, and for what writes into the checkout.
 */
const DECLARED = [
  {
    name: 'npm cit', command: ['npm', 'cit'], env: { COVERAGE: 'true' }, counts: 'jest', cores: 2, memory: 5000, seconds: 300,
    what: 'installs from package-lock.json, compiles, tests, as users of this repository do; here the tests of the engine and its rules have to run 100 % of the lines of `src/mesh` and `src/analysis`',
  },
  { name: 'referees', command: suite('build'), memory: 3000, seconds: 15, cold: 1800, what: 'builds the referees of the conformance suite, once for each state of their sources, beside other steps' },
  { name: 'projen default', command: projen('default'), seconds: 10, what: 'regenerates the project files' },
  { name: 'projen import', command: projen('import'), after: ['projen default'], seconds: 10, what: 'regenerates `imports/`' },
  {
    name: 'generated pages', command: projen('docgen', 'rules-index', 'report-schemas', 'admission-page', 'construct-pages', 'picture'), after: ['projen import'], seconds: 60,
    what: 'generates `API.md`, `docs/api/`, `docs/constructs/`, the index of the rules, the schemas of reports, the tables of `docs/admission.md`, and the README\'s picture',
  },
  { name: 'projen check-generated', command: projen('check-generated'), after: ['generated pages'], seconds: 5, what: 'fails if a generated file differs from the committed one' },
  {
    name: 'self-test of the conformance suite', command: suite('self-test'), counts: 'suite', after: REFEREES, memory: 3000, seconds: 300,
    what: 'the suite catches breaks of the model, the stages between CAs, the YAML reader and the CA checks; each break shows in a small mesh, too',
  },
  {
    name: 'the package in projects of users', command: script('package-test'), counts: 'suite', after: GENERATED, memory: 2000, seconds: 250,
    what: '`npm run package-test`: tests that install packages run here, not in `npm cit`',
  },
  { name: 'projen rosetta', command: projen('rosetta'), after: GENERATED, memory: 1500, seconds: 60, what: 'compiles the examples of README and docstrings' },
  { name: 'projen typecheck', command: projen('typecheck'), after: GENERATED, memory: 2000, seconds: 60, what: 'type-checks what isn\'t compiled' },
  { name: 'projen eslint', command: projen('eslint'), after: GENERATED, memory: 2500, seconds: 80, what: 'lints' },
  { name: 'projen unused', command: projen('unused'), after: GENERATED, seconds: 20, what: 'fails when an export is imported nowhere, or only by tests' },
  { name: 'CAs that a running istiod takes', command: suite('ca-rotation'), after: REFEREES, seconds: 60, what: '`node conformance ca-rotation`: each stage from one CA to another, when istiod starts and while it runs' },
  {
    name: 'conformance of meshes', counts: 'suite', after: REFEREES, memory: 2500, seconds: 120,
    command: suite('run', 'connections', 'fixes', 'yaml', '--meshes', '1000', '--fixes', '200', '--texts', '50000'),
    what: '1,000 meshes, 200 fixes, 50,000 texts',
  },
  {
    name: 'conformance of changing meshes', counts: 'suite', after: REFEREES, memory: 2500, seconds: 120, command: suite('run', 'mixed', '--meshes', '1000'),
    what: '1,000 pairs of states of a mesh',
  },
  {
    name: 'conformance of partial meshes', counts: 'suite', after: REFEREES, memory: 2500, seconds: 60, command: suite('run', 'partial', '--meshes', '300'),
    what: '300 meshes without some of their Namespaces, each with these as they may be',
  },
  {
    name: 'conformance of clusters', counts: 'suite', after: BOTH, memory: 2500, seconds: 120,
    command: suite('run', 'admission', 'live', 'plans', 'runbook', 'cas', 'charts', 'documented', '--objects', '2000', '--cas', '150'),
    what: '2,000 objects, a live cluster, plans in it, the commands and queries of runbooks, 150 CAs with istiods that run with some, and Istio\'s charts with the constructs\' values',
  },
  { name: 'reports in a browser', command: script('report-test'), counts: 'suite', unless: withoutBrowser, seconds: 20, what: '`npm run report-test`: reports in a headless Chromium, if it is installed' },
  { name: 'Istio\'s samples', command: suite('check-samples'), after: BOTH, seconds: 10, what: 'none is rejected, and `check` reports nothing new on them' },
  { name: 'rendered sources', command: suite('rendered'), after: BOTH, seconds: 20, what: '`node conformance rendered`: Helm and kustomize render the sources of meshes, and nothing else is read, run or fetched' },
  { name: 'queries of Prometheus', command: suite('calls-query'), after: REFEREES, seconds: 5, what: 'the queries that `plan` prints find the callers, over 1,000 histories of scrapes, in Prometheus\' own engine' },
  { name: 'names of fields', command: ['node', 'tools/field-names.mjs', '--check'], after: GENERATED, seconds: 5, what: '`imports/field-names.json` matches the pinned releases of Kubernetes and the Gateway API' },
  { name: 'explorations', command: ['node', 'exploration', '--state'], seconds: 5, what: 'prints which records of explorations are older than the sources, and how many finds are open; it fails for neither' },
  { name: 'workflows', command: script('lint:workflows'), after: GENERATED, seconds: 5, what: '`npm run lint:workflows`: actionlint finds nothing in the workflows, in the workflows shown in `docs/`, and in the action' },
  {
    name: 'random tests, more of them', counts: 'jest', cores: 2, memory: 2500, seconds: 110, env: { TIMES: '5' },
    command: ['npx', '--no-install', 'jest', '--ci', 'test/mesh/(authorization|calls|change|compare|plan|reasons|workloads/proxy|worlds|mesh-towards)', 'test/migration', 'test/adoption', 'test/admission/(catalogue|cel/rules|hostile).test', 'test/certificates', 'test/constructs/authorization/guarded-service', 'test/manifests/yaml-text',
      'test/analysis/(both-ways|every-mesh|hostile|judgement|trials|would-decide)', 'test/baseline', 'test/changes', 'test/cli/(connections/verb-format-2|explain|hostile)', 'test/expectations', 'test/explain', 'test/findings',
      'test/integration/hop', 'test/manifests', 'test/report'],
    what: 'all the random cases of which `npm cit` tries a fifth',
  },
  { name: 'growth', command: script('bench', '--', 'growth'), cores: 2, memory: 2500, seconds: 240, what: 'time and memory of doubled inputs' },
  { name: 'bench', command: script('bench', '--', 'load', 'overrides', 'admission'), cores: 2, seconds: 60, what: 'the limits of loading, synth and admission' },
  { name: 'fuzz', command: script('fuzz', '--', '--cases', '360'), counts: 'suite', cores: 2, memory: 2000, seconds: 95, what: 'manifests changed at random, 360 cases' },
  { name: 'meshes that run', command: suite('run', 'data-plane', '--meshes', '20'), counts: 'suite', after: REFEREES, unless: withoutNetworks, cores: 2, seconds: 20, what: '20 meshes with real sidecars, and 15 written for names and addresses of the cluster' },
  {
    name: 'plans that are carried out', command: suite('run', 'convergence', '--plans', '5'), counts: 'suite', after: REFEREES, unless: withoutNetworks, cores: 2, seconds: 20,
    what: '5 plans with real sidecars, forward, back and at once',
  },
  {
    name: 'certificates that change', command: suite('run', 'rotations', '--rotations', '3'), counts: 'suite', after: REFEREES, unless: withoutNetworks, cores: 2, seconds: 25,
    what: '3 CA rotations with real sidecars, forward, back and skipping stages',
  },
  { name: 'demo', command: ['npm', 'run', 'demo'], cores: 2, memory: 1500, seconds: 30, what: '`npm run demo`' },
  {
    name: 'the package in Python', command: script('languages', '--', 'python'), counts: 'suite', cores: 2, memory: 1500, seconds: 110,
    what: '`npm run languages -- python`: the wheel in an empty project, whose program has the same output as the TypeScript one; mypy',
  },
];

const USUAL = { counts: 'one', cores: 1, memory: 1000, env: {}, after: [] };

/** All need what the first installs. */
const STEPS = DECLARED.map((step, index) => ({ ...USUAL, ...step, after: [...index > 0 ? [DECLARED[0].name] : [], ...step.after ?? []] }));

/** CONTRIBUTING.md's table. */
function tableOf(steps) {
  const rows = steps.map(({ name, what, cores, memory, seconds }) => `| \`${name}\` | ${what} | ${cores} | ${memory.toLocaleString('en')} MB | ${seconds} s |`);
  return ['| step | what it does | cores | memory | budget |', '|---|---|---|---|---|', ...rows].join('\n');
}

module.exports = { STEPS, tableOf };
