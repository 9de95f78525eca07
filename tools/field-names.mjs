// Makes imports/field-names.json, the names of the fields of Kubernetes' kinds and the kinds of the Gateway API that
// docs/fields.md has tables of, from the Go modules that the conformance suite pins. Needs Go.
//
//   node tools/field-names.mjs            writes it again
//   node tools/field-names.mjs --check    fails if it isn't what these modules have
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import yaml from 'js-yaml';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = join(root, 'imports', 'field-names.json');

/** The kinds whose fields are told, by the names of their tables, with what isn't told there: pods have a table of their own. */
const KINDS = {
  'Namespace': 'core.v1.Namespace',
  'Service': 'core.v1.Service',
  'Endpoints': 'core.v1.Endpoints',
  'EndpointSlice': 'discovery.v1.EndpointSlice',
  'Pods': 'core.v1.PodSpec',
};
const WORKLOADS = ['apps.v1.Deployment', 'apps.v1.StatefulSet', 'apps.v1.DaemonSet', 'apps.v1.ReplicaSet', 'core.v1.ReplicationController', 'batch.v1.Job', 'batch.v1.CronJob'];

/** What every object has, and what has a table of its own. */
const ELSEWHERE = new Set(['io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta', 'io.k8s.api.core.v1.PodSpec']);

function moduleOf(name, goMod) {
  const line = readFileSync(join(root, 'conformance', goMod), 'utf8').split('\n').map((text) => text.trim()).find((text) => text.startsWith(`${name} v`));
  const version = line.split(' ')[1];
  const { Dir } = JSON.parse(execFileSync('go', ['mod', 'download', '-json', `${name}@${version}`], { cwd: tmpdir(), encoding: 'utf8', maxBuffer: 2 ** 24 }));
  return { source: `${name}@${version}`, folder: Dir };
}

/** The fields of a definition that hold no others, each by its path. */
function leavesOf(definitions, name, path = [], around = []) {
  const fields = Object.entries(definitions[name].properties ?? {}).filter(([field]) => path.length > 0 || (field !== 'apiVersion' && field !== 'kind'));
  return fields.flatMap(([field, schema]) => {
    const here = [...path, field];
    const of = referredBy(schema);
    const isWhole = of === undefined || ELSEWHERE.has(of) || around.includes(of) || definitions[of].properties === undefined;
    return isWhole ? [here.join('.')] : leavesOf(definitions, of, here, [...around, of]);
  });
}

function referredBy({ $ref, items, additionalProperties }) {
  if ($ref) return $ref.split('/').at(-1);
  const within = items ?? additionalProperties;
  return typeof within === 'object' ? referredBy(within) : undefined;
}

function kubernetes() {
  const { source, folder } = moduleOf('k8s.io/kubernetes', 'apiserver/go.mod');
  const { definitions } = JSON.parse(readFileSync(join(folder, 'api', 'openapi-spec', 'swagger.json'), 'utf8'));
  const leaves = (name) => leavesOf(definitions, `io.k8s.api.${name}`);
  const kinds = Object.fromEntries(Object.entries(KINDS).map(([title, name]) => [title, leaves(name).sort()]));
  return { source, kinds: { ...kinds, Workloads: [...new Set(WORKLOADS.flatMap(leaves))].sort() } };
}

/** Its kinds, in whatever version and channel. */
function gatewayApi() {
  const { source, folder } = moduleOf('sigs.k8s.io/gateway-api', 'go.mod');
  const crds = ['standard', 'experimental'].flatMap((channel) => {
    const files = join(folder, 'config', 'crd', channel);
    return readdirSync(files).filter((file) => file.startsWith('gateway.')).flatMap((file) => yaml.loadAll(readFileSync(join(files, file), 'utf8')));
  });
  return { source, kinds: [...new Set(crds.filter((crd) => crd?.kind === 'CustomResourceDefinition').map(({ spec }) => spec.names.kind))].sort() };
}

const text = `${JSON.stringify({ kubernetes: kubernetes(), gatewayApi: gatewayApi() }, null, 1)}\n`;
if (!process.argv.includes('--check')) {
  writeFileSync(target, text);
} else if (readFileSync(target, 'utf8') !== text) {
  console.error('imports/field-names.json isn\'t what the pinned modules have. Fix: run node tools/field-names.mjs, and give new fields rows in docs/fields.md.');
  process.exit(1);
}
