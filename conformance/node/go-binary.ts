// Builds the Go referees, once for each state of their sources, outside the repository.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, relative } from 'node:path';

const CONFORMANCE = join(__dirname, '..');
const MAIN_MODULE = CONFORMANCE;
const APISERVER_MODULE = join(CONFORMANCE, 'apiserver');
const KUBECTL_MODULE = join(CONFORMANCE, 'kubectl');
const ISTIO_MODULE = join(CONFORMANCE, 'istio');
const PROMETHEUS_MODULE = join(CONFORMANCE, 'prometheus');
const CA_MODULE = join(CONFORMANCE, 'ca');
const CHARTS_MODULE = join(CONFORMANCE, 'charts');

/** A Go module, and the package in it or among what it requires. */
interface Buildable {
  readonly module: string;
  readonly package: string;
  /** Build constraints: what is left out of a program. */
  readonly tags?: string;
}

/** Prometheus itself, without its clients for the clouds in which it finds targets, which take most of its build. */
const PROMETHEUS = { module: PROMETHEUS_MODULE, tags: 'remove_all_sd' };

/** What can be built. */
export const BINARIES = {
  'webhook': { module: MAIN_MODULE, package: './cmd/webhook' },
  'served': { module: MAIN_MODULE, package: './cmd/served' },
  'connections': { module: MAIN_MODULE, package: './cmd/connections' },
  'dataplane': { module: MAIN_MODULE, package: './cmd/dataplane' },
  'measure': { module: MAIN_MODULE, package: './cmd/measure' },
  'yaml': { module: MAIN_MODULE, package: './cmd/yaml' },
  'kube-apiserver': { module: APISERVER_MODULE, package: 'k8s.io/kubernetes/cmd/kube-apiserver' },
  'etcd': { module: APISERVER_MODULE, package: 'go.etcd.io/etcd/server/v3' },
  'kubectl': { module: KUBECTL_MODULE, package: 'k8s.io/kubernetes/cmd/kubectl' },
  'istiod': { module: ISTIO_MODULE, package: 'istio.io/istio/pilot/cmd/pilot-discovery' },
  'prometheus': { module: PROMETHEUS_MODULE, package: '.' },
  'ca': { module: CA_MODULE, package: '.' },
  'charts': { module: CHARTS_MODULE, package: '.' },
  'istioctl': { module: ISTIO_MODULE, package: 'istio.io/istio/istioctl/cmd/istioctl' },
  'helm': { module: CHARTS_MODULE, package: 'helm.sh/helm/v3/cmd/helm' },
  'kustomize': { module: KUBECTL_MODULE, package: 'sigs.k8s.io/kustomize/kustomize/v5' },
  'prometheus-server': { ...PROMETHEUS, package: 'github.com/prometheus/prometheus/cmd/prometheus' },
  'promtool': { ...PROMETHEUS, package: 'github.com/prometheus/prometheus/cmd/promtool' },
} satisfies Readonly<Record<string, Buildable>>;

export type BinaryName = keyof typeof BINARIES;

/** A referee that can't be built or run here: no verdict was reached. */
export class RefereeUnavailable extends Error {}

/** The path of a binary, which is built when it isn't in the cache. */
export function goBinary(name: BinaryName): string {
  const binary: Buildable = BINARIES[name];
  const path = join(cacheRoot(), moduleHash(binary.module), name);
  if (!existsSync(path)) {
    build(name, binary, path);
  }
  return path;
}

export function isBinary(name: string): name is BinaryName {
  return Object.hasOwn(BINARIES, name);
}

/** Where binaries are kept that are costly to get. */
export function cacheRoot(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cdk8s-istio-mtls');
}

/** One hash for everything a module's binaries are made of, the Go release included. */
function moduleHash(module: string): string {
  const hash = createHash('sha256').update(goVersion());
  for (const file of sourcesOf(module)) {
    hash.update(`\0${relative(module, file)}\0`).update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 16);
}

function sourcesOf(folder: string): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    const isOtherModule = entry.isDirectory() && existsSync(join(path, 'go.mod'));
    if (entry.isDirectory() && !isOtherModule) {
      found.push(...sourcesOf(path));
    } else if (entry.isFile() && (/\.go$/.test(entry.name) && !/_test\.go$/.test(entry.name) || /^go\.(mod|sum)$/.test(entry.name))) {
      found.push(path);
    }
  }
  return found;
}

let knownGoVersion: string | undefined;
function goVersion(): string {
  knownGoVersion ??= askGoVersion();
  return knownGoVersion;
}

function askGoVersion(): string {
  const asked = spawnSync('go', ['env', 'GOVERSION'], { encoding: 'utf8', cwd: MAIN_MODULE });
  if (asked.error && 'code' in asked.error && asked.error.code === 'ENOENT') {
    throw new RefereeUnavailable('the conformance suite needs Go (https://go.dev/dl), and no `go` is on the PATH');
  }
  if (asked.status !== 0) {
    throw new RefereeUnavailable(`\`go env GOVERSION\` failed: ${asked.stderr}`);
  }
  return asked.stdout.trim();
}

/** Builds beside the target and renames, so that two builders never see half a binary. */
function build(name: string, { module, package: target, tags = '' }: Buildable, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const scratch = mkdtempSync(join(dirname(path), '.build-'));
  console.error(`building ${name}: the first time takes some minutes`);
  try {
    const command = ['-n', '15', 'go', 'build', '-trimpath', '-ldflags=-s -w', `-tags=${tags}`, '-o', join(scratch, name), target];
    const built = spawnSync('nice', command, { cwd: module, stdio: ['ignore', 2, 2] });
    if (built.status !== 0) {
      throw new RefereeUnavailable(`\`go build ${target}\` failed in ${module}: ${built.error?.message ?? `exit ${built.status}`}`);
    }
    renameSync(join(scratch, name), path);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
