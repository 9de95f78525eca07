// Sources of a mesh that are rendered, by the real Helm and kustomize: what each yields, and that nothing else is read, run or fetched.
// Each case is a repository and a command line. `--program PATH` runs another state's command. Needs Go, and a compiled lib/.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { filesOf, SOUND } from './documented/shop';
import { goBinary } from './node/go-binary';
import { main } from './node/main';

type Files = Readonly<Record<string, string>>;

interface Case {
  readonly about: string;
  readonly files?: Files;
  /** A link in the repository, and where it leads. */
  readonly link?: readonly [path: string, target: string];
  /** The sources of mesh `prod`; by default both. */
  readonly sources?: string;
  readonly args?: readonly string[];
  /** What changes after the commit. */
  readonly after?: Files;
  readonly status: number;
  readonly prints: RegExp;
  readonly lacks?: RegExp;
}

const HELM = '{helm: {chart: chart, values: [prod.yaml], namespace: shop, release: shop}}';
const KUSTOMIZE = '{kustomize: overlays/prod}';
const BROKEN = 'tls: DISABLE\n';
const refused = (text: string) => new RegExp(`could not read {2}\\S+ {2}ADMIT170\n[^]*${text}`);

const overlay = (text: string): Files => ({ 'overlays/prod/kustomization.yaml': text });

const CASES: readonly Case[] = [
  { about: 'a chart, sound', sources: HELM, status: 0, prints: /^ +1 +mtls [^]*6 objects in 1 file: no errors[^]*^chart is rendered by helm v3/m },
  { about: 'a chart, broken by its values', sources: HELM, files: { 'prod.yaml': BROKEN }, status: 1, prints: /✖ error {2}chart {2}MTLS101\n/ },
  { about: 'an overlay, sound', sources: KUSTOMIZE, status: 0, prints: /^ +1 +mtls [^]*6 objects in 1 file: no errors[^]*^overlays\/prod is rendered by kustomize v5/m },
  {
    about: 'an overlay, broken by its patch', sources: KUSTOMIZE, status: 1, prints: /✖ error {2}overlays\/prod {2}MTLS101\n/,
    files: overlay('namespace: shop\nresources: [../../base]\npatches:\n  - target: {kind: DestinationRule}\n    patch: |\n      - {op: replace, path: /spec/trafficPolicy/tls/mode, value: DISABLE}\n'),
  },
  { about: 'no --render', args: ['check', '--mesh', 'prod'], status: 2, prints: /programs run only with --render/ },
  {
    about: 'a commit, whose values differ from those on disk', sources: HELM, args: ['diff', '--mesh', 'prod', '--render', 'git:HEAD'], after: { 'prod.yaml': BROKEN },
    status: 1, prints: /mtls → broken\n +~ DestinationRule shop\/client-tls {2}chart {2}spec\.trafficPolicy\.tls\.mode ISTIO_MUTUAL → DISABLE[^]*git:HEAD:chart is rendered by helm/,
  },
  { about: 'a dependency that charts/ lacks', sources: HELM, files: { 'chart/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\ndependencies: [{name: redis, version: 1.0.0, repository: "https://charts.example"}]\n' }, status: 2, prints: refused('run helm dependency build chart') },
  { about: 'a template that reads a file through a link', sources: HELM, link: ['chart/secret.yaml', '/etc/hostname'], status: 2, prints: refused('a chart with the link') },
  {
    about: 'a schema of values at an address', sources: HELM, files: { 'chart/values.schema.json': '{"$ref": "http://127.0.0.1:9/schema.json"}' },
    status: 0, prints: /no errors/, lacks: /schema/,
  },
  {
    about: 'a template that asks the environment, the cluster and the network', sources: HELM, status: 0, prints: /no errors/,
    files: { 'chart/templates/asked.yaml': '{{ if or (lookup "v1" "Namespace" "" "default") (getHostByName "localhost") }}{{ fail "asked" }}{{ end }}\n' },
  },
  { about: 'a remote base', sources: KUSTOMIZE, files: overlay('resources: ["https://github.com/a/b//c?ref=main"]\n'), status: 2, prints: refused('resources names') },
  { about: 'a remote base of a base', sources: KUSTOMIZE, files: { 'base/kustomization.yaml': 'resources: [mesh.yaml, "github.com/a/b"]\n' }, status: 2, prints: refused('resources names \'github') },
  { about: 'a transformer that is a program', sources: KUSTOMIZE, files: { ...overlay('resources: [../../base]\ntransformers: [run.yaml]\n'), 'overlays/prod/run.yaml': 'apiVersion: a/v1\nkind: A\nmetadata: {name: a, annotations: {config.kubernetes.io/function: "exec: {path: ./run.sh}"}}\n' }, status: 2, prints: refused('with transformers') },
  { about: 'a chart of kustomize', sources: KUSTOMIZE, files: overlay('helmCharts: [{name: a, repo: "https://charts.example"}]\n'), status: 2, prints: refused('with helmCharts') },
  { about: 'a file beside the overlay', sources: KUSTOMIZE, files: overlay('resources: [../../base, ../../rendered.yaml]\n'), status: 2, prints: refused('not rendered by kustomize[^]*is not in or below') },
  { about: 'a secret file through a generator', sources: KUSTOMIZE, link: ['overlays/prod/secret', '/etc/hostname'], files: overlay('resources: [../../base]\nconfigMapGenerator: [{name: a, files: [secret]}]\n'), status: 2, prints: refused('configMapGenerator names \'secret\'') },
];

/** Undefined if the case is as expected. */
function faultOf({ files, link, sources = `${KUSTOMIZE}, ${HELM}`, args = ['check', '--mesh', 'prod', '--render'], after, status, prints, lacks }: Case, program: string): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'istio-mtls-rendered-'));
  const write = (texts: Files) => {
    for (const [path, text] of Object.entries(texts)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  };
  try {
    write({ ...filesOf(SOUND), 'prod.yaml': '{}\n', 'istio-mtls.yaml': `meshes: {prod: {sources: [${sources}]}}\n`, ...files });
    if (link) symlinkSync(link[1], join(folder, link[0]));
    for (const words of [['init', '-q'], ['add', '-A'], ['-c', 'user.name=t', '-c', 'user.email=t@t', 'commit', '-qm', 'one']]) execFileSync('git', words, { cwd: folder });
    write(after ?? {});
    const path = [...(['helm', 'kustomize'] as const).map((name) => dirname(goBinary(name))), process.env.PATH].join(delimiter);
    const ran = spawnSync(process.execPath, [program, ...args], { cwd: folder, env: { ...process.env, PATH: path }, encoding: 'utf8' });
    const printed = ran.stdout + ran.stderr;
    return ran.status === status && prints.test(printed) && !lacks?.test(printed) ? undefined : `ends with ${ran.status}, and prints\n${printed}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main(() => {
  const { program } = parseArgs({ options: { program: { type: 'string', default: join(__dirname, '..', 'bin', 'istio-mtls') } } }).values;
  let failed = 0;
  for (const one of CASES) {
    const fault = faultOf(one, program);
    if (fault === undefined) continue;
    failed += 1;
    console.log(`${one.about}: expected ${one.status} and ${one.prints}, but it ${fault}`);
  }
  console.log(`${CASES.length} repositories with sources that are rendered: ${failed} not as expected.`);
  return failed > 0 ? 1 : 0;
});
