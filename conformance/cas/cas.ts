// The cas part: CAs made at random are shown to istiod's loading code and to openssl; a real istiod is started with each form
// of a CA, signs, and sees its CA change.
import { startControlPlane, type ControlPlane } from '../node/control-plane';
import { KubeClient } from '../node/kube-client';
import { istioVersion } from '../node/module-version';
import { Openssl } from '../node/openssl';
import type { PartOptions, PartResult } from '../part';
import { ranCommands, type RanCommands } from './commands';
import { PluggedIstiod, refusedStart, within } from './plugged-istiod';
import { differenceIn, type JudgedCa, judgedCas } from './random';
import { Authorities, BAD_STARTS, type BadStart, filesOf, Observer, problemsIn, problemsInStarts, RELOADS, type SeenStart, type SeenStep, STARTED } from './reloads';
import { rotationCommandProblems } from './rotation-commands';

export interface CaFacts {
  readonly istio: string;
  readonly seed: number;
  /** How many CAs were made; each is shown in three forms. */
  readonly cas: number;
  readonly shown: number;
  /** With which istiod's code doesn't start. */
  readonly refused: number;
  /** Of whose workloads' certificates openssl accepts what istiod's code signed, as Envoy would. */
  readonly accepted: number;
  readonly rejected: number;
  /** Which openssl rejects only where it trusts no intermediate certificate. */
  readonly rejectedElsewhere: number;
  readonly istiods: readonly { readonly form: string; readonly multiRoot: boolean; readonly steps: readonly SeenStep[] }[];
  /** Those of docs/custom-ca.md that were run in the cluster, or that istioctl has. */
  readonly commands: readonly string[];
  /** What a real istiod says as it ends; undefined: it signs with a CA of its own. */
  readonly starts: readonly SeenStart[];
}

/** How many differences are printed. */
const SHOWN = 20;

export async function cas({ seed, count = 150, print }: PartOptions): Promise<PartResult<CaFacts>> {
  const openssl = new Openssl();
  try {
    const judged = judgedCas(seed, count, openssl);
    const differences = judged.flatMap((one) => differenceIn(one) ?? []);
    const { problems, ...seen } = await runningIstiods(openssl);
    for (const text of [...differences.slice(0, SHOWN), ...problems]) print(`cas: ${text}`);
    return {
      passed: judged.length - differences.length + Number(problems.length === 0),
      failed: differences.length + problems.length,
      facts: { istio: istioVersion(), seed, cas: count, ...countsOf(judged), ...seen },
    };
  } finally {
    openssl.close();
  }
}

function countsOf(judged: readonly JudgedCa[]): Pick<CaFacts, 'shown' | 'refused' | 'accepted' | 'rejected' | 'rejectedElsewhere'> {
  const started = judged.map(({ verdict }) => verdict).filter(({ refused }) => refused === undefined);
  const rejected = started.filter((verdict) => verdict.rejected !== undefined).length;
  const rejectedElsewhere = started.filter((verdict) => verdict.rejectedElsewhere !== undefined).length - rejected;
  return { shown: judged.length, refused: judged.length - started.length, accepted: started.length - rejected, rejected, rejectedElsewhere };
}

/**
 * Starts an istiod for each form, all at once, and looks at it; then some that don't start as meant.
 *
 * @param hasOtherFlag whether the first have the flag turned round, which must show
 */
export async function runningIstiods(openssl: Openssl, hasOtherFlag = false): Promise<Pick<CaFacts, 'istiods' | 'starts' | 'commands'> & { readonly problems: readonly string[] }> {
  const controlPlane = await startControlPlane();
  const client = new KubeClient(controlPlane.connection);
  try {
    const authorities = new Authorities();
    // Where istiod keeps a CA of its own.
    await made(client, '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-system' } });
    const observed = await Promise.all(RELOADS.map(async (reload) => {
      const files = filesOf(reload, reload.steps[0], authorities);
      const istiod = await PluggedIstiod.start(controlPlane, reload.form, files, { ISTIO_MULTIROOT_MESH: String(reload.multiRoot !== hasOtherFlag) });
      const token = await workloadToken(client, NAMESPACE, reload.form.split('.')[0]);
      return { reload, steps: await new Observer(authorities, openssl, token).seen(istiod, reload) };
    }));
    const { commands, problems } = hasOtherFlag ? NO_COMMANDS : await commandsIn(controlPlane, client, authorities);
    const starts: SeenStart[] = [];
    const badStarts = hasOtherFlag ? [] : BAD_STARTS;
    for (const [index, one] of badStarts.entries()) starts.push(await startBadly(one, controlPlane, `bad-${index}`, authorities));
    return {
      istiods: observed.map(({ reload: { form, multiRoot }, steps }) => ({ form, multiRoot, steps })),
      starts,
      commands,
      problems: [...problems, ...observed.flatMap(({ reload, steps }) => problemsIn(reload, steps)), ...hasOtherFlag ? [] : problemsInStarts(starts)],
    };
  } finally {
    client.close();
    await controlPlane.processes.stop();
  }
}

const NO_COMMANDS: RanCommands = { commands: [], problems: [] };

/** The page's commands in a cluster with the Secret that istiods were started with, and the roots that one of them hands out. */
async function commandsIn({ connection, processes }: ControlPlane, client: KubeClient, authorities: Authorities): Promise<RanCommands> {
  const [{ steps: [first] }] = RELOADS;
  const stringData = filesOf(RELOADS[0], first, authorities);
  await made(client, '/api/v1/namespaces/istio-system/secrets', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'cacerts' }, stringData });
  const configMap = `/api/v1/namespaces/${NAMESPACE}/configmaps/istio-ca-root-cert`;
  await within('istiod has handed out its roots', async () => (await client.get(configMap)).status === 200);
  const ran = ranCommands(connection, processes.folder, /CN=root [AB]\n/);
  const { roots } = await handedOut(client, configMap, authorities);
  const files = filesOf(RELOADS[1], RELOADS[1].steps[0], authorities);
  const others = Object.values(authorities.roots).filter(({ pem }) => !roots.includes(pem));
  return { ...ran, problems: [...ran.problems, ...rotationCommandProblems(connection, processes.folder, roots[0], others[0].pem, files)] };
}

/** The roots that are in a ConfigMap. */
async function handedOut(client: KubeClient, configMap: string, authorities: Authorities): Promise<{ readonly roots: readonly string[] }> {
  const { body } = await client.get(configMap);
  return { roots: Object.values(authorities.roots).map(({ pem }) => pem).filter((pem) => String(body.data['root-cert.pem']).includes(pem)) };
}

const OWN_CA = 'Use self-signed certificate as the CA certificate';

async function startBadly(
  { about, files, refused, environment }: BadStart, controlPlane: ControlPlane, name: string, authorities: Authorities,
): Promise<SeenStart> {
  if (refused !== undefined) return { about, refused: await refusedStart(controlPlane, name, files(authorities)) };
  const said = (await PluggedIstiod.start(controlPlane, name, files(authorities), environment)).said();
  if (said.includes(OWN_CA)) return { about, isTaken: false };
  return said.includes(STARTED) ? { about, isTaken: true } : { about, refused: `it says ${said.join(', ')}` };
}

const NAMESPACE = 'shop';

/** What a pod of a ServiceAccount shows to istiod. */
export async function workloadToken(client: KubeClient, namespace: string, name: string): Promise<string> {
  const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;
  await made(client, '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  await made(client, accounts, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } });
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { audiences: ['istio-ca'] } };
  const { status: { token } } = await made(client, `${accounts}/${name}/token`, request);
  return token;
}

export async function made(client: KubeClient, path: string, object: object): Promise<any> {
  const { status, body } = await client.post(path, JSON.stringify(object));
  if (status !== 201 && status !== 409) throw new Error(`${path}: ${status} ${body.message}`);
  return body;
}
