// Applies objects as `kubectl apply` does, not as a dry run, and takes them away again.
import { ApiServerJudge } from '../node/api-server-judge.mjs';

const STRICT = 'fieldValidation=Strict';

export class Applier {
  constructor(client) {
    this.client = client;
    this.judge = new ApiServerJudge(client);
  }

  /** `{ status, message, object }`: 200 or 201 when applied; 404 for a kind that the cluster doesn't have. */
  async apply(object) {
    const { apiVersion, kind } = object;
    const place = await this.judge.place(object);
    if (place === undefined) return { status: 404, message: `no matches for kind "${kind}" in version "${apiVersion}"` };
    const text = JSON.stringify(object);
    const created = await this.client.post(`${place}?${STRICT}`, text);
    const { status, body } = created.status === 409
      ? await this.client.send('PATCH', `${place}/${encodeURIComponent(object.metadata.name)}?${STRICT}`, text, 'application/merge-patch+json') : created;
    return status < 300 ? { status, object: body } : { status, message: body.message };
  }

  async remove(object) {
    const { status, body } = await this.client.send('DELETE', `${await this.judge.place(object)}/${encodeURIComponent(object.metadata.name)}`);
    if (status >= 300 && status !== 404) throw new Error(`removing ${object.kind} ${object.metadata.name}: ${status} ${body.message}`);
  }
}
