// How people apply Istio's samples: what `check` says of them is what a newcomer reads first.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { manifestsUnder } from '../generators/objects/samples';
import { libraryModule } from '../library';

/** Runs of the command under the heading that they have in docs/noise.md. */
export interface Scenario {
  readonly heading: string;
  readonly runs: readonly Run[];
}

interface Run {
  readonly name: string;
  readonly objects: readonly object[];
}

export function scenariosIn(istio: string): Scenario[] {
  const samples = join(istio, 'samples');
  const bookinfo = join(samples, 'bookinfo');
  const networking = (name: string) => join(bookinfo, 'networking', name);
  const app = [join(bookinfo, 'platform', 'kube', 'bookinfo.yaml'), networking('bookinfo-gateway.yaml')];
  const subsets = networking('destination-rule-all.yaml');
  const steps = readdirSync(join(bookinfo, 'networking')).sort().map(networking).filter((step) => !app.includes(step));
  const others = ['curl/curl.yaml', 'httpbin/httpbin.yaml', 'helloworld/helloworld.yaml', 'tcp-echo/tcp-echo-services.yaml', 'extauthz/ext-authz.yaml'];
  const addons = readdirSync(join(samples, 'addons')).filter((name) => name.endsWith('.yaml')).sort().map((name) => join(samples, 'addons', name));
  const run = (name: string, files: readonly string[], more: readonly object[] = []): Run =>
    ({ name, objects: [...more, ...files.flatMap(objectsIn)] });
  return [
    { heading: 'each file', runs: manifestsUnder(samples).map((file) => run(file.slice(samples.length + 1), [file])) },
    { heading: 'Bookinfo\'s steps', runs: steps.map((step) => run(basename(step), [...app, ...step.includes('destination-rule') ? [] : [subsets], step], [INJECTED])) },
    { heading: 'a STRICT mesh', runs: [run('everything', [...app, subsets, ...addons, ...others.map((name) => join(samples, name))], [INJECTED, ...STRICT])] },
  ];
}

const INJECTED = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default', labels: { 'istio-injection': 'enabled' } } };
const STRICT = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-system' } },
  { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name: 'default', namespace: 'istio-system' }, spec: { mtls: { mode: 'STRICT' } } },
];

/** What is no object, such as a chart's values, is no business of this suite. */
function objectsIn(file: string): object[] {
  const { readManifests } = libraryModule('manifests/manifests');
  return readManifests(readFileSync(file, 'utf8'), file).documents.map(({ object }) => object)
    .filter(({ apiVersion, kind }) => typeof apiVersion === 'string' && typeof kind === 'string');
}
