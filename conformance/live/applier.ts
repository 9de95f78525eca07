// Applies objects as `kubectl apply` does, not as a dry run, and takes them away again.
import type { Manifest } from '../manifest';
import { ApiServerJudge } from '../node/api-server-judge';
import { type KubeClient } from '../node/kube-client';

const STRICT = 'fieldValidation=Strict';

/** What the cluster says to an object. */
interface ApplyAnswer {
  /** 200 or 201 when it is applied; 404 for a kind that the cluster doesn't have. */
  readonly status: number;
  /** Why it isn't. */
  readonly message: string;
}

export class Applier {
  private readonly judge: ApiServerJudge;

  constructor(private readonly client: KubeClient) {
    this.judge = new ApiServerJudge(client);
  }

  async apply(object: Manifest): Promise<ApplyAnswer> {
    const { apiVersion, kind } = object;
    const place = await this.judge.place(object);
    if (place === undefined) return { status: 404, message: `no matches for kind "${kind}" in version "${apiVersion}"` };
    const text = JSON.stringify(object);
    const created = await this.client.post(`${place}?${STRICT}`, text);
    const { status, body } = created.status === 409
      ? await this.client.send('PATCH', `${place}/${encodeURIComponent(object.metadata.name)}?${STRICT}`, text, 'application/merge-patch+json') : created;
    return { status, message: body.message ?? '' };
  }

  async remove(object: Manifest): Promise<void> {
    const { status, body } = await this.client.send('DELETE', `${await this.judge.place(object)}/${encodeURIComponent(object.metadata.name)}`);
    if (status >= 300 && status !== 404) throw new Error(`removing ${object.kind} ${object.metadata.name}: ${status} ${body.message}`);
  }
}
