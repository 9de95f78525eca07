// The API server's verdict about an object: a creation with dryRun=All and fieldValidation=Strict.
import { UNANSWERED, type Answer, type KubeClient } from './kube-client';
import type { Fields } from '../manifest';

const QUERY = '?dryRun=All&fieldValidation=Strict';

export interface ServerVerdict {
  /** Null when the server came to no answer. */
  readonly allowed: boolean | null;
  readonly status: number;
  readonly reason?: string;
  readonly message?: string;
  readonly causes: readonly Cause[];
  readonly warnings: readonly string[];
  /** Of what it is a refusal, if not of the object. */
  readonly stage?: 'namespace';
  /** The text of what would be stored. */
  readonly stored?: string;
}

/** What the server says of one field. */
export interface Cause {
  readonly field?: string;
  readonly reason?: string;
  readonly message?: string;
}

/** Where the objects of a kind live. */
interface Resource {
  readonly root: string;
  readonly name: string;
  readonly namespaced: boolean;
}

export class ApiServerJudge {
  private readonly discovery = new Map<string, Promise<readonly (Omit<Resource, 'root'> & { readonly kind: string })[]>>();
  private readonly namespaces = new Map<string, Promise<ServerVerdict | undefined>>();

  constructor(private readonly client: KubeClient) {}

  /**
   * @param line one object as JSON; it is sent as it is written, since duplicate keys or `1.0` matter
   */
  async judge(line: string): Promise<ServerVerdict> {
    let object: unknown;
    try {
      object = JSON.parse(line);
    } catch (error) {
      return refusal(400, 'BadRequest', `not JSON: ${error instanceof Error ? error.message : error}`);
    }
    const { apiVersion, kind, metadata } = Object(object);
    const resource = await this.resource(apiVersion, kind);
    if (resource === undefined) {
      return refusal(404, 'NotFound', `no matches for kind "${kind}" in version "${apiVersion}"`);
    }
    const namespace = namespaceOf(metadata);
    const missing = resource.namespaced ? await this.namespace(namespace) : undefined;
    if (missing !== undefined) {
      return missing;
    }
    const scope = resource.namespaced ? `/namespaces/${encodeURIComponent(namespace)}` : '';
    return verdictOf(await this.client.post(`${resource.root}${scope}/${resource.name}${QUERY}`, line));
  }

  /** The path of the collection to which an object belongs, its namespace being made; undefined for a kind that isn't served. */
  async place({ apiVersion, kind, metadata }: Fields): Promise<string | undefined> {
    const resource = await this.resource(apiVersion, kind);
    if (resource === undefined) return undefined;
    const namespace = namespaceOf(metadata);
    if (resource.namespaced) await this.namespace(namespace);
    return `${resource.root}${resource.namespaced ? `/namespaces/${encodeURIComponent(namespace)}` : ''}/${resource.name}`;
  }

  /** Where the objects of a kind live, by the server's own discovery; undefined for a kind it doesn't serve. */
  private async resource(apiVersion: unknown, kind: unknown): Promise<Resource | undefined> {
    if (typeof apiVersion !== 'string' || !/^([a-z0-9.-]+\/)?[a-z0-9]+$/.test(apiVersion)) {
      return undefined;
    }
    const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    if (!this.discovery.has(root)) {
      this.discovery.set(root, this.client.get(root).then(({ body }) => body.resources ?? []));
    }
    const found = (await this.discovery.get(root))?.find((each) => each.kind === kind && !each.name.includes('/'));
    return found && { root, name: found.name, namespaced: found.namespaced };
  }

  /** Creates the namespace once, for the verdict is about the object; its refusal is the object's when it can't exist. */
  private async namespace(name: string): Promise<ServerVerdict | undefined> {
    if (!this.namespaces.has(name)) {
      const body = JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
      this.namespaces.set(name, this.client.post('/api/v1/namespaces', body)
        .then((answer) => (answer.status === 201 || answer.status === 409 ? undefined : { ...verdictOf(answer), stage: 'namespace' as const })));
    }
    return this.namespaces.get(name);
  }
}

/** The namespace of the request, which kubectl takes from the object and defaults. */
function namespaceOf(metadata: unknown): string {
  const written = Object(metadata).namespace;
  return typeof written === 'string' && written !== '' ? written : 'default';
}

function refusal(status: number, reason: string, message: string): ServerVerdict {
  return { allowed: false, status, reason, message, causes: [], warnings: [] };
}

function verdictOf({ status, text, body, warnings }: Answer): ServerVerdict {
  if (status === 201) {
    return { allowed: true, status, causes: [], warnings, stored: text };
  }
  const causes = (body.details?.causes ?? []).map(({ field, reason, message }: Cause) => ({ field, reason, message }));
  return { allowed: UNANSWERED.has(status) ? null : false, status, reason: body.reason, message: body.message, causes, warnings };
}
