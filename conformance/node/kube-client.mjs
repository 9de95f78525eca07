// Requests to the API server, several in flight over kept connections.
import { Agent, request } from 'node:https';

const ATTEMPTS = 3;

/** Statuses with which the server says that it hasn't come to an answer. */
export const UNANSWERED = new Set([429, 503, 504]);

export class KubeClient {
  /** @param connection `{ url, token, ca }`, as control-plane.mjs makes it */
  constructor(connection, inFlight = 16) {
    this.url = new URL(connection.url);
    this.token = connection.token;
    this.agent = new Agent({ keepAlive: true, maxSockets: inFlight, ca: connection.ca });
  }

  get(path) {
    return this.send('GET', path);
  }

  post(path, body, contentType = 'application/json') {
    return this.send('POST', path, body, contentType);
  }

  /** Answers `{ status, text, body, warnings }`, body being the text as JSON; asks again when the server is only busy. */
  async send(method, path, body, contentType) {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.#once(method, path, body, contentType).catch((error) => ({ error }));
      if (answer.error === undefined && (!UNANSWERED.has(answer.status) || attempt === ATTEMPTS)) {
        return answer;
      }
      if (attempt === ATTEMPTS) {
        throw answer.error;
      }
      await new Promise((resolve) => setTimeout(resolve, 100 * 4 ** attempt));
    }
  }

  close() {
    this.agent.destroy();
  }

  #once(method, path, body, contentType) {
    const headers = { authorization: `Bearer ${this.token}`, accept: 'application/json' };
    if (body !== undefined) {
      headers['content-type'] = contentType;
      headers['content-length'] = Buffer.byteLength(body);
    }
    return new Promise((resolve, reject) => {
      const { hostname, port } = this.url;
      const sent = request({ agent: this.agent, hostname, port, method, path, headers }, (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ status: response.statusCode, text, body: parsed(text), warnings: warningsOf(response.headersDistinct.warning) });
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return { message: text.trim() };
  }
}

/** The texts of the `Warning: 299 - "text"` headers. */
function warningsOf(headers = []) {
  return headers.map((header) => /^\d+ \S+ "((?:[^"\\]|\\.)*)"/.exec(header)?.[1].replace(/\\(.)/g, '$1') ?? header);
}
