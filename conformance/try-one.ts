import { sampleMeshes } from './generators/mesh';
import { ConnectionJudge } from './node/connection-judge';
import { modelIn, modelled, admittedOf } from './connections/comparing';
import { libraryModule } from './library';
void (async () => {
  const judge = new ConnectionJudge();
  const [id, client, host, port] = process.argv.slice(2);
  const mesh = sampleMeshes(Number(id.split('/')[0]), 1000).find((one) => one.id === id)!;
  const verdict = await judge.judge(mesh); judge.close();
  const m = modelled(modelIn(), admittedOf(mesh, verdict));
  const { explain } = libraryModule('explain/explanation');
  const call = m.decisions.calls.find((one) => one.host === host && one.port === Number(port))!;
  console.log(JSON.stringify(mesh.istiodEnv));
  console.log(JSON.stringify(explain(m, m.workloads.find((w) => `${w.namespace}/${w.name}` === client)!, call), undefined, 1));
  console.log(JSON.stringify(verdict.connections.filter((c) => `${c.client.namespace}/${c.client.name}` === client && c.requested.host === host && c.requested.port === Number(port)), undefined, 1));
  if (process.argv[6]) console.log(JSON.stringify(mesh.objects.filter((o) => process.argv[6].split(',').includes(o.kind)), undefined, 1));
})();
