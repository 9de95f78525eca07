// The kinds of other projects that the constructs and examples emit, from the CustomResourceDefinitions in those projects' Go modules.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RefereeUnavailable } from './go-binary';

interface Source {
  readonly module: string;
  readonly version: string;
  readonly sum: string;
  readonly files: readonly string[];
}

/** Pinned by the sum that go.sum would hold; none of their code is built, so no go.mod requires them. */
const SOURCES: readonly Source[] = [
  {
    module: 'github.com/cert-manager/cert-manager', version: 'v1.21.2', sum: 'h1:UWgoYM+KLNtRlqmoWOKjKBOBUPVHeepQ6/ac3ERJW68=',
    files: ['certificates', 'clusterissuers', 'issuers'].map((plural) => `deploy/crds/cert-manager.io_${plural}.yaml`),
  },
  {
    module: 'github.com/external-secrets/external-secrets', version: 'v1.3.2', sum: 'h1:u2J8RjlHIeF0oZCqtl92adI/uZWUwOesJIDkfql6LqQ=',
    files: ['config/crds/bases/external-secrets.io_externalsecrets.yaml'],
  },
  {
    module: 'github.com/bitnami-labs/sealed-secrets', version: 'v0.40.0', sum: 'h1:rvCP35JL8ZV5LNA2SrwNR6iLyoM3ulrSFWN0lBtYEYI=',
    files: ['helm/sealed-secrets/crds/bitnami.com_sealedsecrets.yaml'],
  },
  {
    module: 'github.com/prometheus-operator/prometheus-operator', version: 'v0.85.0', sum: 'h1:M5xLCLEoaW2IJfnuCwFzzpL+jSVQu3KGT84Pye+fW8s=',
    files: ['servicemonitors', 'podmonitors', 'prometheusrules'].map((plural) => `example/prometheus-operator-crd/monitoring.coreos.com_${plural}.yaml`),
  },
];

/** As YAML. */
export function foreignCrds(): string[] {
  return SOURCES.flatMap((source) => {
    const folder = folderOf(source);
    return source.files.map((file) => readFileSync(join(folder, file), 'utf8'));
  });
}

/** What is installed, for the report. */
export const FOREIGN_VERSIONS = SOURCES.map(({ module, version }) => `${module} ${version}`);

/** Where Go keeps a module; outside of any module, so that no go.mod is asked. */
function folderOf({ module, version, sum }: Source): string {
  const { error, status, stdout, stderr } = spawnSync('go', ['mod', 'download', '-json', `${module}@${version}`], { cwd: tmpdir(), encoding: 'utf8', maxBuffer: 2 ** 24 });
  if (error || status !== 0) throw new RefereeUnavailable(`Go gives no ${module} ${version} (${error?.message ?? stderr.trim()})`);
  const { Dir, Sum } = JSON.parse(stdout);
  if (Sum !== sum) throw new RefereeUnavailable(`${module} ${version} has the sum ${Sum}; expected ${sum}`);
  return Dir;
}
