// The runbook part: the commands that runbooks of Istio's Bookinfo, the boutique and random meshes hold are shown to the real programs,
// and their queries to Prometheus' parser.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleMeshes } from '../generators/mesh';
import { istioModule } from '../generators/objects/samples';
import { goBinary } from '../node/go-binary';
import { istioVersion } from '../node/module-version';
import type { PartOptions, PartResult } from '../part';
import { commandsIn, ownOf, pathIn, placeholdersIn, shapeOf, type Words } from './commands';
import { KnownMetrics, queriesIn, readingsOf, selectorText } from './metrics';

export interface RunbookFacts {
  readonly istio: string;
  readonly seed: number;
  runbooks: number;
  /** Commands of istioctl and kubectl, each once. */
  commands: number;
  /** What of them differs in more than names. */
  shapes: readonly string[];
  /** Commands that they don't have: those that old texts name, and wrong ones. */
  readonly absent: readonly string[];
  /** Queries for Prometheus, each once. */
  queries: number;
  /** What they ask for: metrics and labels. */
  selectors: readonly string[];
  /** Queries that are wrong on purpose. */
  readonly refused: readonly string[];
}

const COMMAND = join(__dirname, '../../bin/istio-mtls');
const BOUTIQUE = join(__dirname, '../../examples/boutique/cluster.yaml');
const OLD_NAMES = join(__dirname, '../../docs/old-names.md');
/** What istioctl and kubectl don't have either. */
const MISSPELT: readonly Words[] = [
  ['istioctl', 'proxy-config', 'secrets-of', 'web'], ['istioctl', 'proxy-config', 'secret', 'web', '--format', 'json'],
  ['kubectl', 'fetch', 'pods'], ['kubectl', 'rollout', 'statuses', 'deployment/web'], ['kubectl', 'logs', '-l', 'app=istiod', '--since-minutes', '5'],
  ['kubectl', 'exec', 'web', '--containers', 'istio-proxy', '--', 'ls'],
];
/** What doesn't parse, and what names a metric or a label that Istio doesn't have. */
const WRONG_QUERIES: readonly string[] = [
  'sum by (pod (rate(istio_requests_total[5m]))', 'rate(istio_requests_total{reporter="destination"})', 'istio_request_total', 'istio_requests_total{destination_workload_ns="shop"}',
  'istio_agent_cert_expiry_timestamp', 'citadel_server_cert_chain_expiry', 'sum by (reason) (citadel_server_csr_sign_err_count)', 'envoy_cluster_ssl_handshake',
];

/** @param count how many random meshes have a runbook made */
export async function runbook({ seed, count = 20, print }: PartOptions): Promise<PartResult<RunbookFacts>> {
  const known = new Map<string, Words>();
  const queries = new Set<string>();
  const { old, today } = namedIn(readFileSync(OLD_NAMES, 'utf8'));
  for (const words of today) known.set(words.join(' '), words);
  const unfilled: string[] = [];
  let runbooks = 0;
  for (const page of pages(seed, count)) {
    runbooks += 1;
    unfilled.push(...placeholdersIn(page).map((text) => `${text} is left to fill in, in a runbook of ${page.split('\n')[2]}`));
    for (const words of commandsIn(page)) if (isJudged(words)) known.set(words.join(' '), words);
    for (const query of queriesIn(page)) queries.add(query);
  }
  const shapes = new Map<string, Words>();
  for (const words of known.values()) shapes.set(shapeOf(words, pathIn(words)), words);
  const asked = judgedQueries([...queries, ...WRONG_QUERIES]);
  const faults = [
    ...[...shapes].flatMap(([shape, words]) => {
      const fault = faultOf(words);
      return fault === undefined ? [] : [`${shape}: ${fault}\n  ${words.join(' ')}`];
    }),
    ...asked.slice(0, queries.size).flatMap(({ query, fault }) => (fault === undefined ? [] : [`${fault}\n  ${query}`])),
  ];
  const wrong = [...old, ...MISSPELT];
  const absent = wrong.filter((words) => faultOf(words) !== undefined);
  const refused = asked.slice(queries.size).filter(({ fault }) => fault !== undefined).map(({ query }) => query);
  const taken = [...wrong.filter((words) => !absent.includes(words)).map((words) => words.join(' ')), ...WRONG_QUERIES.filter((query) => !refused.includes(query))];
  for (const text of [...faults, ...taken.map((one) => `${one} was taken for right`)]) print(`runbook: ${text}`);
  for (const text of unfilled) print(`runbook: ${text}`);
  const failed = faults.length + taken.length + unfilled.length;
  return {
    passed: shapes.size + wrong.length + asked.length + runbooks - failed,
    failed,
    facts: {
      istio: istioVersion(),
      seed,
      runbooks,
      commands: known.size,
      shapes: [...shapes.keys()].sort(),
      absent: absent.map((words) => words.join(' ')).sort(),
      queries: queries.size,
      selectors: [...new Set(asked.slice(0, queries.size).flatMap(({ selectors }) => selectors))].sort(),
      refused: refused.sort(),
    },
  };
}

/** Whether a command is of a program that is at hand. */
function isJudged([program]: Words): boolean {
  return program === 'istioctl' || program === 'kubectl';
}

interface JudgedQuery { readonly query: string; readonly fault?: string; readonly selectors: readonly string[] }

/** What is wrong with each query, or undefined, and what it asks for. */
function judgedQueries(queries: readonly string[]): readonly JudgedQuery[] {
  const metrics = new KnownMetrics();
  return readingsOf(queries).map(({ error, selectors }, index) => ({
    query: queries[index],
    fault: error ?? (selectors.length === 0 ? 'it asks for no metric' : selectors.map((selector) => metrics.faultOf(selector)).find((fault) => fault !== undefined)),
    selectors: selectors.map(selectorText),
  }));
}

/** The commands in the tables of a page: those of istioctl that older texts have, in the first column, and today's of istioctl and kubectl. */
export function namedIn(page: string): { readonly old: readonly Words[]; readonly today: readonly Words[] } {
  const rows = page.split('\n').filter((line) => line.startsWith('|')).map((line) => line.split('|').slice(1, -1));
  const commands = (cells: readonly string[]) => cells.flatMap((cell) => [...cell.matchAll(/`((?:istioctl|kubectl) [^`]*)`/g)].map(([, text]) => text.split(' ')));
  const others = commands(rows.flatMap(([, ...rest]) => rest));
  // kubectl still has what older texts ask it for: what is gone are the files and pods that they name.
  return { old: commands(rows.map(([first]) => first)).filter(([program]) => program === 'istioctl'), today: others.filter((words) => words.length > 2) };
}

/** Istio's own, with sidecars and the rules for mutual TLS. */
function bookinfo(): string {
  const files = ['platform/kube/bookinfo.yaml', 'networking/destination-rule-all-mtls.yaml'].map((name) => readFileSync(join(istioModule().Dir, 'samples/bookinfo', name), 'utf8'));
  return ['apiVersion: v1\nkind: Namespace\nmetadata: {name: default, labels: {istio-injection: enabled}}\n', ...files].join('---\n');
}

/** The runbooks, and of each mesh that of one workload, too. */
function* pages(seed: number, count: number): Generator<string> {
  const folder = mkdtempSync(join(tmpdir(), 'runbook-'));
  try {
    const file = join(folder, 'mesh.json');
    const made = (...args: string[]): string => {
      const { stdout, stderr, status } = spawnSync(process.execPath, [COMMAND, 'runbook', file, ...args], { encoding: 'utf8' });
      if (status !== 0) throw new Error(`istio-mtls runbook ended with ${status}: ${stderr}`);
      return stdout;
    };
    writeFileSync(file, readFileSync(BOUTIQUE));
    yield made();
    yield made('--workload', 'boutique/frontend');
    writeFileSync(file, bookinfo());
    yield made();
    yield made('--workload', 'default/productpage-v1');
    for (const { objects } of sampleMeshes(seed, count)) {
      writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
      yield made();
      const workload = objects.find(({ kind }) => kind === 'Deployment');
      if (workload) yield made('--workload', `deployment/${workload.metadata.namespace ?? 'default'}/${workload.metadata.name}`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What the real program has against a command; undefined: nothing. What a command hands to another, behind --, isn't asked about. */
export function faultOf([program, ...all]: Words): string | undefined {
  const words = ownOf(all);
  const { status, stdout, stderr } = spawnSync(goBinary(program as 'istioctl' | 'kubectl'), [...words, '--help'], { encoding: 'utf8', env: { HOME: tmpdir(), PATH: process.env.PATH } });
  if (status !== 0) return stderr.trim().split('\n')[0];
  const usage = /^Usage:\n {2}(.*)$/m.exec(stdout)?.[1];
  if (usage === undefined) return 'its help has no usage';
  if (/ \[command\]$| SUBCOMMAND\b|^kubectl \[flags\]/.test(usage)) return `there is no such command: ${usage}`;
  const expected = usage.split(' ').slice(1).filter((word) => /^[a-z][a-z-]*$/.test(word));
  return expected.every((word, index) => words[index] === word) ? undefined : `it is taken for ${usage}`;
}
