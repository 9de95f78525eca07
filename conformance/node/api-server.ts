// An API server that knows Istio's kinds: one that is running already, or one of our own.
import { readFileSync } from 'node:fs';
import { startControlPlane } from './control-plane';
import { installCrds, istioCrds } from './crds';
import { KubeClient, type ServerConnection } from './kube-client';

/**
 * Calls `work(client, connection)` and stops what was started, whatever happens.
 * @param running the file that serve-apiserver.ts has written, to use that server instead
 */
export async function withApiServer<T>(
  running: string | undefined, work: (client: KubeClient, connection: ServerConnection) => Promise<T>,
): Promise<T> {
  if (running) {
    const connection = JSON.parse(readFileSync(running, 'utf8'));
    const client = new KubeClient(connection);
    return work(client, connection).finally(() => client.close());
  }
  const { connection, processes } = await startControlPlane();
  const client = new KubeClient(connection);
  try {
    await installCrds(client, istioCrds());
    return await work(client, connection);
  } finally {
    client.close();
    await processes.stop();
  }
}

/** The value of `--server FILE`, or of the environment's CONFORMANCE_APISERVER. */
export function runningServer(args: readonly string[] = process.argv.slice(2)): string | undefined {
  const at = args.indexOf('--server');
  return at === -1 ? process.env.CONFORMANCE_APISERVER : args[at + 1];
}
