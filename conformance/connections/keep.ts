// Keeps a mesh as a regression test, with istiod's verdict:
//   node conformance connections/keep TOPIC/NAME < mesh.json
// TOPIC is a folder of test/mesh/regressions, NAME says in hyphens what the mesh shows; mesh.json is the line that a run prints of a mesh made small.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JudgedMesh } from '../manifest';
import type { Call, RefereeConnection } from './verdict';
import { ConnectionJudge } from '../node/connection-judge';
import { main } from '../node/main';

const REGRESSIONS = join(__dirname, '..', '..', 'test', 'mesh', 'regressions');

void main(async () => {
  const [topic = '', name = ''] = (process.argv[2] ?? '').split('/');
  const topics = readdirSync(REGRESSIONS, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  if (!topics.includes(topic) || !/^[a-z0-9-]+$/.test(name)) throw new Error(`usage: node conformance connections/keep TOPIC/NAME < mesh.json, with a TOPIC of ${topics.join(', ')}`);
  const { id: _, ...mesh }: JudgedMesh = JSON.parse(readFileSync(0, 'utf8'));
  const judge = new ConnectionJudge();
  const { connections, unjudged, refused, serversRefused = [], error } = await judge.judge({ ...mesh, id: name });
  judge.close();
  if (error || refused.length + serversRefused.length > 0) throw new Error(`no verdict: ${error ?? JSON.stringify([...refused, ...serversRefused])}`);
  const kept = { id: name.replaceAll('-', ' '), ...mesh, judged: wordsByPlace(connections), unjudged: [...new Set(unjudged.map(callOf))] };
  writeFileSync(join(REGRESSIONS, topic, `${name}.json`), `${JSON.stringify(kept, undefined, 1)}\n`);
});

function wordsByPlace(connections: readonly RefereeConnection[]): Record<string, string> {
  const places = new Map<string, Set<string>>();
  for (const connection of connections) {
    const { service, server, clientTls, serverMode, outcome } = connection;
    const place = `${callOf(connection)}> ${service.namespace}/${service.name} ${service.host}:${service.port} ${service.subset ?? ''} > `
      + (server ? `${server.kind} ${server.namespace}/${server.name}:${server.port}` : '');
    places.set(place, (places.get(place) ?? new Set()).add(`${clientTls} ${serverMode} ${outcome}`));
  }
  return Object.fromEntries([...places].map(([place, words]) => [place, [...words].sort().join(' or ')]));
}

function callOf({ client, requested }: Call): string {
  return `${client.kind} ${client.namespace}/${client.name} > ${requested.host}:${requested.port} `;
}
