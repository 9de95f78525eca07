// Folders of public repositories, and charts as Helm renders them, from modules in the Go module cache: they are read, never copied.
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { istioModule } from '../generators/objects/samples';
import { goBinary, RefereeUnavailable } from '../node/go-binary';

/** One run of `check`. */
export interface Checked {
  readonly name: string;
  readonly version: string;
  /** The folder to check; undefined: the text is checked. */
  readonly folder?: string;
  readonly text?: string;
}

/** Repositories as a newcomer checks them: the whole folder. Of istio.io/istio, folders of different kinds, one by one. */
const REPOSITORIES: readonly (readonly [module: string, version: string])[] = [
  ['istio.io/api', 'v1.32.0'],
  ['sigs.k8s.io/gateway-api', 'v1.6.0'],
  ['sigs.k8s.io/gateway-api-inference-extension', 'v1.5.0'],
  ['sigs.k8s.io/mcs-api', 'v0.4.1'],
  ['k8s.io/kubernetes', 'v1.36.1'],
  ['k8s.io/api', 'v0.36.1'],
  ['k8s.io/apiextensions-apiserver', 'v0.36.1'],
  ['k8s.io/kubectl', 'v0.36.1'],
  ['k8s.io/kube-aggregator', 'v0.36.1'],
  ['k8s.io/apiserver', 'v0.36.1'],
  ['k8s.io/cli-runtime', 'v0.36.1'],
  ['k8s.io/pod-security-admission', 'v0.36.1'],
  ['github.com/openshift/api', 'v0.0.0-20260501191448-a49973eaef53'],
  ['github.com/external-secrets/external-secrets', 'v1.3.2'],
  ['github.com/cert-manager/cert-manager', 'v1.21.2'],
  ['github.com/prometheus-operator/prometheus-operator', 'v0.85.0'],
  ['github.com/prometheus/prometheus', 'v0.311.3'],
  ['github.com/bitnami-labs/sealed-secrets', 'v0.40.0'],
  ['helm.sh/helm/v4', 'v4.2.0'],
  ['sigs.k8s.io/kustomize/kyaml', 'v0.21.1'],
  ['github.com/argoproj/argo-rollouts', 'v1.8.3'],
  ['github.com/fluxcd/flagger', 'v1.36.1'],
  ['github.com/kiali/kiali', 'v1.89.0'],
];

const ISTIO_FOLDERS = ['samples', 'manifests', 'operator', 'tests', 'pilot', 'pkg', 'istioctl'];

/** Charts with their default values, in the namespace that their documentation names. */
const CHARTS: readonly (readonly [name: string, module: string | undefined, path: string, namespace: string])[] = [
  ['base', undefined, 'manifests/charts/base', 'istio-system'],
  ['istiod', undefined, 'manifests/charts/istio-control/istio-discovery', 'istio-system'],
  ['gateway', undefined, 'manifests/charts/gateway', 'istio-ingress'],
  ['cni', undefined, 'manifests/charts/istio-cni', 'istio-system'],
  ['ztunnel', undefined, 'manifests/charts/ztunnel', 'istio-system'],
  ['cert-manager', 'github.com/cert-manager/cert-manager', 'deploy/charts/cert-manager', 'cert-manager'],
  ['sealed-secrets', 'github.com/bitnami-labs/sealed-secrets', 'helm/sealed-secrets', 'kube-system'],
  ['body-based-routing', 'sigs.k8s.io/gateway-api-inference-extension', 'config/charts/body-based-routing', 'inference'],
];

export function corpus(): Checked[] {
  const istio = istioModule();
  const versions = new Map(REPOSITORIES);
  const folders = new Map(REPOSITORIES.map(([module, version]) => [module, folderOf(module, version)]));
  return [
    ...ISTIO_FOLDERS.map((name) => ({ name: `istio.io/istio, ${name}/`, version: istio.Version, folder: join(istio.Dir, name) })),
    ...REPOSITORIES.map(([module, version]) => ({ name: module, version, folder: folders.get(module) })),
    ...CHARTS.map(([name, module, path, namespace]) => ({
      name: `chart ${name}`,
      version: module === undefined ? istio.Version : versions.get(module)!,
      text: rendered(name, join(module === undefined ? istio.Dir : folders.get(module)!, path), namespace),
    })),
  ];
}

/** Outside of any module, so that no go.mod is asked. */
function folderOf(module: string, version: string): string {
  const { error, status, stdout, stderr } = spawnSync('go', ['mod', 'download', '-json', `${module}@${version}`], { cwd: tmpdir(), encoding: 'utf8', maxBuffer: 2 ** 24 });
  if (error || status !== 0) throw new RefereeUnavailable(`Go gives no ${module} ${version} (${error?.message ?? stderr.trim()})`);
  return JSON.parse(stdout).Dir;
}

function rendered(name: string, chart: string, namespace: string): string {
  const args = ['template', name, chart, '-n', namespace, '--kube-version', '1.36.1'];
  const { error, status, stdout, stderr } = spawnSync(goBinary('helm'), args, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (error || status !== 0) throw new Error(`helm can't render ${chart}: ${error?.message ?? stderr}`);
  return stdout;
}
