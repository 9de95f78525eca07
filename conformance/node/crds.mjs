// CustomResourceDefinitions: Istio's, from the file that the bindings are made of, and how any are installed.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ISTIO = fileURLToPath(new URL('../../imports/crds/customresourcedefinitions.gen.yaml', import.meta.url));
const COLLECTION = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const SERVED_WITHIN_MS = 60000;

/** Istio's, as YAML. */
export function istioCrds() {
  return documents(readFileSync(ISTIO, 'utf8'));
}

/** Creates them and waits until the API server serves every kind in every version. */
export async function installCrds(client, texts) {
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

function documents(text) {
  return text.split(/^---\s*$/m).filter((part) => /^kind:/m.test(part));
}

async function create(client, text) {
  const { status, body } = await client.post(COLLECTION, text, 'application/yaml');
  if (status !== 201) {
    throw new Error(`creating a CustomResourceDefinition: ${status} ${body.message}`);
  }
  return body;
}

async function allServed(client, wanted) {
  const groupVersions = [...new Set(wanted.map(({ groupVersion }) => groupVersion))];
  const lists = await Promise.all(groupVersions.map((name) => client.get(`/apis/${name}`)));
  const served = new Set(lists.flatMap(({ body }, index) => (body.resources ?? []).map(({ name }) => `${groupVersions[index]} ${name}`)));
  return wanted.every(({ groupVersion, plural }) => served.has(`${groupVersion} ${plural}`));
}
