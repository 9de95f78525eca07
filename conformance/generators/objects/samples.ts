// The objects that Istio ships as samples and as data for its own tests, from the Go module cache.
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { KIND_NAMES } from './kinds';
import { type Samples } from './objects';
import { libraryModule } from '../../library';
import type { Fields } from '../../manifest';
import { RefereeUnavailable } from '../../node/go-binary';

const CONFORMANCE = join(__dirname, '../..');

/** Folders that hold manifests, or parts of Helm charts, which are none until they are rendered. */
export const SAMPLE_FOLDERS = ['samples', join('pkg', 'test', 'datasets', 'validation', 'dataset')];

/** What Istio tests its analyzers with: valid to the API server and the webhook, more often than not. */
const ANALYZER_FOLDER = join('pkg', 'config', 'analysis', 'analyzers', 'testdata');

/** Where Go keeps istio.io/istio, and which version it is, as `go mod download -json` says. */
export function istioModule(): { readonly Dir: string; readonly Version: string } {
  const { error, status, stdout, stderr } = spawnSync('go', ['mod', 'download', '-json', 'istio.io/istio'], { cwd: CONFORMANCE, encoding: 'utf8' });
  if (error || status !== 0) {
    throw new RefereeUnavailable(`Go gives no istio.io/istio (${error?.message ?? stderr.trim()}); expected the module that conformance/go.mod names. Fix: install Go`);
  }
  return JSON.parse(stdout);
}

export function manifestsUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Istio's objects among the samples, by kind, in the order of their files; each one once. */
export function istioSamples(): Samples {
  const { readManifests } = libraryModule('manifests/manifests');
  const { Dir } = istioModule();
  const byKind = new Map<unknown, Map<string, Fields>>(KIND_NAMES.map((kind) => [kind, new Map()]));
  for (const file of [...SAMPLE_FOLDERS, ANALYZER_FOLDER].flatMap((folder) => manifestsUnder(join(Dir, folder)))) {
    for (const { object } of readManifests(readFileSync(file, 'utf8'), file).documents) {
      const { apiVersion, kind, spec } = object;
      if (String(apiVersion).includes('istio.io/')) byKind.get(kind)?.set(JSON.stringify(spec), object);
    }
  }
  return Object.fromEntries([...byKind].map(([kind, objects]) => [kind, [...objects.values()]]));
}
