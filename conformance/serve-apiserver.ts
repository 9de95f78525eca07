// Keeps a kube-apiserver with Istio's CRDs running until it is interrupted, and writes how to reach it:
//   node conformance serve-apiserver FILE.json
import { rmSync, writeFileSync } from 'node:fs';
import { withApiServer } from './node/api-server';
import { main } from './node/main';

const file = process.argv[2];

void main(() => {
  if (file === undefined) {
    console.error('usage: node conformance serve-apiserver FILE.json');
    return 1;
  }
  return withApiServer(undefined, async (_, connection) => {
    process.once('exit', () => rmSync(file, { force: true }));
    writeFileSync(file, JSON.stringify({ ...connection, pid: process.pid }, undefined, 2), { mode: 0o600 });
    console.error(`serving at ${connection.url}; see ${file}`);
    await new Promise(() => setInterval(() => {}, 2 ** 30)); // Until a signal ends the process.
  });
});
