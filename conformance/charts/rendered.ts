// Istio's charts, rendered by Helm's own code and by istioctl, which are shown what the constructs emit.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import type { Manifest } from '../manifest';
import type { Installation } from './installations';
import { goBinary } from '../node/go-binary';

/** What is emitted can't be rendered, or not to what was meant. */
export class NotRendered extends Error {}

interface Release {
  readonly name: string;
  readonly namespace: string;
  /** Its folder in Istio's manifests. */
  readonly chart: string;
  /** In the order of `-f`. */
  readonly values: readonly string[];
}

const ISTIOD = 'istio-control/istio-discovery';

/** As `helm install` of istiod, and of ztunnel in ambient mode. */
export function renderedByHelm(installation: Installation): Manifest[] {
  const { namespace, helmValues, ztunnelHelmValues } = installation;
  const ztunnel = ztunnelHelmValues === undefined ? [] : [{ name: 'ztunnel', namespace, chart: 'ztunnel', values: [ztunnelHelmValues, ofRevision(installation)] }];
  return rendered([{ name: 'istiod', namespace, chart: ISTIOD, values: helmValues }, ...ztunnel]);
}

/** Of several istiods, docs/istio-csr.md leaves it to the user to tell ztunnel which it is to follow. */
function ofRevision({ isOneOfSeveral, revision = '' }: Installation): string {
  return JSON.stringify(isOneOfSeveral ? { revision } : {});
}

function rendered(releases: readonly Release[]): Manifest[] {
  return asked<{ readonly manifests?: Readonly<Record<string, string>> }>([], releases)
    .flatMap(({ manifests }) => Object.values(manifests ?? {}).flatMap(objectsIn));
}

/** As `istioctl install`, which says what it would apply. */
export function renderedByIstioctl({ operators, ztunnelHelmValues }: Installation): Manifest[] {
  const folder = mkdtempSync(join(tmpdir(), 'charts-'));
  try {
    const files = operators.flatMap((text, index) => {
      const file = join(folder, `${index}.yaml`);
      writeFileSync(file, text);
      return ['-f', file];
    });
    // Profile ambient would do so, too, and say something of the mesh config beside it.
    const ambient = ztunnelHelmValues === undefined ? [] : ['--set', 'components.ztunnel.enabled=true'];
    // No kubeconfig of whoever runs this is to count.
    const { error, status, stdout, stderr } = spawnSync(goBinary('istioctl'), ['manifest', 'generate', ...files, ...ambient], {
      encoding: 'utf8', maxBuffer: 2 ** 26, timeout: 60_000, env: { HOME: folder, PATH: process.env.PATH },
    });
    if (error) throw error;
    if (status !== 0) throw new NotRendered(`istioctl refuses it: ${stderr.trim()}`);
    return objectsIn(stdout).filter(({ kind }) => kind !== 'CustomResourceDefinition');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What istiod takes the texts of mesh configs for, its defaults included. */
export function meshConfigsRead(texts: readonly string[]): object[] {
  return asked<{ readonly mesh: object }>(['mesh'], texts).map(({ mesh }) => mesh);
}

/** What istiod's injector is told. */
export interface Injector {
  readonly config: string;
  readonly values: string;
  readonly mesh: string;
  readonly revision: string;
}

/** The pods as the injector makes them. */
export function injected(injector: Injector, pods: readonly object[]): any[] {
  return asked<{ readonly pod: string }>(['inject'], pods.map((pod) => ({ ...injector, pod: JSON.stringify(pod) }))).flatMap(({ pod }) => objectsIn(pod));
}

function asked<Answer>(words: readonly string[], questions: readonly unknown[]): Answer[] {
  const { error, status, stdout, stderr } = spawnSync(goBinary('charts'), words, {
    input: questions.map((question) => JSON.stringify(question)).join('\n'), encoding: 'utf8', maxBuffer: 2 ** 26,
  });
  if (error || status !== 0) throw new Error(`charts: ${error?.message ?? stderr}`);
  const answers = stdout.trim().split('\n').map((line) => JSON.parse(line) as Answer & { readonly refused?: string });
  const refused = answers.find((answer) => answer.refused !== undefined);
  if (refused) throw new NotRendered(`Istio's or Helm's code refuses it: ${refused.refused}`);
  return answers;
}

function objectsIn(text: string): Manifest[] {
  return loadAll(text).filter(Boolean) as Manifest[];
}
