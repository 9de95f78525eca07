// What a real kube-apiserver says about Istio objects, one JSON object a line:
//   node conformance apiserver-referee [--server FILE] [--objects] < objects.jsonl > verdicts.jsonl
import { runningServer, withApiServer } from './node/api-server';
import { ApiServerJudge } from './node/api-server-judge';
import { judgeLines } from './node/lines';
import { main } from './node/main';

const withObjects = process.argv.includes('--objects');

void main(() => withApiServer(runningServer(), async (client) => {
  const judge = new ApiServerJudge(client);
  await judgeLines(async (line) => {
    const { stored, ...verdict } = await judge.judge(line);
    return withObjects && stored ? { ...verdict, object: JSON.parse(stored) } : verdict;
  });
}));
