// istiod beside the API server; with its validating webhook registered there as Istio's chart registers it, or alone.
import { writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { freePorts, type ControlPlane } from './control-plane';
import { goBinary } from './go-binary';
import { type GuardedProcesses } from './guarded-processes';
import { type KubeClient, type ServerConnection } from './kube-client';
import { type Manifest } from '../manifest';

const READY_WITHIN_MS = 120000;
const ISTIOD_NAMESPACE = 'istio-system';
const WEBHOOKS = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';
const WEBHOOK_NAME = 'istio-validator-istio-system';

/** Where istiod is reached. */
export interface IstiodAddresses {
  readonly http: string;
  readonly https: number;
  readonly xds: string;
  /** Where it signs, too. */
  readonly secure: string;
  readonly monitoring: string;
}

/** Starts istiod, which ends with the API server's processes, and answers once it is ready and its webhook judges. */
export async function startIstiod(client: KubeClient, controlPlane: ControlPlane): Promise<IstiodAddresses> {
  await created(client, '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: ISTIOD_NAMESPACE } });
  // The API server calls the webhook by this name, for which istiod's certificate must be.
  const addresses = await startIstiodAlone(controlPlane, 'istiod', { ISTIOD_CUSTOM_HOST: 'localhost', VALIDATION_WEBHOOK_CONFIG_NAME: WEBHOOK_NAME });
  await created(client, WEBHOOKS, webhook(addresses.https));
  // istiod writes its CA into the configuration, and lets it fail closed once it judges itself.
  await until(controlPlane.processes, 'istiod', 'has taken the webhook over', async () => {
    const { body } = await client.get(`${WEBHOOKS}/${WEBHOOK_NAME}`);
    return body.webhooks.every(({ failurePolicy, clientConfig }: any) => failurePolicy === 'Fail' && clientConfig.caBundle);
  });
  return addresses;
}

/** Starts an istiod under a name of its own, and answers once it is ready. */
export async function startIstiodAlone(controlPlane: ControlPlane, name: string, environment: NodeJS.ProcessEnv): Promise<IstiodAddresses> {
  const { args, env, addresses } = await istiodCommand(controlPlane, name, environment);
  controlPlane.processes.start(name, goBinary('istiod'), args, env);
  await until(controlPlane.processes, name, 'is ready', () => answers(`${addresses.http}/ready`));
  return addresses;
}

/** What an istiod of its own ports is started with, and where it will be reached. */
export async function istiodCommand({ connection, processes }: ControlPlane, name: string, environment: NodeJS.ProcessEnv): Promise<{
  readonly args: readonly string[]; readonly env: NodeJS.ProcessEnv; readonly addresses: IstiodAddresses;
}> {
  const [http, https, grpc, secure, monitoring] = await freePorts(5);
  const local = (port: number): string => `127.0.0.1:${port}`;
  return {
    args: [
      'discovery', `--kubeconfig=${kubeconfigOf(connection, processes.folder)}`, '--domain=cluster.local', `--httpAddr=${local(http)}`, `--httpsAddr=${local(https)}`,
      `--grpcAddr=${local(grpc)}`, `--secureGRPCAddr=${local(secure)}`, `--monitoringAddr=${local(monitoring)}`, '--ctrlz_port=0',
    ],
    env: { POD_NAMESPACE: ISTIOD_NAMESPACE, POD_NAME: name, CLUSTER_ID: 'Kubernetes', REVISION: 'default', PILOT_CERT_PROVIDER: 'istiod', ...environment },
    addresses: { http: `http://${local(http)}`, https, xds: local(grpc), secure: local(secure), monitoring: `http://${local(monitoring)}` },
  };
}

function webhook(port: number): Manifest & { readonly webhooks: readonly object[] } {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: WEBHOOK_NAME, labels: { 'app': 'istiod', 'istio': 'istiod', 'istio.io/rev': 'default' } },
    webhooks: [{
      name: 'rev.validation.istio.io',
      clientConfig: { url: `https://localhost:${port}/validate` },
      rules: [{
        operations: ['CREATE', 'UPDATE'], apiVersions: ['*'], resources: ['*'],
        apiGroups: ['security.istio.io', 'networking.istio.io', 'telemetry.istio.io', 'extensions.istio.io'],
      }],
      failurePolicy: 'Ignore', sideEffects: 'None', admissionReviewVersions: ['v1'],
    }],
  };
}

/** A file by which istiod and kubectl find the API server. */
export function kubeconfigOf({ url, token, ca }: ServerConnection, folder: string): string {
  const path = join(folder, 'kubeconfig');
  const named = (kind: string, value: object) => [{ name: 'conformance', [kind]: value }];
  writeFileSync(path, JSON.stringify({
    'apiVersion': 'v1', 'kind': 'Config', 'current-context': 'conformance',
    'clusters': named('cluster', { 'server': url, 'certificate-authority-data': Buffer.from(ca).toString('base64') }),
    'users': named('user', { token }), 'contexts': named('context', { cluster: 'conformance', user: 'conformance' }),
  }), { mode: 0o600 });
  return path;
}

async function created(client: KubeClient, collection: string, object: Manifest): Promise<void> {
  const { status, body } = await client.post(collection, JSON.stringify(object));
  if (status !== 201 && status !== 409) throw new Error(`creating ${object.kind} ${object.metadata.name}: ${status} ${body.message}`);
}

async function until(processes: GuardedProcesses, name: string, what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + READY_WITHIN_MS; ;) {
    processes.assertAlive();
    if (await isSo()) return;
    if (Date.now() > end) throw new Error(`${name} ${what}: not so after ${READY_WITHIN_MS / 1000} s; its last words:\n${processes.tailOf(name)}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const answers = (url: string) => new Promise<boolean>((resolve) => get(url, (response) => {
  response.resume();
  resolve(response.statusCode === 200);
}).once('error', () => resolve(false)));
