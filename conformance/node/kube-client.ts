// Requests to the API server, several in flight over kept connections.
import { type OutgoingHttpHeaders } from 'node:http';
import { Agent, request } from 'node:https';

const ATTEMPTS = 3;

/** How an API server is reached. */
export interface ServerConnection {
  readonly url: string;
  readonly token: string;
  /** The certificate of its authority. */
  readonly ca: string;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  /** The text as JSON; of another text a `message`. */
  readonly body: any;
  readonly warnings: readonly string[];
}

/** Statuses with which the server says that it hasn't come to an answer. */
export const UNANSWERED: ReadonlySet<number> = new Set([429, 503, 504]);

export class KubeClient {
  private readonly url: URL;
  private readonly token: string;
  private readonly agent: Agent;

  constructor(connection: ServerConnection, inFlight = 16) {
    this.url = new URL(connection.url);
    this.token = connection.token;
    this.agent = new Agent({ keepAlive: true, maxSockets: inFlight, ca: connection.ca });
  }

  get(path: string): Promise<Answer> {
    return this.send('GET', path);
  }

  post(path: string, body: string, contentType = 'application/json'): Promise<Answer> {
    return this.send('POST', path, body, contentType);
  }

  /** Asks again when the server is only busy. */
  async send(method: string, path: string, body?: string, contentType?: string): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.once(method, path, body, contentType).catch((error: unknown) => ({ error }));
      if (!('error' in answer) && (!UNANSWERED.has(answer.status) || attempt === ATTEMPTS)) {
        return answer;
      }
      if ('error' in answer && attempt === ATTEMPTS) {
        throw answer.error;
      }
      await new Promise((resolve) => setTimeout(resolve, 100 * 4 ** attempt));
    }
  }

  close(): void {
    this.agent.destroy();
  }

  private once(method: string, path: string, body?: string, contentType?: string): Promise<Answer> {
    const headers: OutgoingHttpHeaders = { authorization: `Bearer ${this.token}`, accept: 'application/json' };
    if (body !== undefined) {
      headers['content-type'] = contentType;
      headers['content-length'] = Buffer.byteLength(body);
    }
    return new Promise((resolve, reject) => {
      const { hostname, port } = this.url;
      const sent = request({ agent: this.agent, hostname, port, method, path, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ status: response.statusCode ?? 0, text, body: parsed(text), warnings: warningsOf(response.headersDistinct.warning) });
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { message: text.trim() };
  }
}

/** The texts of the `Warning: 299 - "text"` headers. */
function warningsOf(headers: readonly string[] = []): string[] {
  return headers.map((header) => /^\d+ \S+ "((?:[^"\\]|\\.)*)"/.exec(header)?.[1].replace(/\\(.)/g, '$1') ?? header);
}
