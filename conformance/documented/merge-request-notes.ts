// GitLab's API for notes on a merge request, as far as a job asks it: a form with `body`, and a token.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export const TOKEN = 'a-token';

export class MergeRequestNotes {
  /** The forms that were posted. */
  readonly bodies: string[] = [];
  private readonly server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const isAllowed = request.method === 'POST' && request.headers['private-token'] === TOKEN;
      if (isAllowed) this.bodies.push(Buffer.concat(chunks).toString('utf8'));
      response.writeHead(isAllowed ? 201 : 401).end();
    });
  });

  /** Its address. */
  async start(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/projects/1/merge_requests/1/notes`;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
