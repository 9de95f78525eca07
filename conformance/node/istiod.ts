// istiod beside the API server, with its validating webhook registered there as Istio's chart registers it.
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
  readonly xds: string;
}

/** Starts istiod, which ends with the API server's processes, and answers once it is ready and its webhook judges. */
export async function startIstiod(client: KubeClient, { connection, processes }: ControlPlane): Promise<IstiodAddresses> {
  await created(client, '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: ISTIOD_NAMESPACE } });
  const [http, https, grpc, secure, monitoring] = await freePorts(5);
  const kubeconfig = kubeconfigOf(connection, processes.folder);
  processes.start('istiod', goBinary('istiod'), [
    'discovery', `--kubeconfig=${kubeconfig}`, '--domain=cluster.local', `--httpAddr=127.0.0.1:${http}`, `--httpsAddr=127.0.0.1:${https}`,
    `--grpcAddr=127.0.0.1:${grpc}`, `--secureGRPCAddr=127.0.0.1:${secure}`, `--monitoringAddr=127.0.0.1:${monitoring}`, '--ctrlz_port=0',
  ], {
    POD_NAMESPACE: ISTIOD_NAMESPACE, POD_NAME: 'istiod', CLUSTER_ID: 'Kubernetes', REVISION: 'default', PILOT_CERT_PROVIDER: 'istiod',
    // The API server calls the webhook by this name, for which istiod's certificate must be.
    ISTIOD_CUSTOM_HOST: 'localhost', VALIDATION_WEBHOOK_CONFIG_NAME: WEBHOOK_NAME,
  });
  await until(processes, 'istiod is ready', () => answers(`http://127.0.0.1:${http}/ready`));
  await created(client, WEBHOOKS, webhook(https));
  // istiod writes its CA into the configuration, and lets it fail closed once it judges itself.
  await until(processes, 'istiod has taken the webhook over', async () => {
    const { body } = await client.get(`${WEBHOOKS}/${WEBHOOK_NAME}`);
    return body.webhooks.every(({ failurePolicy, clientConfig }: any) => failurePolicy === 'Fail' && clientConfig.caBundle);
  });
  return { http: `http://127.0.0.1:${http}`, xds: `127.0.0.1:${grpc}` };
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

function kubeconfigOf({ url, token, ca }: ServerConnection, folder: string): string {
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

async function until(processes: GuardedProcesses, what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + READY_WITHIN_MS; ;) {
    processes.assertAlive();
    if (await isSo()) return;
    if (Date.now() > end) throw new Error(`${what}: not so after ${READY_WITHIN_MS / 1000} s; istiod's last words:\n${processes.tailOf('istiod')}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const answers = (url: string) => new Promise<boolean>((resolve) => get(url, (response) => {
  response.resume();
  resolve(response.statusCode === 200);
}).once('error', () => resolve(false)));
