// The cluster's verdict: a live API server, and istiod's webhook on what that lets pass.
import { ApiServerJudge } from '../node/api-server-judge.mjs';
import { WebhookJudge } from '../node/webhook-judge.mjs';

export class Cluster {
  constructor(client) {
    this.apiServer = new ApiServerJudge(client);
    this.webhook = new WebhookJudge();
  }

  /** `{ apiserver, webhook, admitted }`; as in a cluster, the webhook is shown what the API server would store. */
  async judge(object) {
    const { stored, ...apiserver } = await this.apiServer.judge(JSON.stringify(object));
    if (apiserver.allowed === null) throw new Error(`the API server gives no verdict: ${apiserver.status} ${apiserver.message}`);
    return stored === undefined ? { apiserver } : { apiserver, webhook: await this.webhook.judge(stored.trim()), admitted: stored };
  }

  close() {
    this.webhook.close();
  }
}
