// Istio's sample Bookinfo, or without Go a copy with the same objects, names and ports, as far as they affect connections.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const PORT = 9080;
const VERSIONS: Readonly<Record<string, readonly string[]>> = { details: ['v1'], ratings: ['v1'], reviews: ['v1', 'v2', 'v3'], productpage: ['v1'] };

/** `samples/bookinfo/platform/kube/bookinfo.yaml` of the Istio that conformance/go.mod names; nothing without Go. */
export function istiosBookinfo(): string | undefined {
  const { status, stdout } = spawnSync('go', ['mod', 'download', '-json', 'istio.io/istio'], { cwd: join(__dirname, '..', '..', '..', 'conformance'), encoding: 'utf8' });
  return status === 0 ? readFileSync(join(JSON.parse(stdout).Dir, 'samples', 'bookinfo', 'platform', 'kube', 'bookinfo.yaml'), 'utf8') : undefined;
}

export function likeBookinfo(): string {
  const objects = Object.entries(VERSIONS).flatMap(([app, versions]) => [
    { apiVersion: 'v1', kind: 'Service', metadata: { name: app }, spec: { selector: { app }, ports: [{ port: PORT, name: 'http' }] } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: `bookinfo-${app}` } },
    ...versions.map((version) => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: `${app}-${version}` },
      spec: {
        selector: { matchLabels: { app, version } },
        template: {
          metadata: { labels: { app, version } },
          spec: { serviceAccountName: `bookinfo-${app}`, containers: [{ name: app, image: `${app}:${version}`, ports: [{ containerPort: PORT }] }] },
        },
      },
    })),
  ]);
  return objects.map((object) => JSON.stringify(object)).join('\n---\n');
}
