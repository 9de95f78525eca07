// The cluster's verdict: a live API server, and istiod's webhook on what that lets pass.
import { ApiServerJudge, type ServerVerdict } from '../node/api-server-judge';
import { type KubeClient } from '../node/kube-client';
import { WebhookJudge, type WebhookVerdict } from '../node/webhook-judge';

export interface ClusterVerdict {
  readonly apiserver: Omit<ServerVerdict, 'stored'>;
  /** Of what the API server lets pass. */
  readonly webhook?: WebhookVerdict;
  /** What the webhook was shown, as JSON. */
  readonly admitted?: string;
}

export class Cluster {
  readonly webhook = new WebhookJudge();
  private readonly apiServer: ApiServerJudge;

  constructor(client: KubeClient) {
    this.apiServer = new ApiServerJudge(client);
  }

  /** As in a cluster, the webhook is shown what the API server would store. */
  async judge(object: unknown): Promise<ClusterVerdict> {
    const { stored, ...apiserver } = await this.apiServer.judge(JSON.stringify(object));
    if (apiserver.allowed === null) throw new Error(`the API server gives no verdict: ${apiserver.status} ${apiserver.message}`);
    return stored === undefined ? { apiserver } : { apiserver, webhook: await this.webhook.judge(stored.trim()), admitted: stored };
  }

  /** Whether the API server admits an object that istiod's webhook isn't asked about. */
  async admits(object: unknown): Promise<boolean> {
    const { allowed, status, message } = await this.apiServer.judge(JSON.stringify(object));
    if (allowed === null) throw new Error(`the API server gives no verdict: ${status} ${message}`);
    return allowed;
  }

  close(): void {
    this.webhook.close();
  }
}
