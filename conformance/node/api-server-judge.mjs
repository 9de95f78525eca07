// The API server's verdict about an object: a creation with dryRun=All and fieldValidation=Strict.
import { UNANSWERED } from './kube-client.mjs';

const QUERY = '?dryRun=All&fieldValidation=Strict';

export class ApiServerJudge {
  constructor(client) {
    this.client = client;
    this.discovery = new Map();
    this.namespaces = new Map();
  }

  /**
   * @param line one object as JSON; it is sent as it is written, since duplicate keys or `1.0` matter
   * @returns `{ allowed, status, reason, message, causes, warnings }`, and `stored`, the text of what would be
   * stored; `allowed` is null when the server came to no answer
   */
  async judge(line) {
    let object;
    try {
      object = JSON.parse(line);
    } catch (error) {
      return refusal(400, 'BadRequest', `not JSON: ${error.message}`);
    }
    const { apiVersion, kind, metadata } = Object(object);
    const resource = await this.#resource(apiVersion, kind);
    if (resource === undefined) {
      return refusal(404, 'NotFound', `no matches for kind "${kind}" in version "${apiVersion}"`);
    }
    const namespace = namespaceOf(metadata);
    const missing = resource.namespaced ? await this.#namespace(namespace) : undefined;
    if (missing !== undefined) {
      return missing;
    }
    const scope = resource.namespaced ? `/namespaces/${encodeURIComponent(namespace)}` : '';
    return verdictOf(await this.client.post(`${resource.root}${scope}/${resource.name}${QUERY}`, line));
  }

  /** The path of the collection to which an object belongs, its namespace being made; undefined for a kind that isn't served. */
  async place({ apiVersion, kind, metadata }) {
    const resource = await this.#resource(apiVersion, kind);
    if (resource === undefined) return undefined;
    const namespace = namespaceOf(metadata);
    if (resource.namespaced) await this.#namespace(namespace);
    return `${resource.root}${resource.namespaced ? `/namespaces/${encodeURIComponent(namespace)}` : ''}/${resource.name}`;
  }

  /** Where the objects of a kind live, by the server's own discovery; undefined for a kind it doesn't serve. */
  async #resource(apiVersion, kind) {
    if (typeof apiVersion !== 'string' || !/^([a-z0-9.-]+\/)?[a-z0-9]+$/.test(apiVersion)) {
      return undefined;
    }
    const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    if (!this.discovery.has(root)) {
      this.discovery.set(root, this.client.get(root).then(({ body }) => body.resources ?? []));
    }
    const found = (await this.discovery.get(root)).find((each) => each.kind === kind && !each.name.includes('/'));
    return found && { root, name: found.name, namespaced: found.namespaced };
  }

  /** Creates the namespace once, for the verdict is about the object; its refusal is the object's when it can't exist. */
  async #namespace(name) {
    if (!this.namespaces.has(name)) {
      const body = JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
      this.namespaces.set(name, this.client.post('/api/v1/namespaces', body)
        .then((answer) => (answer.status === 201 || answer.status === 409 ? undefined : { ...verdictOf(answer), stage: 'namespace' })));
    }
    return this.namespaces.get(name);
  }
}

/** The namespace of the request, which kubectl takes from the object and defaults. */
function namespaceOf(metadata) {
  const written = Object(metadata).namespace;
  return typeof written === 'string' && written !== '' ? written : 'default';
}

function refusal(status, reason, message) {
  return { allowed: false, status, reason, message, causes: [], warnings: [] };
}

function verdictOf({ status, text, body, warnings }) {
  if (status === 201) {
    return { allowed: true, status, causes: [], warnings, stored: text };
  }
  const causes = (body.details?.causes ?? []).map(({ field, reason, message }) => ({ field, reason, message }));
  return { allowed: UNANSWERED.has(status) ? null : false, status, reason: body.reason, message: body.message, causes, warnings };
}
