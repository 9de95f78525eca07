// etcd and kube-apiserver on loopback, with nothing left behind.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { goBinary } from './go-binary';
import { GuardedProcesses } from './guarded-processes';
import { KubeClient, type ServerConnection } from './kube-client';

const READY_WITHIN_MS = 60000;

export interface ControlPlane {
  readonly connection: ServerConnection;
  /** Those of etcd and the API server, with which others may end. */
  readonly processes: GuardedProcesses;
}

/** Starts the two, and answers once the API server is ready. */
export async function startControlPlane(): Promise<ControlPlane> {
  const etcd = goBinary('etcd');
  const apiServer = goBinary('kube-apiserver');
  const processes = new GuardedProcesses();
  try {
    const [client, peer, secure] = await freePorts(3);
    processes.start('etcd', etcd, etcdArguments(processes.folder, client, peer));
    const token = randomBytes(16).toString('hex');
    processes.start('kube-apiserver', apiServer, apiServerArguments(processes.folder, client, secure, token));
    const connection = await ready(processes, `https://127.0.0.1:${secure}`, token);
    return { connection, processes };
  } catch (error) {
    await processes.stop();
    throw error;
  }
}

function etcdArguments(folder: string, client: number, peer: number): string[] {
  const url = (port: number) => `http://127.0.0.1:${port}`;
  return [
    '--name=etcd', `--data-dir=${join(folder, 'etcd')}`, '--unsafe-no-fsync', '--log-level=error',
    `--listen-client-urls=${url(client)}`, `--advertise-client-urls=${url(client)}`,
    `--listen-peer-urls=${url(peer)}`, `--initial-advertise-peer-urls=${url(peer)}`,
    `--initial-cluster=etcd=${url(peer)}`,
  ];
}

function apiServerArguments(folder: string, etcdPort: number, port: number, token: string): string[] {
  const key = join(folder, 'service-account.key');
  const tokens = join(folder, 'tokens.csv');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(key, privateKey.export({ type: 'pkcs1', format: 'pem' }), { mode: 0o600 });
  writeFileSync(tokens, `${token},admin,admin,"system:masters"\n`, { mode: 0o600 });
  return [
    `--etcd-servers=http://127.0.0.1:${etcdPort}`,
    '--bind-address=127.0.0.1', '--advertise-address=127.0.0.1', `--secure-port=${port}`,
    `--cert-dir=${join(folder, 'certificates')}`,
    `--service-account-key-file=${key}`, `--service-account-signing-key-file=${key}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--token-auth-file=${tokens}`, '--authorization-mode=RBAC',
    '--disable-admission-plugins=ServiceAccount', '--service-cluster-ip-range=10.0.0.0/24',
    '--enable-priority-and-fairness=false', '--max-requests-inflight=0', '--max-mutating-requests-inflight=0',
  ];
}

async function ready(processes: GuardedProcesses, url: string, token: string): Promise<ServerConnection> {
  const until = Date.now() + READY_WITHIN_MS;
  for (;;) {
    processes.assertAlive();
    const ca = certificate(processes.folder);
    const connection = ca === undefined ? undefined : { url, token, ca };
    if (connection && (await isReady(connection))) {
      return connection;
    }
    if (Date.now() > until) {
      throw new Error(`kube-apiserver isn't ready after ${READY_WITHIN_MS / 1000} s:\n${processes.tailOf('kube-apiserver')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** What the server made for itself at its start: its certificate and the authority that signed it. */
function certificate(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, 'certificates', 'apiserver.crt'), 'utf8');
  } catch {
    return undefined;
  }
}

async function isReady(connection: ServerConnection): Promise<boolean> {
  const client = new KubeClient(connection);
  try {
    return (await client.get('/readyz')).status === 200;
  } catch {
    return false;
  } finally {
    client.close();
  }
}

/** Ports that were free a moment ago, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => new Promise<Server>((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server));
  })));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
