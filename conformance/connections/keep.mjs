// Keeps a mesh as a regression test, with istiod's verdict:
//   node conformance/connections/keep.mjs NAME < mesh.json
// NAME says in hyphens what the mesh shows; mesh.json is the line that a run prints of a mesh made small.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConnectionJudge } from '../node/connection-judge.mjs';
import { main } from '../node/main.mjs';

const REGRESSIONS = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'test', 'mesh', 'regressions');

await main(async () => {
  const [name] = process.argv.slice(2);
  if (!/^[a-z0-9-]+$/.test(name ?? '')) throw new Error('usage: node conformance/connections/keep.mjs NAME < mesh.json');
  const { id: _, ...mesh } = JSON.parse(readFileSync(0, 'utf8'));
  const judge = new ConnectionJudge();
  const { connections, unjudged, refused, error } = await judge.judge(JSON.stringify({ ...mesh, id: name }));
  judge.close();
  if (error || refused.length > 0) throw new Error(`no verdict: ${error ?? JSON.stringify(refused)}`);
  const kept = { id: name.replaceAll('-', ' '), ...mesh, judged: wordsByPlace(connections), unjudged: [...new Set(unjudged.map(callOf))] };
  writeFileSync(join(REGRESSIONS, `${name}.json`), `${JSON.stringify(kept, undefined, 1)}\n`);
});

function wordsByPlace(connections) {
  const places = new Map();
  for (const connection of connections) {
    const { service, server, clientTls, serverMode, outcome } = connection;
    const place = `${callOf(connection)}> ${service.namespace}/${service.name} ${service.host}:${service.port} ${service.subset ?? ''} > `
      + (server ? `${server.kind} ${server.namespace}/${server.name}:${server.port}` : '');
    places.set(place, (places.get(place) ?? new Set()).add(`${clientTls} ${serverMode} ${outcome}`));
  }
  return Object.fromEntries([...places].map(([place, words]) => [place, [...words].sort().join(' or ')]));
}

function callOf({ client, requested }) {
  return `${client.kind} ${client.namespace}/${client.name} > ${requested.host}:${requested.port} `;
}
