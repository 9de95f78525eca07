// CustomResourceDefinitions: Istio's, from the file that the bindings are made of, and how any are installed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type KubeClient } from './kube-client';

const ISTIO = join(__dirname, '../../imports/crds/customresourcedefinitions.gen.yaml');
const COLLECTION = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const SERVED_WITHIN_MS = 60000;

/** A version of a kind that must be served. */
interface ServedKind {
  readonly groupVersion: string;
  readonly plural: string;
}

interface Crd {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly plural: string };
    readonly versions: readonly { readonly name: string; readonly served: boolean }[];
  };
}

/** Istio's, as YAML. */
export function istioCrds(): string[] {
  return documents(readFileSync(ISTIO, 'utf8'));
}

/** Creates them and waits until the API server serves every kind in every version. */
export async function installCrds(client: KubeClient, texts: readonly string[]): Promise<void> {
  const created = await Promise.all(texts.map((text) => create(client, text)));
  const wanted = created.flatMap(({ spec }) => spec.versions.filter(({ served }) => served)
    .map(({ name }) => ({ groupVersion: `${spec.group}/${name}`, plural: spec.names.plural })));
  const until = Date.now() + SERVED_WITHIN_MS;
  while (!(await allServed(client, wanted))) {
    if (Date.now() > until) {
      throw new Error(`the API server doesn't serve all of ${wanted.map(({ plural }) => plural).join(', ')} after ${SERVED_WITHIN_MS / 1000} s`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function documents(text: string): string[] {
  return text.split(/^---\s*$/m).filter((part) => /^kind:/m.test(part));
}

async function create(client: KubeClient, text: string): Promise<Crd> {
  const { status, body } = await client.post(COLLECTION, text, 'application/yaml');
  if (status !== 201) {
    throw new Error(`creating a CustomResourceDefinition: ${status} ${body.message}`);
  }
  return body;
}

async function allServed(client: KubeClient, wanted: readonly ServedKind[]): Promise<boolean> {
  const groupVersions = [...new Set(wanted.map(({ groupVersion }) => groupVersion))];
  const lists = await Promise.all(groupVersions.map((name) => client.get(`/apis/${name}`)));
  const served = new Set(lists.flatMap(({ body }, index) => (body.resources ?? []).map(({ name }: { name: string }) => `${groupVersions[index]} ${name}`)));
  return wanted.every(({ groupVersion, plural }) => served.has(`${groupVersion} ${plural}`));
}
